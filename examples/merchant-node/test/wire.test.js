import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';

import { Defects } from '../src/defects.js';
import { readForm } from '../src/form.js';
import { Gateway } from '../src/gateway.js';
import { serve } from '../src/http.js';
import { textToSign } from '../src/sign.js';
import { gatewaySignatures, PARTNER, shopSignatures } from './stand/stand.js';

const HARD = '测试 café a+b=c&d / 100% <>"\'';

/** Serves answers over HTTP, and calls them. */
async function served(t, reply, { type = 'RSA2', defects = [] } = {}) {
  const server = await serve({ host: '127.0.0.1', port: 0 }, reply);
  t.after(() => server.close());
  const url = new URL(`http://127.0.0.1:${server.address().port}/gateway.do`);
  const contract = { url, partner: PARTNER, signatures: shopSignatures(type) };
  return new Gateway(contract, new Defects(defects));
}

const xml = (body) => ({ status: 200, type: 'text/xml;charset=utf-8', body });

/** A signed answer. */
function answered(fields, type = 'RSA2', node = 'alipay') {
  const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const inside = Object.entries(fields).map(([name, text]) => `<${name}>${escape(text)}</${name}>`);
  const sign = gatewaySignatures(type).sign(textToSign(Object.entries(fields)));
  return `<?xml version="1.0" encoding="utf-8"?><alipay><is_success>T</is_success><request><param name="a">1</param></request><response><${node}>${inside.join('')}</${node}></response><sign>${sign}</sign><sign_type>${type}</sign_type></alipay>`;
}

test('a call is posted with its charset in the query, and its signature covers what is read there', async (t) => {
  for (const type of ['MD5', 'RSA', 'RSA2']) {
    let got = null;
    const gateway = await served(
      t,
      (asked) => {
        got = asked;
        return xml(answered({ result_code: 'SUCCESS', qr_code: 'https://q/?a=1&b=<2>' }, type));
      },
      { type },
    );
    const form = gateway.form('some.service', { subject: HARD, memo: '', amount: '4.35' });
    const heard = await gateway.send(form, 2_000);
    assert.equal(got.method, 'POST');
    assert.equal(got.url.pathname + got.url.search, '/gateway.do?_input_charset=UTF-8');
    const read = readForm(Buffer.concat([Buffer.from('_input_charset=UTF-8&'), got.body]));
    assert.ok(gatewaySignatures(type).verifies(read, read.get('sign'), read.get('sign_type')));
    assert.equal(read.get('subject'), HARD);
    assert.deepEqual([heard.kind, heard.result], ['said', 'success']);
    assert.equal(heard.fields.get('qr_code'), 'https://q/?a=1&b=<2>');
  }
});

test('what may not be believed is no answer, and a refusal is one whatever the HTTP status', async (t) => {
  const good = answered({ result_code: 'SUCCESS' });
  const refusal = '<alipay><is_success>F</is_success><error>ILLEGAL_SIGN</error></alipay>';
  for (const [reply, kind] of [
    [xml(good), 'said'],
    [xml(good.replace('SUCCESS', 'FAIL')), 'nothing'],
    [xml(good.replace(/<sign>.*<\/sign>/, '')), 'nothing'],
    [xml(good.replace(/<sign_type>.*<\/sign_type>/, '')), 'nothing'],
    [xml(good.replace('RSA2', 'MD5')), 'nothing'],
    [xml(answered({ result_code: 'SUCCESS' }, 'RSA')), 'nothing'],
    [{ ...xml(good), status: 500 }, 'nothing'],
    [xml('<alipay><is_success>T</is_success></alipay>'), 'taken'],
    [xml('<alipay><is_success>F</is_success></alipay>'), 'nothing'],
    [xml('<alipay><is_success>X</is_success></alipay>'), 'nothing'],
    [xml(good.replace('><alipay><is', '><other><is').replace(/alipay>$/, 'other>')), 'nothing'],
    [xml(good.replace('</response>', '</response><response><alipay/></response>')), 'nothing'],
    [xml('<html><body>busy</body></html>'), 'nothing'],
    [xml(''), 'nothing'],
    [xml(refusal), 'refused'],
    [{ ...xml(refusal), status: 502 }, 'refused'],
  ]) {
    const gateway = await served(t, () => reply);
    const heard = await gateway.send(gateway.form('s', {}), 2_000);
    assert.equal(heard.kind, kind, reply.body);
    if (kind === 'refused') assert.equal(heard.error, 'ILLEGAL_SIGN');
  }
});

test('an answer that comes too late, or from nobody, is silence', async (t) => {
  const never = new Promise(() => {});
  const gateway = await served(t, () => never);
  const began = Date.now();
  assert.equal((await gateway.send(gateway.form('s', {}), 100)).kind, 'nothing');
  assert.ok(Date.now() - began < 2_000);
  const contract = { ...gateway.contract, url: new URL('http://127.0.0.1:9/gateway.do') };
  const nobody = new Gateway(contract, new Defects());
  assert.equal((await nobody.send(nobody.form('s', {}), 2_000)).kind, 'nothing');
  assert.equal(await nobody.vouchesFor('1', 2_000), false);
});

test('an answer that is cut off or without end is silence', async (t) => {
  for (const [head, chunk] of [
    ['content-length: 1000', '<alipay><is_success>T</is_success></alipay>'],
    ['x: 1', `<alipay>${' '.repeat(1 << 21)}<is_success>T</is_success></alipay>`],
  ]) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${chunk}`));
    });
    await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => server.close());
    const url = new URL(`http://127.0.0.1:${server.address().port}/gateway.do`);
    const contract = { url, partner: PARTNER, signatures: shopSignatures() };
    const gateway = new Gateway(contract, new Defects());
    assert.equal((await gateway.send(gateway.form('s', {}), 5_000)).kind, 'nothing');
  }
});

test('the gateway vouches for a notification by the word true and nothing else', async (t) => {
  for (const [reply, vouched] of [
    [{ status: 200, body: 'true' }, true],
    [{ status: 200, body: 'false' }, false],
    [{ status: 200, body: 'true\n' }, false],
    [{ status: 200, body: 'TRUE' }, false],
    [{ status: 500, body: 'true' }, false],
  ]) {
    let asked = null;
    const gateway = await served(t, ({ url, method }) => {
      asked = { method, ...Object.fromEntries(url.searchParams) };
      return { type: 'text/plain', ...reply };
    });
    assert.equal(await gateway.vouchesFor('n-1', 2_000), vouched);
    const wanted = { method: 'GET', service: 'notify_verify', partner: PARTNER, notify_id: 'n-1' };
    assert.deepEqual(asked, wanted);
  }
});

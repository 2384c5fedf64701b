import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dateDigits, dateText, readDate, sinceMidnight } from '../src/clock.js';
import { FormFault, readForm, writeForm } from '../src/form.js';
import { inMajorUnits, isPrice, readAmount } from '../src/money.js';
import { decode, readXml, textsOf, XmlFault } from '../src/xml.js';

const HARD = '测试 café a+b=c&d / 100% \'"!()~*';

test('forms are written as official clients do, and read back', () => {
  assert.equal(
    writeForm([['trans_name', 'Café 咖啡 a+b=c&d']]),
    'trans_name=Caf%C3%A9+%E5%92%96%E5%95%A1+a%2Bb%3Dc%26d',
  );
  const pairs = [
    ['a', HARD],
    ['b', ''],
    ['c', '\uFEFFx'],
  ];
  assert.deepEqual(Array.from(readForm(writeForm(pairs))), pairs);
  assert.deepEqual(Array.from(readForm('a=%e4%bd%a0&&b')), [
    ['a', '你'],
    ['b', ''],
  ]);
  assert.deepEqual(Array.from(readForm(Buffer.from('a=é'))), [['a', 'é']]);
});

test('what is no form, or two forms in one, is refused', () => {
  const faults = ['a=%zz', 'a=%', 'a=%ff', 'a=1&a=2', '=1', '_input_charset=GBK&a=1'];
  for (const text of faults) assert.throws(() => readForm(text), FormFault, text);
});

test('XML is read with its references, and its white space is cut', () => {
  const text =
    '<?xml version="1.0" encoding="utf-8"?>\n<alipay><!-- x --><a> 1 &amp;&#x4F60;&#65;\n</a>' +
    '<b><![CDATA[<&>]]></b><c k="1" l=\'2\'/></alipay>\n';
  const texts = textsOf(readXml(text));
  assert.deepEqual(Array.from(texts), [
    ['a', '1 &你A'],
    ['b', '<&>'],
    ['c', ''],
  ]);
});

test('what is no XML of the gateway is refused', () => {
  for (const text of [
    '',
    'x',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a/>x',
    '<a>x<b/></a>',
    '<a>&nbsp;</a>',
    '<a>&</a>',
    '<a>&#0;</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a>\u0001</a>',
    '<!DOCTYPE a><a/>',
    '<a><?x?></a>',
    '<a><!-- </a>',
    '<a k=1/>',
    '<a k="&lt;"/>',
    '<1/>',
    '<é/>',
    '<a'.repeat(2),
    '<a>'.repeat(9) + '</a>'.repeat(9),
  ]) {
    assert.throws(() => readXml(text), XmlFault, text);
  }
  assert.throws(() => textsOf(readXml('<r><a/><a/></r>')), /twice/);
  assert.throws(() => textsOf(readXml('<r><a><b/></a></r>')), /elements in/);
});

test('an answer is decoded by its declaration', () => {
  const declared = (charset, bytes) =>
    Buffer.concat([Buffer.from(`<?xml version="1.0" encoding="${charset}"?><a>`), bytes]);
  assert.match(decode(declared('GBK', Buffer.from([0xc4, 0xe3]))), /你$/);
  assert.match(decode(declared('utf-8', Buffer.from('你'))), /你$/);
  assert.match(decode(Buffer.from('\uFEFF<a>你')), /^<a>你$/);
  assert.throws(() => decode(declared('KOI8', Buffer.from('x'))), XmlFault);
  assert.throws(() => decode(declared('utf-8', Buffer.from([0xff]))), XmlFault);
});

test('money is counted in minor units', () => {
  for (const [currency, minor, text] of [
    ['USD', 435, '4.35'],
    ['USD', 5, '0.05'],
    ['JPY', 1200, '1200'],
    ['EUR', 100_000_000_00, '100000000.00'],
  ]) {
    assert.equal(inMajorUnits({ currency, minor }), text);
    assert.deepEqual(readAmount(currency, text), { currency, minor });
  }
  assert.deepEqual(readAmount('USD', '12.3'), { currency: 'USD', minor: 1230 });
  for (const [currency, text] of [
    ['USD', '1.234'],
    ['JPY', '1.0'],
    ['usd', '1'],
    ['USD', '-1'],
  ]) {
    assert.equal(readAmount(currency, text), null);
  }
  assert.ok(isPrice({ currency: 'USD', minor: 1 }));
  for (const other of [null, 1, { currency: 'USD', minor: 0 }, { currency: 'USD', minor: 1.5 }]) {
    assert.ok(!isPrice(other));
  }
});

test('moments are those of Beijing', () => {
  const moment = 1_712_488_077_000;
  assert.equal(dateText(moment), '2024-04-07 19:07:57');
  assert.equal(dateDigits(moment), '20240407190757');
  assert.equal(readDate('2024-04-07 19:07:57'), moment);
  assert.equal(readDate('20240407190757'), moment);
  for (const text of [
    undefined,
    '',
    '2024-04-07',
    '20241307190757',
    '20240231000000',
    '1712488077000',
  ]) {
    assert.equal(readDate(text), null);
  }
  assert.equal(sinceMidnight(readDate('20240407003000')), 30 * 60_000);
});

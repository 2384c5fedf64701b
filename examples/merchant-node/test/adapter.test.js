import assert from 'node:assert/strict';
import { test } from 'node:test';

import { adapter } from '../src/adapter.js';
import { doors } from '../src/doors.js';
import { answer, open, paidAnswer, SILENCE, signedForm } from './stand/stand.js';

const AMOUNT = { currency: 'USD', minor: 1231 };
const CHARGE = {
  order: 'T-1',
  amount: AMOUNT,
  text: 'Tea',
  code: '281234567890123456',
  store: 'store-1',
};
const REFUND = { order: 'T-1', slip: 's-1', amount: { currency: 'USD', minor: 600 }, reason: '' };
const MERCHANT = {
  id: 'm-1',
  name: 'Tea',
  mcc: '5812',
  address: '1 Road',
  contact: 'a@b.example',
  website: 'https://tea.example/',
  stores: [],
};

/** A shop behind its adapter. */
function asked(script = paidAnswer) {
  const stand = open(script);
  const answering = adapter(stand.shop);
  const ask = (method, path, body = '') => {
    const url = new URL(path, 'http://shop.invalid');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = answering({ method, url, body: Buffer.from(text) });
    assert.equal(reply.type, 'application/json');
    return { status: reply.status, says: JSON.parse(reply.body) };
  };
  const post = (name, body) => ask('POST', `/assay/${name}`, body);
  const get = (path) => ask('GET', `/assay/${path}`);
  return { ...stand, ask, post, get };
}

test('what is begun is taken at once, and its outcome stands in the view', async () => {
  const { post, get, clock } = asked((call) => {
    const { service, partner_refund_id } = call;
    if (service.endsWith('refund')) return answer({ result_code: 'SUCCESS', partner_refund_id });
    return paidAnswer(call);
  });
  assert.equal(post('charge', CHARGE).status, 202);
  assert.equal(get('orders/T-1').says.till, 'waiting');
  await clock.pass(1_000);
  assert.equal(post('refund', REFUND).status, 202);
  await clock.pass(1_000);
  assert.deepEqual(get('orders/T-1'), {
    status: 200,
    says: {
      order: 'T-1',
      till: 'paid',
      back_office: 'paid',
      paid: AMOUNT,
      refunded: REFUND.amount,
      bookings: [{ amount: AMOUNT }],
      alarm: false,
      shown: null,
      refunds: [{ slip: 's-1', amount: REFUND.amount, state: 'refunded' }],
    },
  });
  assert.equal(post('cancel', { order: 'T-1' }).status, 202);
});

test('the members that may be null or absent may be either', () => {
  const { post } = asked(() => SILENCE);
  const { code, ...present } = CHARGE;
  assert.equal(post('present', { ...present, device: null, user_agent: null }).status, 202);
  assert.equal(post('present', { ...present, order: 'T-2' }).status, 202);
  const web = { device: 'web', user_agent: 'Mozilla/5.0' };
  assert.equal(post('present', { ...present, order: 'T-3', ...web }).status, 202);
  assert.equal(post('merchants', MERCHANT).status, 202);
  assert.equal(post('merchants', { ...MERCHANT, id: 'm-2', country: 'SG', sites: [] }).status, 202);
});

test('what is not done is refused with the reason', () => {
  const { post } = asked();
  for (const [name, body] of [
    ['charge', 'no json'],
    ['charge', '[]'],
    ['charge', 'null'],
    ['charge', { ...CHARGE, order: '' }],
    ['charge', { ...CHARGE, order: 1 }],
    ['charge', { ...CHARGE, amount: { currency: 'USD', minor: '1231' } }],
    ['charge', { ...CHARGE, amount: { currency: 'USD', minor: 12.31 } }],
    ['charge', { ...CHARGE, store: 'nowhere' }],
    ['present', { ...CHARGE, device: 'app' }],
    ['present', { ...CHARGE, user_agent: 'AlipayClient' }],
    ['return', { url: 'http://elsewhere.invalid/' }],
    ['cancel', { order: 'unknown' }],
    ['refund', { ...REFUND, order: 'unknown' }],
    ['merchants', { ...MERCHANT, stores: [1] }],
    ['merchants', { ...MERCHANT, sites: [1] }],
    ['reconcile', {}],
    ['reconcile', { day: '20260132', kind: 'transaction-items' }],
    ['reconcile', { day: '2026-01-05', kind: 'transaction-items' }],
    ['reconcile', { day: '20260105', kind: 'prices' }],
  ]) {
    const { status, says } = post(name, body);
    assert.equal(status, 409, JSON.stringify(body));
    assert.ok(says.why.length > 0);
  }
});

test('what is unknown is 404', () => {
  const { ask, get, post } = asked();
  for (const path of [
    'orders/unknown',
    'orders/',
    'orders',
    'merchants/unknown',
    'x/y',
    'orders/a/b',
  ]) {
    assert.equal(get(path).status, 404, path);
  }
  assert.equal(ask('GET', '/assayx').status, 404);
  assert.equal(post('toString', {}).status, 404);
  assert.equal(ask('PUT', '/assay/charge', CHARGE).status, 404);
  assert.equal(get('reconciliations/20260105?kind=transaction-items').status, 404);
});

test('the doors take notifications and returns at their own paths alone', async () => {
  const { shop, clock, view } = open(() => SILENCE);
  shop.present({ ...CHARGE, device: 'web', userAgent: null });
  await clock.pass(1_000);
  const door = doors(shop);
  const at = (method, path, body = '') =>
    door({ method, url: new URL(path, 'http://shop.invalid'), body: Buffer.from(body) });
  const told = {
    notify_time: '2026-01-05 10:00:10',
    notify_type: 'trade_status_sync',
    notify_id: '1',
    out_trade_no: 'T-1-p1',
    total_fee: '12.31',
    currency: 'USD',
    trade_status: 'TRADE_FINISHED',
  };
  const form = signedForm(told);
  assert.equal((await at('POST', '/elsewhere', form)).status, 404);
  assert.equal((await at('GET', '/notify', form)).status, 404);
  assert.equal((await at('GET', '/return')).status, 404);
  assert.equal((await at('GET', `/return?${form.replace('12.31', '1.00')}`)).status, 200);
  assert.equal(view().till, 'waiting');
  const reply = await at('POST', '/notify?shop=8&till=1', form);
  assert.deepEqual(reply, { status: 200, type: 'text/plain;charset=utf-8', body: 'success' });
  assert.equal(view().till, 'paid');
});

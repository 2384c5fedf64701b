import assert from 'node:assert/strict';
import { test } from 'node:test';

import { receive } from '../src/notify.js';
import { Signatures } from '../src/sign.js';
import {
  answer,
  gatewaySignatures,
  open,
  paidAnswer,
  sale,
  shopSignatures,
  SILENCE,
  signedForm,
} from './stand/stand.js';

const MINUTE = 60_000;
const NOTICE = {
  notify_time: '2026-01-05 10:00:10',
  notify_type: 'trade_status_sync',
  notify_id: '70fec0c2730b27528665af4517c27b95',
  notify_action_type: 'payByAccountAction',
  out_trade_no: 'T-1-p1',
  trade_no: '2026010521001004000100000001',
  subject: 'Tea & 测试 a+b=c%',
  total_fee: '12.31',
  currency: 'USD',
  trade_status: 'TRADE_SUCCESS',
};

/** A shop that shows a code, and a way to notify it. */
async function shown(options, script) {
  const stand = open((call) => {
    if (call.service.endsWith('precreate')) {
      const { out_trade_no } = call;
      return answer({ result_code: 'SUCCESS', out_trade_no, qr_code: 'https://qr.example/1' });
    }
    return script?.(call) ?? SILENCE;
  }, options);
  stand.shop.present(sale());
  await stand.clock.pass(1_000);
  const notify = (form) => receive(stand.shop, Buffer.from(form));
  return { ...stand, notify };
}

test('a genuine notification books the order before it is acknowledged', async () => {
  for (const type of ['RSA', 'RSA2']) {
    const { notify, view, gateway } = await shown({ type });
    assert.equal(await notify(signedForm(NOTICE, gatewaySignatures(type))), 'success');
    assert.deepEqual([view().till, view().paid.minor, view().shown], ['paid', 1231, null]);
    assert.equal(gateway.of('notify_verify').length, 0);
  }
});

test('a plus of the sign may arrive as a blank', async () => {
  const { notify, view } = await shown();
  let form = signedForm(NOTICE);
  for (let nth = 0; !form.includes('%2B', form.indexOf('&sign=')); nth += 1) {
    form = signedForm({ ...NOTICE, extra: String(nth) });
  }
  const at = form.indexOf('&sign=');
  form = form.slice(0, at) + form.slice(at).replaceAll('%2B', '+');
  assert.equal(await notify(form), 'success');
  assert.equal(view().till, 'paid');
});

test('a forged, unsigned, downgraded or broken notification changes nothing', async () => {
  const { notify, view, gateway } = await shown();
  const good = signedForm(NOTICE);
  const unsigned = new URLSearchParams(NOTICE).toString();
  const anybody = new Signatures({ type: 'MD5', sharedKey: '' });
  const { notify_id, ...nameless } = NOTICE;
  for (const form of [
    signedForm(NOTICE, shopSignatures()),
    signedForm(NOTICE, gatewaySignatures('RSA')),
    signedForm(NOTICE, anybody),
    unsigned,
    `${unsigned}&sign_type=RSA2`,
    `${unsigned}&sign_type=RSA2&sign=`,
    good.replace('12.31', '12.30'),
    `${good}&extra=1`,
    `${good}&total_fee=12.31`,
    signedForm(nameless),
    '%zz',
    '',
  ]) {
    assert.equal(await notify(form), 'fail');
    assert.equal(view().till, 'waiting', form);
  }
  assert.equal(await notify(good), 'success');
  assert.equal(view().till, 'paid');
  assert.equal(gateway.of('notify_verify').length, 0);
});

test('genuine, but not this order: nothing is booked', async () => {
  for (const other of [
    { total_fee: '1231.00' },
    { total_fee: '12.310' },
    { currency: 'HKD' },
    { out_trade_no: 'nobody-knows-this-order-1' },
  ]) {
    const { notify, view, shop } = await shown();
    assert.equal(await notify(signedForm({ ...NOTICE, ...other })), 'fail');
    assert.equal(view().till, 'waiting');
    assert.equal(shop.book.order(other.out_trade_no), undefined);
  }
});

test('copies are acknowledged, and booked once, also when they come at the same moment', async () => {
  for (const type of ['RSA2', 'MD5']) {
    const { notify, view, clock } = await shown({ type }, ({ service }) =>
      service === 'notify_verify' ? true : undefined,
    );
    const form = signedForm(NOTICE, gatewaySignatures(type));
    assert.deepEqual(await Promise.all([notify(form), notify(form)]), ['success', 'success']);
    await clock.pass(25 * 60 * MINUTE);
    assert.equal(await notify(form), 'success');
    assert.equal(view().bookings.length, 1);
  }
});

test('what is no payment is acknowledged and changes nothing; a closed trade ends the order', async () => {
  const { notify, view } = await shown();
  for (const told of [
    { notify_action_type: 'createDirectPayTradeByBuyerAction', trade_status: 'WAIT_BUYER_PAY' },
    { notify_action_type: 'finishFPAction', trade_status: 'TRADE_FINISHED' },
    { trade_status: '' },
  ]) {
    assert.equal(await notify(signedForm({ ...NOTICE, ...told })), 'success');
    assert.equal(view().till, 'waiting');
  }
  assert.equal(await notify(signedForm({ ...NOTICE, trade_status: 'TRADE_CLOSED' })), 'success');
  assert.deepEqual([view().till, view().shown], ['failed', null]);
  assert.equal(await notify(signedForm(NOTICE)), 'success');
  assert.deepEqual([view().till, view().alarm, view().bookings.length], ['for-staff', true, 0]);
});

test('a payment that is told without an amount is a hint, which the next query follows', async () => {
  const { notify, view } = await shown();
  const { total_fee, ...rest } = NOTICE;
  assert.equal(await notify(signedForm(rest)), 'success');
  assert.equal(view().till, 'waiting');
});

test('TRADE_FINISHED after a refund is no payment', async () => {
  const script = ({ service, partner_refund_id }) =>
    service.endsWith('spot.refund')
      ? answer({ result_code: 'SUCCESS', partner_refund_id })
      : undefined;
  const { notify, view, shop, clock } = await shown({}, script);
  await notify(signedForm(NOTICE));
  shop.refund({ order: 'T-1', slip: 's', amount: { currency: 'USD', minor: 1231 }, reason: '' });
  await clock.pass(1_000);
  const finished = { trade_status: 'TRADE_FINISHED', notify_action_type: 'finishFPAction' };
  assert.equal(await notify(signedForm({ ...NOTICE, ...finished, notify_id: 'new' })), 'success');
  assert.deepEqual([view().bookings.length, view().refunded.minor], [1, 1231]);
});

test('under a shared key the gateway is asked, and obeyed', async () => {
  const form = signedForm(NOTICE, gatewaySignatures('MD5'));
  for (const [words, told] of [
    [[true], ['success', 'success']],
    [
      [false, false],
      ['fail', 'fail'],
    ],
    [
      [false, true],
      ['fail', 'success'],
    ],
  ]) {
    const left = words.slice();
    const { notify, view, gateway } = await shown({ type: 'MD5' }, ({ service }) =>
      service === 'notify_verify' ? left.shift() : undefined,
    );
    assert.deepEqual([await notify(form), await notify(form)], told);
    assert.equal(view().till, told[1] === 'success' ? 'paid' : 'waiting');
    assert.equal(gateway.of('notify_verify').length, words.length);
  }
});

test('news that come while the order is being cancelled wait for the answer to the cancel', async () => {
  let cancels = 0;
  const { notify, view, shop, clock } = await shown({}, ({ service, out_trade_no }) => {
    cancels += service.endsWith('cancel') ? 1 : 0;
    if (cancels < 2) return undefined;
    return answer({ result_code: 'SUCCESS', action: 'refund', out_trade_no });
  });
  shop.cancel('T-1');
  assert.equal(await notify(signedForm(NOTICE)), 'success');
  await clock.pass(1_000);
  assert.equal(view().till, 'waiting');
  await clock.pass(10_000);
  assert.deepEqual([view().till, view().refunded.minor], ['cancelled', 1231]);
});

const RETURNED = {
  notify_time: '2026-01-05 10:05:00',
  notify_type: 'refund_status_sync',
  notify_id: '1',
  out_trade_no: 'T-1-p1',
  out_return_no: 'T-1-r1',
  return_amount: '6.00',
  currency: 'USD',
  refund_status: 'REFUND_SUCCESS',
};

test('a genuine notification ends a refund that was accepted, and a strange one does not', async () => {
  const stand = open(
    (call) => {
      const { partner_refund_id } = call;
      if (call.service.endsWith('spot.refund')) {
        return answer({ result_code: 'SUCCESS', partner_refund_id });
      }
      return call.service.endsWith('spot.pay') ? paidAnswer(call) : SILENCE;
    },
    { asyncRefunds: true },
  );
  const { shop, clock, view } = stand;
  shop.charge(sale());
  await clock.pass(1_000);
  shop.refund({ order: 'T-1', slip: 's', amount: { currency: 'USD', minor: 600 }, reason: 'cold' });
  await clock.pass(1_000);
  for (const [form, word] of [
    [signedForm(RETURNED, shopSignatures()), 'fail'],
    [new URLSearchParams(RETURNED).toString(), 'fail'],
    [signedForm({ ...RETURNED, return_amount: '12.31' }), 'fail'],
    [signedForm({ ...RETURNED, out_return_no: 'other' }), 'fail'],
    [signedForm({ ...RETURNED, out_trade_no: 'other' }), 'fail'],
    [signedForm({ ...RETURNED, refund_status: 'PROCESSING' }), 'success'],
  ]) {
    assert.equal(await receive(shop, Buffer.from(form)), word);
    assert.equal(view().refunds[0].state, 'pending');
  }
  assert.equal(await receive(shop, Buffer.from(signedForm(RETURNED))), 'success');
  assert.deepEqual([view().refunds[0].state, view().refunded.minor], ['refunded', 600]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Refused } from '../src/shop.js';
import { answer, open, paidAnswer, sale, SILENCE, waitingAnswer } from './stand/stand.js';

const MINUTE = 60_000;
const cancelled =
  (action) =>
  ({ out_trade_no: number }) =>
    answer({ result_code: 'SUCCESS', out_trade_no: number, ...(action ? { action } : {}) });
const isPay = ({ service }) => service.endsWith('spot.pay');
const isQuery = ({ service }) => service.endsWith('overseas.query');
const ends = ({ service }, name) => service.endsWith(name);

/** Moments between the calls of a service. */
function gaps(calls) {
  return calls.slice(1).map((call, index) => call.at - calls[index].at);
}

test('a payment that is answered SUCCESS is booked, and nothing is asked', async () => {
  const { shop, gateway, clock, view } = open(paidAnswer);
  shop.charge(sale());
  await clock.pass(MINUTE);
  assert.equal(view().till, 'paid');
  assert.equal(gateway.calls.length, 1);
  const [pay] = gateway.calls;
  assert.equal(pay.partner_trans_id, 'T-1-p1');
  assert.equal(pay.trans_amount, '12.31');
  assert.equal(pay.buyer_identity_code, '281234567890123456');
  assert.equal(pay.alipay_seller_id, pay.partner);
  assert.match(pay.trans_create_time, /^\d{14}$/);
  const names = JSON.parse(pay.extend_info);
  assert.equal(names.store_id, 'store-1');
  assert.equal(names.secondary_merchant_id, 'seller-1');
});

test('an order that nobody pays is asked about at the documented pace, and then cancelled', async () => {
  const { shop, gateway, clock, view } = open((call) =>
    ends(call, 'cancel') ? cancelled('close')(call) : waitingAnswer(call),
  );
  shop.charge(sale());
  await clock.pass(5 * MINUTE);
  const queries = gateway.of('overseas.query');
  assert.equal(queries.length, 15);
  assert.ok(gaps(queries).every((gap) => gap >= 3_000 && gap <= 5_000));
  assert.equal(queries[0].at - gateway.calls[0].at, 3_000);
  const [cancel] = gateway.of('acquire.cancel');
  assert.ok(cancel.at - queries.at(-1).at <= 5_000);
  assert.equal(cancel.out_trade_no, 'T-1-p1');
  assert.equal(view().till, 'cancelled');
  assert.equal(view().refunded, null);
});

test('a query without an answer comes again after 3 to 6 s and is not counted', async () => {
  const { shop, gateway, clock, view } = open((call, nth) => {
    if (ends(call, 'cancel')) return cancelled('close')(call);
    return isQuery(call) && nth > 1 && nth < 5 ? SILENCE : waitingAnswer(call);
  });
  shop.charge(sale());
  await clock.pass(5 * MINUTE);
  const queries = gateway.of('overseas.query');
  assert.equal(queries.length, 18);
  assert.ok(gaps(queries).every((gap) => gap >= 3_000 && gap <= 6_000));
  assert.equal(view().till, 'cancelled');
});

test('silence is asked about within 10 s, and what is found is booked', async () => {
  const { shop, gateway, clock, view } = open((call) => (isPay(call) ? SILENCE : paidAnswer(call)));
  shop.charge(sale());
  await clock.pass(7_999);
  assert.equal(view().till, 'waiting');
  await clock.pass(1);
  assert.equal(view().till, 'paid');
  assert.equal(gateway.of('overseas.query')[0].partner_trans_id, 'T-1-p1');
});

test('what the gateway never saw goes out again unchanged', async () => {
  const missing = answer({ result_code: 'FAIL', error: 'TRADE_NOT_EXIST' });
  const { shop, gateway, clock, view } = open((call, nth) => {
    if (isQuery(call)) return missing;
    return nth === 1 ? SILENCE : paidAnswer(call);
  });
  shop.charge(sale());
  await clock.pass(MINUTE);
  const [first, second] = gateway.of('spot.pay').map(({ at, ...call }) => call);
  assert.deepEqual(second, first);
  assert.equal(view().till, 'paid');
});

test('what decides nothing is asked about, what refuses ends the attempt', async () => {
  const refusal = (error) => () => ({ kind: 'refused', error });
  const says =
    (fields) =>
    ({ partner_trans_id }) =>
      answer({ ...fields, partner_trans_id });
  for (const [told, till] of [
    [refusal('SYSTEM_ERROR'), 'paid'],
    [says({ result_code: 'UNKNOWN' }), 'paid'],
    [says({ result_code: 'UNKNOW', error: 'SYSTEM_ERROR' }), 'paid'],
    [says({ result_code: 'FAILED', error: 'SYSTEM_ERROR' }), 'paid'],
    [says({ result_code: 'FAILED', error: 'TRADE_HAS_SUCCESS' }), 'paid'],
    [says({ result_code: 'SOMETHING' }), 'paid'],
    [() => answer({ result_code: 'SUCCESS' }), 'paid'],
    [() => answer({ result_code: 'SUCCESS', partner_trans_id: 'other' }), 'paid'],
    [says({ result_code: 'SUCCESS', currency: 'USD', trans_amount: '12.30' }), 'paid'],
    [() => ({ kind: 'taken' }), 'paid'],
    [refusal('ILLEGAL_SIGN'), 'failed'],
    [says({ result_code: 'FAILED', error: 'BUYER_NOT_EXIST' }), 'failed'],
    [says({ result_code: 'FAIL', error: 'BUYER_BALANCE_NOT_ENOUGH' }), 'failed'],
  ]) {
    const { shop, gateway, clock, view } = open((call) =>
      isPay(call) ? told(call) : paidAnswer(call),
    );
    shop.charge(sale());
    await clock.pass(2_999);
    assert.equal(view().till, till === 'paid' ? 'waiting' : 'failed');
    await clock.pass(MINUTE);
    assert.equal(view().till, till, JSON.stringify(gateway.calls[1]));
    assert.equal(gateway.calls.length, till === 'paid' ? 2 : 1);
  }
});

test('only the status of a trade is a payment, and only of our own', async () => {
  const status =
    (fields) =>
    ({ partner_trans_id }) =>
      answer({ result_code: 'SUCCESS', partner_trans_id, ...fields });
  for (const [told, till] of [
    [status({ alipay_trans_status: 'TRADE_SUCCESS' }), 'paid'],
    [status({ alipay_trans_status: 'TRADE_FINISHED' }), 'cancelled'],
    [status({}), 'cancelled'],
    [() => answer({ result_code: 'SUCCESS', alipay_trans_status: 'TRADE_SUCCESS' }), 'cancelled'],
    [status({ alipay_trans_status: 'TRADE_SUCCESS', out_trade_no: 'other' }), 'cancelled'],
    [status({ alipay_trans_status: 'TRADE_CLOSED' }), 'failed'],
  ]) {
    const { shop, clock, view } = open((call) => {
      if (ends(call, 'cancel')) return cancelled('close')(call);
      return isPay(call) ? waitingAnswer(call) : told(call);
    });
    shop.charge(sale());
    await clock.pass(10 * MINUTE);
    assert.equal(view().till, till);
  }
});

test('a second press begins nothing, and a new code after a refusal has a new number', async () => {
  const { shop, gateway, clock, view } = open((call, nth) =>
    nth === 1
      ? answer({ result_code: 'FAILED', error: 'BUYER_NOT_EXIST', partner_trans_id: 'T-1-p1' })
      : paidAnswer(call),
  );
  shop.charge(sale());
  await clock.pass(1_000);
  assert.equal(view().till, 'failed');
  shop.charge(sale({ code: '289999999999999999' }));
  await clock.pass(1_000);
  shop.charge(sale());
  await clock.pass(MINUTE);
  assert.deepEqual(
    gateway.of('spot.pay').map((call) => call.partner_trans_id),
    ['T-1-p1', 'T-1-p2'],
  );
  assert.equal(view().bookings.length, 1);
});

test('a cancel is repeated unchanged until its answer is definite, and then a person is called', async () => {
  for (const [answers, till, times] of [
    [[SILENCE, SILENCE, cancelled('refund')], 'cancelled', 3],
    [[{ kind: 'refused', error: 'SYSTEM_ERROR' }, cancelled('refund')], 'cancelled', 2],
    [[answer({ result_code: 'UNKNOWN' }), cancelled('refund')], 'cancelled', 2],
    [[answer({ result_code: 'FAIL', retry_flag: 'Y' }), cancelled('refund')], 'cancelled', 2],
    [[cancelled()], 'cancelled', 1],
    [[cancelled('close')], 'for-staff', 1],
    [[answer({ result_code: 'FAIL', error: 'ODD' })], 'for-staff', 1],
    [[{ kind: 'refused', error: 'ILLEGAL_SIGN' }], 'for-staff', 1],
    [Array(9).fill(SILENCE), 'for-staff', 6],
  ]) {
    const { shop, gateway, clock, view } = open((call, nth) => {
      if (!ends(call, 'cancel')) return paidAnswer(call);
      const told = answers[nth - 1];
      return typeof told === 'function' ? told(call) : told;
    });
    shop.charge(sale());
    await clock.pass(1_000);
    shop.cancel('T-1');
    await clock.pass(5 * MINUTE);
    const cancels = gateway.of('acquire.cancel').map(({ at, ...call }) => call);
    assert.equal(cancels.length, times);
    for (const cancel of cancels) assert.deepEqual(cancel, cancels[0]);
    assert.equal(view().till, till);
    assert.equal(view().alarm, till === 'for-staff');
    assert.equal(view().refunded?.minor, till === 'cancelled' ? 1231 : undefined);
    assert.deepEqual([view().paid, view().bookings], [null, []]);
    if (till === 'for-staff') assert.throws(() => shop.charge(sale()), Refused);
    assert.equal(gateway.of('refund').length, 0);
  }
});

test('a cancel that comes too late becomes a refund of the whole', async () => {
  const { shop, gateway, clock, view } = open((call) => {
    if (ends(call, 'cancel')) {
      return answer({ result_code: 'FAIL', detail_error_code: 'TRADE_CANCEL_TIME_OUT' });
    }
    const { partner_refund_id } = call;
    if (partner_refund_id) return answer({ result_code: 'SUCCESS', partner_refund_id });
    return paidAnswer(call);
  });
  shop.charge(sale());
  await clock.pass(1_000);
  shop.cancel('T-1');
  await clock.pass(MINUTE);
  assert.equal(gateway.of('acquire.cancel').length, 1);
  const [refund] = gateway.of('spot.refund');
  assert.equal(refund.refund_amount, '12.31');
  assert.deepEqual([view().till, view().refunded.minor], ['paid', 1231]);
});

test('a payment of another day can only be refunded, whatever the refusal is called', async () => {
  const { shop, gateway, clock, view } = open((call) => {
    if (ends(call, 'cancel')) return answer({ result_code: 'FAIL', error: 'ODD' });
    const { partner_refund_id } = call;
    if (partner_refund_id) return answer({ result_code: 'SUCCESS', partner_refund_id });
    return paidAnswer(call);
  });
  shop.charge(sale());
  await clock.pass(15 * 60 * MINUTE);
  shop.cancel('T-1');
  await clock.pass(MINUTE);
  assert.equal(gateway.of('spot.refund').length, 1);
  assert.deepEqual([view().till, view().refunded.minor], ['paid', 1231]);
});

test('what a cancel brought back is booked as returned, also where nobody knew it was paid', async () => {
  const missing = answer({ result_code: 'FAIL', error: 'TRADE_NOT_EXIST' });
  for (const [told, till, back] of [
    [cancelled('refund'), 'cancelled', 1231],
    [cancelled('close'), 'cancelled', undefined],
    [() => missing, 'failed', undefined],
  ]) {
    const { shop, clock, view } = open((call) =>
      ends(call, 'cancel') ? told(call) : waitingAnswer(call),
    );
    shop.charge(sale());
    await clock.pass(20_000);
    shop.cancel('T-1');
    await clock.pass(MINUTE);
    assert.deepEqual([view().till, view().refunded?.minor], [till, back]);
  }
});

test('what is taken back at once is cancelled, and the payment that comes after it is not sent again', async () => {
  const { shop, gateway, clock, view } = open((call) =>
    ends(call, 'cancel') ? cancelled()(call) : SILENCE,
  );
  shop.charge(sale());
  await clock.pass(2_000);
  shop.cancel('T-1');
  await clock.pass(MINUTE);
  assert.equal(view().till, 'cancelled');
  assert.deepEqual(
    gateway.calls.map(({ service }) => service),
    ['alipay.acquire.overseas.spot.pay', 'alipay.acquire.cancel'],
  );
});

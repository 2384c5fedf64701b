import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answer, open, paidAnswer, sale, SILENCE } from './stand/stand.js';

const MINUTE = 60_000;
const amount = (minor) => ({ currency: 'USD', minor });
const wish = (slip, minor) => ({ order: 'T-1', slip, amount: amount(minor), reason: 'cold' });

/** A paid order whose refunds are answered by a script. */
async function paid(script, options) {
  const stand = open((call, nth) => {
    if (call.service.endsWith('spot.pay')) return paidAnswer(call);
    const told = script[Math.min(nth, script.length) - 1];
    return typeof told === 'function' ? told(call) : told;
  }, options);
  stand.shop.charge(sale());
  await stand.clock.pass(1_000);
  return stand;
}

const says = (fields) => ({ partner_refund_id }) => answer({ ...fields, partner_refund_id });
const done = says({ result_code: 'SUCCESS', currency: 'USD' });

test('refunds at once: one number each, booked after SUCCESS', async () => {
  const { shop, gateway, clock, view } = await paid([done]);
  for (const [slip, minor] of [['a', 600], ['b', 631]]) shop.refund(wish(slip, minor));
  shop.refund(wish('a', 600));
  assert.equal(view().refunded, null);
  await clock.pass(1_000);
  assert.deepEqual(view().refunded, amount(1231));
  const refunds = gateway.of('spot.refund');
  assert.deepEqual(refunds.map((call) => call.partner_refund_id), ['T-1-r1', 'T-1-r2']);
  assert.deepEqual(refunds.map((call) => call.refund_amount), ['6.00', '6.31']);
  assert.ok(refunds.every((call) => call.partner_trans_id === 'T-1-p1' && call.is_sync === 'Y'));
});

test('a refund without a definite answer goes out again unchanged, until a person is called', async () => {
  const system = { kind: 'refused', error: 'SYSTEM_ERROR' };
  for (const [script, state, times] of [
    [[SILENCE, SILENCE, done], 'refunded', 3],
    [[says({ result_code: 'UNKNOW' }), done], 'refunded', 2],
    [[system, system, done], 'refunded', 3],
    [[system, { kind: 'refused', error: 'ODD' }, done], 'refunded', 3],
    [[answer({ result_code: 'SUCCESS' }), done], 'refunded', 2],
    [[says({ result_code: 'SUCCESS', currency: 'USD', refund_amount: '6.01' }), done], 'refunded', 2],
    [[says({ result_code: 'FAILED', error: 'REFUND_AMT_RESTRICTION' })], 'refused', 1],
    [[{ kind: 'refused', error: 'INVALID_PARAMETER' }], 'refused', 1],
    [[says({ result_code: 'FAIL', error: 'MERCHANT_BALANCE_NOT_ENOUGH' }), done], 'refunded', 2],
    [[system], 'for-staff', 21],
  ]) {
    const { shop, gateway, clock, view } = await paid(script);
    shop.refund(wish('a', 600));
    await clock.pass(90 * MINUTE);
    const calls = gateway.of('spot.refund').map(({ at, ...call }) => call);
    assert.equal(calls.length, times, state);
    for (const call of calls) assert.deepEqual(call, calls[0]);
    assert.equal(view().refunds[0].state, state);
    assert.equal(view().alarm, state === 'for-staff');
  }
});

test('an accepted refund is pending until a query tells its end', async () => {
  const query = (fields) => answer({ response_code: 'SUCCESS', ...fields });
  for (const [result, state] of [
    [{ refund_result_code: 'SUCCESS' }, 'refunded'],
    [{ refund_result_code: 'FAILED' }, 'refused'],
    [{ refund_result_code: 'PROCESSING' }, 'pending'],
    [{ refund_result_code: 'SUCCESS', out_return_no: 'other' }, 'pending'],
  ]) {
    const stand = open((call) => {
      if (call.service.endsWith('spot.pay')) return paidAnswer(call);
      return call.service.endsWith('refund.query') ? query(result) : done(call);
    }, { asyncRefunds: true });
    const { shop, gateway, clock, view } = stand;
    shop.charge(sale());
    await clock.pass(1_000);
    shop.refund(wish('a', 600));
    await clock.pass(4_000);
    assert.equal(view().refunds[0].state, 'pending');
    await clock.pass(MINUTE);
    assert.equal(view().refunds[0].state, state);
    const [refund] = gateway.of('spot.refund');
    assert.deepEqual([refund.is_sync, Boolean(refund.notify_url)], ['N', true]);
  }
});

test('website refunds are apart, repeated unchanged, and ended by a notification alone', async () => {
  const stand = open(({ service, out_trade_no, out_return_no }, nth) => {
    if (service === 'single_trade_query') {
      return answer({ out_trade_no, trade_status: 'TRADE_FINISHED' });
    }
    if (out_return_no === 'T-1-r3') return { kind: 'refused', error: 'RETURN_AMOUNT_EXCEED' };
    return nth === 1 ? SILENCE : { kind: 'taken' };
  });
  const { shop, gateway, clock, view } = stand;
  shop.present(sale({ device: 'web' }));
  await clock.pass(2 * MINUTE);
  for (const slip of ['a', 'b', 'c']) shop.refund(wish(slip, 500));
  await clock.pass(MINUTE);
  const calls = gateway.of('forex_refund');
  const moments = calls.map((call) => call.at).sort((one, other) => one - other);
  assert.ok(moments.slice(1).every((at, index) => at - moments[index] >= 3_000));
  const [first, again] = calls.filter((call) => call.out_return_no === 'T-1-r1');
  assert.deepEqual({ ...again, at: 0 }, { ...first, at: 0 });
  assert.equal(first.currency, 'USD');
  assert.match(first.gmt_return, /^2026-01-05 10:02:\d\d$/);
  assert.deepEqual(view().refunds.map(({ state }) => state), ['pending', 'pending', 'refused']);
});

test('what is not paid is not refunded', async () => {
  const { shop, gateway, clock, view } = open(() => SILENCE);
  shop.charge(sale());
  await clock.pass(1_000);
  shop.refund(wish('a', 600));
  await clock.pass(1_000);
  assert.equal(view().refunds[0].state, 'refused');
  assert.equal(gateway.of('refund').length, 0);
});

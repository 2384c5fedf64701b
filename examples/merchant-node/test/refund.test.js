import assert from 'node:assert/strict';
import { test } from 'node:test';

import { receive } from '../src/notify.js';
import { endSlip } from '../src/slips.js';
import { answer, open, paidAnswer, sale, SILENCE, signedForm } from './stand/stand.js';

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

const says =
  (fields) =>
  ({ partner_refund_id }) =>
    answer({ ...fields, partner_refund_id });
const done = says({ result_code: 'SUCCESS', currency: 'USD' });

test('refunds at once: one number each, booked after SUCCESS', async () => {
  const { shop, gateway, clock, view } = await paid([done]);
  for (const [slip, minor] of [
    ['a', 600],
    ['b', 631],
  ])
    shop.refund(wish(slip, minor));
  shop.refund(wish('a', 600));
  assert.equal(view().refunded, null);
  await clock.pass(1_000);
  assert.deepEqual(view().refunded, amount(1231));
  const refunds = gateway.of('spot.refund');
  assert.deepEqual(
    refunds.map((call) => call.partner_refund_id),
    ['T-1-r1', 'T-1-r2'],
  );
  assert.deepEqual(
    refunds.map((call) => call.refund_amount),
    ['6.00', '6.31'],
  );
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
    [
      [says({ result_code: 'SUCCESS', currency: 'USD', refund_amount: '6.01' }), done],
      'refunded',
      2,
    ],
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
    const stand = open(
      (call) => {
        if (call.service.endsWith('spot.pay')) return paidAnswer(call);
        return call.service.endsWith('refund.query') ? query(result) : done(call);
      },
      { asyncRefunds: true },
    );
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
  assert.deepEqual(
    view().refunds.map(({ state }) => state),
    ['pending', 'pending', 'refused'],
  );
});

test('a website refund whose repeat is refused is left to its notification', async () => {
  const refusal = (error) => ({ kind: 'refused', error });
  const answers = [refusal('MERCHANT_BALANCE_NOT_ENOUGH'), SILENCE];
  const stand = open(({ service, out_trade_no }, nth) => {
    if (service === 'single_trade_query') {
      return answer({ out_trade_no, trade_status: 'TRADE_FINISHED' });
    }
    return answers[nth - 1] ?? refusal('TRADE_STATUS_ERROR');
  });
  const { shop, gateway, clock, view } = stand;
  shop.present(sale({ device: 'web' }));
  await clock.pass(2 * MINUTE);
  shop.refund(wish('a', 500));
  await clock.pass(50 * MINUTE);
  assert.equal(gateway.of('forex_refund').length, 1);
  await clock.pass(30 * MINUTE);
  assert.equal(gateway.of('forex_refund').length, 3);
  assert.equal(view().refunds[0].state, 'pending');
  const told = {
    notify_time: '2026-01-05 12:00:00',
    notify_type: 'refund_status_sync',
    notify_id: '1',
    out_trade_no: 'T-1-p1',
    out_return_no: 'T-1-r1',
    return_amount: '5.00',
    currency: 'USD',
    refund_status: 'REFUND_SUCCESS',
  };
  assert.equal(await receive(shop, Buffer.from(signedForm(told))), 'success');
  assert.equal(view().refunds[0].state, 'refunded');
});

test('a refund that a notification has ended is asked for no more', async () => {
  const { shop, gateway, clock, view } = await paid([SILENCE]);
  shop.refund(wish('a', 600));
  await clock.pass(6_000);
  endSlip(shop.book.slip('T-1-r1'), 'refunded');
  await clock.pass(MINUTE);
  assert.equal(gateway.of('spot.refund').length, 1);
  assert.equal(view().refunds[0].state, 'refunded');
});

test('what rests by night goes out again when the night is over', async () => {
  const rests = { kind: 'refused', error: 'EXTERFACE_IS_CLOSED' };
  const { shop, gateway, clock, view } = await paid([rests, done]);
  // From 10:00 to 00:30 in Beijing.
  await clock.pass((14 * 60 + 30) * MINUTE);
  shop.refund(wish('a', 600));
  await clock.pass(59 * MINUTE);
  assert.equal(gateway.of('spot.refund').length, 1);
  await clock.pass(MINUTE);
  assert.equal(gateway.of('spot.refund').length, 2);
  assert.equal(view().refunds[0].state, 'refunded');
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

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Refused } from '../src/shop.js';
import { answer, gatewaySignatures, open, sale, SILENCE, signedForm } from './stand/stand.js';

const MINUTE = 60_000;
const CODE = 'https://qr.example/x?t=1&s=2';
const code = ({ out_trade_no }) =>
  answer({ result_code: 'SUCCESS', out_trade_no, voucher_type: 'qrcode', qr_code: CODE });
const missing = answer({ result_code: 'FAIL', error: 'TRADE_NOT_EXIST' });
const noTrade = { kind: 'refused', error: 'TRADE_NOT_EXIST' };
const ends = ({ service }, name) => service.endsWith(name);
const web = (members) => sale({ device: 'web', userAgent: 'Mozilla/5.0', ...members });

test('a code is shown as it was given; that it was made is no payment, and nobody paid is cancelled', async () => {
  const { shop, gateway, clock, view } = open((call) => {
    if (ends(call, 'precreate')) return code(call);
    return ends(call, 'cancel') ? answer({ result_code: 'SUCCESS' }) : missing;
  });
  shop.present(sale());
  await clock.pass(59_999);
  assert.deepEqual([view().till, view().shown], ['waiting', { code: CODE, link: null }]);
  const [call] = gateway.of('precreate');
  assert.equal(call.timestamp, '2026-01-05 10:00:00');
  assert.equal(JSON.parse(call.extend_params).store_id, 'store-1');
  assert.equal(gateway.calls.length, 1);
  await clock.pass(121_000);
  const [query] = gateway.of('overseas.query');
  assert.equal(query.at - call.at, 60_000);
  const [cancel] = gateway.of('acquire.cancel');
  assert.ok(cancel.at - call.at <= 180_000);
  assert.deepEqual([view().till, view().shown], ['cancelled', null]);
});

test('a code that did not come is asked for under another number, and one alone is shown', async () => {
  const { shop, gateway, clock, view } = open((call, nth) => (nth === 1 ? SILENCE : code(call)));
  shop.present(sale());
  await clock.pass(30_000);
  const numbers = gateway.of('precreate').map((call) => call.out_trade_no);
  assert.deepEqual(numbers, ['T-1-p1', 'T-1-p2']);
  assert.equal(view().shown.code, CODE);
});

test('a redirect is signed, and pays nothing; without a login the order ends with its life', async () => {
  const { shop, gateway, clock, view } = open(() => noTrade);
  shop.present(web());
  await clock.pass(1_000);
  const link = new URL(view().shown.link);
  const told = link.searchParams;
  assert.equal(told.get('service'), 'create_forex_trade');
  assert.equal(told.get('product_code'), 'NEW_OVERSEAS_SELLER');
  assert.equal(told.get('total_fee'), '12.31');
  assert.equal(told.get('rmb_fee'), null);
  for (const name of ['return_url', 'notify_url', 'refer_url', 'secondary_merchant_id']) {
    assert.ok(told.get(name), name);
  }
  assert.ok(gatewaySignatures().verifies(told.entries(), told.get('sign'), told.get('sign_type')));
  await clock.pass(15 * MINUTE);
  assert.equal(view().till, 'waiting');
  await clock.pass(2 * MINUTE);
  assert.deepEqual([view().till, view().shown], ['failed', null]);
  assert.equal(gateway.of('single_trade_query').length, 16);
});

test('a trade that never ends is for a person, and a phone has a cashier of its own', async () => {
  const { shop, clock, view } = open(({ out_trade_no }) =>
    answer({ out_trade_no, trade_status: 'WAIT_BUYER_PAY' }),
  );
  shop.present(web({ device: 'wap' }));
  await clock.pass(30 * MINUTE);
  const told = new URL(view().shown.link).searchParams;
  assert.equal(told.get('service'), 'create_forex_trade_wap');
  assert.equal(told.get('product_code'), 'NEW_WAP_OVERSEAS_SELLER');
  assert.equal(view().till, 'waiting');
  await clock.pass(3 * MINUTE);
  assert.deepEqual([view().till, view().alarm], ['for-staff', true]);
});

test('where nobody answers a person is called as soon as is wanted, and not while one does', async () => {
  let told = ({ out_trade_no }) => answer({ out_trade_no, trade_status: 'WAIT_BUYER_PAY' });
  const { shop, clock, view } = open((call) => told(call), { websitePatience: 2 * MINUTE });
  shop.present(web());
  await clock.pass(10 * MINUTE);
  told = () => SILENCE;
  await clock.pass(2 * MINUTE - 1_000);
  assert.equal(view().till, 'waiting');
  await clock.pass(10_000);
  assert.deepEqual([view().till, view().alarm], ['for-staff', true]);
});

test('pressing again sends the browser to the same place', async () => {
  const { shop, clock, view } = open(() => noTrade);
  shop.present(web());
  await clock.pass(1_000);
  const first = view().shown.link;
  await clock.pass(5_000);
  shop.present(web());
  await clock.pass(1_000);
  assert.equal(view().shown.link, first);
});

test('a query that says TRADE_FINISHED pays a website order, and TRADE_CLOSED ends it', async () => {
  for (const [status, till] of [
    ['TRADE_FINISHED', 'paid'],
    ['TRADE_CLOSED', 'failed'],
    ['TRADE_SUCCESS', 'waiting'],
  ]) {
    const { shop, clock, view } = open(({ out_trade_no }) =>
      answer({ out_trade_no, trade_no: '1', trade_status: status, total_fee: '87.00' }),
    );
    shop.present(web({ device: 'wap' }));
    await clock.pass(2 * MINUTE);
    assert.equal(view().till, till);
  }
});

test("a return counts only under the gateway's signature, and only for its own order", async () => {
  const { shop, clock, view } = open(() => noTrade);
  shop.present(web());
  await clock.pass(1_000);
  const told = {
    out_trade_no: 'T-1-p1',
    trade_no: '1',
    total_fee: '12.31',
    currency: 'USD',
    trade_status: 'TRADE_FINISHED',
  };
  const address = (form) => `http://shop.invalid/return?${form}`;
  const good = signedForm(told);
  for (const form of [
    'out_trade_no=T-1-p1&trade_status=TRADE_FINISHED&total_fee=12.31&currency=USD',
    good.replace('12.31', '12.30'),
    signedForm({ ...told, total_fee: '1.00' }),
    signedForm({ ...told, currency: 'HKD' }),
    signedForm({ ...told, trade_status: 'WAIT_BUYER_PAY' }),
  ]) {
    shop.comeBack(address(form));
    assert.deepEqual([view().till, view().shown.page], ['waiting', 'waiting']);
  }
  for (const strange of [
    address(signedForm({ ...told, out_trade_no: 'other' })),
    address('a=%zz'),
    `http://elsewhere.invalid/return?${good}`,
  ]) {
    assert.throws(() => shop.comeBack(strange), Refused);
  }
  shop.comeBack(address(good));
  shop.comeBack(address(good));
  const { till, bookings, shown } = view();
  assert.deepEqual([till, bookings.length, shown.page], ['paid', 1, 'paid']);
});

test('what this shop does not do is refused', () => {
  const { shop } = open(() => noTrade);
  assert.throws(() => shop.present(sale({ userAgent: 'AlipayClient' })), Refused);
  assert.throws(() => shop.present(web({ device: 'app' })), Refused);
  assert.throws(() => shop.present(web({ device: 'constructor' })), Refused);
  assert.throws(() => shop.charge(sale({ store: 'nowhere' })), Refused);
  assert.throws(() => shop.charge(sale({ order: 'x'.repeat(64) })), Refused);
  assert.throws(() => shop.cancel('unknown'), Refused);
  shop.present(web());
  assert.throws(() => shop.cancel('T-1'), Refused);
});

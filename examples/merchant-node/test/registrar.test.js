import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answer, open, paidAnswer, sale, SILENCE } from './stand/stand.js';

const MINUTE = 60_000;
const STORE = { id: 'm-1-s', name: 'Shop', mcc: '5812', terminal: 't-1', drivers: [] };
const WISH = {
  id: 'm-1',
  name: 'Tea for Two',
  mcc: '5812',
  address: '1 Road',
  contact: '+65 6000 0000',
  website: 'https://tea.example/',
  sites: ['https://two.example/'],
  country: null,
  stores: [STORE],
};
const taken = answer({ result_code: 'SUCCESS' });
const status = (word, more = {}) => answer({ result_code: 'SUCCESS', status: word, ...more });

/** A shop whose queries about registrations are answered one after the other. */
function registering(statuses, maintain = taken) {
  return open((call, nth) => {
    if (call.service.endsWith('spot.pay')) return paidAnswer(call);
    if (call.service.endsWith('.maintain')) return maintain;
    return statuses[Math.min(nth, statuses.length) - 1];
  });
}

test('a store is under review until queryStatus says SUCCESS, and sells only then', async () => {
  const { shop, gateway, clock, view } = registering([
    status('UNDER_REVIEW'),
    SILENCE,
    status('SUCCESS'),
  ]);
  shop.registrar.register(WISH);
  await clock.pass(20_000);
  assert.equal(shop.registrar.view('m-1').state, 'pending');
  shop.charge(sale({ store: 'm-1-s' }));
  await clock.pass(1_000);
  assert.equal(view().till, 'failed');
  assert.equal(gateway.of('spot.pay').length, 0);
  await clock.pass(2 * MINUTE);
  const { state, wallets, reason } = shop.registrar.view('m-1');
  assert.deepEqual(
    [state, wallets.length, wallets[0].approved, reason],
    ['approved', 1, true, null],
  );
  shop.charge(sale({ store: 'm-1-s' }));
  await clock.pass(1_000);
  assert.equal(view().till, 'paid');
  const names = JSON.parse(gateway.of('spot.pay')[0].extend_info);
  assert.deepEqual([names.store_id, names.secondary_merchant_id], ['m-1-s', 'm-1']);
  const [maintain] = gateway.of('offline.maintain');
  assert.equal(maintain.store_country, 'SG');
  assert.equal(maintain.store_industry, '5812');
  assert.equal(maintain.extend_params, undefined);
  for (const question of gateway.of('queryStatus')) {
    assert.deepEqual([question.payment_method, question.store_id], ['INSTORE_PAYMENT', 'm-1-s']);
  }
});

test('a website names all its sites each time, and is asked about as one', async () => {
  const { shop, gateway, clock } = registering([status('SUCCESS')]);
  const wish = { ...WISH, stores: [] };
  shop.registrar.register(wish);
  await clock.pass(MINUTE);
  shop.registrar.register({ ...wish, sites: [...WISH.sites, 'https://three.example/'] });
  await clock.pass(1_000);
  assert.equal(shop.registrar.view('m-1').state, 'pending');
  await clock.pass(MINUTE);
  assert.equal(shop.registrar.view('m-1').state, 'approved');
  const counts = gateway.of('online.maintain').map((call) => JSON.parse(call.site_infos).length);
  assert.deepEqual(counts, [2, 3]);
  assert.ok(gateway.of('queryStatus').every((call) => call.payment_method === 'ONLINE_PAYMENT'));
});

test('a rejection is shown with its reason, and corrected data goes out under the same id', async () => {
  const failed = status('FAILED', { reject_reason: 'licence expired' });
  const { shop, gateway, clock } = registering([failed, status('SUCCESS')]);
  shop.registrar.register(WISH);
  await clock.pass(MINUTE);
  const { state, reason, wallets } = shop.registrar.view('m-1');
  assert.deepEqual([state, reason, wallets[0].approved], ['rejected', 'licence expired', false]);
  shop.registrar.register({ ...WISH, address: '2 Road' });
  await clock.pass(MINUTE);
  assert.deepEqual(
    [shop.registrar.view('m-1').state, shop.registrar.view('m-1').reason],
    ['approved', null],
  );
  const told = gateway
    .of('offline.maintain')
    .map((call) => [call.secondary_merchant_id, call.store_address]);
  assert.deepEqual(told, [
    ['m-1', '1 Road'],
    ['m-1', '2 Road'],
  ]);
});

test('what the gateway does not know is shown as not registered, and sent again', async () => {
  const { shop, gateway, clock } = registering(
    [status('DATA_NOT_EXIST'), status('SUCCESS')],
    SILENCE,
  );
  shop.registrar.register(WISH);
  await clock.pass(20_000);
  assert.equal(shop.registrar.view('m-1').state, 'unregistered');
  await clock.pass(2 * MINUTE);
  assert.equal(shop.registrar.view('m-1').state, 'approved');
  const [first, again] = gateway.of('offline.maintain');
  assert.deepEqual({ ...again, at: 0, timestamp: '' }, { ...first, at: 0, timestamp: '' });
});

test('refused data is shown as refused, never as under review', async () => {
  for (const refusal of [
    answer({ result_code: 'FAIL', error: 'PARAM_ILLEGAL' }),
    { kind: 'refused', error: 'INVALID_PARAMETER' },
  ]) {
    const { shop, gateway, clock } = registering([], refusal);
    shop.registrar.register({ ...WISH, name: '' });
    await clock.pass(MINUTE);
    const { state, reason } = shop.registrar.view('m-1');
    assert.equal(state, 'refused');
    assert.match(reason, /PARAM/);
    assert.equal(gateway.of('queryStatus').length, 0);
  }
});

test('a wish that is under way is not begun again, and a refused change takes no approval away', async () => {
  const { shop, gateway, clock } = open((call, nth) => {
    if (!call.service.endsWith('.maintain')) return status('SUCCESS');
    return nth === 1 ? taken : answer({ result_code: 'FAIL', error: 'PARAM_ILLEGAL' });
  });
  shop.registrar.register(WISH);
  shop.registrar.register(WISH);
  await clock.pass(MINUTE);
  assert.equal(gateway.of('offline.maintain').length, 1);
  shop.registrar.register({ ...WISH, name: '' });
  await clock.pass(MINUTE);
  const { state, reason } = shop.registrar.view('m-1');
  assert.deepEqual([state, reason], ['approved', 'PARAM_ILLEGAL']);
});

test('other data that comes under review goes out at once more, and is what is asked about', async () => {
  const { shop, gateway, clock } = registering([
    status('UNDER_REVIEW'),
    status('FAILED', { reject_reason: 'old' }),
    status('SUCCESS'),
  ]);
  shop.registrar.register(WISH);
  await clock.pass(6_000);
  shop.registrar.register({ ...WISH, address: '2 Road' });
  await clock.pass(10_000);
  const told = gateway.of('offline.maintain').map((call) => call.store_address);
  assert.deepEqual(told, ['1 Road', '2 Road']);
  // What was asked meanwhile would have been about the first.
  assert.equal(gateway.of('queryStatus').length, 1);
  await clock.pass(MINUTE);
  assert.equal(shop.registrar.view('m-1').reason, 'old');
});

test('a review is asked about at the pace that is wanted, at the latest', async () => {
  const { shop, gateway, clock } = open(
    (call) => (call.service.endsWith('.maintain') ? taken : status('UNDER_REVIEW')),
    { reviewEvery: 5_000 },
  );
  shop.registrar.register(WISH);
  await clock.pass(10 * MINUTE);
  assert.equal(gateway.of('queryStatus').length, 120);
});

test('the drivers of a taxi are registered with it', async () => {
  const { shop, gateway, clock } = registering([status('SUCCESS')]);
  const drivers = [{ id: 'd-1', name: 'Ann', contact: '+65 6000 0001' }];
  shop.registrar.register({ ...WISH, stores: [{ ...STORE, mcc: '4121', drivers }] });
  await clock.pass(1_000);
  const told = JSON.parse(gateway.of('offline.maintain')[0].extend_params);
  assert.deepEqual(told, [
    { operation_id: 'd-1', contact_person: 'Ann', contact_way: '+65 6000 0001' },
  ]);
});

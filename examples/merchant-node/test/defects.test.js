import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Defects, KNOWN, listOfDefects } from '../src/defects.js';
import { readForm } from '../src/form.js';
import { serve } from '../src/http.js';
import { Gateway } from '../src/gateway.js';
import { receive } from '../src/notify.js';
import {
  answer,
  gatewaySignatures,
  open,
  paidAnswer,
  PARTNER,
  sale,
  shopSignatures,
  SILENCE,
  signedForm,
  waitingAnswer,
} from './stand/stand.js';
import {
  downloaded,
  PAID,
  reconciling,
  row,
  settled,
  SETTLEMENT,
  settlement,
  soldOnline,
  TRANSACTIONS,
  transactions,
} from './stand/files.js';

const MINUTE = 60_000;
const ends = (call, name) => call.service.endsWith(name);
const closes = (call) =>
  answer({ result_code: 'SUCCESS', action: 'close', out_trade_no: call.out_trade_no });
const system = { kind: 'refused', error: 'SYSTEM_ERROR' };
const success = (fields) => answer({ result_code: 'SUCCESS', ...fields });

/** Charges a code, lets a minute pass, and answers what came of it. */
async function charged(defect, script, more = {}) {
  const stand = open(script, { defects: defect });
  stand.shop.charge(sale(more));
  await stand.clock.pass(2 * MINUTE);
  return { ...stand, till: stand.view().till, pays: stand.gateway.of('spot.pay') };
}

const waits = (call) => (ends(call, 'cancel') ? closes(call) : waitingAnswer(call));
const refusedOnce = (call, nth) =>
  ends(call, 'spot.pay') && nth === 1
    ? answer({ result_code: 'FAILED', error: 'BUYER_NOT_EXIST', partner_trans_id: 'T-1-p1' })
    : paidAnswer(call);

/** Shows a code, and answers how a notification is taken. */
async function notified(defect, told, script = () => SILENCE) {
  const stand = open(
    (call) =>
      ends(call, 'precreate')
        ? success({ out_trade_no: call.out_trade_no, qr_code: 'q' })
        : script(call),
    { defects: defect },
  );
  stand.shop.present(sale());
  await stand.clock.pass(1_000);
  const form = told({
    notify_time: '2026-01-05 10:00:10',
    notify_type: 'trade_status_sync',
    notify_id: '1',
    out_trade_no: 'T-1-p1',
    total_fee: '12.31',
    currency: 'USD',
    trade_status: 'TRADE_SUCCESS',
  });
  const word = await receive(stand.shop, Buffer.from(form));
  const again = await receive(stand.shop, Buffer.from(form));
  return { ...stand, word, again, till: stand.view().till };
}

/** Refunds a paid order. */
async function refunded(defect, refund, presses = 1) {
  const stand = open(
    (call, nth) => (ends(call, 'spot.refund') ? refund(call, nth) : paidAnswer(call)),
    { defects: defect },
  );
  stand.shop.charge(sale());
  await stand.clock.pass(1_000);
  const amount = { currency: 'USD', minor: 600 };
  for (let press = 0; press < presses; press += 1) {
    stand.shop.refund({ order: 'T-1', slip: 's', amount, reason: '' });
  }
  await stand.clock.pass(MINUTE);
  const numbers = new Set(stand.gateway.of('spot.refund').map((call) => call.partner_refund_id));
  return { state: stand.view().refunds[0].state, numbers: numbers.size };
}

/** Sends a call over HTTP and answers what a gateway reads, and what the shop makes of the answer. */
async function sent(defect) {
  let verified = null;
  const server = await serve({ host: '127.0.0.1', port: 0 }, ({ body }) => {
    const form = readForm(Buffer.concat([Buffer.from('_input_charset=UTF-8&'), body]));
    verified = gatewaySignatures().verifies(form, form.get('sign'), form.get('sign_type'));
    const xml =
      '<alipay><is_success>T</is_success><response><alipay><result_code>SUCCESS</result_code>' +
      '</alipay></response><sign>AAAA</sign><sign_type>RSA2</sign_type></alipay>';
    return { status: 200, type: 'text/xml;charset=utf-8', body: xml };
  });
  const url = new URL(`http://127.0.0.1:${server.address().port}/gateway.do`);
  const contract = { url, partner: PARTNER, signatures: shopSignatures() };
  const gateway = new Gateway(contract, new Defects(defect));
  const heard = await gateway.send(gateway.form('s', { b: 'a b', a: '1' }), 2_000);
  server.close();
  return { verified, heard: heard.kind };
}

/** Takes back a paid order. */
async function takenBack(defect, cancel) {
  const stand = open((call) => (ends(call, 'cancel') ? cancel(call) : paidAnswer(call)), {
    defects: defect,
  });
  stand.shop.charge(sale());
  await stand.clock.pass(1_000);
  stand.shop.cancel('T-1');
  await stand.clock.pass(MINUTE);
  return { till: stand.view().till, refunds: stand.gateway.of('spot.refund').length };
}

/** Registers a store, and sells there before it is approved. */
async function registered(defect) {
  const stand = open(
    (call) => {
      if (ends(call, '.maintain')) return success({});
      return ends(call, 'queryStatus') ? success({ status: 'UNDER_REVIEW' }) : paidAnswer(call);
    },
    { defects: defect },
  );
  const store = { id: 'm-s', name: 'S', mcc: '5812', terminal: 't' };
  stand.shop.registrar.register({
    id: 'm',
    name: 'M',
    mcc: '5812',
    address: 'A',
    contact: 'c',
    website: 'https://m.example/',
    stores: [store],
  });
  await stand.clock.pass(1_000);
  stand.shop.charge(sale({ store: 'm-s' }));
  await stand.clock.pass(1_000);
  return { state: stand.shop.registrar.view('m').state, till: stand.view().till };
}

/** Sends a browser to the cashier. */
async function redirected(defect) {
  const stand = open(() => ({ kind: 'refused', error: 'TRADE_NOT_EXIST' }), { defects: defect });
  stand.shop.present(sale({ device: 'web' }));
  await stand.clock.pass(1_000);
  return stand;
}

/** What comes of the files of a day on which something was sold in a store. */
async function inStore(defect, files, wish = TRANSACTIONS, refunds = false) {
  const stand = reconciling(null, { defects: defect });
  await stand.sell();
  if (refunds) {
    const amount = { currency: 'USD', minor: 750 };
    stand.shop.refund({ order: 'T-1', slip: 's', amount, reason: '' });
    await stand.clock.pass(1_000);
  }
  stand.deliver(files);
  const view = await stand.reconcile(wish);
  stand.drop();
  return view;
}

/** What comes of a download of the day after something was sold on the website. */
async function online(defect, text) {
  const stand = await soldOnline(null, () => text, { defects: defect });
  stand.shop.book.order('T-1').attempts[0].learn({ paidAt: Date.UTC(2026, 0, 3) });
  const view = await stand.reconcile({ ...TRANSACTIONS, day: '20260104' });
  stand.drop();
  return { view, call: stand.gateway.of('compare_file')[0] };
}

const names = ({ pays }) => JSON.parse(pays[0].extend_info);

/** Whether each mistake shows, in a situation in which a shop without it behaves. */
const SHOWS = {
  'signs-unsorted': async (on) => !(await sent(on)).verified,
  'signs-encoded': async (on) => !(await sent(on)).verified,
  'believes-any-answer': async (on) => (await sent(on)).heard !== 'nothing',
  'float-amount': async (on) => {
    const amount = { currency: 'USD', minor: 435 };
    return (await charged(on, paidAnswer, { amount })).pays[0].trans_amount !== '4.35';
  },
  'forgets-store': async (on) => !names(await charged(on, paidAnswer)).store_id,
  'forgets-secondary-merchant': async (on) =>
    !names(await charged(on, paidAnswer)).secondary_merchant_id,
  'cuts-code': async (on) => {
    const code = '301234567890123456789012';
    return (await charged(on, paidAnswer, { code })).pays[0].buyer_identity_code !== code;
  },
  'unknown-is-paid': async (on) => (await charged(on, waits)).till === 'paid',
  'query-ok-is-paid': async (on) => (await charged(on, waits)).till === 'paid',
  'polls-hard': async (on) => (await charged(on, waits)).gateway.of('query').length > 20,
  'never-cancels': async (on) => (await charged(on, waits)).gateway.of('cancel').length === 0,
  'system-error-is-failed': async (on) =>
    (await charged(on, (call) => (ends(call, 'spot.pay') ? system : paidAnswer(call)))).till !==
    'paid',
  'silence-is-failed': async (on) =>
    (await charged(on, (call) => (ends(call, 'spot.pay') ? SILENCE : paidAnswer(call)))).till !==
    'paid',
  'new-number-after-timeout': async (on) => {
    const script = (call, nth) =>
      ends(call, 'spot.pay') && nth === 1 ? SILENCE : paidAnswer(call);
    return (await charged(on, script)).pays.length > 1;
  },
  'reuses-number': async (on) => {
    const { shop, clock, gateway } = await charged(on, refusedOnce);
    shop.charge(sale({ code: '289999999999999999' }));
    await clock.pass(1_000);
    return gateway.of('spot.pay')[1].partner_trans_id === 'T-1-p1';
  },
  'number-per-press': async (on) => {
    const { shop, clock, gateway } = await charged(on, paidAnswer);
    shop.charge(sale());
    await clock.pass(1_000);
    return gateway.of('spot.pay').length > 1;
  },
  'code-is-paid': async (on) => (await notified(on, () => '')).till === 'paid',
  'utc-timestamp': async (on) => {
    const { gateway } = await notified(on, () => '');
    return gateway.of('precreate')[0].timestamp !== '2026-01-05 10:00:00';
  },
  'waits-for-notice': async (on) => {
    const { gateway, clock } = await notified(on, () => '');
    await clock.pass(5 * MINUTE);
    return gateway.of('overseas.query').length === 0;
  },
  'redirect-is-paid': async (on) => (await redirected(on)).view().till === 'paid',
  'trusts-return': async (on) => {
    const { shop, view } = await redirected(on);
    const told = 'out_trade_no=T-1-p1&trade_status=TRADE_FINISHED&total_fee=12.31&currency=USD';
    shop.comeBack(`http://shop.invalid/return?${told}`);
    return view().till === 'paid';
  },
  'acknowledges-in-json': async (on) => (await notified(on, signedForm)).word !== 'success',
  'acknowledges-with-bom': async (on) => (await notified(on, signedForm)).word !== 'success',
  'believes-any-notice': async (on) => {
    const forged = (told) => signedForm(told, shopSignatures());
    return (await notified(on, forged)).till === 'paid';
  },
  'ignores-notified-amount': async (on) => {
    const other = (told) => signedForm({ ...told, total_fee: '0.01' });
    return (await notified(on, other)).till === 'paid';
  },
  'books-copies': async (on) => (await notified(on, signedForm)).view().bookings.length > 1,
  'refund-result-unread': async (on) => {
    const refusal = ({ partner_refund_id }) =>
      answer({ result_code: 'FAILED', error: 'REFUND_AMT_RESTRICTION', partner_refund_id });
    return (await refunded(on, refusal)).state === 'refunded';
  },
  'refund-number-per-press': async (on) => {
    const done = ({ partner_refund_id }) => success({ partner_refund_id });
    return (await refunded(on, done, 2)).numbers > 1;
  },
  'refund-number-per-try': async (on) => {
    const late = ({ partner_refund_id }, nth) =>
      nth === 1 ? SILENCE : success({ partner_refund_id });
    return (await refunded(on, late)).numbers > 1;
  },
  'refunds-after-cancel': async (on) =>
    (await takenBack(on, () => success({ action: 'refund' }))).refunds > 0,
  'silence-is-cancelled': async (on) => (await takenBack(on, () => SILENCE)).till === 'cancelled',
  'file-until-today': async (on) =>
    (await online(on, downloaded('T-1-p1', '12.31'))).call.end_date !== '20260104',
  'adds-refunds': async (on) => {
    const back = { trade: '9', fee: '0.06', settlement: '7.44', rmb: '52.50', type: 'R' };
    const rows = [settled('T-1-p1', '12.31'), settled('T-1-r1', '7.50', back)];
    return (await inStore(on, settlement(rows), SETTLEMENT, true)).payouts[0].amount.minor > 1221;
  },
  'no-arithmetic': async (on) => {
    const rows = [settled('T-1-p1', '12.31', { settlement: '12.22' })];
    return (await inStore(on, settlement(rows), SETTLEMENT)).state === 'clean';
  },
  'file-error-as-empty': async (on) =>
    (await online(on, 'System exception')).view.state === 'clean',
  'file-nothing-is-error': async (on) =>
    (await online(on, 'No balance account data in the period')).view.state !== 'clean',
  'ignores-count': async (on) =>
    (await inStore(on, transactions([PAID], { count: 2 }))).state === 'clean',
  'reads-files-only': async (on) => (await inStore(on, transactions([]))).state === 'clean',
  'overlooks-cents': async (on) =>
    (await inStore(on, transactions([row('T-1-p1', '12.32')]))).state === 'clean',
  'absent-is-empty': async (on) => (await inStore(on, {})).state === 'differences',
  'accepted-is-approved': async (on) => (await registered(on)).state === 'approved',
  'sells-unapproved': async (on) => (await registered(on)).till === 'paid',
};

for (const name of Object.keys(KNOWN)) {
  test(`the mistake ${name} shows, and a shop without it does not make it`, async () => {
    assert.equal(await SHOWS[name]([]), false);
    assert.equal(await SHOWS[name]([name]), true);
  });
}

test('every mistake has a line in the list, and no other name is one', () => {
  assert.deepEqual(Object.keys(SHOWS).sort(), Object.keys(KNOWN).sort());
  assert.equal(listOfDefects().split('\n').length, Object.keys(KNOWN).length + 1);
  assert.throws(() => new Defects(['toString']), /no defect/);
  assert.throws(() => new Defects().has('made-up'), /no defect/);
});

test('the README has the same list', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const [name, { does, case: noticed }] of Object.entries(KNOWN)) {
    assert.ok(readme.includes(`| \`${name}\` | ${does} | ${noticed} |`), name);
  }
});

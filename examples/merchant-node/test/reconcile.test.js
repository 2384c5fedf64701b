import assert from 'node:assert/strict';
import { test } from 'node:test';

import { daysOf } from '../src/reconciler.js';
import { readTable } from '../src/table.js';
import { PARTNER } from './stand/stand.js';
import {
  changed,
  DAY,
  downloaded,
  NEXT,
  PAID,
  reconciling,
  row,
  settled,
  settlement,
  SETTLEMENT,
  soldOnline,
  TRANSACTIONS,
  transactions,
} from './stand/files.js';

const HOUR = 3_600_000;
const USD = (minor) => ({ currency: 'USD', minor });
const kinds = ({ differences }) => differences.map(({ kind, id }) => `${kind} ${id}`);
const texts = ({ differences }) => differences.map(({ ours, theirs }) => [ours, theirs]);

/** Reconciles a file of transactions about one payment. */
async function compared(t, files, more = {}) {
  const stand = reconciling(t, more);
  await stand.sell();
  stand.deliver(files);
  return stand.reconcile(TRANSACTIONS);
}

test('payments, refunds and cancels are found in the file, each by its own number', async (t) => {
  const { shop, clock, sell, deliver, reconcile } = reconciling(t);
  await sell();
  await sell({ order: 'T-2' });
  shop.refund({ order: 'T-1', slip: 's', amount: USD(750), reason: '' });
  shop.cancel('T-2');
  await clock.pass(1_000);
  deliver(
    transactions([
      PAID,
      row('T-1-r1', '7.50', { type: 'REFUND', trade: '9' }),
      row('T-2-p1', '12.31'),
      row('T-2-p1', '12.31', { type: 'CANCEL' }),
    ]),
  );
  const view = await reconcile(TRANSACTIONS);
  assert.deepEqual([view.state, view.matched, view.differences], ['clean', 4, []]);
  const [file] = view.files;
  assert.deepEqual([file.name, file.rows], [`${PARTNER}_transaction_${DAY}.txt`, 4]);
  assert.match(file.sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual(shop.reconciler.view(TRANSACTIONS), view);
  assert.equal(shop.reconciler.view(SETTLEMENT), null);
});

test('columns are found by their names, in whatever form the file comes', async (t) => {
  const [[name, text]] = Object.entries(transactions([PAID]));
  const more = text
    .replace('|Remark|', '|Secondary_merchant_id|Store_id|Remark|')
    .replace('|PAYMENT||', '|PAYMENT|m|s||');
  assert.notEqual(more, text);
  const gbk = Buffer.from(text.replace('|x|x|', '|\u00d5\u00c5|x|'), 'latin1');
  for (const bytes of [more, `\uFEFF${text}`, text.replaceAll('\r\n', '\n'), `${text}\r\n`, gbk]) {
    const { state, matched, files } = await compared(t, { [name]: bytes });
    assert.deepEqual([state, matched, files[0].rows], ['clean', 1, 1]);
  }
  const view = await compared(t, { [name]: Buffer.concat([gbk, Buffer.from([0x81])]) });
  assert.deepEqual([view.state, kinds(view)], ['incomplete', ['form null']]);
});

test('each difference is told by its number, and one hides no other', async (t) => {
  for (const [rows, told, sides] of [
    [[], 'missing T-1-p1', ['USD 12.31', null]],
    [[PAID, row('X', '12.31')], 'extra X', [null, 'USD 12.31']],
    [[PAID, PAID], 'duplicate T-1-p1', ['USD 12.31', 'USD 12.31']],
    [[row('T-1-p1', '12.30')], 'amount T-1-p1', ['USD 12.31', 'USD 12.30']],
    [[row('T-1-p1', '12.31', { currency: 'GBP' })], 'currency T-1-p1', ['USD 12.31', 'GBP 12.31']],
    [[row('T-1-p1', '12.31', { type: 'REFUND' })], 'sign T-1-p1', ['USD 12.31', 'USD -12.31']],
    [[row('T-1-p1', '12.31', { trade: '1' })], 'id T-1-p1', ['2026010521001004000100000001', '1']],
  ]) {
    const view = await compared(t, transactions(rows));
    assert.deepEqual([view.state, kinds(view), texts(view)], ['differences', [told], [sides]]);
  }
  const view = await compared(t, transactions([row('X', '12.31')]));
  assert.deepEqual(kinds(view), ['extra X', 'missing T-1-p1']);
});

test('a day ends at midnight in Beijing, by the times that the gateway tells', async (t) => {
  const late = row('T-1-p1', '12.31', { time: '2026-01-06 00:00:00' });
  assert.deepEqual(kinds(await compared(t, transactions([late]))), ['day T-1-p1']);
  const { sell, deliver, reconcile } = reconciling(t);
  await sell();
  const name = `${PARTNER}_transaction_${NEXT}.txt`;
  const [text] = Object.values(transactions([], { day: '2026-01-06' }));
  deliver({ [name]: text });
  const view = await reconcile({ ...TRANSACTIONS, day: NEXT });
  assert.deepEqual([view.state, view.matched], ['clean', 0]);
});

test('what was left to a person and stands in the file is told', async (t) => {
  const { shop, sell, deliver, reconcile } = reconciling(t);
  await sell();
  shop.book.order('T-1').become('for-staff', 'for the test');
  deliver(transactions([PAID]));
  const view = await reconcile(TRANSACTIONS);
  assert.deepEqual([kinds(view), texts(view)], [['extra T-1-p1'], [['open', 'USD 12.31']]]);
});

test('a file that contradicts its head is refused as a whole, and fetched again', async (t) => {
  const [[name, text]] = Object.entries(transactions([PAID]));
  for (const [spoilt, kind] of [
    [text.replace('count:1', 'count:2'), 'count'],
    [text.replace('2026-01-05|', '2026-01-04|'), 'day'],
    [text.replace(PARTNER, '2088999999999999'), 'form'],
    [text.slice(text.indexOf('\n') + 1), 'truncated'],
    ['', 'truncated'],
  ]) {
    const { shop, clock, sell, deliver, reconcile } = reconciling(t, { fetchAgain: HOUR });
    await sell();
    deliver({ [name]: spoilt });
    const view = await reconcile(TRANSACTIONS);
    assert.deepEqual([view.state, kinds(view)], ['incomplete', [`${kind} null`]]);
    deliver({ [name]: text });
    await clock.pass(HOUR - 1_000);
    assert.equal(shop.reconciler.view(TRANSACTIONS), view);
    await clock.pass(2_000);
    assert.equal((await changed(() => shop.reconciler.view(TRANSACTIONS), view)).state, 'clean');
  }
});

test('a file that is not there yet makes nothing missing, and is looked for again', async (t) => {
  const { shop, clock, sell, deliver, reconcile } = reconciling(t, { fetchAgain: 5_000 });
  await sell();
  const view = await reconcile(TRANSACTIONS);
  assert.deepEqual([view.state, view.differences, view.files], ['waiting', [], []]);
  deliver(transactions([PAID]));
  await clock.pass(5_000);
  assert.equal((await changed(() => shop.reconciler.view(TRANSACTIONS), view)).state, 'clean');
});

test('what is paid out is the amount less the fee, and for refunds it is kept', async (t) => {
  const { shop, clock, sell, deliver, reconcile } = reconciling(t);
  await sell();
  shop.refund({ order: 'T-1', slip: 's', amount: USD(750), reason: '' });
  await clock.pass(1_000);
  const back = { trade: '9', fee: '0.06', settlement: '7.44', rmb: '52.50', type: 'R' };
  const refund = settled('T-1-r1', '7.50', back);
  deliver(settlement([settled('T-1-p1', '12.31'), refund]));
  const view = await reconcile(SETTLEMENT);
  assert.deepEqual([view.state, view.matched], ['clean', 2]);
  assert.deepEqual(view.payouts, [{ batch: NEXT, amount: USD(477) }]);
  deliver(settlement([settled('T-1-p1', '12.31', { settlement: '12.22', rmb: '86.18' }), refund]));
  const other = await reconcile(SETTLEMENT);
  assert.deepEqual(kinds(other), ['net T-1-p1', 'amount T-1-p1']);
  assert.deepEqual(texts(other), [
    ['USD 12.21', 'USD 12.22'],
    ['CNY 86.17', 'CNY 86.18'],
  ]);
});

test('on Mondays is settled what was sold from Friday on, and at weekends nothing', () => {
  const moments = [2, 3, 4, 5].map((day) => Date.UTC(2026, 0, day, 4));
  const within = (day) => moments.map(daysOf({ day, kind: 'settlement-items' }));
  assert.deepEqual(within('20260105'), [true, true, true, false]);
  assert.deepEqual(within('20260106'), [false, false, false, true]);
  for (const day of ['20260103', '20260104']) {
    assert.deepEqual(within(day), [false, false, false, false]);
  }
  assert.deepEqual(moments.map(daysOf(TRANSACTIONS)), [false, false, false, true]);
});

test('website files name batches, whose list has the sum of each', async (t) => {
  const refund = settled('FOREXREFUND_9', '7.50', {
    ...{ website: true, trade: '9', fee: '0.06', settlement: '7.44', type: 'R' },
    remarks: 'T-1-p1',
  });
  const rows = [settled('T-1-p1', '12.31', { website: true }), refund].join('\r\n');
  for (const [sum, differences] of [
    ['4.77', []],
    ['4.78', ['total B7']],
  ]) {
    const { shop, deliver, reconcile } = await soldOnline(t, () => assert.fail('no download'));
    const [attempt] = shop.book.order('T-1').attempts;
    const slip = { slip: 's', number: 'T-1-r1', amount: USD(750), reason: '', state: 'refunded' };
    shop.book.order('T-1').slips.push({ ...slip, attempt, refundedAt: attempt.toldAt });
    deliver({
      [`${PARTNER}_settle_${NEXT}_B7.csv`]: rows,
      [`${PARTNER}_settlebatch_${NEXT}.csv`]: `B7|2026-01-06|4.81|0.04|${sum}|USD`,
    });
    const view = await reconcile(SETTLEMENT);
    assert.deepEqual([kinds(view), view.matched], [differences, 2]);
    assert.deepEqual(view.payouts, [{ batch: 'B7', amount: USD(477) }]);
  }
});

test('without files of the website the gateway is asked for one day that is over', async (t) => {
  const { gateway, reconcile } = await soldOnline(t, () => downloaded('T-1-p1', '12.31'));
  const view = await reconcile(TRANSACTIONS);
  assert.deepEqual([view.state, view.matched, view.payouts], ['clean', 1, []]);
  assert.equal(view.files[0].name, 'forex_compare_file');
  const [call] = gateway.of('compare_file');
  assert.deepEqual([call.start_date, call.end_date], [DAY, DAY]);
  const settling = await reconcile(SETTLEMENT);
  assert.equal(gateway.of('liquidation_file').length, 1);
  assert.deepEqual(settling.payouts, [{ batch: NEXT, amount: USD(1221) }]);
});

test('each documented sentence is an error in its own words, or nothing to report', async (t) => {
  const refusal = '<alipay><is_success>F</is_success><error>ILLEGAL_PARTNER</error></alipay>';
  for (const [text, told, again] of [
    ['Over 10 days to Date period', null, false],
    ['Over limit balance amount record', null, false],
    ['System exception', null, true],
    ['Finish date not ahead of today', null, false],
    ['Finish date ahead of begin date', null, false],
    ['Illegal Date period!', null, false],
    ['Date format incorrect YYYYMMDD', null, false],
    ['Internet connected exception ,please try later', null, true],
    [refusal, 'ILLEGAL_PARTNER', false],
    [refusal.replace('ILLEGAL_PARTNER', 'SYSTEM_ERROR'), 'SYSTEM_ERROR', true],
    ['<html>', '<html>', false],
  ]) {
    const script = (_, nth) => (nth === 1 ? text : downloaded('T-1-p1', '12.31'));
    const { shop, gateway, clock, reconcile } = await soldOnline(t, script);
    const view = await reconcile(TRANSACTIONS);
    assert.deepEqual([view.state, texts(view)], ['incomplete', [[null, told ?? text]]]);
    assert.deepEqual(view.files, []);
    await clock.pass(HOUR);
    if (again) await changed(() => shop.reconciler.view(TRANSACTIONS), view);
    assert.equal(gateway.of('compare_file').length, again ? 2 : 1, text);
  }
  for (const text of [
    'No balance account data in the period',
    'No balance amount data in the period\r\n',
  ]) {
    const { shop, reconcile } = await soldOnline(t, () => text);
    shop.book.order('T-1').attempts[0].learn({ paidAt: Date.UTC(2026, 0, 4) });
    const view = await reconcile(TRANSACTIONS);
    assert.deepEqual([view.state, view.files[0].rows], ['clean', 0]);
  }
});

test('a folder that cannot be read is told, and a later wish takes the place of one', async (t) => {
  const { shop, folder, drop, deliver, sell, reconcile, clock } = reconciling(t);
  await sell();
  const waiting = await reconcile(TRANSACTIONS);
  deliver(transactions([PAID]));
  const clean = await reconcile(TRANSACTIONS);
  assert.deepEqual([waiting.state, clean.state], ['waiting', 'clean']);
  await clock.pass(2 * HOUR);
  assert.equal(shop.reconciler.view(TRANSACTIONS), clean);
  drop();
  shop.reconciler.reports.folder = `${process.execPath}/${folder}`;
  const view = await reconcile(TRANSACTIONS);
  assert.equal(view.state, 'unfetched');
  assert.match(view.trouble, /ENOTDIR/);
});

test('lines without strokes are split at commas, and blank lines are none', () => {
  const table = readTable('A,1.00,USD\n\n \r\nB,2.00,USD', 'download');
  assert.deepEqual(table.rows, [
    { line: 1, cells: ['A', '1.00', 'USD'] },
    { line: 4, cells: ['B', '2.00', 'USD'] },
  ]);
  assert.equal(table.head, null);
});

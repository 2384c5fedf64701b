/** Files of a day in a folder of a test's own, and a shop that finds them there. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { receive } from '../../src/notify.js';
import { answer, open, paidAnswer, PARTNER, sale, signedForm } from './stand.js';

export const DAY = '20260105';
export const NEXT = '20260106';
export const TRANSACTIONS = { day: DAY, kind: 'transaction-items' };
export const SETTLEMENT = { day: NEXT, kind: 'settlement-items' };

const COLUMNS =
  'Partner_transaction_id|Transaction_id|Transaction_amount|Charge_amount|Currency|Payment_time|' +
  'Transaction_type|Remark|Secondary_merchant_industry|Secondary_merchant_name|Operator_name|' +
  'Order_scene|Trans_currency|Trans_amount|Trans_forex_rate';
const TRADE = '2026010521001004000100000001';
const TIME = '2026-01-05 10:00:00';

/** A row of transactions in stores. */
export function row(number, amount, members = {}) {
  const told = { trade: TRADE, currency: 'USD', time: TIME, type: 'PAYMENT', ...members };
  const first = [number, told.trade, amount, '0.10', told.currency, told.time, told.type];
  return [...first, '', '5812', 'x', 'x', '', told.currency, amount, '1'].join('|');
}

export const PAID = row('T-1-p1', '12.31');

/** A file of transactions in stores. */
export function transactions(rows, { count = rows.length, day = '2026-01-05' } = {}) {
  const head = `Partner:${PARTNER}|Payment_time: ${day}|Total_count:${count}`;
  return { [`${PARTNER}_transaction_${DAY}.txt`]: [head, COLUMNS, ...rows].join('\r\n') };
}

/** A row of what is paid out, in stores or on the website. */
export function settled(number, amount, members = {}) {
  const told = { fee: '0.10', settlement: '12.21', rmb: '86.17', type: 'P', ...members };
  const money = [number, told.trade ?? TRADE, amount, told.rmb, told.fee];
  const parts = told.website ? ['0.00', '0.00'] : [];
  const end = [told.settlement, '85.47', 'USD', '7.00000000', TIME, '2026-01-06 15:00:00'];
  const more = told.website ? [] : ['5812', 'x', 'x', '', 'USD', amount, '1'];
  const kind = [told.type, 'L', told.remarks ?? ''];
  return [...money, ...parts, ...end, ...kind, ...more].join('|');
}

/** A file of what is paid out in stores. */
export function settlement(rows) {
  const columns =
    'Partner_transaction_id|Transaction_id|Amount|Rmb_amount|Fee|Settlement|Rmb_settlement|' +
    'Currency|Rate|Payment_time|Settlement_time|Type|Status|Remarks|Secondary_merchant_industry|' +
    'Secondary_merchant_name|Operator_name|Order_scene|Trans_currency|Trans_amount|' +
    'Trans_forex_rate';
  return { [`${PARTNER}_settlement_${NEXT}.txt`]: [columns, ...rows].join('\r\n') };
}

/** What a gateway answers to sales, refunds and cancels. */
function till(call, nth) {
  const { service, partner_refund_id, out_trade_no } = call;
  if (service.endsWith('refund')) return answer({ result_code: 'SUCCESS', partner_refund_id });
  if (service.endsWith('cancel')) {
    return answer({ result_code: 'SUCCESS', action: 'refund', out_trade_no });
  }
  return paidAnswer(call, nth);
}

/** Opens a shop with a folder of files. */
export function reconciling(t, { script = till, ...habits } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'merchant-node-'));
  t?.after(() => rmSync(folder, { recursive: true, force: true }));
  const stand = open(script, { reports: folder, ...habits });
  const deliver = (files) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  /** Reconciles, and answers what came of it: files are read in real time. */
  const reconcile = async (wish) => {
    const { reconciler } = stand.shop;
    const before = reconciler.view(wish);
    reconciler.take(wish);
    return changed(() => reconciler.view(wish), before);
  };
  const sell = async (members = {}) => {
    stand.shop.charge(sale(members));
    await stand.clock.pass(1_000);
  };
  const drop = () => rmSync(folder, { recursive: true, force: true });
  return { ...stand, folder, deliver, reconcile, sell, drop };
}

/** Waits until something is another than before. */
export async function changed(view, before) {
  for (let turn = 0; turn < 2_000 && view() === before; turn += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  return view();
}

/** Sells on the website; the notification does not tell when it was paid, a query does. */
export async function soldOnline(t, download, habits = {}) {
  const stand = reconciling(t, {
    script: (call, nth) => {
      if (call.service.endsWith('_file')) return download(call, nth);
      return answer({
        out_trade_no: call.out_trade_no,
        trade_no: TRADE,
        trade_status: 'TRADE_FINISHED',
        gmt_payment: TIME,
      });
    },
    ...habits,
  });
  stand.shop.present(sale({ device: 'web' }));
  await stand.clock.pass(1_000);
  const told = {
    notify_time: '2026-01-05 10:00:10',
    notify_type: 'trade_status_sync',
    notify_id: '1',
    out_trade_no: 'T-1-p1',
    trade_no: TRADE,
    total_fee: '12.31',
    currency: 'USD',
    trade_status: 'TRADE_FINISHED',
  };
  await receive(stand.shop, Buffer.from(signedForm(told)));
  await stand.clock.pass(1_000);
  return stand;
}

/** A row of a download. */
export function downloaded(number, amount, type = 'P', remarks = '') {
  const line = [number, amount, 'USD', '20260105100000', '', type, '0.10', 'P', remarks];
  return line.join('|');
}

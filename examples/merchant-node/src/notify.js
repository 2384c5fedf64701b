/**
 * Notifications: posted forms, believed only once they verify, and acknowledged only once they are
 * booked.
 */

import { readDate } from './clock.js';
import { FormFault, readForm } from './form.js';
import { readAmount, sameAmount } from './money.js';
import { learnFrom, paidWord, tellsOf } from './polling.js';
import { hearOfSlip } from './slips.js';

/** The one word that ends a notification. */
const SUCCESS = 'success';
/** What is answered to all that is not taken; the gateway sends it again. */
const FAIL = 'fail';
/** How long the gateway is waited for when it is asked whether a notification is its own. */
const PATIENCE = 3_000;
/** How often it is asked when a payment was made, and how long after the answer before. */
const TIMES = 3;
const PAUSE = 5_000;
/** What every notification has. */
const COMMON = ['notify_time', 'notify_type', 'notify_id', 'sign_type', 'sign'];

/** How a refund ended. */
const REFUND_ENDS = new Map([
  ['REFUND_SUCCESS', 'refunded'],
  ['REFUND_FAIL', 'refused'],
]);

/**
 * Receives a notification and answers what is to be written back.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {Buffer} body
 */
export async function receive(shop, body) {
  const taken = await judge(shop, body);
  if (!taken) return FAIL;
  if (shop.defects.has('acknowledges-in-json')) return JSON.stringify({ code: SUCCESS });
  return shop.defects.has('acknowledges-with-bom') ? `\uFEFF${SUCCESS}` : SUCCESS;
}

/** @returns {Promise<boolean>} */
async function judge(shop, body) {
  let form;
  try {
    form = readForm(body);
  } catch (fault) {
    if (fault instanceof FormFault) return false;
    throw fault;
  }
  const genuine = isGenuine(shop, form) && (await isVouchedFor(shop, form.get('notify_id')));
  if (!genuine && !shop.defects.has('believes-any-notice')) return false;
  return tellsOfRefund(form) ? takeRefund(shop, form) : takeNews(shop, form, { notified: true });
}

/** Whether the gateway has signed a notification, with the contract's type of signature. */
function isGenuine(shop, form) {
  const whole = COMMON.every((name) => form.get(name));
  const { signatures } = shop.settings;
  return whole && signatures.verifies(form, form.get('sign'), form.get('sign_type'));
}

/**
 * Under a key that both sides share, a signature names nobody, so the gateway itself is asked. Once
 * a notification is acknowledged the gateway vouches for it no more, yet a copy has to be
 * acknowledged all the same: what it said first is kept, and copies wait for the same answer.
 */
async function isVouchedFor(shop, notifyId) {
  if (!shop.settings.signatures.isShared) return true;
  const known = shop.vouched.get(notifyId);
  if (known !== undefined) return known;
  const asked = shop.gateway.vouchesFor(notifyId, PATIENCE);
  shop.vouched.set(notifyId, asked);
  const vouched = await asked;
  // Silence and a no decide nothing for the next time it comes.
  if (!vouched) shop.vouched.delete(notifyId);
  return vouched;
}

/** Whether a notification is about a refund. */
function tellsOfRefund(form) {
  return (
    form.get('notify_type') === 'refund_status_sync' ||
    form.has('out_return_no') ||
    form.get('notify_action_type') === 'refundFPAction'
  );
}

/** An amount of a form: undefined where none is told, null where it is no amount. */
function amountOf(form, name) {
  const [currency, text] = [form.get('currency'), form.get(name)];
  if (currency === undefined || text === undefined) return undefined;
  return readAmount(currency, text);
}

/**
 * Takes the news of a payment from a notification or a return. What tells of no payment is taken and
 * changes nothing.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {Map<string, string>} form
 * @param {{ notified?: boolean }} [how]
 * @returns {boolean} Whether it is about an order of ours, and fits it.
 */
export function takeNews(shop, form, { notified = false } = {}) {
  const attempt = shop.book.attempt(form.get('out_trade_no'));
  if (attempt === undefined) return false;
  const status = form.get('trade_status');
  if (status === paidWord(attempt.order)) return hearPaid(shop, attempt, form, notified);
  if (status === 'TRADE_CLOSED') attempt.closed();
  return true;
}

/** Only an order that waits, and that nobody is cancelling, becomes paid. */
function hearPaid(shop, attempt, form, notified) {
  const amount = amountOf(form, 'total_fee');
  // Without an amount it is a hint at most; the next query tells the rest.
  if (amount === undefined) return true;
  const other = !sameAmount(amount, attempt.price);
  if (other && !shop.defects.has('ignores-notified-amount')) return false;
  const { order } = attempt;
  const over = attempt.isCurrent && !attempt.cancelling && order.till === 'failed';
  const copy = notified && attempt.isCurrent && order.till === 'paid';
  attempt.learn({ tradeNo: form.get('trade_no'), paidAt: readDate(form.get('gmt_payment')) });
  attempt.paidBy(shop.clock.now());
  if (copy && shop.defects.has('books-copies')) order.book();
  else if (over) order.become('for-staff', 'the gateway says paid, after the order had failed');
  else attempt.paid();
  if (attempt.toldAt === null) shop.start(`order ${order.id}`, learnWhen(shop, attempt));
  return true;
}

/**
 * Asks when a payment was made of which the news do not tell it: a day's files have what was paid
 * on it. Whatever else the answer says, the news have said.
 */
async function learnWhen(shop, attempt) {
  if (attempt.asksWhen) return;
  attempt.asksWhen = true;
  for (let turn = 0; turn < TIMES && attempt.toldAt === null; turn += 1) {
    const heard = await shop.gateway.send(shop.messages.query(attempt), PATIENCE);
    if (heard.kind === 'said' && tellsOf(attempt, heard, true)) learnFrom(attempt, heard.fields);
    if (attempt.toldAt === null) await shop.clock.sleep(PAUSE);
  }
  attempt.asksWhen = false;
}

/** Takes a genuine notification of a refund. */
function takeRefund(shop, form) {
  const attempt = shop.book.attempt(form.get('out_trade_no'));
  if (attempt === undefined) return false;
  const number = form.get('out_return_no');
  // One that names no refund tells what a query tells as well.
  if (number === undefined) return true;
  const end = REFUND_ENDS.get(form.get('refund_status'));
  if (end === undefined) return true;
  const amount = amountOf(form, 'return_amount');
  return hearOfSlip(shop.book.slip(number), amount, end, shop.clock.now());
}

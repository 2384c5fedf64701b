/** Asking for the state of a payment until it is known or the plan is used up. */

import { readDate, sleepUntil } from './clock.js';
import { isAbout } from './book.js';
import { saysMissing, SYSTEM_ERROR } from './gateway.js';
import { readAmount } from './money.js';

/**
 * When to ask, and how often, in milliseconds.
 *
 * @typedef {object} Plan
 * @property {number} first From now until the first question.
 * @property {number} every From the start of one question to the start of the next.
 * @property {number} limit How long each answer is waited for.
 * @property {number} times How many questions there are.
 * @property {number} unheard How many more there may be in place of those that nobody answers.
 * @property {boolean} repays Whether there is a pay to send again where no trade is known.
 */

/**
 * What an answer leads to: `over`, nothing more is to be asked; `missing`, the gateway knows no such
 * trade; `wait`, ask again when it is time; `unheard`, the same, since nobody answered.
 *
 * @typedef {'over' | 'missing' | 'wait' | 'unheard'} Next
 */

/** By a defect, how soon the next question comes. */
const HASTE = 100;

/** An amount of an answer, undefined where it is told without a currency. */
function amountIn(fields, name) {
  const [currency, text] = [fields.get('currency'), fields.get(name)];
  if (currency === undefined || text === undefined) return undefined;
  return readAmount(currency, text);
}

/**
 * Whether an answer is about an attempt: it names no other number and no other amount.
 *
 * @param {import('./messages.js').Attempt} attempt
 * @param {Extract<import('./gateway.js').Heard, { kind: 'said' }>} heard
 * @param {boolean} [needed] Whether it has to name ours, as a success does.
 */
export function tellsOf(attempt, { fields, result }, needed = result === 'success') {
  const numbers = [fields.get('partner_trans_id'), fields.get('out_trade_no')];
  return isAbout(attempt, numbers, amountIn(fields, 'trans_amount'), needed);
}

/** Keeps what an answer tells of a payment besides its state. */
export function learnFrom(attempt, fields) {
  const tradeNo = fields.get('alipay_trans_id') ?? fields.get('trade_no');
  const paidAt = readDate(fields.get('alipay_pay_time') ?? fields.get('gmt_payment'));
  attempt.learn({ tradeNo, paidAt });
}

/** Books a payment that an answer tells of. When it was made, not every answer says. */
export function takePayment(shop, attempt, fields) {
  learnFrom(attempt, fields);
  attempt.paidBy(shop.clock.now());
  attempt.paid();
}

/** The word for a payment that was made. @param {{ isOnline: boolean }} order */
export function paidWord(order) {
  return order.isOnline ? 'TRADE_FINISHED' : 'TRADE_SUCCESS';
}

/** What follows from a query that was refused. @param {string} code @returns {Next} */
function afterRefusal(code) {
  if (saysMissing(code)) return 'missing';
  return code === SYSTEM_ERROR ? 'unheard' : 'wait';
}

/**
 * Asks once, and books what is told.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 * @param {number} limit
 * @returns {Promise<Next>}
 */
export async function ask(shop, attempt, limit) {
  const heard = await shop.gateway.send(shop.messages.query(attempt), limit);
  if (heard.kind === 'refused') return afterRefusal(heard.error);
  // single_trade_query has no result_code: it tells a trade, or is refused.
  const works = heard.kind === 'said' && (attempt.order.isOnline || heard.result === 'success');
  if (heard.kind !== 'said' || !tellsOf(attempt, heard, works)) return 'unheard';
  if (heard.result === 'fail') return afterRefusal(heard.error);
  if (!works) return 'unheard';
  const { fields } = heard;
  const status = fields.get(attempt.order.isOnline ? 'trade_status' : 'alipay_trans_status');
  if (status === paidWord(attempt.order) || shop.defects.has('query-ok-is-paid')) {
    takePayment(shop, attempt, fields);
    return 'over';
  }
  learnFrom(attempt, fields);
  if (status !== 'TRADE_CLOSED') return 'wait';
  attempt.closed();
  return 'over';
}

/**
 * Asks by a plan until the payment is decided or somebody else decides about it.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 * @param {Plan} plan
 * @returns {Promise<'over' | 'missing' | 'used-up'>}
 */
export async function follow(shop, attempt, plan) {
  if (shop.defects.has('waits-for-notice')) return 'over';
  const hasty = shop.defects.has('polls-hard');
  let due = shop.clock.now() + (hasty ? HASTE : plan.first);
  // As long in all as the healthy plan, so that haste alone is the difference.
  let left = hasty ? Math.ceil((plan.times * plan.every) / HASTE) : plan.times;
  let unheard = plan.unheard;
  while (left > 0) {
    await sleepUntil(shop.clock, due);
    if (!attempt.isOpen) return 'over';
    due = shop.clock.now() + (hasty ? HASTE : plan.every);
    const next = await ask(shop, attempt, plan.limit);
    if (next === 'over') return 'over';
    if (next === 'missing' && plan.repays) return 'missing';
    if (next === 'unheard' && unheard > 0) unheard -= 1;
    else left -= 1;
  }
  return attempt.isOpen ? 'used-up' : 'over';
}

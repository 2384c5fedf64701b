/** Cancelling a payment until it is certain what became of it. */

import { dayInBeijing } from './clock.js';
import { saysMissing, SYSTEM_ERROR } from './gateway.js';
import { learnFrom, tellsOf } from './polling.js';
import { refundUntilSure } from './refund.js';
import { writeSlip } from './slips.js';

/** How long an answer is waited for. */
const PATIENCE = 5_000;
/** From the end of one try to the start of the next; after the last a person is called. */
const WAITS = [2_000, 3_000, 3_000, 5_000, 5_000];
/** The slip of a refund that stands for a cancel which came too late. */
const CANCEL_SLIP = 'cancel';

/**
 * What became of a cancel: the order's new state, or that the payment can only be refunded now; null
 * while nobody knows.
 *
 * @typedef {{ state: import('./book.js').State, why: string } | 'too-late' | null} End
 */

/** @returns {End} */
function judge(shop, attempt, heard) {
  if (heard.kind === 'refused') {
    // Money may have moved and cannot be called back here.
    return heard.error === SYSTEM_ERROR ? null : { state: 'for-staff', why: heard.error };
  }
  if (heard.kind !== 'said') {
    const done = shop.defects.has('silence-is-cancelled');
    return done ? { state: 'cancelled', why: 'no answer' } : null;
  }
  // A success need not name the number: the gateway may know of none.
  if (!tellsOf(attempt, heard, false)) return null;
  learnFrom(attempt, heard.fields);
  if (heard.result === 'success') return cancelled(attempt, heard.fields.get('action'));
  const again = heard.fields.get('retry_flag') === 'Y' || heard.error === SYSTEM_ERROR;
  if (heard.result === 'unknown' || again) return null;
  if (heard.error === 'TRADE_CANCEL_TIME_OUT' || isOfAnotherDay(shop, attempt)) return 'too-late';
  // The payment never reached the gateway, so there is nothing to undo.
  if (saysMissing(heard.error)) return { state: 'failed', why: heard.error };
  return { state: 'for-staff', why: heard.error || 'the cancel was refused' };
}

/**
 * The gateway has cancelled; the action says whether there was money to give back.
 *
 * @returns {End}
 */
function cancelled(attempt, action) {
  const paid = attempt.wasPaid;
  if (action === 'close' && paid) {
    return { state: 'for-staff', why: 'paid, and closed without giving the money back' };
  }
  // A repeated cancel need not say once more what the first one did.
  if (action === 'refund' || paid) attempt.returned = attempt.price;
  return { state: 'cancelled', why: action ?? 'nothing to cancel' };
}

/** Whether the payment was made on an earlier day, in Beijing, so that it can only be refunded. */
function isOfAnotherDay(shop, { paidAt }) {
  return paidAt !== null && dayInBeijing(paidAt) !== dayInBeijing(shop.clock.now());
}

/**
 * Sends the same cancel until the gateway gives a final answer or the tries are used up. The attempt
 * is marked as being cancelled.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 */
export async function cancelUntilSure(shop, attempt) {
  const form = shop.messages.cancel(attempt);
  let end = judge(shop, attempt, await shop.gateway.send(form, PATIENCE));
  for (const wait of WAITS) {
    if (end !== null) break;
    await shop.clock.sleep(wait);
    end = judge(shop, attempt, await shop.gateway.send(form, PATIENCE));
  }
  const { order } = attempt;
  if (attempt.returned !== null) attempt.returnedAt = shop.clock.now();
  if (end === 'too-late') {
    attempt.cancelling = false;
    if (order.till !== 'paid') order.book();
    return giveBack(shop, order);
  }
  const { state, why } = end ?? { state: 'for-staff', why: 'no cancel was ever confirmed' };
  order.endCancel(attempt, state, why);
  if (attempt.returned !== null && shop.defects.has('refunds-after-cancel')) {
    const wish = { slip: CANCEL_SLIP, amount: attempt.price, reason: 'cancelled' };
    const slip = writeSlip(order, wish, shop.clock.now());
    if (slip !== null) await refundUntilSure(shop, Object.assign(slip, { state: 'pending' }));
  }
  return undefined;
}

/** Gives the whole price back, because the payment can no longer be cancelled. */
async function giveBack(shop, order) {
  const wish = { slip: CANCEL_SLIP, amount: order.price, reason: 'cancelled too late' };
  const slip = writeSlip(order, wish, shop.clock.now());
  if (slip?.state === 'pending') await refundUntilSure(shop, slip);
}

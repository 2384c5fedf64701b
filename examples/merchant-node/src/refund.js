/** Giving money back: one number for each slip, until it is certain what became of it. */

import { sinceMidnight, sleepUntil } from './clock.js';
import { saysMissing, SYSTEM_ERROR } from './gateway.js';
import { readAmount, sameAmount } from './money.js';
import { endSlip } from './slips.js';

/** How long an answer is waited for. */
const PATIENCE = 5_000;
/** From an answer that says nothing to the next call. */
const PAUSE = 5_000;
/** How many calls follow the first; after the last a person is called. */
const TIMES = 20;
/** From one question to the next about a refund that was accepted and takes hours. */
const LONG_PAUSE = 90 * 60_000;
/** How many questions come before those. */
const QUICK = 4;
/** How long the shop's own money is waited for. */
const UNTIL_FUNDS = 3_600_000;
/** From midnight until then, in Beijing, the gateway gives nothing back at once. */
const REST_ENDS = 90 * 60_000;
/** "Same PID: leave at least 3 s between refunds" of a website; with some room for slow lines. */
const APART = 3_500;
/** Codes of a shop without enough money of its own to give back. */
const NO_FUNDS = ['MERCHANT_BALANCE_NOT_ENOUGH', 'SELLER_BALANCE_NOT_ENOUGH'];
/** The code of a refund at once in the hours of the night in which there is none. */
const RESTS = 'EXTERFACE_IS_CLOSED';

/**
 * What is known of a refund: its end (`done`, `refused`), that the same call can go out (`again`),
 * once there is money (`no-funds`) or the night is over (`resting`), that it is executed some time
 * (`accepted`), or that the gateway has none (`missing`).
 *
 * @typedef {'done' | 'refused' | 'again' | 'no-funds' | 'resting' | 'accepted' | 'missing'} Known
 */

/** @param {Known} known @param {number} turn @param {number} now */
function pause(known, turn, now) {
  const night = sinceMidnight(now);
  if (known === 'missing') return 0;
  if (known === 'resting' && night < REST_ENDS) return REST_ENDS - night;
  if (known === 'resting' || known === 'no-funds') return UNTIL_FUNDS;
  return known === 'accepted' && turn >= QUICK ? LONG_PAUSE : PAUSE;
}

/**
 * Sends the same refund and asks about it until its end is known or the tries are used up.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./slips.js').Slip} slip
 */
export async function refundUntilSure(shop, slip) {
  let known = await send(shop, slip);
  for (let turn = 0; turn < TIMES && known !== 'done' && known !== 'refused'; turn += 1) {
    await shop.clock.sleep(pause(known, turn, shop.clock.now()));
    // A notification may have brought the end meanwhile.
    if (slip.state !== 'pending') return;
    if (known === 'again' && shop.defects.has('refund-number-per-try')) {
      slip.number += 'x';
      slip.again = false;
    }
    known = known === 'accepted' ? await ask(shop, slip) : await send(shop, slip);
  }
  const now = shop.clock.now();
  if (known === 'done') endSlip(slip, 'refunded', now);
  else if (known === 'refused') endSlip(slip, 'refused', now);
  else endSlip(slip, 'for-staff', now, 'nobody knows what became of it');
}

/** @returns {Promise<Known>} */
function send(shop, slip) {
  return slip.attempt.order.isOnline ? sendForex(shop, slip) : sendSpot(shop, slip);
}

/**
 * The state of an in-store refund. A website's is told by a notification.
 *
 * @returns {Promise<Known>}
 */
async function ask(shop, slip) {
  return slip.attempt.order.isOnline ? 'accepted' : askSpot(shop, slip);
}

/** Whether an answer is about a refund: it names no other number and no other amount. */
function isAbout(slip, fields, needed) {
  const wanted = {
    partner_refund_id: slip.number,
    out_return_no: slip.number,
    partner_trans_id: slip.attempt.number,
    out_trade_no: slip.attempt.number,
  };
  const told = Object.keys(wanted).filter((name) => fields.has(name));
  const [currency, amount] = [fields.get('currency'), fields.get('refund_amount')];
  const known = currency !== undefined && amount !== undefined;
  const fits = !known || sameAmount(readAmount(currency, amount), slip.amount);
  return (
    fits && (told.length > 0 || !needed) && told.every((name) => fields.get(name) === wanted[name])
  );
}

/** Asks for an in-store refund, each time unchanged. @returns {Promise<Known>} */
async function sendSpot(shop, slip) {
  const { again } = slip;
  slip.again = true;
  const heard = await shop.gateway.send(shop.messages.spotRefund(slip), PATIENCE);
  if (heard.kind === 'refused') {
    if (heard.error === RESTS) return 'resting';
    // That a repeat is refused says nothing of the call before it.
    return heard.error === SYSTEM_ERROR || again ? 'again' : 'refused';
  }
  if (heard.kind === 'taken') return shop.defects.has('refund-result-unread') ? 'done' : 'again';
  if (heard.kind === 'nothing') return 'again';
  if (!isAbout(slip, heard.fields, heard.result === 'success')) return 'again';
  if (shop.defects.has('refund-result-unread')) return 'done';
  // With is_sync=N the wish was taken down, and no more.
  if (heard.result === 'success') return shop.settings.asyncRefunds ? 'accepted' : 'done';
  if (heard.result === 'unknown' || heard.error === SYSTEM_ERROR) return 'again';
  return NO_FUNDS.includes(heard.error) ? 'no-funds' : 'refused';
}

/** @returns {Promise<Known>} */
async function askSpot(shop, slip) {
  const heard = await shop.gateway.send(shop.messages.refundQuery(slip), PATIENCE);
  if (heard.kind !== 'said' || !isAbout(slip, heard.fields, false)) return 'accepted';
  const code = heard.fields.get('response_code') ?? '';
  if (code === 'NOT_FOUND' || saysMissing(code)) return 'missing';
  const result = code === 'SUCCESS' ? heard.fields.get('refund_result_code') : undefined;
  if (result === 'SUCCESS') return 'done';
  if (result !== 'FAILED' && result !== 'CANCELED') return 'accepted';
  return NO_FUNDS.includes(heard.fields.get('refund_error_code')) ? 'no-funds' : 'refused';
}

/** Takes the next turn among the website refunds of this partner. */
function takeTurn(shop) {
  const turn = Math.max(shop.clock.now(), shop.nextForexRefund);
  shop.nextForexRefund = turn + APART;
  return turn;
}

/** Asks for a website's refund, each time unchanged. @returns {Promise<Known>} */
async function sendForex(shop, slip) {
  const { again } = slip;
  slip.again = true;
  const turn = takeTurn(shop);
  if (!again) slip.askedAt = turn;
  await sleepUntil(shop.clock, turn);
  const heard = await shop.gateway.send(shop.messages.forexRefund(slip), PATIENCE);
  if (heard.kind === 'nothing') return 'again';
  // That the wish was taken is no failure, and not yet a refund.
  if (heard.kind !== 'refused') return 'accepted';
  if (heard.error === SYSTEM_ERROR) return 'again';
  if (NO_FUNDS.includes(heard.error)) return 'no-funds';
  // Where a repeat is refused, the call before it may have worked: a notification tells.
  return again ? 'accepted' : 'refused';
}

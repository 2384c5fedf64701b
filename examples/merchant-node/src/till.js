/** The till: a scanned code is charged, or a code is shown that the buyer scans. */

import { cancelUntilSure } from './cancel.js';
import { SYSTEM_ERROR } from './gateway.js';
import { follow, learnFrom, takePayment, tellsOf } from './polling.js';

/** How long the answer to a payment, or a code, is waited for. */
const PATIENCE = 5_000;
/** How often the same payment goes out while the gateway knows no such trade. */
const SENDS = 3;

/**
 * "overseas.query every 3 s (3-5 s), 10-20 times"; a query without an answer within 3 s is repeated
 * and counts for nothing. After three minutes the order has closed by itself.
 *
 * @type {import('./polling.js').Plan}
 */
const SCANNED = {
  first: 3_000,
  every: 4_000,
  limit: 3_000,
  times: 15,
  unheard: 60,
  repays: true,
};

/**
 * "Wait 60 s for the notice, else query"; the cancel goes out within three minutes. Before the buyer
 * scans the code there is no trade.
 *
 * @type {import('./polling.js').Plan}
 */
const SHOWN = {
  first: 60_000,
  every: 5_000,
  limit: 3_000,
  times: 22,
  unheard: 0,
  repays: false,
};

/**
 * Judges the answer to a payment. Whatever is neither yes nor no is unknown, and asked about.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 * @param {import('./gateway.js').Heard} heard
 * @returns {'paid' | 'refused' | 'unknown'}
 */
function judgePay(shop, attempt, heard) {
  const { defects } = shop;
  if (heard.kind === 'refused') {
    const unknown = heard.error === SYSTEM_ERROR && !defects.has('system-error-is-failed');
    return unknown ? 'unknown' : 'refused';
  }
  if (heard.kind !== 'said') return defects.has('silence-is-failed') ? 'refused' : 'unknown';
  if (!tellsOf(attempt, heard)) return 'unknown';
  learnFrom(attempt, heard.fields);
  if (heard.result === 'success') return 'paid';
  if (heard.error === SYSTEM_ERROR && defects.has('system-error-is-failed')) return 'refused';
  if (heard.result === 'unknown') return defects.has('unknown-is-paid') ? 'paid' : 'unknown';
  // It is paid already, as a query will tell, or nobody knows.
  const open = ['TRADE_HAS_SUCCESS', SYSTEM_ERROR].includes(heard.error);
  return open ? 'unknown' : 'refused';
}

/**
 * Charges a scanned code and follows the payment until the order is final or with staff.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 * @param {{ code: string, text: string }} sale
 * @param {import('./messages.js').Seller} seller
 */
export async function chargeCode(shop, attempt, sale, seller) {
  let current = attempt;
  let form = shop.messages.spotPay(current, sale, seller);
  for (let send = 1; send <= SENDS; send += 1) {
    if (!current.sending()) return;
    const heard = await shop.gateway.send(form, PATIENCE);
    const judged = judgePay(shop, current, heard);
    if (judged === 'paid') return takePayment(shop, current, heard.fields);
    if (judged === 'refused') return current.end('failed', heard.error || 'no answer');
    if (send === 1 && heard.kind === 'nothing' && shop.defects.has('new-number-after-timeout')) {
      current = shop.book.begin(current.order.id, 'barcode', current.price);
      form = shop.messages.spotPay(current, sale, seller);
      continue;
    }
    const end = await follow(shop, current, SCANNED);
    if (end === 'over') return;
    if (end === 'used-up') break;
    // The gateway never saw it: the same call can go out again, and nobody pays twice by it.
  }
  await giveUp(shop, current);
}

/**
 * Asks for a code, shows it and follows the payment until the order is final or with staff.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 * @param {{ text: string }} sale
 * @param {import('./messages.js').Seller} seller
 */
export async function showCode(shop, attempt, sale, seller) {
  let current = attempt;
  for (let send = 1; send <= SENDS; send += 1) {
    if (send > 1) {
      if (!current.isOpen) return;
      // "No code returned: repeat with a different out_trade_no."
      current = shop.book.begin(current.order.id, 'transaction-qr', current.price);
    }
    if (!current.sending()) return;
    const heard = await shop.gateway.send(shop.messages.precreate(current, sale, seller), PATIENCE);
    const code = heard.kind === 'said' ? heard.fields.get('qr_code') : undefined;
    const judged = judgeCode(current, heard);
    if (judged === 'refused') return current.end('failed', heard.error);
    if (judged === 'shown') return offer(shop, current, { code });
  }
  await giveUp(shop, current);
}

/** @returns {'shown' | 'refused' | 'none'} */
function judgeCode(attempt, heard) {
  if (heard.kind === 'refused') return heard.error === SYSTEM_ERROR ? 'none' : 'refused';
  if (heard.kind !== 'said' || !tellsOf(attempt, heard)) return 'none';
  learnFrom(attempt, heard.fields);
  if (heard.result === 'success' && heard.fields.get('qr_code')) return 'shown';
  return heard.result === 'fail' && heard.error !== SYSTEM_ERROR ? 'refused' : 'none';
}

/** Shows a code. That it was made means that nobody has paid yet. */
async function offer(shop, attempt, shown) {
  if (!attempt.isOpen) return;
  attempt.order.offer = shown;
  if (shop.defects.has('code-is-paid')) {
    attempt.paid();
    // Whoever takes the code for money goes on showing it.
    attempt.order.offer = shown;
    return;
  }
  const end = await follow(shop, attempt, SHOWN);
  if (end === 'used-up') await giveUp(shop, attempt);
}

/** Cancels a payment that asking did not decide, so that nobody can pay it any more. */
async function giveUp(shop, attempt) {
  if (!attempt.isOpen) return;
  if (shop.defects.has('never-cancels')) {
    attempt.end('failed', 'nobody paid');
    return;
  }
  attempt.cancelling = true;
  await cancelUntilSure(shop, attempt);
}

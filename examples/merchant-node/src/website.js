/**
 * The website: the shop sends the buyer's browser to the cashier, and learns from a return, a
 * notification or a query what became of it.
 */

import { sleepUntil } from './clock.js';
import { FormFault, readForm } from './form.js';
import { takeNews } from './notify.js';
import { ask } from './polling.js';

/** How long the buyer may take, with a little room; the call says 15 minutes. */
const LIFE = 15 * 60_000 + 30_000;
/** From the start of one query to the start of the next. */
const SPACING = 60_000;
/** How long the answer to a query is waited for. */
const PATIENCE = 5_000;

/**
 * Sends the buyer to the cashier and follows the payment until the order is final or with staff.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {import('./messages.js').Attempt} attempt
 * @param {{ text: string }} sale
 * @param {import('./messages.js').Seller} seller
 */
export async function checkOut(shop, attempt, sale, seller) {
  if (!attempt.sending()) return;
  const link = shop.gateway.link(shop.messages.forexTrade(attempt, sale, seller));
  attempt.order.offer = { link };
  if (shop.defects.has('redirect-is-paid')) {
    attempt.paid();
    // Whoever takes the way to the cashier for money sends the buyer there all the same.
    attempt.order.offer = { link };
    return;
  }
  if (!shop.defects.has('waits-for-notice')) await followTrade(shop, attempt);
}

/**
 * Asks once a minute. Until the buyer has logged in there is no trade, and from then on the gateway
 * counts the time: so an order without a trade ends with its life, and one with a trade may take as
 * long again.
 */
async function followTrade(shop, attempt) {
  const silence = shop.settings.websitePatience ?? 2 * LIFE;
  const shown = shop.clock.now();
  let heard = shown;
  for (let due = shown + SPACING; ; due += SPACING) {
    await sleepUntil(shop.clock, due);
    if (!attempt.isOpen) return;
    const now = shop.clock.now();
    const next = await ask(shop, attempt, PATIENCE);
    if (next === 'over') return;
    if (next !== 'unheard') heard = now;
    if (next === 'missing' && now >= shown + LIFE) {
      attempt.end('failed', 'the buyer never logged in');
    } else if (now >= shown + 2 * LIFE || (next === 'unheard' && now >= heard + silence)) {
      attempt.end('for-staff', 'nobody knows what became of it');
    }
  }
}

/**
 * Shows the shop's own page to whoever opens it. What stands in its address counts only if the
 * gateway has signed it.
 *
 * @param {import('./shop.js').Shop} shop
 * @param {string} address
 * @returns {boolean} Whether it is a page of ours.
 */
export function takeReturn(shop, address) {
  const page = `${shop.settings.returnUrl}?`;
  if (!address.startsWith(page)) return false;
  let form;
  try {
    form = readForm(address.slice(page.length));
  } catch (fault) {
    if (fault instanceof FormFault) return false;
    throw fault;
  }
  const attempt = shop.book.attempt(form.get('out_trade_no'));
  if (attempt === undefined) return false;
  const { signatures } = shop.settings;
  const genuine = signatures.verifies(form, form.get('sign'), form.get('sign_type'));
  if ((genuine || shop.defects.has('trusts-return')) && !shop.defects.has('waits-for-notice')) {
    takeNews(shop, form);
  }
  attempt.order.cameBack = true;
  return true;
}

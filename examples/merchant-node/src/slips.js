/**
 * Return slips: one wish to give money of an order back, however often the clerk presses the key.
 *
 * @typedef {import('./messages.js').Attempt} Attempt
 * @typedef {{ slip: string, number: string, amount: import('./money.js').Amount, reason: string,
 *   state: 'pending' | 'refunded' | 'refused' | 'for-staff', attempt: Attempt, askedAt: number,
 *   refundedAt: number | null, again: boolean }} Slip
 *   `refundedAt` is when the shop heard of it; the gateway does not say.
 */

import { sameAmount } from './money.js';

/**
 * Writes a slip. Answers null for one that is known already. One of an order that is not paid, or
 * is being cancelled, is refused at once.
 *
 * @param {Attempt['order']} order
 * @param {{ slip: string, amount: import('./money.js').Amount, reason: string }} wish
 * @param {number} askedAt
 * @param {{ again?: boolean }} [how] Only a defect writes a known slip again.
 * @returns {Slip | null}
 */
export function writeSlip(order, { slip, amount, reason }, askedAt, { again = false } = {}) {
  if (!again && order.slips.some((known) => known.slip === slip)) return null;
  const attempt = order.attempts.at(-1);
  const number = `${order.id}-r${order.slips.length + 1}`;
  const state = order.till === 'paid' && !attempt.cancelling ? 'pending' : 'refused';
  const known = { slip, number, amount, reason, state, attempt, askedAt };
  const written = { ...known, refundedAt: null, again: false };
  order.slips.push(written);
  return written;
}

/**
 * Puts a refund that is undecided into a state.
 *
 * @param {Slip} slip
 * @param {Slip['state']} state
 * @param {number} now
 * @param {string} why
 */
export function endSlip(slip, state, now, why = '') {
  if (slip.state !== 'pending') return;
  slip.state = state;
  if (state === 'refunded') slip.refundedAt = now;
  if (state === 'for-staff') console.error(`ALARM refund ${slip.number}: ${why}`);
}

/**
 * Takes what a notification tells of a refund. Answers whether it fits.
 *
 * @param {Slip | undefined} slip
 * @param {import('./money.js').Amount | null | undefined} amount
 * @param {Slip['state'] | null} state Null where it tells no end.
 * @param {number} now
 */
export function hearOfSlip(slip, amount, state, now) {
  if (slip === undefined || !sameAmount(slip.amount, amount ?? null)) return false;
  if (state !== null) endSlip(slip, state, now);
  return true;
}

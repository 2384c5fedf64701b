/**
 * What the books hold, transaction by transaction, as it is compared with files.
 *
 * @typedef {'payment' | 'refund' | 'cancel'} Kind
 * @typedef {{ kind: Kind, held: 'done' | 'open' | 'failed' | 'cancelled', number: string,
 *   payment: string, tradeNo: string | null, amount: import('./money.js').Amount,
 *   told: number | null, heard: number | null }} Entry
 *   `payment` is the number of the payment that a refund is of. `told` is when it happened as the
 *   gateway says, `heard` when the shop learned of it by its own clock.
 */

/** @param {import('./messages.js').Attempt} attempt @returns {Entry['held']} */
function heldOf(attempt) {
  if (!attempt.isCurrent) return 'failed';
  const { backOffice } = attempt.order;
  // A payment that was made is one for good; the cancel undoes it.
  if (backOffice === 'paid' || (backOffice === 'cancelled' && attempt.returned)) return 'done';
  if (backOffice === 'waiting' || backOffice === 'for-staff') return 'open';
  return backOffice;
}

/** @type {Record<import('./slips.js').Slip['state'], Entry['held']>} */
const SLIPS = { refunded: 'done', refused: 'failed', pending: 'open', 'for-staff': 'open' };

/**
 * Every payment that was tried, every cancel of one that had been paid, every refund.
 *
 * @param {import('./messages.js').Attempt['order']} order
 * @returns {Entry[]}
 */
export function entriesOf(order) {
  const entries = [];
  for (const attempt of order.attempts) {
    const { number, price: amount, tradeNo } = attempt;
    const payment = { number, payment: number, tradeNo, amount };
    const held = heldOf(attempt);
    const { toldAt: told, paidAt: heard } = attempt;
    entries.push({ ...payment, kind: /** @type {const} */ ('payment'), held, told, heard });
    if (held === 'done' && attempt.returned) {
      // No answer to a cancel says when the money went back.
      const undone = { ...payment, told: null, heard: attempt.returnedAt };
      entries.push({ ...undone, kind: /** @type {const} */ ('cancel'), held });
    }
  }
  for (const slip of order.slips) {
    entries.push({
      kind: /** @type {const} */ ('refund'),
      held: SLIPS[slip.state],
      number: slip.number,
      payment: slip.attempt.number,
      tradeNo: null,
      amount: slip.amount,
      // Nor does any answer to a refund.
      told: null,
      heard: slip.refundedAt,
    });
  }
  return entries;
}

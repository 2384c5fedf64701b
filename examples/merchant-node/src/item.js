/** A row of a file as a transaction: what the books can be compared with. */

import { readDate } from './clock.js';
import { readAmount } from './money.js';
import { cellOf } from './table.js';

/**
 * @typedef {{ number: string, tradeNo: string, kind: import('./entries.js').Kind,
 *   amount: import('./money.js').Amount, at: number, fee: number, settlement: number | null,
 *   rmb: number | null, rate: string }} Item
 *   `amount` is negative for what is given back; fee, settlement and CNY are minor units without a
 *   sign.
 */

/** A value that is none: in which column, what was expected, what stands there. */
export class Broken extends Error {
  /** @param {string} column @param {string} expected @param {string} found */
  constructor(column, expected, found) {
    super(`${column}: ${found} is no ${expected}`);
    Object.assign(this, { column, expected, found });
  }
}

/** What is found in the types of rows. @type {Map<string, import('./entries.js').Kind>} */
const KINDS = new Map([
  ['P', 'payment'],
  ['PAYMENT', 'payment'],
  ['R', 'refund'],
  ['REFUND', 'refund'],
  ['CANCEL', 'cancel'],
  ['REVERSAL', 'cancel'],
  ['REVERSE', 'cancel'],
]);

/** Which entries a refund row was found to be about. */
export class Refunds {
  /** @type {Set<import('./entries.js').Entry>} */
  #met = new Set();

  /** @param {import('./entries.js').Entry[]} entries */
  constructor(entries) {
    this.refunds = entries.filter((entry) => entry.kind === 'refund');
    this.payments = new Set(
      entries.filter((entry) => entry.kind === 'payment').map((entry) => entry.number),
    );
  }

  /**
   * What a refund row is about. The website's files name refunds by a number of the gateway's own,
   * with the order in the remarks; and a row with a payment's number is that payment, told wrongly.
   *
   * @param {string} number
   * @param {string} remarks
   * @param {number} minor
   * @returns {{ number: string, kind: import('./entries.js').Kind }}
   */
  about(number, remarks, minor) {
    const known = this.refunds.find((refund) => refund.number === number);
    if (known === undefined && this.payments.has(number)) return { number, kind: 'payment' };
    const of = this.refunds.filter((one) => one.payment === remarks && !this.#met.has(one));
    const found = known ?? of.find((refund) => refund.amount.minor === minor) ?? of[0];
    if (found === undefined) return { number, kind: 'refund' };
    this.#met.add(found);
    return { number: found.number, kind: 'refund' };
  }
}

/**
 * Reads a row.
 *
 * @param {import('./table.js').Table} table
 * @param {import('./table.js').Row} row
 * @param {Refunds} refunds
 * @returns {Item}
 */
export function readItem(table, row, refunds) {
  const cell = (...names) => cellOf(table, row, ...names);
  const currency = cell('currency');
  if (!/^[A-Z]{3}$/.test(currency)) throw new Broken('currency', 'currency', currency);
  // The direction is told by the type, so a sign says nothing more.
  const money = (...names) => {
    const text = cell(...names);
    if (text === '') return null;
    const amount = readAmount(currency, text.replace(/^-/, ''));
    if (amount === null) throw new Broken(names[0], 'amount', text);
    return amount.minor;
  };
  const minor = money('amount', 'transaction_amount');
  if (minor === null) throw new Broken('amount', 'amount', '');
  const at = readDate(cell('payment_time'));
  if (at === null) throw new Broken('payment_time', 'time', cell('payment_time'));
  const told = KINDS.get(cell('type', 'transaction_type'));
  if (told === undefined) throw new Broken('type', 'type', cell('type', 'transaction_type'));
  const number = cell('partner_transaction_id');
  const about =
    told === 'refund'
      ? refunds.about(number, cell('remarks', 'remark'), minor)
      : { number, kind: told };
  return {
    ...about,
    tradeNo: cell('transaction_id'),
    amount: { currency, minor: told === 'payment' ? minor : -minor },
    at,
    fee: money('fee', 'charge_amount', 'service_charge') ?? 0,
    settlement: money('settlement'),
    rmb: readAmount('CNY', cell('rmb_amount').replace(/^-/, ''))?.minor ?? null,
    rate: cell('rate'),
  };
}

/** What is paid out for a row by its amount and fee, without a sign. @param {Item} item */
export function netOf({ amount, fee }) {
  return Math.abs(amount.minor) - fee;
}

/**
 * What a row comes to in CNY by its rate, to two places; null where no rate is told.
 *
 * @param {Item} item
 */
export function atRate({ amount, rate }) {
  const [, whole, , fraction = ''] = /^(\d+)(\.(\d{1,12}))?$/.exec(rate) ?? [];
  if (whole === undefined) return null;
  // Of a currency without cents, one of its units is worth the whole rate.
  const cents = readAmount(amount.currency, '1').minor;
  const unit = 10n ** BigInt(fraction.length) * BigInt(cents);
  const exact = BigInt(Math.abs(amount.minor)) * BigInt(whole + fraction) * 100n;
  return Number((exact * 2n + unit) / (unit * 2n));
}

/** Rows about transactions, held against the books: each of them, both ways. */

import { dateText } from './clock.js';
import { inMajorUnits } from './money.js';

/**
 * A difference as the runner reads it: what it is in, where it stands, what both sides have.
 *
 * @typedef {{ kind: string, file: string | null, line: number | null, column: string | null,
 *   id: string | null, ours: string | null, theirs: string | null }} Difference
 * @typedef {{ file: string, line: number }} Place
 * @typedef {{ entry: import('./entries.js').Entry, seen: boolean, undone: boolean,
 *   sum: number, currency: string, at: Place | null }} Record
 *   An entry, and what rows said about it. Of one whose money did not move, `sum` is what they say
 *   in all.
 */

/** An amount as people read it, `USD 12.31`. @param {import('./money.js').Amount} amount */
export function amountText({ currency, minor }) {
  const sign = minor < 0 ? '-' : '';
  return `${currency} ${sign}${inMajorUnits({ currency, minor: Math.abs(minor) })}`;
}

/** @param {Partial<Difference>} told @returns {Difference} */
export function difference(told) {
  const nothing = { file: null, line: null, column: null, id: null, ours: null, theirs: null };
  return { kind: '', ...nothing, ...told };
}

/** What an entry comes to in a file, with its sign. @param {import('./entries.js').Entry} entry */
function signed({ kind, amount }) {
  return { ...amount, minor: kind === 'payment' ? amount.minor : -amount.minor };
}

export class Matcher {
  /** @type {Map<string, Record>} */
  #records = new Map();

  /**
   * @param {import('./entries.js').Entry[]} entries
   * @param {(moment: number) => boolean} contains Whether a moment is one of the days.
   * @param {import('./defects.js').Defects} defects
   */
  constructor(entries, contains, defects) {
    this.contains = contains;
    this.defects = defects;
    /** @type {Difference[]} */
    this.differences = [];
    for (const entry of entries) {
      const nothing = { seen: false, undone: false, sum: 0, currency: '', at: null };
      const key = `${entry.kind} ${entry.number}`;
      if (!this.#records.has(key)) this.#records.set(key, { entry, ...nothing });
    }
  }

  /** @param {import('./entries.js').Kind} kind @param {string} number */
  #find(kind, number) {
    return this.#records.get(`${kind} ${number}`);
  }

  /**
   * Compares a row; what it is about counts as seen. Answers whether it agrees with an entry.
   *
   * @param {import('./item.js').Item} item
   * @param {Place} at
   */
  row(item, at) {
    const id = item.number || item.tradeNo;
    const theirs = amountText(item.amount);
    let record = this.#find(item.kind, item.number);
    let mark = /** @type {'seen' | 'undone'} */ ('seen');
    if (record === undefined && item.kind === 'cancel') {
      // It may be the end of a payment that the books hold as never made.
      record = this.#find('payment', item.number);
      if (record?.entry.held === 'done') record = undefined;
      mark = 'undone';
    }
    if (record === undefined) {
      this.differences.push(difference({ kind: 'extra', ...at, id, theirs }));
      return false;
    }
    const again = record[mark];
    record[mark] = true;
    if (again) {
      const ours = amountText(signed(record.entry));
      this.differences.push(difference({ kind: 'duplicate', ...at, id, ours, theirs }));
      return false;
    }
    if (record.entry.held === 'done') return this.#compare(record.entry, item, { ...at, id });
    Object.assign(record, { sum: record.sum + item.amount.minor, at });
    record.currency = item.amount.currency;
    return false;
  }

  /** Compares a row with the entry that it is about. */
  #compare(entry, item, where) {
    const before = this.differences.length;
    const ours = signed(entry);
    const kind = this.#amountsDiffer(ours, item.amount);
    if (kind !== null) {
      const sides = { ours: amountText(ours), theirs: amountText(item.amount) };
      this.differences.push(difference({ kind, ...where, column: 'amount', ...sides }));
    }
    // Downloads do not have the gateway's numbers, and what is not told cannot be wrong.
    const { tradeNo } = entry;
    if (tradeNo !== null && item.tradeNo !== '' && tradeNo !== item.tradeNo) {
      const other = { column: 'transaction_id', ours: tradeNo, theirs: item.tradeNo };
      this.differences.push(difference({ kind: 'id', ...where, ...other }));
    }
    const { told } = entry;
    if ((told !== null && !this.contains(told)) || !this.contains(item.at)) {
      const sides = { ours: told === null ? null : dateText(told), theirs: dateText(item.at) };
      const column = 'payment_time';
      this.differences.push(difference({ kind: 'day', ...where, column, ...sides }));
    }
    return this.differences.length === before;
  }

  /** In what two amounts differ, null if in nothing. */
  #amountsDiffer(ours, theirs) {
    if (ours.currency !== theirs.currency) return 'currency';
    if (ours.minor === theirs.minor) return null;
    if (ours.minor === -theirs.minor) return 'sign';
    const small = Math.abs(ours.minor - theirs.minor) <= 1;
    return small && this.defects.has('overlooks-cents') ? null : 'amount';
  }

  /**
   * Adds what shows only at the end: rows about what the books hold as not paid and, where the files
   * are whole, what they lack.
   *
   * @param {boolean} whole
   */
  finish(whole) {
    for (const record of this.#records.values()) {
      const { entry, seen, undone, sum, currency, at } = record;
      if (entry.held !== 'done' && (seen || undone) && !(seen && undone && sum === 0)) {
        const theirs = amountText({ currency, minor: sum });
        const told = { ...at, id: entry.number, ours: entry.held, theirs };
        this.differences.push(difference({ kind: 'extra', ...told }));
      }
    }
    if (!whole || this.defects.has('reads-files-only')) return;
    for (const { entry, seen } of this.#records.values()) {
      const lacks = entry.held === 'done' && !seen && this.#isToday(entry);
      if (!lacks || this.#isLeftOut(entry)) continue;
      const ours = amountText(signed(entry));
      this.differences.push(difference({ kind: 'missing', id: entry.number, ours }));
    }
  }

  /** Whether an entry belongs to the days: as the gateway told, or else by the shop's own clock. */
  #isToday({ told, heard }) {
    const moment = told ?? heard;
    return moment !== null && this.contains(moment);
  }

  /** Files of what is paid out leave a payment and its cancel out together. */
  #isLeftOut({ kind, number }) {
    if (kind === 'refund') return false;
    const other = this.#find(kind === 'payment' ? 'cancel' : 'payment', number);
    return other !== undefined && other.entry.held === 'done' && !other.seen;
  }
}

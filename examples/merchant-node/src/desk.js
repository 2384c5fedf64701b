/** One reconciliation: the files of a day against the books. */

import { createHash } from 'node:crypto';

import { atRate, Broken, netOf, readItem, Refunds } from './item.js';
import { amountText, difference, Matcher } from './matching.js';
import { readAmount } from './money.js';
import { cellOf, decodeFile, readTable } from './table.js';

/** How many differences are listed; a day on which more is wrong is wrong as a whole. */
const LISTED = 100;

export class Desk {
  /** @type {{ name: string, read_at: number, sha256: string, bytes: number, rows: number }[]} */
  #files = [];
  #matched = 0;
  /** Whether a file is not whole, so that what it lacks tells nothing. */
  #incomplete = false;
  /** What is paid out, by batch and currency. @type {Map<string, number>} */
  #net = new Map();
  /** What the list of batches says, with its place. */
  #batches = [];

  /**
   * @param {{ day: string, kind: string }} wish
   * @param {string} partner
   * @param {import('./entries.js').Entry[]} entries
   * @param {(moment: number) => boolean} contains
   * @param {import('./defects.js').Defects} defects
   */
  constructor(wish, partner, entries, contains, defects) {
    this.wish = wish;
    this.partner = partner;
    this.defects = defects;
    this.refunds = new Refunds(entries);
    this.matcher = new Matcher(entries, contains, defects);
  }

  /** @param {Partial<import('./matching.js').Difference>} told */
  #add(told) {
    this.matcher.differences.push(difference(told));
  }

  /** Adds what makes a file unusable. @param {Partial<import('./matching.js').Difference>} told */
  #broken(told) {
    this.#incomplete = true;
    this.#add(told);
  }

  /** Reads a file, at a moment. @param {import('./reports.js').Fetched} file @param {number} now */
  read(file, now) {
    const text = file.saysNothing ? '' : decodeFile(file.bytes);
    const table = text === null ? null : readTable(text, file.layout);
    this.#files.push({
      name: file.name,
      read_at: now,
      sha256: createHash('sha256').update(file.bytes).digest('hex'),
      bytes: file.bytes.length,
      rows: table?.rows.length ?? 0,
    });
    if (table === null) {
      this.#broken({ kind: 'form', file: file.name, ours: 'UTF-8 or GBK' });
      return;
    }
    if (!file.saysNothing && !this.#isWhole(table, file)) return;
    for (const row of table.rows) {
      const at = { file: file.name, line: row.line };
      if (file.layout === 'batches') this.#batch(table, row, at);
      else this.#row(table, row, file, at);
    }
  }

  /** Whether a file agrees with its own head. One that does not is refused as a whole. */
  #isWhole(table, { name: file, layout, bytes }) {
    const inStore = layout === 'transactions' || layout === 'settlement';
    if (inStore && bytes.length === 0) {
      this.#broken({ kind: 'truncated', file });
      return false;
    }
    if (layout !== 'transactions') return true;
    const { head } = table;
    if (head === null) {
      this.#broken({ kind: 'truncated', file, ours: 'Partner:|Payment_time:|Total_count:' });
      return false;
    }
    const day = this.wish.day.replace(/^(....)(..)(..)$/, '$1-$2-$3');
    const rows = String(table.rows.length);
    const counts = !this.defects.has('ignores-count');
    for (const [kind, column, ours, theirs] of [
      ['form', 'Partner', this.partner, head.partner],
      ['day', 'Payment_time', day, head.day],
      ['count', 'Total_count', rows, counts ? head.count : rows],
    ]) {
      if (ours !== theirs) {
        this.#broken({ kind, file, column, ours, theirs });
        return false;
      }
    }
    return true;
  }

  #row(table, row, file, at) {
    const [ours, theirs] = [table.columns.length, row.cells.length].map(String);
    if (ours !== theirs) return this.#broken({ kind: 'form', ...at, ours, theirs });
    let item;
    try {
      item = readItem(table, row, this.refunds);
    } catch (broken) {
      if (!(broken instanceof Broken)) throw broken;
      const { column, expected, found } = broken;
      return this.#broken({ kind: 'form', ...at, column, ours: expected, theirs: found });
    }
    const agrees = this.matcher.row(item, at);
    const adds = this.wish.kind === 'transaction-items' || this.#settle(item, file, at);
    if (agrees && adds) this.#matched += 1;
    return undefined;
  }

  /** Counts what is paid out for a row. Answers whether its own sums are right. */
  #settle(item, file, at) {
    const { currency } = item.amount;
    const net = netOf(item);
    const paidOut = item.settlement ?? net;
    const back = item.kind !== 'payment' && !this.defects.has('adds-refunds');
    const key = `${batchOf(file, this.wish.day)} ${currency}`;
    this.#net.set(key, (this.#net.get(key) ?? 0) + (back ? -paidOut : paidOut));
    let right = true;
    const tell = (kind, column, unit, one, other) => {
      const [ours, theirs] = [one, other].map((minor) => amountText({ currency: unit, minor }));
      this.#add({ kind, ...at, column, id: item.number, ours, theirs });
      right = false;
    };
    if (item.settlement !== null && item.settlement !== net) {
      if (!this.defects.has('no-arithmetic')) {
        tell('net', 'settlement', currency, net, item.settlement);
      }
    }
    // The website's rates were seen not to give its amounts in CNY.
    const rmb = file.layout === 'settlement' ? atRate(item) : null;
    if (rmb !== null && item.rmb !== null && rmb !== item.rmb) {
      tell('amount', 'rmb_amount', 'CNY', rmb, item.rmb);
    }
    return right;
  }

  /** Keeps a line of the list of batches; its sums may be less than nothing. */
  #batch(table, row, at) {
    const text = cellOf(table, row, 'settlement');
    const amount = readAmount(cellOf(table, row, 'currency'), text.replace(/^-/, ''));
    if (amount === null) {
      this.#broken({ kind: 'form', ...at, column: 'settlement', ours: 'amount', theirs: text });
      return;
    }
    const minor = text.startsWith('-') ? -amount.minor : amount.minor;
    const batch = cellOf(table, row, 'settle_batch_no');
    this.#batches.push({ batch, amount: { ...amount, minor }, at });
  }

  /** What came of it, as the runner reads it. */
  finish() {
    this.matcher.finish(!this.#incomplete);
    for (const { batch, amount, at } of this.#batches) {
      const minor = this.#net.get(`${batch} ${amount.currency}`) ?? 0;
      if (minor === amount.minor) continue;
      const [ours, theirs] = [{ ...amount, minor }, amount].map(amountText);
      this.#add({ kind: 'total', ...at, column: 'settlement', id: batch, ours, theirs });
    }
    const { differences } = this.matcher;
    const state = differences.length > 0 ? 'differences' : 'clean';
    return {
      state: this.#incomplete ? 'incomplete' : state,
      files: this.#files,
      matched: this.#matched,
      differences: differences.slice(0, LISTED),
      differences_left_out: Math.max(0, differences.length - LISTED),
      payouts: Array.from(this.#net.keys())
        .sort()
        .map((key) => {
          const [batch, currency] = key.split(' ');
          return { batch, amount: { currency, minor: this.#net.get(key) } };
        }),
    };
  }
}

/** The batch that a file is of: the end of a website file's name, otherwise the day. */
function batchOf({ name, layout }, day) {
  return layout === 'website' ? name.replace(/\.csv$/, '').split('_').at(-1) : day;
}

/**
 * Reconciling a day when somebody asks for it, and again until its files are whole.
 *
 * @typedef {import('./reports.js').Wish} Wish
 */

import { beginningOf, DAY } from './clock.js';
import { Desk } from './desk.js';
import { entriesOf } from './entries.js';
import { difference } from './matching.js';
import { Reports, Unfetched } from './reports.js';

/** From one try to the next where files are not there yet, or not whole. */
export const PAUSE = 3_600_000;
/** How many tries follow the first. */
const TIMES = 72;

/**
 * The days whose transactions a file of a day has: its own or, in a file of what is paid out, the
 * day before; on a Monday Friday to Sunday, at weekends none.
 *
 * @param {Wish} wish
 * @returns {(moment: number) => boolean}
 */
export function daysOf({ day, kind }) {
  const start = beginningOf(day);
  const within = (from, to) => (moment) =>
    start + from * DAY <= moment && moment < start + to * DAY;
  if (kind === 'transaction-items') return within(0, 1);
  // Midnight in Beijing is four o'clock in the afternoon before in UTC.
  const weekday = new Date(start + DAY / 2).getUTCDay();
  if (weekday === 0 || weekday === 6) return () => false;
  return within(weekday === 1 ? -3 : -1, 0);
}

export class Reconciler {
  /** What came of each day and kind, and how often it was asked for. */
  #kept = new Map();

  /**
   * @param {import('./shop.js').Shop} shop
   * @param {{ folder?: string, pause?: number }} settings
   */
  constructor(shop, { folder, pause = PAUSE }) {
    this.shop = shop;
    this.pause = pause;
    this.reports = new Reports(shop, folder);
  }

  /** Takes a wish. A later one for the same day takes its place. @param {Wish} wish */
  take(wish) {
    const kept = this.#entry(wish);
    kept.asked += 1;
    this.shop.start(`reconciliation ${wish.day}`, this.#follow(wish, kept.asked));
  }

  #entry({ day, kind }) {
    const key = `${day} ${kind}`;
    if (!this.#kept.has(key)) this.#kept.set(key, { asked: 0, view: null });
    return this.#kept.get(key);
  }

  /** What the runner is told; null where nothing came of it yet. @param {Wish} wish */
  view(wish) {
    return this.#entry(wish).view;
  }

  async #follow(wish, number) {
    const kept = this.#entry(wish);
    for (let turn = 0; turn <= TIMES; turn += 1) {
      const { view, again } = await this.#reconciled(wish);
      if (kept.asked !== number) return;
      kept.view = view;
      if (!again) return;
      await this.shop.clock.sleep(this.pause);
      if (kept.asked !== number) return;
    }
    console.error(`ALARM reconciliation ${wish.day}: no whole files of ${wish.kind}`);
  }

  /** Fetches the files of a day and compares them; `again` where there may be others later. */
  async #reconciled(wish) {
    const blank = {
      day: wish.day,
      kind: wish.kind,
      state: 'waiting',
      files: [],
      matched: 0,
      differences: [],
      differences_left_out: 0,
      notes: [],
      payouts: [],
    };
    const contains = daysOf(wish);
    const orders = Array.from(this.shop.book.orders());
    let got;
    try {
      got = await this.#fetched(wish, orders, contains);
    } catch (error) {
      if (!(error instanceof Unfetched)) throw error;
      const view = { ...blank, state: 'unfetched', trouble: error.message };
      return { view, again: false };
    }
    if (got.kind === 'absent') return { view: blank, again: true };
    if (got.kind === 'refused') {
      const told = difference({ kind: 'form', file: got.service, theirs: got.text });
      return { view: { ...blank, state: 'incomplete', differences: [told] }, again: got.again };
    }
    const entries = orders
      .filter((order) => (order.isOnline ? got.website : got.stores))
      .flatMap((order) => entriesOf(order));
    const { settings, clock, defects } = this.shop;
    const desk = new Desk(wish, settings.partner, entries, contains, defects);
    for (const file of got.files) desk.read(file, clock.now());
    const view = { ...blank, ...desk.finish() };
    return { view, again: view.state === 'incomplete' };
  }

  /** The files of what was sold in stores and on the website, as far as there is any of it. */
  async #fetched(wish, orders, contains) {
    const found = await this.reports.delivered(wish);
    const sold = soldIn(orders, contains, beginningOf(wish.day) + DAY);
    const stores = found.stores.length > 0 || sold.stores;
    const website = found.website.length > 0 || sold.website;
    const files = [...found.stores, ...found.website];
    if (stores && found.stores.length === 0 && !this.shop.defects.has('absent-is-empty')) {
      return { kind: /** @type {const} */ ('absent') };
    }
    if (website && found.website.length === 0) {
      const got = await this.reports.download(wish);
      if (got.kind !== 'files') return got;
      files.push(...got.files);
    }
    const nothing = !stores && !website;
    return nothing ? { kind: 'absent' } : { kind: 'files', files, stores, website };
  }
}

/**
 * Where something was sold on the days that files are about; where nothing was, what was sold last
 * before they were written says what they are about.
 *
 * @param {import('./messages.js').Attempt['order'][]} orders
 * @param {(moment: number) => boolean} contains
 * @param {number} end
 */
function soldIn(orders, contains, end) {
  const sales = orders.flatMap((order) => {
    const told = entriesOf(order).filter(({ kind }) => kind === 'payment');
    const moments = told.map((entry) => entry.told ?? entry.heard).filter((at) => at !== null);
    return moments.map((at) => ({ at, website: order.isOnline }));
  });
  let of = sales.filter(({ at }) => contains(at));
  if (of.length === 0) {
    const before = sales.filter(({ at }) => at < end);
    of = before.sort((one, other) => other.at - one.at).slice(0, 1);
  }
  return { stores: of.some(({ website }) => !website), website: of.some(({ website }) => website) };
}

/**
 * The shop's books: every order with its attempts, its state and its bookings. They are kept in
 * memory; nothing in here waits, so that no two changes can mix.
 *
 * @typedef {import('./money.js').Amount} Amount
 * @typedef {'waiting' | 'paid' | 'failed' | 'cancelled' | 'for-staff'} State
 * @typedef {'barcode' | 'transaction-qr' | 'website' | 'website-wap'} Product
 */

import { sameAmount, sumOf } from './money.js';

/** One payment that was tried for an order. */
class Attempt {
  /** The gateway's own number, once it was told. @type {string | null} */
  tradeNo = null;
  /**
   * When it was paid, as the gateway told it, or when the shop heard of it.
   *
   * @type {number | null}
   */
  paidAt = null;
  /** The same where the gateway told it. @type {number | null} */
  toldAt = null;
  /** Whether the gateway is being asked when it was paid. */
  asksWhen = false;
  /** Whether anything about it was sent. */
  sent = false;
  /** Whether a cancel is under way; from then on its answer alone decides. */
  cancelling = false;
  /** What was heard of the payment while it was being cancelled. @type {State | null} */
  meanwhile = null;
  /** What its cancel brought back to the buyer. @type {Amount | null} */
  returned = null;
  /** When the shop heard of that. @type {number | null} */
  returnedAt = null;

  /** @param {Order} order @param {string} number @param {Amount} price */
  constructor(order, number, price) {
    this.order = order;
    this.number = number;
    this.price = price;
  }

  /** Whether it is the attempt that counts. */
  get isCurrent() {
    return this.order.attempts.at(-1) === this;
  }

  /** Whether it counts, is undecided, and nobody is cancelling it. */
  get isOpen() {
    return this.isCurrent && this.order.till === 'waiting' && !this.cancelling;
  }

  /** Notes that it goes out now. Answers whether it still may. */
  sending() {
    if (this.isOpen) this.sent = true;
    return this.isOpen;
  }

  /**
   * Keeps what the gateway tells besides the state.
   *
   * @param {{ tradeNo?: string | null, paidAt?: number | null }} told
   */
  learn({ tradeNo, paidAt }) {
    this.tradeNo = tradeNo || this.tradeNo;
    this.toldAt = paidAt ?? this.toldAt;
    this.paidAt = this.toldAt ?? this.paidAt;
  }

  /** Notes that it was paid by now, where nobody told when. @param {number} now */
  paidBy(now) {
    this.paidAt ??= now;
  }

  /** Books the money, or keeps the news while a cancel is under way. */
  paid() {
    if (this.isOpen) this.order.book();
    else this.#hear('paid');
  }

  /** Ends it without money. @param {State} state @param {string} why */
  end(state, why) {
    if (this.isOpen) this.order.become(state, why);
    else this.#hear(state);
  }

  /** @param {State} state */
  #hear(state) {
    if (this.isCurrent && this.cancelling) this.meanwhile = state;
  }

  /** Hears that the gateway has closed the trade: of one that was paid, the money is back. */
  closed() {
    if (this.isOpen) return this.order.become('failed', 'the gateway has closed the trade');
    if (!this.isCurrent || !this.cancelling) return undefined;
    if (this.wasPaid) this.returned = this.price;
    this.meanwhile = this.wasPaid ? 'cancelled' : 'failed';
    return undefined;
  }

  /** Whether the books, or news that came while it was being cancelled, have it as paid. */
  get wasPaid() {
    return this.isCurrent && (this.order.till === 'paid' || this.meanwhile === 'paid');
  }
}

/** An order as till and back office know it. */
class Order {
  /** @type {State} */
  till = 'waiting';
  /** @type {State} */
  backOffice = 'waiting';
  /** Each time that money was booked. @type {Amount[]} */
  bookings = [];
  /** Whether a person was called. */
  alarm = false;
  /** Why it ended as it did, for that person. */
  why = '';
  /** What the buyer is given to pay with. @type {{ code?: string, link?: string } | null} */
  offer = null;
  /** Whether the buyer came back to the shop's own page. */
  cameBack = false;
  /** Every payment that was tried; the last one counts. @type {Attempt[]} */
  attempts = [];
  /** Return slips, in the order in which they were written. @type {import('./slips.js').Slip[]} */
  slips = [];

  /** @param {string} id @param {Product} product @param {Amount} price */
  constructor(id, product, price) {
    this.id = id;
    this.product = product;
    this.price = price;
  }

  /** Whether it was sold on the shop's website. */
  get isOnline() {
    return this.product === 'website' || this.product === 'website-wap';
  }

  /** Puts till and back office into a state. @param {State} state @param {string} why */
  become(state, why = '') {
    this.till = state;
    this.backOffice = state;
    this.why = why;
    if (state !== 'paid') this.bookings = [];
    if (state !== 'waiting') this.offer = null;
    this.alarm = state === 'for-staff';
    if (this.alarm) console.error(`ALARM order ${this.id}: ${why}`);
  }

  /** Books the price; the order is paid. */
  book() {
    this.become('paid');
    this.bookings.push(this.price);
  }

  /**
   * Ends the cancel of an attempt with what its answers made of it.
   *
   * @param {Attempt} attempt
   * @param {State} state
   * @param {string} why
   */
  endCancel(attempt, state, why) {
    if (!attempt.isCurrent) return;
    attempt.cancelling = false;
    const { meanwhile } = attempt;
    const paid = this.till === 'paid' || meanwhile === 'paid';
    let end = state;
    // Money that the gateway knows nothing of is a contradiction for a person.
    if (state === 'failed' && paid) end = 'for-staff';
    // The cancel was refused or unheard because there was nothing left to cancel.
    if (state === 'for-staff' && (meanwhile === 'failed' || meanwhile === 'cancelled')) {
      end = meanwhile;
    }
    this.become(end, why);
  }

  /** What the runner is told. */
  view() {
    const back = this.attempts.map((attempt) => attempt.returned).filter((amount) => amount);
    const given = this.slips.filter((slip) => slip.state === 'refunded').map((slip) => slip.amount);
    const shown = this.offer !== null || this.cameBack;
    return {
      order: this.id,
      till: this.till,
      back_office: this.backOffice,
      paid: sumOf(this.bookings),
      refunded: sumOf([...given, ...back]),
      bookings: this.bookings.map((amount) => ({ amount })),
      alarm: this.alarm || this.slips.some((slip) => slip.state === 'for-staff'),
      shown: shown
        ? {
            code: this.offer?.code ?? null,
            link: this.offer?.link ?? null,
            ...(this.cameBack ? { page: this.till } : {}),
          }
        : null,
      refunds: this.slips.map(({ slip, amount, state }) => ({ slip, amount, state })),
    };
  }
}

export class Book {
  /** @type {Map<string, Order>} */
  #orders = new Map();
  /** Every attempt by its number. @type {Map<string, Attempt>} */
  #attempts = new Map();

  /** @param {string} id */
  order(id) {
    return this.#orders.get(id);
  }

  /** All orders. */
  orders() {
    return this.#orders.values();
  }

  /** The attempt with a number of ours. @param {string | undefined} number */
  attempt(number) {
    return this.#attempts.get(number);
  }

  /** The refund with a number of ours. @param {string | undefined} number */
  slip(number) {
    const orders = Array.from(this.#orders.values());
    return orders.flatMap((order) => order.slips).find((slip) => slip.number === number);
  }

  /**
   * Begins an attempt of an order, under the number after its last; the order's own id is its head.
   *
   * @param {string} id
   * @param {Product} product
   * @param {Amount} price
   * @param {{ keepNumber?: boolean }} [how] Only a defect keeps the number of the last attempt.
   */
  begin(id, product, price, { keepNumber = false } = {}) {
    const order = this.#orders.get(id) ?? new Order(id, product, price);
    this.#orders.set(id, order);
    Object.assign(order, { product, price, cameBack: false });
    order.become('waiting');
    if (keepNumber && order.attempts.length > 0) order.attempts.pop();
    const attempt = new Attempt(order, `${id}-p${order.attempts.length + 1}`, price);
    order.attempts.push(attempt);
    this.#attempts.set(attempt.number, attempt);
    return attempt;
  }

  /**
   * What there is to cancel about an order, which is marked as being cancelled then.
   *
   * @param {Order} order
   * @returns {Attempt | null}
   */
  beginCancel(order) {
    const attempt = order.attempts.at(-1);
    const over = order.till !== 'waiting' && order.till !== 'paid';
    if (over || attempt.cancelling) return null;
    if (order.till === 'waiting' && !attempt.sent) {
      order.become('cancelled', 'nothing was sent');
      return null;
    }
    attempt.cancelling = true;
    return attempt;
  }
}

/**
 * Whether an answer or a notification is about an attempt: it names its number, and its amount
 * where it names one with a currency.
 *
 * @param {Attempt} attempt
 * @param {(string | undefined)[]} numbers
 * @param {Amount | null | undefined} amount Undefined where none is named.
 * @param {boolean} needed Whether the number has to be named.
 */
export function isAbout(attempt, numbers, amount, needed) {
  const named = numbers.filter((number) => number !== undefined);
  const ours = named.every((number) => number === attempt.number);
  const fits = amount === undefined || sameAmount(amount, attempt.price);
  return ours && fits && (named.length > 0 || !needed);
}

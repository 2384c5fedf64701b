/** The shop: what the runner asks of it, and the parts that do it. */

import { Book } from './book.js';
import { cancelUntilSure } from './cancel.js';
import { Messages } from './messages.js';
import { Reconciler } from './reconciler.js';
import { refundUntilSure } from './refund.js';
import { Registrar } from './registrar.js';
import { writeSlip } from './slips.js';
import { chargeCode, showCode } from './till.js';
import { checkOut, takeReturn } from './website.js';

/** The gateway takes no longer number. */
const LONGEST_NUMBER = 64;
/** What our numbers add to the order's id: a letter and a count. */
const ROOM = 6;

/** What is sold where: a code on the till, or the website on a device. */
const PRODUCTS = new Map([
  [null, 'transaction-qr'],
  ['web', 'website'],
  ['wap', 'website-wap'],
]);

/** Why the shop does not do what it is asked to do. */
export class Refused extends Error {}

/**
 * @typedef {{ partner: string, signatures: import('./sign.js').Signatures, notifyUrl: string,
 *   returnUrl: string, barcodeNotices: boolean, asyncRefunds: boolean,
 *   stores: import('./messages.js').Seller[], reports?: string, fetchAgain?: number,
 *   reviewEvery?: number, websitePatience?: number }} Settings
 *   `reports` is the folder of the files of a day; the three others are in milliseconds.
 */

export class Shop {
  /**
   * Whether the gateway vouches for a notification, by its id.
   *
   * @type {Map<string, Promise<boolean>>}
   */
  vouched = new Map();
  /** When the next refund of a website may go out. */
  nextForexRefund = 0;

  /**
   * @param {Settings} settings
   * @param {{ gateway: import('./gateway.js').Gateway, clock: import('./clock.js').Clock,
   *   defects: import('./defects.js').Defects }} parts
   */
  constructor(settings, { gateway, clock, defects }) {
    this.settings = settings;
    this.gateway = gateway;
    this.clock = clock;
    this.defects = defects;
    this.book = new Book();
    this.messages = new Messages({ ...settings, gateway, clock, defects });
    this.registrar = new Registrar(this, settings.reviewEvery);
    const { reports: folder, fetchAgain: pause } = settings;
    this.reconciler = new Reconciler(this, { folder, pause });
  }

  /**
   * Lets work go on by itself. A mistake of ours in it is for a person.
   *
   * @param {string} what
   * @param {Promise<unknown>} work
   */
  start(what, work) {
    work.catch((error) => console.error(`ALARM ${what}:`, error));
  }

  /**
   * Lets work on an order go on by itself.
   *
   * @param {import('./messages.js').Attempt} attempt
   * @param {Promise<unknown>} work
   */
  #startFor(attempt, work) {
    const { order } = attempt;
    const guarded = work.catch((error) => {
      order.become('for-staff', 'the shop made a mistake');
      throw error;
    });
    this.start(`order ${order.id}`, guarded);
  }

  /** Who sells in a store. @param {string} id */
  #seller(id) {
    const own = this.settings.stores.find((seller) => seller.storeId === id);
    const seller = own ?? this.registrar.seller(id);
    if (seller === null) throw new Refused(`no store '${id}'`);
    return seller;
  }

  /**
   * Begins a sale. Answers null for a second press: what is in progress or paid is not started
   * again, and for a seller that is not approved, whose sale ends here.
   */
  #begin(product, { order: id, amount, store }) {
    const seller = this.#seller(store);
    if (id.length + ROOM > LONGEST_NUMBER) throw new Refused('the order id is too long');
    const state = this.book.order(id)?.till;
    if (state === 'for-staff') throw new Refused(`order '${id}' is in the hands of a person`);
    const pressedAgain = state === 'waiting' || state === 'paid';
    if (pressedAgain && !this.defects.has('number-per-press')) return null;
    const keepNumber = this.defects.has('reuses-number');
    const attempt = this.book.begin(id, product, amount, { keepNumber });
    if (!seller.approved && !this.defects.has('sells-unapproved')) {
      attempt.end('failed', `${seller.merchantId} is not approved`);
      return null;
    }
    return { attempt, seller };
  }

  /**
   * The cashier scanned a code.
   *
   * @param {{ order: string, amount: import('./money.js').Amount, text: string, code: string,
   *   store: string }} sale
   */
  charge(sale) {
    const begun = this.#begin('barcode', sale);
    if (begun === null) return;
    this.#startFor(begun.attempt, chargeCode(this, begun.attempt, sale, begun.seller));
  }

  /**
   * The shop shows a code on its till, or sends a browser to the cashier.
   *
   * @param {{ order: string, amount: import('./money.js').Amount, text: string, store: string,
   *   device: string | null, userAgent: string | null }} sale
   */
  present(sale) {
    const { device, userAgent } = sale;
    if (device === null && userAgent !== null) {
      throw new Refused('this shop has no page for inside a wallet');
    }
    const product = PRODUCTS.get(device);
    if (product === undefined) throw new Refused(`this shop cannot be used on '${device}'`);
    const begun = this.#begin(product, sale);
    if (begun === null) return;
    const present = device === null ? showCode : checkOut;
    this.#startFor(begun.attempt, present(this, begun.attempt, sale, begun.seller));
  }

  /** The buyer's browser comes back. @param {string} url */
  comeBack(url) {
    if (!takeReturn(this, url)) throw new Refused(`no page of ours: ${url}`);
  }

  /** @param {string} id */
  #order(id) {
    const order = this.book.order(id);
    if (order === undefined) throw new Refused(`no order '${id}'`);
    return order;
  }

  /** The clerk cancels an order. @param {string} id */
  cancel(id) {
    const order = this.#order(id);
    if (order.isOnline) throw new Refused('what the website sells cannot be cancelled');
    if (order.till === 'for-staff') {
      throw new Refused(`order '${id}' is in the hands of a person`);
    }
    const attempt = this.book.beginCancel(order);
    if (attempt !== null) this.#startFor(attempt, cancelUntilSure(this, attempt));
  }

  /**
   * The clerk gives money back.
   *
   * @param {{ order: string, slip: string, amount: import('./money.js').Amount, reason: string }}
   *   wish
   */
  refund(wish) {
    const order = this.#order(wish.order);
    const again = this.defects.has('refund-number-per-press');
    const slip = writeSlip(order, wish, this.clock.now(), { again });
    if (slip?.state === 'pending') this.start(`refund ${slip.number}`, refundUntilSure(this, slip));
  }
}

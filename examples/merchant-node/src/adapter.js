/** The adapter: what the runner asks of the shop, as JSON over HTTP. */

import { beginningOf } from './clock.js';
import { isPrice } from './money.js';
import { Refused } from './shop.js';

/** Where the adapter begins. */
export const BASE = '/assay';
const JSON_TYPE = 'application/json';

/** @param {number} status @param {unknown} value @returns {import('./http.js').Reply} */
function reply(status, value) {
  return { status, type: JSON_TYPE, body: JSON.stringify(value) };
}

/** What a request says, member by member. What is missing or ill-formed is refused. */
class Wish {
  /** @param {Record<string, unknown>} members */
  constructor(members) {
    this.members = members;
  }

  /** @param {string} name @returns {string} */
  text(name) {
    const value = this.members[name];
    if (typeof value !== 'string') throw new Refused(`${name} is no text`);
    return value;
  }

  /** A text that may be null or left out. @param {string} name @returns {string | null} */
  perhaps(name) {
    return (this.members[name] ?? null) === null ? null : this.text(name);
  }

  /** A text that has to say something. @param {string} name */
  name(name) {
    const value = this.text(name);
    if (value === '') throw new Refused(`${name} is empty`);
    return value;
  }

  /** @param {string} name @returns {import('./money.js').Amount} */
  price(name) {
    const value = this.members[name];
    if (!isPrice(value)) throw new Refused(`${name} is no price`);
    return { currency: value.currency, minor: value.minor };
  }

  /** A list of other wishes; none where it is left out. @param {string} name */
  list(name) {
    const values = this.members[name] ?? [];
    if (!Array.isArray(values)) throw new Refused(`${name} is no list`);
    return values.map((value) => new Wish(isObject(value) ? value : {}));
  }

  /** A list of texts; none where it is left out. @param {string} name @returns {string[]} */
  texts(name) {
    const values = this.members[name] ?? [];
    const whole = Array.isArray(values) && values.every((value) => typeof value === 'string');
    if (!whole) throw new Refused(`${name} is no list of texts`);
    return values;
  }
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {Wish} wish */
function sale(wish) {
  return {
    order: wish.name('order'),
    amount: wish.price('amount'),
    text: wish.text('text'),
    store: wish.text('store'),
  };
}

/** @param {Wish} wish @returns {import('./registrar.js').Wish} */
function merchant(wish) {
  return {
    id: wish.name('id'),
    name: wish.text('name'),
    mcc: wish.text('mcc'),
    address: wish.text('address'),
    contact: wish.text('contact'),
    website: wish.text('website'),
    sites: wish.texts('sites'),
    country: wish.perhaps('country'),
    stores: wish.list('stores').map((store) => ({
      id: store.text('id'),
      name: store.text('name'),
      mcc: store.text('mcc'),
      terminal: store.text('terminal'),
      drivers: store.list('drivers').map((driver) => ({
        id: driver.text('id'),
        name: driver.text('name'),
        contact: driver.text('contact'),
      })),
    })),
  };
}

/** What files can be about. */
const KINDS = ['transaction-items', 'settlement-items', 'settlement-summary'];

/** @param {string} day @param {string} kind @returns {import('./reports.js').Wish} */
function reconciliation(day, kind) {
  if (!/^\d{8}$/.test(day) || beginningOf(day) === null) throw new Refused(`'${day}' is no day`);
  if (!KINDS.includes(kind)) throw new Refused(`no files of kind '${kind}'`);
  return { day, kind };
}

/**
 * What can be asked for with a POST.
 *
 * @type {Record<string, (shop: import('./shop.js').Shop, wish: Wish) => void>}
 */
const ACTIONS = {
  charge: (shop, wish) => shop.charge({ ...sale(wish), code: wish.name('code') }),
  present: (shop, wish) => {
    const [device, userAgent] = [wish.perhaps('device'), wish.perhaps('user_agent')];
    shop.present({ ...sale(wish), device, userAgent });
  },
  return: (shop, wish) => shop.comeBack(wish.text('url')),
  cancel: (shop, wish) => shop.cancel(wish.name('order')),
  refund: (shop, wish) =>
    shop.refund({
      order: wish.name('order'),
      slip: wish.name('slip'),
      amount: wish.price('amount'),
      reason: wish.text('reason'),
    }),
  merchants: (shop, wish) => shop.registrar.register(merchant(wish)),
  reconcile: (shop, wish) =>
    shop.reconciler.take(reconciliation(wish.text('day'), wish.text('kind'))),
};

/**
 * What can be looked at with a GET.
 *
 * @type {Record<string, (shop: import('./shop.js').Shop, id: string, url: URL) => unknown>}
 */
const VIEWS = {
  orders: (shop, id) => shop.book.order(id)?.view() ?? null,
  merchants: (shop, id) => shop.registrar.view(id),
  reconciliations: (shop, day, url) =>
    shop.reconciler.view(reconciliation(day, url.searchParams.get('kind') ?? '')),
};

/** @param {Buffer} body */
function read(body) {
  let members;
  try {
    members = JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refused('the body is no JSON');
  }
  if (!isObject(members)) throw new Refused('the body is no object');
  return new Wish(members);
}

/** What comes of it, or why it is refused. @param {() => import('./http.js').Reply} does */
function unlessRefused(does) {
  try {
    return does();
  } catch (refusal) {
    if (refusal instanceof Refused) return reply(409, { why: refusal.message });
    throw refusal;
  }
}

/**
 * Answers the runner. What is begun is accepted at once; the outcome stands in the views.
 *
 * @param {import('./shop.js').Shop} shop
 * @returns {(asked: import('./http.js').Asked) => import('./http.js').Reply}
 */
export function adapter(shop) {
  return ({ method, url, body }) => {
    const unknown = reply(404, { why: `nothing at ${url.pathname}` });
    if (!url.pathname.startsWith(`${BASE}/`)) return unknown;
    const [name, id, ...rest] = url.pathname.slice(BASE.length + 1).split('/');
    if (method === 'POST' && id === undefined && Object.hasOwn(ACTIONS, name)) {
      return unlessRefused(() => {
        ACTIONS[name](shop, read(body));
        return reply(202, {});
      });
    }
    if (method !== 'GET' || !id || rest.length > 0 || !Object.hasOwn(VIEWS, name)) return unknown;
    return unlessRefused(() => {
      const view = VIEWS[name](shop, decodeURIComponent(id), url);
      return view === null ? reply(404, { why: `no such thing in ${name}` }) : reply(200, view);
    });
  };
}

/**
 * Secondary merchants: a store is registered with offline.maintain, a website with online.maintain,
 * and the gateway is asked until the review is over. Only SUCCESS of queryStatus lets one sell.
 *
 * @typedef {{ id: string, name: string, mcc: string, terminal: string,
 *   drivers?: { id: string, name: string, contact: string }[] }} Store
 * @typedef {{ id: string, name: string, mcc: string, address: string, contact: string,
 *   website: string, sites?: string[], country?: string | null, stores: Store[] }} Wish
 * @typedef {{ wish: Wish, store: Store | null, stand: 'pending' | 'approved' | 'rejected' |
 *   'refused' | 'missing', reason: string | null, asked: boolean, toSend: boolean }} Place
 *   One registration: of a store, or of a merchant without one. It is `asked` about until it is
 *   decided, and goes out (again) when it is `toSend`.
 */

import { isDeepStrictEqual } from 'node:util';

import { SYSTEM_ERROR } from './gateway.js';

/** How long an answer is waited for. */
const PATIENCE = 10_000;
/** From one question to the next at first, while the review may be a short one. */
const QUICK = [5_000, 10_000, 15_000, 30_000];
/** The same afterwards: "usual review 5-10 min". */
const PAUSE = 60_000;
/** The same once it takes longer, "at most 3 working days". */
const LONG_PAUSE = 3_600_000;
/** How many questions come at the shorter pace, and how many there are in all. */
const SOON = 24;
const ALL = 144;
/** For how long it is shown that nothing is registered, before it is sent again. */
const SHOWN_MISSING = 15_000;
/** Who decides about secondary merchants. */
const WALLET = 'ALIPAY';

export class Registrar {
  /** @type {Map<string, { wish: Wish, places: Place[] }>} */
  #merchants = new Map();

  /**
   * @param {import('./shop.js').Shop} shop
   * @param {number} longest The longest pause between two questions.
   */
  constructor(shop, longest = Infinity) {
    this.shop = shop;
    this.longest = longest;
  }

  /** Takes a wish down and registers what is not under way already. @param {Wish} wish */
  register(wish) {
    const known = this.#merchants.get(wish.id) ?? { wish, places: [] };
    this.#merchants.set(wish.id, known);
    known.wish = wish;
    for (const store of wish.stores.length > 0 ? wish.stores : [null]) {
      let place = known.places.find((other) => other.store?.id === store?.id);
      if (place === undefined) {
        place = { wish, store, stand: 'pending', reason: null, asked: false, toSend: true };
        known.places.push(place);
      }
      // Until the gateway has taken the change, what was decided stands. What is under way already
      // goes out once more, if it is another wish.
      const same = place.asked && isDeepStrictEqual([place.wish, place.store], [wish, store]);
      Object.assign(place, { wish, store, toSend: !same || place.toSend });
      if (!place.asked) this.shop.start(`merchant ${wish.id}`, this.#follow(place));
    }
  }

  /** Registers until it is taken, and asks until it is decided. @param {Place} place */
  async #follow(place) {
    place.asked = true;
    for (let turn = 0; turn < ALL && place.asked; turn += 1) {
      while (place.toSend && place.asked) {
        place.toSend = false;
        await this.#send(place);
      }
      if (!place.asked) return;
      const pause = QUICK[turn] ?? (turn < SOON ? PAUSE : LONG_PAUSE);
      await this.shop.clock.sleep(Math.min(pause, this.longest));
      if (!place.toSend) await this.#ask(place);
    }
    place.asked = false;
  }

  /** @param {Place} place @param {Place['stand']} stand @param {string | null} reason */
  #end(place, stand, reason = null) {
    Object.assign(place, { stand, reason, asked: false });
  }

  /** Sends the registration. Only a definite refusal ends it. @param {Place} place */
  async #send(place) {
    const heard = await this.shop.gateway.send(this.shop.messages.maintain(place), PATIENCE);
    if (heard.kind === 'refused' && heard.error !== SYSTEM_ERROR) {
      return this.#refused(place, heard.error);
    }
    if (heard.kind !== 'said' || !isAbout(place, heard.fields)) return undefined;
    if (heard.result === 'fail' && heard.error !== SYSTEM_ERROR) {
      return this.#refused(place, heard.error);
    }
    if (heard.result === 'success') {
      const approved = this.shop.defects.has('accepted-is-approved');
      place.stand = approved ? 'approved' : 'pending';
    }
    return undefined;
  }

  /**
   * A decision that stands is not undone by a refused change.
   *
   * @param {Place} place
   * @param {string} reason
   */
  #refused(place, reason) {
    const decided = place.stand === 'approved' || place.stand === 'rejected';
    this.#end(place, decided ? place.stand : 'refused', reason);
  }

  /**
   * Asks how far the review is. What the gateway does not know is going to be sent again.
   *
   * @param {Place} place
   */
  async #ask(place) {
    const heard = await this.shop.gateway.send(this.shop.messages.status(place), PATIENCE);
    if (heard.kind !== 'said' || !isAbout(place, heard.fields)) return;
    // The answer is about what was registered before.
    if (place.toSend) return;
    const status = heard.fields.get('status') ?? heard.error;
    if (status === 'SUCCESS') this.#end(place, 'approved');
    if (status === 'FAILED') this.#end(place, 'rejected', heard.fields.get('reject_reason') ?? '');
    if (status !== 'DATA_NOT_EXIST') return;
    place.stand = 'missing';
    // Whoever looks meanwhile is told that nothing is registered.
    await this.shop.clock.sleep(SHOWN_MISSING);
    place.toSend = true;
  }

  /**
   * Who sells under an id of a store, or of a merchant that has none.
   *
   * @param {string} id
   * @returns {import('./messages.js').Seller | null}
   */
  seller(id) {
    for (const { wish, places } of this.#merchants.values()) {
      const place = places.find(({ store }) => (store?.id ?? wish.id) === id);
      if (place !== undefined) {
        return {
          merchantId: wish.id,
          name: wish.name,
          mcc: wish.mcc,
          storeId: id,
          storeName: place.store?.name ?? wish.name,
          terminal: place.store?.terminal ?? '',
          approved: place.stand === 'approved',
        };
      }
    }
    return null;
  }

  /**
   * What the runner is told of a secondary merchant; null where none is known.
   *
   * @param {string} id
   */
  view(id) {
    const known = this.#merchants.get(id);
    if (known === undefined) return null;
    const stands = known.places.map((place) => place.stand);
    const decided = known.places.filter(
      ({ stand }) => stand === 'approved' || stand === 'rejected',
    );
    const reasons = known.places.map((place) => place.reason).filter((reason) => reason !== null);
    const approved = decided.every(({ stand }) => stand === 'approved');
    const wallet = { wallet: WALLET, approved, status: approved ? 'SUCCESS' : 'FAILED', reasons };
    return {
      id,
      state: stateOf(stands),
      wallets: decided.length > 0 ? [wallet] : [],
      reason: reasons[0] ?? null,
    };
  }
}

/** How far a merchant is, by how far its registrations are. @param {Place['stand'][]} stands */
function stateOf(stands) {
  if (stands.includes('pending')) return 'pending';
  if (stands.includes('missing')) return 'unregistered';
  if (stands.includes('refused')) return 'refused';
  return stands.includes('rejected') ? 'rejected' : 'approved';
}

/** Whether an answer is about a registration: it names no other merchant and no other store. */
function isAbout({ wish, store }, fields) {
  const merchant = fields.get('secondary_merchant_id');
  const named = fields.get('store_id');
  return (
    (merchant === undefined || merchant === wish.id) && (named === undefined || named === store?.id)
  );
}

/** What stands in the calls. */

import { dateDigits, dateText } from './clock.js';
import { inMajorUnits } from './money.js';

/** How long a buyer may take on the website, as the call says it. */
export const WEBSITE_LIFE = '15m';
const HOURS_FROM_UTC = 8;
const IN_STORE = 'OVERSEAS_MBARCODE_PAY';

/**
 * Who sells where.
 *
 * @typedef {{ merchantId: string, name: string, mcc: string, storeId: string, storeName: string,
 *   terminal: string, approved: boolean }} Seller
 * @typedef {ReturnType<import('./book.js').Book['begin']>} Attempt
 */

/** JSON as most libraries of the time write it, with its slashes escaped. @param {unknown} value */
export function slashed(value) {
  return JSON.stringify(value).replaceAll('/', '\\/');
}

/** What is sold, as trade_information has it for goods. @param {string} text */
function goods(text) {
  const name = text.trim().replace(/[\^|]/g, ' ');
  return slashed({ business_type: '4', goods_info: `${name}^1`, total_quantity: '1' });
}

export class Messages {
  /**
   * @param {{ gateway: import('./gateway.js').Gateway, partner: string, notifyUrl: string,
   *   returnUrl: string, barcodeNotices: boolean, asyncRefunds: boolean,
   *   clock: import('./clock.js').Clock, defects: import('./defects.js').Defects }} shop
   */
  constructor(shop) {
    this.shop = shop;
  }

  #form(service, parameters) {
    return this.shop.gateway.form(service, parameters);
  }

  /** The present moment, in Beijing. */
  #timestamp() {
    const early = this.shop.defects.has('utc-timestamp') ? HOURS_FROM_UTC * 3_600_000 : 0;
    return dateText(this.shop.clock.now() - early);
  }

  /** @param {import('./money.js').Amount} amount */
  #amount(amount) {
    if (!this.shop.defects.has('float-amount')) return inMajorUnits(amount);
    return inMajorUnits({ ...amount, minor: Math.floor((amount.minor / 100) * 100) });
  }

  /** Who sells where, as JSON. @param {Seller} seller */
  #names(seller) {
    const names = {
      secondary_merchant_id: seller.merchantId,
      secondary_merchant_name: seller.name,
      secondary_merchant_industry: seller.mcc,
      store_id: seller.storeId,
      store_name: seller.storeName,
      terminal_id: seller.terminal,
    };
    if (this.shop.defects.has('forgets-store')) delete names.store_id;
    if (this.shop.defects.has('forgets-secondary-merchant')) delete names.secondary_merchant_id;
    return slashed(names);
  }

  /**
   * The payment of a scanned code.
   *
   * @param {Attempt} attempt
   * @param {{ code: string, text: string }} sale
   * @param {Seller} seller
   */
  spotPay({ number, price }, { code, text }, seller) {
    const { partner, notifyUrl, barcodeNotices, clock, defects } = this.shop;
    return this.#form('alipay.acquire.overseas.spot.pay', {
      ...(barcodeNotices ? { notify_url: notifyUrl } : {}),
      alipay_seller_id: partner,
      trans_name: text,
      partner_trans_id: number,
      currency: price.currency,
      trans_amount: this.#amount(price),
      buyer_identity_code: defects.has('cuts-code') ? code.slice(0, 18) : code,
      identity_code_type: 'barcode',
      trans_create_time: dateDigits(clock.now()),
      biz_product: IN_STORE,
      extend_info: this.#names(seller),
      trade_information: goods(text),
      // Nobody wrote a memo. Official clients send such an empty value as well.
      memo: '',
    });
  }

  /**
   * A code that the buyer scans.
   *
   * @param {Attempt} attempt
   * @param {{ text: string }} sale
   * @param {Seller} seller
   */
  precreate({ number, price }, { text }, seller) {
    return this.#form('alipay.acquire.precreate', {
      notify_url: this.shop.notifyUrl,
      timestamp: this.#timestamp(),
      out_trade_no: number,
      subject: text,
      product_code: IN_STORE,
      total_fee: this.#amount(price),
      currency: price.currency,
      trans_currency: price.currency,
      extend_params: this.#names(seller),
      trade_information: goods(text),
      body: '',
    });
  }

  /**
   * The redirect of a website, which the buyer's browser sends.
   *
   * @param {Attempt} attempt
   * @param {{ text: string }} sale
   * @param {Seller} seller
   */
  forexTrade({ number, price, order }, { text }, seller) {
    const wap = order.product === 'website-wap' ? '_wap' : '';
    return this.#form(`create_forex_trade${wap}`, {
      notify_url: this.shop.notifyUrl,
      return_url: this.shop.returnUrl,
      // Special characters are not allowed in the subject, so the text stands in the body.
      subject: `Order ${order.id}`,
      body: text,
      out_trade_no: number,
      currency: price.currency,
      total_fee: this.#amount(price),
      timeout_rule: WEBSITE_LIFE,
      secondary_merchant_id: seller.merchantId,
      secondary_merchant_name: seller.name,
      secondary_merchant_industry: seller.mcc,
      refer_url: `${new URL(this.shop.returnUrl).origin}/`,
      product_code: productCode(order),
      trade_information: goods(text),
      supplier: '',
    });
  }

  /** Asks for a trade's state. @param {Attempt} attempt */
  query({ number, order }) {
    if (order.isOnline) return this.#form('single_trade_query', { out_trade_no: number });
    return this.#form('alipay.acquire.overseas.query', { partner_trans_id: number });
  }

  /** @param {Attempt} attempt */
  cancel({ number }) {
    const timestamp = this.#timestamp();
    return this.#form('alipay.acquire.cancel', { timestamp, out_trade_no: number });
  }

  /** An in-store refund. @param {import('./slips.js').Slip} slip */
  spotRefund({ number, attempt, amount, reason }) {
    const { asyncRefunds, notifyUrl } = this.shop;
    return this.#form('alipay.acquire.overseas.spot.refund', {
      partner_trans_id: attempt.number,
      partner_refund_id: number,
      refund_amount: this.#amount(amount),
      currency: amount.currency,
      refund_reason: reason,
      ...(asyncRefunds ? { notify_url: notifyUrl, is_sync: 'N' } : { is_sync: 'Y' }),
    });
  }

  /** Asks for an in-store refund's state. @param {import('./slips.js').Slip} slip */
  refundQuery({ number, attempt }) {
    const numbers = { out_trade_no: attempt.number, out_return_no: number };
    return this.#form('alipay.acquire.refund.query', numbers);
  }

  /** A website's refund. @param {import('./slips.js').Slip} slip */
  forexRefund({ number, attempt, amount, reason, askedAt }) {
    return this.#form('forex_refund', {
      notify_url: this.shop.notifyUrl,
      out_return_no: number,
      out_trade_no: attempt.number,
      return_amount: this.#amount(amount),
      currency: amount.currency,
      gmt_return: dateText(askedAt),
      reason,
      product_code: productCode(attempt.order),
    });
  }

  /**
   * Registers a store, or a website where there is none.
   *
   * @param {import('./registrar.js').Place} place
   */
  maintain({ wish, store }) {
    const country = wish.country ?? 'SG';
    const contact = wish.contact.includes('@') ? 'contact_email' : 'contact_no';
    const merchant = {
      timestamp: this.#timestamp(),
      secondary_merchant_id: wish.id,
      secondary_merchant_name: wish.name,
      secondary_merchant_type: 'ENTERPRISE',
      register_country: country,
      register_address: wish.address,
      [contact]: wish.contact,
    };
    if (store === null) {
      // The gateway replaces the whole list each time.
      const sites = [wish.website, ...(wish.sites ?? [])].map((url) => ({
        site_type: 'WEB',
        site_url: url,
        site_name: wish.name,
      }));
      return this.#form('alipay.overseas.secmerchant.online.maintain', {
        ...merchant,
        secondary_merchant_industry: wish.mcc,
        site_infos: slashed(sites),
      });
    }
    const drivers = (store.drivers ?? []).map(({ id, name, contact: way }) => ({
      operation_id: id,
      contact_person: name,
      contact_way: way,
    }));
    return this.#form('alipay.overseas.secmerchant.offline.maintain', {
      ...merchant,
      store_id: store.id,
      store_name: store.name,
      store_country: country,
      store_address: wish.address,
      store_industry: store.mcc,
      ...(drivers.length > 0 ? { extend_params: slashed(drivers) } : {}),
    });
  }

  /**
   * Asks for the website's file of one day, which is over.
   *
   * @param {'forex_compare_file' | 'forex_liquidation_file'} service
   * @param {string} day
   */
  file(service, day) {
    const today = dateDigits(this.shop.clock.now()).slice(0, 8);
    const end = this.shop.defects.has('file-until-today') ? today : day;
    return this.#form(service, { start_date: day, end_date: end });
  }

  /** Asks how far a review is. @param {import('./registrar.js').Place} place */
  status({ wish, store }) {
    const how =
      store === null
        ? { payment_method: 'ONLINE_PAYMENT' }
        : { payment_method: 'INSTORE_PAYMENT', store_id: store.id };
    return this.#form('alipay.overseas.secmerchant.maintain.queryStatus', {
      timestamp: this.#timestamp(),
      secondary_merchant_id: wish.id,
      ...how,
    });
  }
}

/** @param {Attempt['order']} order */
function productCode(order) {
  return order.product === 'website-wap' ? 'NEW_WAP_OVERSEAS_SELLER' : 'NEW_OVERSEAS_SELLER';
}

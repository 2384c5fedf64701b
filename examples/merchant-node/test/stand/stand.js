/** A shop on a clock of its own, with a gateway that answers by a script. */

import { generateKeyPairSync } from 'node:crypto';

import { Defects } from '../../src/defects.js';
import { writeForm } from '../../src/form.js';
import { Gateway, said } from '../../src/gateway.js';
import { readStores } from '../../src/options.js';
import { Shop } from '../../src/shop.js';
import { Signatures, textToSign } from '../../src/sign.js';

export const PARTNER = '2088000000000001';
const START = Date.UTC(2026, 0, 5, 2, 0, 0);
const STORES = {
  merchant_id: 'seller-1',
  name: 'Teahouse',
  mcc: '5812',
  stores: [{ id: 'store-1', name: 'Harbour', terminal: 'till-1' }],
};

const gatewayKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const shopKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Signatures of the shop under a contract of a type. */
export function shopSignatures(type = 'RSA2') {
  return new Signatures({
    type,
    sharedKey: '10000000000000000000000000000000',
    privateKey: shopKeys.privateKey,
    publicKey: gatewayKeys.publicKey,
  });
}

/** Signatures of the gateway under the same contract. */
export function gatewaySignatures(type = 'RSA2') {
  return new Signatures({
    type,
    sharedKey: '10000000000000000000000000000000',
    privateKey: gatewayKeys.privateKey,
    publicKey: shopKeys.publicKey,
  });
}

/** Signs parameters and writes them as a form. */
export function signedForm(parameters, signatures = gatewaySignatures()) {
  const all = Object.entries(parameters);
  const sign = signatures.sign(textToSign(all));
  return writeForm([...all, ['sign_type', signatures.type], ['sign', sign]]);
}

/** Lets everything run that waits for nothing but a turn. */
async function settle() {
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Time that stands still while anybody works. */
export class TestClock {
  #now = START;
  #sleepers = [];

  now() {
    return this.#now;
  }

  sleep(milliseconds) {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + milliseconds, wake });
    });
  }

  /** Lets so much time pass. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      await settle();
      this.#sleepers.sort((one, other) => one.at - other.at);
      if (this.#sleepers.length === 0 || this.#sleepers[0].at > end) break;
      const { at, wake } = this.#sleepers.shift();
      this.#now = Math.max(this.#now, at);
      wake();
    }
    this.#now = end;
  }
}

/** A believed answer. */
export function answer(fields) {
  return said(new Map(Object.entries(fields)));
}

export const SILENCE = 'silence';

/** Answers by a function, and keeps what it was asked and when. */
class ScriptedGateway extends Gateway {
  calls = [];

  constructor(contract, { defects, clock, script }) {
    super(contract, defects);
    this.clock = clock;
    this.script = script;
  }

  async send(form, limit) {
    const parameters = Object.fromEntries(form);
    const call = { at: this.clock.now(), ...parameters };
    this.calls.push(call);
    const told = this.script(parameters, this.of(parameters.service).length);
    if (told !== SILENCE) return told;
    await this.clock.sleep(limit);
    return { kind: 'nothing' };
  }

  async fetch(form) {
    const parameters = Object.fromEntries(form);
    this.calls.push({ at: this.clock.now(), ...parameters });
    const told = this.script(parameters, this.of(parameters.service).length);
    return told === SILENCE ? null : { status: 200, body: Buffer.from(told) };
  }

  async vouchesFor(notifyId) {
    this.calls.push({ at: this.clock.now(), service: 'notify_verify', notify_id: notifyId });
    return this.script({ service: 'notify_verify', notify_id: notifyId });
  }

  /** The calls of a service, by the end of its name. */
  of(service) {
    return this.calls.filter((call) => call.service.endsWith(service));
  }
}

/**
 * Opens a shop whose gateway answers by a script: a function from the parameters of a call, and how
 * many there were of its service, to what is heard.
 */
export function open(script, { defects = [], type = 'RSA2', ...habits } = {}) {
  const clock = new TestClock();
  const signatures = shopSignatures(type);
  const url = new URL('http://gateway.invalid/gateway.do');
  const known = new Defects(defects);
  const contract = { url, partner: PARTNER, signatures };
  const gateway = new ScriptedGateway(contract, { defects: known, clock, script });
  const settings = {
    partner: PARTNER,
    signatures,
    notifyUrl: 'http://shop.invalid/notify?shop=8&till=1',
    returnUrl: 'http://shop.invalid/return',
    barcodeNotices: false,
    asyncRefunds: false,
    stores: readStores(JSON.stringify(STORES)),
    ...habits,
  };
  const shop = new Shop(settings, { gateway, clock, defects: known });
  const view = (id = 'T-1') => shop.book.order(id)?.view() ?? null;
  return { shop, gateway, clock, view };
}

export const PRICE = { currency: 'USD', minor: 1231 };

/** A sale at the till. */
export function sale(members = {}) {
  return {
    order: 'T-1',
    amount: PRICE,
    text: 'Tea',
    code: '281234567890123456',
    store: 'store-1',
    device: null,
    userAgent: null,
    ...members,
  };
}

/** What a gateway says about a payment that was made. */
export function paidAnswer({ partner_trans_id: number }) {
  return answer({
    result_code: 'SUCCESS',
    partner_trans_id: number,
    alipay_trans_id: '2026010521001004000100000001',
    alipay_trans_status: 'TRADE_SUCCESS',
    currency: 'USD',
    trans_amount: '12.31',
    alipay_pay_time: '20260105100000',
  });
}

/** What a gateway says about a payment that waits for the buyer. */
export function waitingAnswer({ partner_trans_id: number, service }) {
  if (service.endsWith('spot.pay')) {
    return answer({ result_code: 'UNKNOW', partner_trans_id: number });
  }
  return answer({
    result_code: 'SUCCESS',
    partner_trans_id: number,
    alipay_trans_status: 'WAIT_BUYER_PAY',
  });
}

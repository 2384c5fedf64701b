/** Calls of gateway.do. An answer is believed only once its signature verifies. */

import { escaped, writeForm } from './form.js';
import { exchange } from './http.js';
import { textToSign } from './sign.js';
import { decode, readXml, textsOf, XmlFault } from './xml.js';

/** The code of what may be asked about or repeated, and is never a failure. */
export const SYSTEM_ERROR = 'SYSTEM_ERROR';
const CHARSET = '_input_charset';

/** Whether a code says that there is no such trade. @param {string} code */
export function saysMissing(code) {
  return ['TRADE_NOT_EXIST', 'TRADE_IS_NOT_EXIST', 'TRANS_NOT_FOUND'].includes(code);
}

/**
 * What came of a call:
 * - `said`: an answer that is believed, with the fields of its response;
 * - `refused`: is_success=F, which nobody signs, whatever the HTTP status;
 * - `taken`: is_success=T and no more, so that there is nothing to sign;
 * - `nothing`: silence, or what may not be believed.
 *
 * @typedef {{ kind: 'said', fields: Map<string, string>, result: 'success' | 'fail' | 'unknown',
 *   error: string } | { kind: 'refused', error: string } | { kind: 'taken' } |
 *   { kind: 'nothing' }} Heard
 */

/** @type {Heard} */
const NOTHING = { kind: 'nothing' };

/**
 * The second level of a result, in both of its published spellings.
 *
 * @type {Map<string | undefined, 'success' | 'fail'>}
 */
const RESULTS = new Map([
  ['SUCCESS', 'success'],
  ['FAILED', 'fail'],
  ['FAIL', 'fail'],
]);

/**
 * What a believed answer says.
 *
 * @param {Map<string, string>} fields
 * @returns {Heard}
 */
export function said(fields) {
  const error = fields.get('error') || fields.get('detail_error_code') || '';
  // UNKNOW, UNKNOWN and whatever is no documented word say that nobody knows.
  const result = RESULTS.get(fields.get('result_code')) ?? 'unknown';
  return { kind: 'said', fields, result, error };
}

export class Gateway {
  /** What was told of lines that do not work, each once. @type {Set<string>} */
  #troubles = new Set();

  /**
   * @param {{ url: URL, ca?: string, partner: string,
   *   signatures: import('./sign.js').Signatures }} contract
   * @param {import('./defects.js').Defects} defects
   */
  constructor(contract, defects) {
    this.contract = contract;
    this.defects = defects;
  }

  /**
   * The beginning of a call of a service.
   *
   * @param {string} service
   * @param {Record<string, string>} parameters
   * @returns {Map<string, string>}
   */
  form(service, parameters) {
    const own = { service, partner: this.contract.partner, [CHARSET]: 'UTF-8' };
    return new Map(Object.entries({ ...own, ...parameters }));
  }

  /** @param {Map<string, string>} form */
  #signed(form) {
    const { signatures } = this.contract;
    const text = textToSign(form, {
      sorted: !this.defects.has('signs-unsorted'),
      write: this.defects.has('signs-encoded') ? escaped : String,
    });
    return new Map([...form, ['sign_type', signatures.type], ['sign', signatures.sign(text)]]);
  }

  /**
   * Posts a call and judges its answer.
   *
   * @param {Map<string, string>} form
   * @param {number} limit How long the answer is waited for, in milliseconds.
   * @returns {Promise<Heard>}
   */
  async send(form, limit) {
    const answer = await this.fetch(form, limit);
    return answer === null ? NOTHING : this.#heard(answer);
  }

  /**
   * Posts a call whose answer is a file, which nobody signs. The charset stands in the query of the
   * address, and is signed all the same.
   *
   * @param {Map<string, string>} form
   * @param {number} limit
   * @returns {Promise<import('./http.js').Answer | null>}
   */
  async fetch(form, limit) {
    const signed = this.#signed(form);
    const url = new URL(this.contract.url);
    url.search = writeForm([[CHARSET, signed.get(CHARSET)]]);
    signed.delete(CHARSET);
    const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
    const post = { method: 'POST', headers, body: writeForm(signed) };
    return this.#exchange(url, post, limit);
  }

  /** An exchange over the contract's line; what is wrong with it is told once. */
  #exchange(url, request, limit) {
    const onTrouble = ({ code, message }) => {
      const trouble = code ?? message;
      if (!this.#troubles.has(trouble)) console.error(`no answer from ${url.origin}: ${message}`);
      this.#troubles.add(trouble);
    };
    return exchange(url, { ...request, ca: this.contract.ca, onTrouble }, limit);
  }

  /** The address that a browser opens to send a call. @param {Map<string, string>} form */
  link(form) {
    const url = new URL(this.contract.url);
    url.search = writeForm(this.#signed(form));
    return url.href;
  }

  /**
   * Asks whether a notification is the gateway's own, which needs no signature.
   *
   * @param {string} notifyId
   * @param {number} limit
   */
  async vouchesFor(notifyId, limit) {
    const url = new URL(this.contract.url);
    const { partner } = this.contract;
    const question = { service: 'notify_verify', partner, notify_id: notifyId };
    url.search = writeForm(Object.entries(question));
    const answer = await this.#exchange(url, {}, limit);
    return answer?.status === 200 && answer.body.toString('latin1') === 'true';
  }

  /** @param {import('./http.js').Answer} answer @returns {Heard} */
  #heard({ status, body }) {
    try {
      const root = readXml(decode(body));
      if (root.name !== 'alipay') return NOTHING;
      const responses = root.children.filter((child) => child.name === 'response');
      const flat = root.children.filter(({ name }) => name !== 'response' && name !== 'request');
      const head = textsOf({ ...root, children: flat });
      const error = head.get('error');
      if (head.get('is_success') === 'F') return error ? { kind: 'refused', error } : NOTHING;
      if (head.get('is_success') !== 'T' || status !== 200) return NOTHING;
      if (responses.length === 0) return { kind: 'taken' };
      if (responses.length > 1 || responses[0].children.length !== 1) return NOTHING;
      const fields = textsOf(responses[0].children[0]);
      const { signatures } = this.contract;
      const genuine = signatures.verifies(fields, head.get('sign'), head.get('sign_type'));
      return genuine || this.defects.has('believes-any-answer') ? said(fields) : NOTHING;
    } catch (fault) {
      if (fault instanceof XmlFault) return NOTHING;
      throw fault;
    }
  }
}

/** Signatures of gateway.do: MD5 with a shared key, RSA over SHA-1, RSA2 over SHA-256. */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';

/** The digests behind the names of sign_type. */
const DIGESTS = { RSA: 'RSA-SHA1', RSA2: 'RSA-SHA256' };

/** The values of sign_type that this shop has. */
export const SIGN_TYPES = ['MD5', ...Object.keys(DIGESTS)];

/**
 * The text that a signature covers: all parameters but sign and sign_type, sorted by name, with
 * their values as they are, not escaped. Empty ones are left out, unless they are to be kept.
 *
 * @param {Iterable<[string, string]>} pairs
 * @param {{ keepEmpty?: boolean, sorted?: boolean, write?: (value: string) => string }} [how]
 *   Only a defect neither sorts nor leaves values as they are.
 */
export function textToSign(pairs, { keepEmpty = false, sorted = true, write = String } = {}) {
  const signed = Array.from(pairs).filter(
    ([name, value]) => name !== 'sign' && name !== 'sign_type' && (keepEmpty || value !== ''),
  );
  if (sorted) signed.sort(([one], [other]) => (one < other ? -1 : 1));
  return signed.map(([name, value]) => `${name}=${write(value)}`).join('&');
}

/** @param {string} text */
function md5(text) {
  return createHash('md5').update(text, 'utf8').digest();
}

/** Base64 without a blank or a letter too much; null where it is none. @param {string} text */
function strictBase64(text) {
  const whole = text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  return whole ? Buffer.from(text, 'base64') : null;
}

/** Signs what the shop sends, and judges what the gateway sends. */
export class Signatures {
  /**
   * @param {{ type: 'MD5' | 'RSA' | 'RSA2', sharedKey?: string,
   *   privateKey?: import('node:crypto').KeyObject, publicKey?: import('node:crypto').KeyObject }} contract
   *   The public key is the gateway's.
   */
  constructor(contract) {
    this.type = contract.type;
    this.contract = contract;
  }

  /** Whether both sides hold the same key, so that a signature names neither of them. */
  get isShared() {
    return this.type === 'MD5';
  }

  /** The value of sign over a text. @param {string} text */
  sign(text) {
    const { sharedKey, privateKey } = this.contract;
    if (this.isShared) return md5(text + sharedKey).toString('hex');
    return sign(DIGESTS[this.type], Buffer.from(text, 'utf8'), privateKey).toString('base64');
  }

  /**
   * Whether the gateway made a signature over a text.
   *
   * @param {string} text
   * @param {string} value
   */
  #made(text, value) {
    const { sharedKey, publicKey } = this.contract;
    if (this.isShared) {
      const wanted = Buffer.from(md5(text + sharedKey).toString('hex'));
      const told = Buffer.from(value);
      return wanted.length === told.length && timingSafeEqual(wanted, told);
    }
    // A plus may have become a blank on its way through a form.
    const bytes = strictBase64(value.replaceAll(' ', '+'));
    return (
      bytes !== null && verify(DIGESTS[this.type], Buffer.from(text, 'utf8'), publicKey, bytes)
    );
  }

  /**
   * Whether parameters are signed by the gateway, with the contract's type of signature and no
   * other: whoever lets the message choose lets a forger choose.
   *
   * @param {Iterable<[string, string]>} pairs
   * @param {string | undefined} value
   * @param {string | undefined} type
   */
  verifies(pairs, value, type) {
    if (!value || type !== this.type) return false;
    const all = Array.from(pairs);
    const texts = [textToSign(all), textToSign(all, { keepEmpty: true })];
    return texts.some((text) => this.#made(text, value));
  }
}

/** Whether a text is PEM. @param {string} text */
function isPem(text) {
  return text.includes('-----BEGIN');
}

/** @param {() => import('node:crypto').KeyObject} read @param {string} what */
function rsaKey(read, what) {
  let key;
  try {
    key = read();
  } catch (error) {
    throw new Error(`no ${what}: ${error.message}`);
  }
  if (key.asymmetricKeyType !== 'rsa') throw new Error(`no ${what}: it is no RSA key`);
  return key;
}

/** Reads an RSA private key: PEM, or PKCS#8 in bare base64. @param {string} text */
export function readPrivateKey(text) {
  const key = isPem(text)
    ? text
    : { key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' };
  return rsaKey(() => createPrivateKey(key), 'private key');
}

/** Reads an RSA public key: PEM, or SPKI in bare base64. @param {string} text */
export function readPublicKey(text) {
  // A private key has a public half, and would be taken for it in silence.
  if (text.includes('PRIVATE KEY')) throw new Error('no public key: it is a private one');
  const key = isPem(text)
    ? text
    : { key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' };
  return rsaKey(() => createPublicKey(key), 'public key');
}

/** Reads the key that both sides share: 32 letters and digits. @param {string} text */
export function readSharedKey(text) {
  const key = text.trim();
  if (!/^[A-Za-z0-9]{32}$/.test(key)) {
    throw new Error('no shared key: 32 letters and digits are expected');
  }
  return key;
}

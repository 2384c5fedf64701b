/** What stands on the command line. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Defects } from './defects.js';
import { readPrivateKey, readPublicKey, readSharedKey, Signatures, SIGN_TYPES } from './sign.js';

export const HELP = `A small shop that sells through gateway.do, and that assay can drive.

  node src/main.js --gateway URL --partner PID [options]

  --gateway URL             where calls go; /gateway.do is added where there is no path
  --ca FILE                 certificate that an https gateway is trusted by, in PEM
  --partner PID             the partner's number
  --sign-type TYPE          RSA2, RSA or MD5 (default: RSA2)
  --merchant-key FILE       private key of this shop, for RSA2 and RSA
  --gateway-public-key FILE public key of the gateway, for RSA2 and RSA
  --md5-key FILE            key that both sides share, for MD5
  --adapter-port N          where the runner asks, 0 for a free port (default: 8000)
  --notify-port N           where notifications and buyers come, 0 for a free port (default: 8001)
  --notify-url URL          that address as the gateway knows it, where something stands between
  --return-url URL          the same for buyers who come back
  --host ADDRESS            where to listen (default: 127.0.0.1)
  --shop FILE               who sells where, as JSON (default: shop.json beside this program)
  --reports DIR             where the files of a day are delivered; without it there are none
  --fetch-again SECONDS     from one look for files to the next, until they are whole
                            (default: 3600)
  --review-every SECONDS    the longest pause between two questions about a registration
  --website-patience SECONDS
                            how long nobody may answer questions about an order of the website
                            before a person is called (default: 1860)
  --barcode-notices         ask for notifications of payments with a scanned code
  --async-refunds           let refunds of stores be executed later (is_sync=N)
  --defect NAME             make a mistake; may be given more than once
  --list-defects            list them
`;

const FLAGS = {
  gateway: { type: 'string' },
  ca: { type: 'string' },
  partner: { type: 'string' },
  'sign-type': { type: 'string', default: 'RSA2' },
  'merchant-key': { type: 'string' },
  'gateway-public-key': { type: 'string' },
  'md5-key': { type: 'string' },
  'adapter-port': { type: 'string', default: '8000' },
  'notify-port': { type: 'string', default: '8001' },
  'notify-url': { type: 'string' },
  'return-url': { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  shop: { type: 'string' },
  reports: { type: 'string' },
  'fetch-again': { type: 'string' },
  'review-every': { type: 'string' },
  'website-patience': { type: 'string' },
  'barcode-notices': { type: 'boolean', default: false },
  'async-refunds': { type: 'boolean', default: false },
  defect: { type: 'string', multiple: true, default: [] },
  'list-defects': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

/** @param {Record<string, any>} flags @param {string} name */
function needed(flags, name) {
  if (flags[name] === undefined) throw new Error(`--${name} is missing; --help has all options`);
  return flags[name];
}

/** @param {Record<string, any>} flags @param {string} name */
function fileNamed(flags, name) {
  return readFileSync(needed(flags, name), 'utf8');
}

/** @param {Record<string, any>} flags @param {string} name */
function port(flags, name) {
  const number = Number(flags[name]);
  const known = /^\d+$/.test(flags[name]) && number <= 65_535;
  if (!known) throw new Error(`--${name} ${flags[name]} is no port`);
  return number;
}

/** A pace in milliseconds, where one is named. @param {Record<string, any>} flags */
function pace(flags, name) {
  const text = flags[name];
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} ${text} is no number of seconds`);
  return Number(text) * 1_000;
}

/** @param {string} text @param {string} name */
function webAddress(text, name) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`--${name} ${text} is no web address`);
  }
  return url;
}

/** @param {Record<string, any>} flags */
function signatures(flags) {
  const type = flags['sign-type'];
  if (!SIGN_TYPES.includes(type)) {
    throw new Error(`--sign-type ${type} is none of ${SIGN_TYPES.join(', ')}`);
  }
  if (type === 'MD5') {
    return new Signatures({ type, sharedKey: readSharedKey(fileNamed(flags, 'md5-key')) });
  }
  const privateKey = readPrivateKey(fileNamed(flags, 'merchant-key'));
  const publicKey = readPublicKey(fileNamed(flags, 'gateway-public-key'));
  return new Signatures({ type, privateKey, publicKey });
}

/** Who sells where. @param {string} text @returns {import('./messages.js').Seller[]} */
export function readStores(text) {
  const { merchant_id: merchantId, name, mcc, stores } = JSON.parse(text);
  return stores.map((store) => ({
    merchantId,
    name,
    mcc,
    storeId: store.id,
    storeName: store.name,
    terminal: store.terminal,
    approved: true,
  }));
}

/**
 * Reads the command line. Answers the flags alone where they ask for a text.
 *
 * @param {string[]} args
 */
export function readOptions(args) {
  const flags = parseArgs({ args, options: FLAGS, strict: true }).values;
  if (flags.help || flags['list-defects']) return { flags };
  const gateway = webAddress(needed(flags, 'gateway'), 'gateway');
  if (gateway.pathname === '/') gateway.pathname = '/gateway.do';
  const partner = needed(flags, 'partner');
  if (!/^\d{16}$/.test(partner)) throw new Error(`--partner ${partner} is no number of 16 digits`);
  for (const name of ['notify-url', 'return-url']) {
    if (flags[name] !== undefined) webAddress(flags[name], name);
  }
  const shop = flags.shop ?? new URL('../shop.json', import.meta.url);
  return {
    flags,
    defects: new Defects(flags.defect),
    contract: {
      url: gateway,
      ca: flags.ca === undefined ? undefined : fileNamed(flags, 'ca'),
      partner,
      signatures: signatures(flags),
    },
    host: flags.host,
    adapterPort: port(flags, 'adapter-port'),
    notifyPort: port(flags, 'notify-port'),
    notifyUrl: flags['notify-url'],
    returnUrl: flags['return-url'],
    stores: readStores(readFileSync(shop, 'utf8')),
    reports: flags.reports,
    fetchAgain: pace(flags, 'fetch-again'),
    reviewEvery: pace(flags, 'review-every'),
    websitePatience: pace(flags, 'website-patience'),
    barcodeNotices: flags['barcode-notices'],
    asyncRefunds: flags['async-refunds'],
  };
}

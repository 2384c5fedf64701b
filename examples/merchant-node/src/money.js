/**
 * Money: whole minor units, never binary fractions.
 *
 * @typedef {{ currency: string, minor: number }} Amount
 */

/** Currencies whose smallest unit is the unit itself. */
const WHOLE = new Set(['CLP', 'JPY', 'KRW', 'VND']);

/** How many decimals a currency has. @param {string} currency */
function decimalsOf(currency) {
  return WHOLE.has(currency) ? 0 : 2;
}

/**
 * Whether a value is an amount of money that something can cost.
 *
 * @param {any} value
 * @returns {value is Amount}
 */
export function isPrice(value) {
  return (
    typeof value === 'object' &&
    value !== null &&
    /^[A-Z]{3}$/.test(value.currency) &&
    Number.isSafeInteger(value.minor) &&
    value.minor > 0
  );
}

/**
 * The number as the gateway wants it: `12.31`, `1200` for JPY.
 *
 * @param {Amount} amount
 */
export function inMajorUnits({ currency, minor }) {
  const decimals = decimalsOf(currency);
  const digits = String(minor).padStart(decimals + 1, '0');
  if (decimals === 0) return digits;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Reads a number of the gateway. Answers null where it is none of the currency.
 *
 * @param {string} currency
 * @param {string} text
 * @returns {Amount | null}
 */
export function readAmount(currency, text) {
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const [, whole, , cents = ''] = /^(\d{1,13})(\.(\d+))?$/.exec(text) ?? [];
  const decimals = decimalsOf(currency);
  if (whole === undefined || cents.length > decimals) return null;
  return { currency, minor: Number(whole + cents.padEnd(decimals, '0')) };
}

/** @param {Amount | null} one @param {Amount | null} other */
export function sameAmount(one, other) {
  return one?.currency === other?.currency && one?.minor === other?.minor;
}

/**
 * The sum of amounts of one currency, null where there are none.
 *
 * @param {Amount[]} amounts
 * @returns {Amount | null}
 */
export function sumOf(amounts) {
  if (amounts.length === 0) return null;
  const minor = amounts.reduce((sum, amount) => sum + amount.minor, 0);
  return { currency: amounts[0].currency, minor };
}

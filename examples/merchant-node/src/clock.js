/** Time: the shop's clock, and moments as the gateway writes them, always in Beijing. */

const BEIJING = 8 * 3_600_000;
/** A day, in milliseconds. */
export const DAY = 86_400_000;

/**
 * Tells the time and waits. Tests have one of their own.
 *
 * @typedef {{ now(): number, sleep(milliseconds: number): Promise<void> }} Clock
 */

/** @type {Clock} */
export const REAL_CLOCK = {
  now: () => Date.now(),
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, Math.max(0, milliseconds));
    }),
};

/** Waits until a moment. @param {Clock} clock @param {number} moment */
export function sleepUntil(clock, moment) {
  return clock.sleep(Math.max(0, moment - clock.now()));
}

/** `yyyy-MM-dd HH:mm:ss` in Beijing. @param {number} moment */
export function dateText(moment) {
  return new Date(moment + BEIJING).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyyMMddHHmmss` in Beijing. @param {number} moment */
export function dateDigits(moment) {
  return dateText(moment).replace(/\D/g, '');
}

/**
 * Reads either form; null where it is none.
 *
 * @param {string | undefined} text
 * @returns {number | null}
 */
export function readDate(text = '') {
  const known = /^\d{14}$/.test(text) || /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text);
  if (!known) return null;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text.replace(/\D/g, ''));
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  const moment = Date.UTC(year, month - 1, day, hour, minute, second) - BEIJING;
  // A day that no calendar has would roll over into the next month.
  return dateDigits(moment) === text.replace(/\D/g, '') ? moment : null;
}

/** The day of a moment in Beijing, as `yyyy-MM-dd`. @param {number} moment */
export function dayInBeijing(moment) {
  return dateText(moment).slice(0, 10);
}

/** How long it is since midnight in Beijing. @param {number} moment */
export function sinceMidnight(moment) {
  return (moment + BEIJING) % DAY;
}

/**
 * When a day begins in Beijing; null where it is none of the calendar.
 *
 * @param {string} day As `yyyyMMdd`.
 */
export function beginningOf(day) {
  return readDate(`${day}000000`);
}

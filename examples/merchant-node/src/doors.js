/** The shop's own addresses: where the gateway notifies, and where the buyer comes back to. */

import { receive } from './notify.js';
import { takeReturn } from './website.js';

const TEXT = 'text/plain;charset=utf-8';

/**
 * Answers gateway and browser.
 *
 * @param {import('./shop.js').Shop} shop
 * @returns {(asked: import('./http.js').Asked) => Promise<import('./http.js').Reply>}
 */
export function doors(shop) {
  const notifyPath = new URL(shop.settings.notifyUrl).pathname;
  const returnPath = new URL(shop.settings.returnUrl).pathname;
  return async ({ method, url, body }) => {
    if (method === 'POST' && url.pathname === notifyPath) {
      return { status: 200, type: TEXT, body: await receive(shop, body) };
    }
    const ours =
      method === 'GET' &&
      url.pathname === returnPath &&
      takeReturn(shop, shop.settings.returnUrl + url.search);
    return ours
      ? { status: 200, type: TEXT, body: 'Thank you. Your order shows what became of it.' }
      : { status: 404, type: TEXT, body: 'There is no such page.' };
  };
}

/**
 * Where the files of a day come from: the folder into which they are delivered and, for the
 * website, the two services that answer with a file.
 *
 * @typedef {{ name: string, layout: import('./table.js').Layout, bytes: Buffer,
 *   saysNothing: boolean }} Fetched
 *   A file, by its name or that of the service which brought it. One may say in words that there is
 *   nothing to report.
 * @typedef {{ kind: 'files', files: Fetched[] } | { kind: 'absent' } |
 *   { kind: 'refused', service: string, text: string, again: boolean }} Got
 *   What came of asking: files, nothing yet, or words of the gateway's that say why there are none.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { SYSTEM_ERROR } from './gateway.js';
import { decodeFile } from './table.js';
import { readXml, textsOf, XmlFault } from './xml.js';

/** How long a download is waited for. */
const PATIENCE = 30_000;
/** The documented sentences that mean that there is nothing to report. */
const NOTHING = ['No balance account data in the period', 'No balance amount data in the period'];
/** The documented sentences after which the same question is asked again. */
const LATER = ['System exception', 'Internet connected exception ,please try later'];

/** Why the folder cannot be read. */
export class Unfetched extends Error {}

/** The names in a folder; none where it is not there yet. @param {string | undefined} folder */
async function namesIn(folder) {
  if (folder === undefined) return [];
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw new Unfetched(`${folder}: ${error.message}`);
  }
}

/** @param {Wish} wish */
function isOfTransactions(wish) {
  return wish.kind === 'transaction-items';
}

/**
 * The files that a wish is about, by name: what is sold in stores and what on the website.
 *
 * @typedef {{ day: string, kind: string }} Wish
 * @param {string} partner
 * @param {Wish} wish
 * @param {string} name
 * @returns {{ website: boolean, layout: import('./table.js').Layout } | null}
 */
function sortOf(partner, wish, name) {
  const { day } = wish;
  if (isOfTransactions(wish)) {
    if (name === `${partner}_transaction_${day}.txt`) {
      return { website: false, layout: 'transactions' };
    }
    const ours = name === `${partner}_fptrade_${day}.csv`;
    return ours ? { website: true, layout: 'website' } : null;
  }
  if (name === `${partner}_settlement_${day}.txt`) return { website: false, layout: 'settlement' };
  if (name === `${partner}_settlebatch_${day}.csv`) return { website: true, layout: 'batches' };
  const batch = name.startsWith(`${partner}_settle_${day}_`) && name.endsWith('.csv');
  return batch ? { website: true, layout: 'website' } : null;
}

export class Reports {
  /** @param {import('./shop.js').Shop} shop @param {string | undefined} folder */
  constructor(shop, folder) {
    this.shop = shop;
    this.folder = folder;
  }

  /**
   * The delivered files of a wish, those of stores and those of the website.
   *
   * @param {Wish} wish
   */
  async delivered(wish) {
    /** @type {{ stores: Fetched[], website: Fetched[] }} */
    const found = { stores: [], website: [] };
    for (const name of await namesIn(this.folder)) {
      const sort = sortOf(this.shop.settings.partner, wish, name);
      if (sort === null) continue;
      const bytes = await this.#read(name);
      if (bytes === null) continue;
      const file = { name, layout: sort.layout, bytes, saysNothing: false };
      (sort.website ? found.website : found.stores).push(file);
    }
    return found;
  }

  /** The bytes of a file; null if it was taken away since it was listed. */
  async #read(name) {
    try {
      return await readFile(join(this.folder, name));
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw new Unfetched(`${name}: ${error.message}`);
    }
  }

  /** Asks the gateway for the file of a wish. @param {Wish} wish @returns {Promise<Got>} */
  async download(wish) {
    const service = isOfTransactions(wish) ? 'forex_compare_file' : 'forex_liquidation_file';
    const form = this.shop.messages.file(service, wish.day);
    const answer = await this.shop.gateway.fetch(form, PATIENCE);
    if (answer === null) return { kind: 'absent' };
    const { status, body } = answer;
    const file = (saysNothing) => {
      const one = { name: service, layout: /** @type {const} */ ('download'), bytes: body };
      return { kind: /** @type {const} */ ('files'), files: [{ ...one, saysNothing }] };
    };
    const refused = (text, again) => {
      return { kind: /** @type {const} */ ('refused'), service, text, again };
    };
    const text = (decodeFile(body) ?? '').trim();
    const error = errorIn(text);
    if (error !== null) return refused(error, error === SYSTEM_ERROR);
    const { defects } = this.shop;
    if (defects.has('file-error-as-empty') && !text.includes('|')) return file(true);
    if (NOTHING.includes(text) && !defects.has('file-nothing-is-error')) return file(true);
    if (LATER.includes(text)) return refused(text, true);
    if (status !== 200) return { kind: 'absent' };
    // Rows have strokes between their values, and sentences have none.
    return text.includes('|') || body.length === 0 ? file(false) : refused(text, false);
  }
}

/** The code of an answer that is no file; the text of one that has none. @param {string} text */
function errorIn(text) {
  if (!text.startsWith('<')) return null;
  try {
    const { children } = readXml(text);
    const flat = children.filter((child) => child.children.length === 0);
    return textsOf({ name: '', text: '', children: flat }).get('error') || text;
  } catch (fault) {
    if (fault instanceof XmlFault) return text;
    throw fault;
  }
}

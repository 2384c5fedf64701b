/** Opens the shop: `node src/main.js --help`. */

import { adapter, BASE } from './adapter.js';
import { REAL_CLOCK } from './clock.js';
import { listOfDefects } from './defects.js';
import { doors } from './doors.js';
import { Gateway } from './gateway.js';
import { serve } from './http.js';
import { HELP, readOptions } from './options.js';
import { Shop } from './shop.js';

/** The path of notifications; its query is nobody's parameter and stays out of signatures. */
const NOTIFY = '/notify?shop=8&till=1';
const RETURN = '/return';

/** Serves, and answers where. */
async function open(options) {
  const { host, contract, defects } = options;
  // The addresses stand in calls, so the port has to be known before there is a shop.
  /** @type {Parameters<typeof serve>[1]} */
  let answer = () => ({ status: 503, type: 'text/plain', body: 'not open yet' });
  const door = await serve({ host, port: options.notifyPort }, (asked) => answer(asked));
  const outside = `http://${host.includes(':') ? `[${host}]` : host}`;
  const own = `${outside}:${door.address().port}`;
  const settings = {
    partner: contract.partner,
    signatures: contract.signatures,
    notifyUrl: options.notifyUrl ?? own + NOTIFY,
    returnUrl: options.returnUrl ?? own + RETURN,
    barcodeNotices: options.barcodeNotices,
    asyncRefunds: options.asyncRefunds,
    stores: options.stores,
    reports: options.reports,
    fetchAgain: options.fetchAgain,
    reviewEvery: options.reviewEvery,
    websitePatience: options.websitePatience,
  };
  const gateway = new Gateway(contract, defects);
  const shop = new Shop(settings, { gateway, clock: REAL_CLOCK, defects });
  answer = doors(shop);
  const desk = await serve({ host, port: options.adapterPort }, adapter(shop));
  return {
    adapter: `${outside}:${desk.address().port}${BASE}`,
    notify_port: door.address().port,
    notify_url: settings.notifyUrl,
    return_url: settings.returnUrl,
    gateway: contract.url.href,
    sign_type: contract.signatures.type,
    defects: Array.from(defects.names),
  };
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.flags.help) process.stdout.write(HELP);
  else if (options.flags['list-defects']) process.stdout.write(listOfDefects());
  else process.stdout.write(`${JSON.stringify(await open(options))}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
  process.exit();
});

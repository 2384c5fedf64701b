// Takes pictures of the golden pages: `pictures.mjs MODULES CHROMIUM PAGES FOLDER`. The top of each, and of the
// rejected one the first check that failed.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, executablePath, pages, folder] = process.argv.slice(2);
const require = createRequire(resolve(modules, 'package.json'));
const { chromium } = require('playwright-core');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1120, height: 760 }, locale: 'en' });
for (const name of ['acceptable', 'rejected']) {
  await page.goto(pathToFileURL(join(pages, `${name}.html`)).href);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
const failed = page.locator('details.case[open] .checks tr:has(.chip.bad)').first();
await failed.evaluate((row) => row.scrollIntoView({ block: 'center' }));
await page.screenshot({ path: join(folder, 'rejected-case.png') });
await browser.close();

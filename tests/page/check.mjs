// Opens reports in a browser: `check.mjs MODULES CHROMIUM SAMPLE LARGE HOSTILE...`. Prints what is wrong with
// them, a line each, and ends 1 where there is anything. MODULES is a folder that has the libraries in
// node_modules. What the large page took is printed to standard error, and judged by nobody.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, executablePath, sample, large, ...hostile] = process.argv.slice(2);
const require = createRequire(resolve(modules, 'package.json'));
const { chromium } = require('playwright-core');
const { source: axe } = require('axe-core');

/** WCAG 2.1, level AA and what it rests on. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const WIDTHS = [390, 1280];
const SCHEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'zh'];

const wrong = [];
/** Notes what does not hold. */
function expect(holds, what) {
  if (!holds) wrong.push(what);
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

/** Opens a page, works on it, and notes what it loaded, ran or complained about. */
async function on(path, options, work) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  const name = `${path.split('/').pop()} ${JSON.stringify(options)}`;
  page.on('console', (said) => expect(said.type() !== 'error', `${name}: console: ${said.text()}`));
  page.on('pageerror', (error) => expect(false, `${name}: ${error}`));
  page.on('dialog', (dialog) => {
    expect(false, `${name}: a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('request', (request) => expect(request.url().split('#')[0] === url, `${name}: asks for ${request.url()}`));
  await page.goto(url);
  await work(page, name, url);
  await context.close();
}

/** The ids of the cases whose rows show. */
const shown = (page) =>
  page.$$eval('.cases tbody tr', (rows) => rows.filter((row) => row.offsetParent).map((row) => row.dataset.case));

/** Unfolds everything: what is in a case is built when it is opened. */
async function unfold(page) {
  await page.$$eval('details.case', (all) => all.forEach((one) => (one.open = true)));
  await page.waitForFunction(() => !document.querySelector('details.case > noscript'));
  await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
}

/** What axe has against a page of which everything stands open. */
async function violations(page) {
  await unfold(page);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), RULES);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} (${nodes.length})`);
}

for (const width of WIDTHS) {
  for (const colorScheme of SCHEMES) {
    for (const locale of LANGUAGES) {
      await on(sample, { viewport: { width, height: 900 }, colorScheme, locale }, async (page, name) => {
        expect((await page.getAttribute('html', 'lang')) === locale, `${name}: it is not in the reader's language`);
        for (const there of ['#verdict-word', '#filter', '.cases tbody tr', `h1 [lang=${locale}]`]) {
          expect(await page.isVisible(there), `${name}: ${there} is not to be seen`);
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wide <= 0, `${name}: it is wider than the window by ${wide}`);
        for (const found of await violations(page)) wrong.push(`${name}: ${found}`);
      });
    }
  }
}

await on(sample, { javaScriptEnabled: false }, async (page, name) => {
  expect(await page.isHidden('#filter'), `${name}: a filter that cannot work is shown`);
  expect(await page.isVisible('.cases tbody tr'), `${name}: there is no case`);
  await page.check('#language-zh');
  expect((await page.textContent('h1 [lang=zh]')) !== '', `${name}: there is no Chinese`);
  expect(await page.isHidden('h1 [lang=en]'), `${name}: it cannot be switched to Chinese`);
  for (const inside of ['.inside h3', '.checks td', 'svg.talk', '.exchange pre']) {
    const all = await page.locator(`details.case ${inside}`).count();
    expect(all > 2, `${name}: without a script there are ${all} of ${inside}`);
  }
  const closed = page.locator('details.case:not([open])').filter({ has: page.locator('.checks') }).first();
  await closed.locator('summary').first().click();
  expect(await page.locator('details.case[open] .checks').first().isVisible(), `${name}: an opened case shows nothing`);
});

await on(sample, {}, async (page, name, url) => {
  const all = await shown(page);
  const [first, last] = [all[0], all[all.length - 1]];
  expect(all.length > 2, `${name}: too few cases to tell anything`);
  const filtered = async (what, wanted) => {
    const rows = await shown(page);
    const told = Number(await page.textContent('#filter-shown'));
    expect(rows.join() === wanted.join(), `${name}: ${what} shows ${rows}, not ${wanted}`);
    expect(told === rows.length, `${name}: ${what} tells of ${told} cases`);
    const details = await page.$$eval('details.case', (them) => them.filter((one) => !one.hidden).map((one) => one.id));
    expect([...details].sort().join() === [...wanted].sort().join(), `${name}: ${what} leaves ${details} below`);
  };
  await page.fill('#filter-text', ` ${last.toLowerCase()} `);
  await filtered('a text', [last]);
  await page.fill('#filter-text', 'no such words');
  await filtered('a text that is nowhere', []);
  await page.click('#filter button');
  await page.waitForFunction((count) => document.getElementById('filter-shown').textContent === count, String(all.length));
  await filtered('the way back', all);
  // What stands in a body is found as well, in a case that has never been opened and in an open one.
  const [unbuilt, failed] = ['AMS-PAY-001', 'AMS-PAY-004'].map((id) => page.locator(`[id="${id}"]`));
  expect((await unbuilt.locator('noscript').count()) === 1, `${name}: a closed case is built before it is wanted`);
  expect((await failed.locator('.checks').count()) === 1, `${name}: a failed case does not stand open`);
  await page.fill('#filter-text', '"orderDescription": "Tea & <CAKE>"');
  await filtered('a text of a body', ['AMS-PAY-001', 'AMS-PAY-004', 'AMS-PAY-005']);
  await page.fill('#filter-text', '');
  await page.click('#unfold');
  await page.waitForFunction(() => !document.querySelector('details.case:not([open])'));
  expect(await unbuilt.locator('.checks').isVisible(), `${name}: a case that is unfolded shows nothing`);
  await page.click('#fold');
  expect((await page.locator('details.case[open]').count()) === 0, `${name}: a folded case stands open`);
  await page.emulateMedia({ media: 'print' });
  for (const gone of ['#filter', '.language', '#AMS-PAY-001']) {
    expect(await page.isHidden(gone), `${name}: ${gone} is printed`);
  }
  await page.emulateMedia({ media: 'screen' });
  for (const by of ['outcome', 'level']) {
    const values = await page.$$eval(`#filter-${by} option`, (them) => them.map((one) => one.value).filter(Boolean));
    expect(values.length > 1, `${name}: nothing to choose by ${by}`);
    for (const value of values) {
      await page.selectOption(`#filter-${by}`, value);
      const wanted = await page.$$eval('.cases tbody tr', (rows, [by, value]) =>
        rows.filter((row) => row.dataset[by] === value).map((row) => row.dataset.case), [by, value]);
      await filtered(`${by} ${value}`, wanted);
    }
    await page.selectOption(`#filter-${by}`, '');
  }
  const suite = await page.$eval('#filter-suite option:last-child', (one) => one.value);
  await page.selectOption('#filter-suite', suite);
  const wanted = await page.$$eval(`[data-suite="${suite}"] tbody tr[data-case]`, (rows) => rows.map((row) => row.dataset.case));
  await filtered(`suite ${suite}`, wanted);
  // A link leads to its case, also to one that is not shown.
  const away = wanted.includes(first) ? last : first;
  await page.goto(`${url}#at-${away}`);
  await page.waitForFunction((id) => document.getElementById(id).open, away);
  expect(await page.isVisible(`#at-${away}`), `${name}: a link to ${away} does not show it`);
  await page.focus('#filter-text');
  await page.keyboard.press('Tab');
  const focused = await page.evaluate(() => document.activeElement.id);
  expect(focused === 'filter-outcome', `${name}: the Tab key leads from the text to ${focused}`);
});

await on(large, {}, async (page, name) => {
  const took = await page.evaluate(() => Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd));
  const cases = (await shown(page)).length;
  const nodes = await page.evaluate(() => document.getElementsByTagName('*').length);
  console.error(`${cases} cases: loaded after ${took} ms, ${nodes} elements`);
  expect(nodes / cases < 30, `${name}: ${nodes} elements are built for ${cases} closed cases`);
  await page.fill('#filter-text', 'AMS-PAY-1234');
  expect((await shown(page)).join() === 'AMS-PAY-1234', `${name}: one of many is not found`);
});

for (const path of hostile) {
  await on(path, {}, async (page, name) => {
    await unfold(page);
    await page.$$eval('a', (links) => links.forEach((link) => link.focus()));
    const scripts = await page.$$eval('script', (all) => all.length);
    expect(scripts === 1, `${name}: ${scripts} scripts`);
    const strange = await page.$$eval('img, iframe, object, embed, link, base, meta[http-equiv=refresh]', (all) => all.length);
    expect(strange === 0, `${name}: ${strange} elements that we never write`);
    const marked = await page.$$eval('*', (all) => all.filter((one) => [...one.attributes].some((of) => of.name.startsWith('on'))).length);
    expect(marked === 0, `${name}: ${marked} elements that run something`);
    const links = await page.$$eval('a[href]', (all) => all.map((one) => one.protocol).filter((it) => !['https:', 'http:', 'file:'].includes(it)));
    expect(links.length === 0, `${name}: links of ${links}`);
  });
}

await browser.close();
for (const what of wrong) console.log(what);
process.exitCode = wrong.length === 0 ? 0 : 1;

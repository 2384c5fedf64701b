// Reads cucumber messages: `messages.mjs MODULES CHROMIUM FILE...`. Each has to fit the official schema, and
// cucumber's own HTML formatter has to show it in a browser: every scenario, every failure, and nothing that
// runs. Prints what is wrong with them, a line each, and ends 1 where there is anything.

import { createRequire } from 'node:module';
import { createWriteStream, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';

const [modules, executablePath, ...files] = process.argv.slice(2);
const require = createRequire(resolve(modules, 'package.json'));
const { chromium } = require('playwright-core');
const Ajv = require('ajv/dist/2020').default;
const { default: Formatter } = require('@cucumber/html-formatter');
const schema = resolve(modules, 'node_modules/@cucumber/messages/messages.schema.json');

const wrong = [];
/** Notes what does not hold. */
function expect(holds, what) {
  if (!holds) wrong.push(what);
}

const fits = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
// A schema that takes everything would prove nothing.
expect(!fits({ testRunFinished: { success: 'yes' } }), 'the schema takes what is no message');

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const file of files) {
  const name = file.split('/').pop();
  const envelopes = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
  for (const envelope of envelopes) {
    if (!fits(envelope)) {
      const [{ instancePath, message }] = fits.errors;
      wrong.push(`${name}: ${instancePath} ${message}: ${JSON.stringify(envelope).slice(0, 300)}`);
    }
  }
  // Whatever is named has to be there, once.
  const of = (kind) => envelopes.filter((it) => it[kind]).map((it) => it[kind]);
  for (const [kind, from, to] of [
    ['pickle', 'testCase', 'pickleId'],
    ['testCase', 'testCaseStarted', 'testCaseId'],
    ['testCaseStarted', 'testCaseFinished', 'testCaseStartedId'],
    ['testCaseStarted', 'testStepFinished', 'testCaseStartedId'],
  ]) {
    const ids = of(kind).map((it) => it.id);
    expect(new Set(ids).size === ids.length, `${name}: two of ${kind} have one id`);
    for (const it of of(from)) expect(ids.includes(it[to]), `${name}: ${from} names no ${kind}: ${it[to]}`);
  }
  const page = `${file}.html`;
  const out = createWriteStream(page);
  const formatter = new Formatter();
  formatter.pipe(out);
  for (const envelope of envelopes) formatter.write(envelope);
  formatter.end();
  await finished(out);

  const context = await browser.newContext();
  const tab = await context.newPage();
  const url = pathToFileURL(page).href;
  tab.on('pageerror', (error) => wrong.push(`${name}: ${error}`));
  tab.on('dialog', (dialog) => {
    wrong.push(`${name}: a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  tab.on('request', (request) => {
    const to = request.url().split('#')[0];
    expect(to === url || to.startsWith('data:') || to.startsWith('blob:'), `${name}: asks for ${to}`);
  });
  await tab.goto(url);
  await tab.waitForSelector('#content *');
  // What is folded away is not drawn until somebody opens it.
  for (let round = 0; round < 6; round += 1) {
    const closed = await tab.$$('[aria-expanded=false]');
    if (closed.length === 0) break;
    for (const one of closed.slice(0, 200)) await one.click({ timeout: 2000 }).catch(() => {});
  }
  const text = await tab.evaluate(() => document.body.innerText);
  const failures = of('testStepFinished').map((it) => it.testStepResult).filter((it) => it.status === 'FAILED');
  for (const { message } of failures.slice(0, 20)) {
    const line = message.split('\n')[0].replace(/\s+/g, ' ').trim();
    expect(text.replace(/\s+/g, ' ').includes(line), `${name}: the formatter does not show: ${line}`);
  }
  for (const { name: title } of of('pickle').slice(0, 20)) {
    expect(text.includes(title.slice(0, 20)), `${name}: the formatter does not show: ${title}`);
  }
  await context.close();
}
await browser.close();
for (const what of wrong) console.log(what);
process.exitCode = wrong.length === 0 ? 0 : 1;

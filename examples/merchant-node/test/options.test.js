import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { HELP, readOptions } from '../src/options.js';

/** Reads a command line that has what every shop needs, and more. */
function read(t, ...more) {
  const folder = mkdtempSync(join(tmpdir(), 'merchant-node-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const key = join(folder, 'md5.txt');
  writeFileSync(key, '10000000000000000000000000000000\n');
  const needed = ['--gateway', 'http://127.0.0.1:9', '--partner', '2088000000000001'];
  return readOptions([...needed, '--sign-type', 'MD5', '--md5-key', key, ...more]);
}

test('paces are seconds, and without a flag those of the shop', (t) => {
  const { reports, fetchAgain, reviewEvery, websitePatience } = read(t);
  assert.deepEqual([reports, fetchAgain, reviewEvery, websitePatience], Array(4).fill(undefined));
  const paces = ['--fetch-again', '5', '--review-every', '6', '--website-patience', '120'];
  const told = read(t, '--reports', '/files', ...paces);
  assert.deepEqual(
    [told.reports, told.fetchAgain, told.reviewEvery, told.websitePatience],
    ['/files', 5_000, 6_000, 120_000],
  );
  for (const name of ['fetch-again', 'review-every', 'website-patience']) {
    for (const pace of ['0', '-5', '1.5', 'often', '']) {
      assert.throws(() => read(t, `--${name}=${pace}`), new RegExp(`--${name} ${pace} is no`));
    }
    assert.ok(HELP.includes(`--${name} SECONDS`));
  }
});

// Verifies a seal with @sigstore/verify: `verify.mjs MODULES BUNDLE PUBLIC_KEY`. Ends 0 where it
// holds. MODULES is a folder that has the library in node_modules.

import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [modules, path, trusted] = process.argv.slice(2);
const require = createRequire(resolve(modules, 'package.json'));
const { Verifier, toSignedEntity } = require('@sigstore/verify');
const { bundleFromJSON } = require('@sigstore/bundle');

const bundle = bundleFromJSON(JSON.parse(readFileSync(path, 'utf8')));
const publicKey = createPublicKey(readFileSync(trusted));
const spki = publicKey.export({ type: 'spki', format: 'der' });
const fingerprint = createHash('sha256').update(spki).digest('hex');

// One key, from the reader's own store, and no authority, log or clock beside it.
const material = {
  certificateAuthorities: [],
  timestampAuthorities: [],
  ctlogs: [],
  tlogs: [],
  publicKey: (hint) => {
    if (hint !== fingerprint) throw new Error(`${hint} is not the trusted key`);
    return { publicKey, validFor: () => true };
  },
};
const none = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
const { key } = new Verifier(material, none).verify(toSignedEntity(bundle));
if (key !== publicKey) throw new Error('another key');
const statement = JSON.parse(bundle.content.dsseEnvelope.payload.toString('utf8'));
if (statement._type !== 'https://in-toto.io/Statement/v1') throw new Error('no statement');
console.log('verified', statement.predicate.result);

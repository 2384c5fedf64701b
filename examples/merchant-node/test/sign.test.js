import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import {
  readPrivateKey,
  readPublicKey,
  readSharedKey,
  Signatures,
  textToSign,
} from '../src/sign.js';
import { gatewaySignatures, shopSignatures } from './stand/stand.js';

const KEY = `1${'0'.repeat(31)}`;
const PID = `1${'0'.repeat(15)}`;

/** Published by the tests of a Ruby client: signed text, key, MD5. */
const MD5 = [
  ['partner=123&service=test', KEY, 'bbd13b52823b576291595f472ebcfbc2'],
  ['partner=123&service=test', `2${'0'.repeat(31)}`, '6d581af270c023fdaaca6880491e9bf7'],
  ['notify_id=1234', KEY, '22fc7e38e5acdfede396aa463870d111'],
  [
    `_input_charset=utf-8&currency=USD&gmt_return=20150101000000&out_return_no=1&out_trade_no=12345678980&partner=${PID}&reason=reason&return_amount=0.01&service=forex_refund`,
    KEY,
    'c9681fff5505fe993d1b2b8141308d0d',
  ],
  [
    `_input_charset=utf-8&currency=EUR&notify_url=https://example.com/notify&out_trade_no=1&partner=${PID}&service=create_forex_trade&subject=test&total_fee=0.01`,
    KEY,
    'f24fd4d76acabf860263a40805138380',
  ],
  [
    `_input_charset=utf-8&currency=USD&merchant_url=http://example.com/itemback&notify_url=https://example.com/orders/20150401000-0001/notify&out_trade_no=20150401000-0001&partner=${PID}&return_url=https://example.com/orders/20150401000-0001&seller_id=${PID}&service=create_forex_trade_wap&subject=Order Name&total_fee=10.00`,
    KEY,
    'f15d9e3d885c12f1a994048342c07bef',
  ],
];

test('MD5 is that of the published vectors', () => {
  for (const [text, sharedKey, wanted] of MD5) {
    const signatures = new Signatures({ type: 'MD5', sharedKey });
    assert.equal(signatures.sign(text), wanted);
    const pairs = text.split('&').map((pair) => pair.split(/=(.*)/s).slice(0, 2));
    assert.equal(textToSign(pairs.reverse()), text);
    assert.ok(signatures.verifies(pairs, wanted, 'MD5'));
    assert.ok(!signatures.verifies(pairs, wanted.toUpperCase(), 'MD5'));
  }
});

const VECTORS = new URL('../../../tests/vectors/', import.meta.url);

test('RSA and RSA2 are what OpenSSL makes of the same key', { skip: !existsSync(VECTORS) }, () => {
  const read = (name) => readFileSync(new URL(name, VECTORS));
  const text = read('weak/message').toString();
  for (const bits of [1024, 2048, 3072]) {
    for (const [type, digest] of [
      ['RSA', 'sha1'],
      ['RSA2', 'sha256'],
    ]) {
      const wanted = read(`weak/rsa${bits}.${digest}.sig`).toString('base64');
      for (const [secret, open] of [
        [`keys/rsa${bits}.pkcs8.pem`, `keys/rsa${bits}.spki.pem`],
        [`keys/rsa${bits}.pkcs1.pem`, `keys/rsa${bits}.public-pkcs1.pem`],
        [`keys/rsa${bits}.pkcs8.b64`, `keys/rsa${bits}.spki.b64`],
      ]) {
        const privateKey = readPrivateKey(read(secret).toString());
        const publicKey = readPublicKey(read(open).toString());
        const signatures = new Signatures({ type, privateKey, publicKey });
        assert.equal(signatures.sign(text), wanted);
        const pairs = text.split('&').map((pair) => pair.split('='));
        assert.ok(signatures.verifies(pairs, wanted, type));
        assert.ok(signatures.verifies(pairs, wanted.replaceAll('+', ' '), type));
        assert.ok(!signatures.verifies([...pairs, ['x', '1']], wanted, type));
        assert.ok(!signatures.verifies(pairs, wanted, type === 'RSA' ? 'RSA2' : 'RSA'));
      }
    }
  }
});

test('the text is the one of the manual: sorted, without sign, sign_type and empty values', () => {
  const pairs = Object.entries({
    subject: 'test',
    sign_type: 'MD5',
    total_fee: '100',
    return_url: 'http://www.test.com/a b.asp',
    sign: 'x',
    _input_charset: 'gbk',
    body: '',
  });
  const rest = 'return_url=http://www.test.com/a b.asp&subject=test&total_fee=100';
  assert.equal(textToSign(pairs), `_input_charset=gbk&${rest}`);
  assert.equal(textToSign(pairs, { keepEmpty: true }), `_input_charset=gbk&body=&${rest}`);
});

test('a signature over empty values verifies too, and none without a sign or under another type', () => {
  for (const type of ['MD5', 'RSA', 'RSA2']) {
    const [ours, theirs] = [shopSignatures(type), gatewaySignatures(type)];
    const pairs = [
      ['b', ''],
      ['a', 'é'],
    ];
    for (const text of ['a=é', 'a=é&b=']) {
      assert.ok(ours.verifies(pairs, theirs.sign(text), type));
      for (const other of ['MD5', 'RSA', 'RSA2', '', undefined].filter((name) => name !== type)) {
        assert.ok(!ours.verifies(pairs, theirs.sign(text), other));
      }
    }
    for (const sign of ['', undefined, 'x', `${theirs.sign('a=é')}=`, theirs.sign('a=e')]) {
      assert.ok(!ours.verifies(pairs, sign, type));
    }
  }
  // The MD5 of the text alone is what everybody can make.
  const [ours, anybody] = [shopSignatures(), new Signatures({ type: 'MD5', sharedKey: '' })];
  assert.ok(!ours.verifies([['a', '1']], anybody.sign('a=1'), 'MD5'));
});

test('keys that are none are refused', () => {
  assert.throws(() => readPrivateKey('no key'), /no private key/);
  assert.throws(() => readPublicKey('no key'), /no public key/);
  assert.throws(() => readSharedKey('short'), /32 letters/);
  assert.equal(readSharedKey(`${KEY}\n`), KEY);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  assert.throws(() => readPublicKey(pem), /private/);
});

test(
  'a private key or one of another kind is no public key',
  { skip: !existsSync(VECTORS) },
  () => {
    const read = (name) => readFileSync(new URL(`keys/${name}`, VECTORS), 'utf8');
    assert.throws(() => readPublicKey(read('rsa2048.pkcs8.pem')), /private/);
    assert.throws(() => readPublicKey(read('ec.spki.pem')), /no RSA key/);
    assert.throws(() => readPrivateKey(read('ed25519.pkcs8.pem')), /no RSA key/);
  },
);

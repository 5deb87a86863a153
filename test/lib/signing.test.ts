// Signatures: by the right key over the right bytes, and by nothing else; OpenSSL agrees where it is there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  fingerprintOf,
  generateKey,
  parseFingerprint,
  publicKeyOf,
  sign,
  verify,
} from '../../src/lib/signing.js';
import { temporaryFolder } from '../helpers/folder.js';

const bytes = Buffer.from('a list of hashes\n');

test('a signature holds for its bytes and its key only', () => {
  const { privateKey, publicKey } = generateKey();
  const signature = sign(bytes, privateKey);
  assert.equal(sign(bytes, privateKey), signature);
  assert.equal(publicKeyOf(privateKey), publicKey);
  assert.equal(verify(bytes, `${signature}\n`, publicKey), true);
  assert.equal(verify(Buffer.from('a list of hashes'), signature, publicKey), false);
  assert.equal(verify(bytes, signature, generateKey().publicKey), false);
  assert.equal(verify(bytes, 'no signature', publicKey), false);
});

test('a fingerprint is of the DER, and is read as people type it', () => {
  const { publicKey } = generateKey();
  const der = Buffer.from(publicKey.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const hex = createHash('sha256').update(der).digest('hex');
  assert.equal(fingerprintOf(publicKey), `SHA256:${hex}`);
  const colons = hex.toUpperCase().replace(/..(?=.)/g, '$&:');
  for (const typed of [hex, `sha256:${hex}`, ` SHA256:${colons} `])
    assert.equal(parseFingerprint(typed), fingerprintOf(publicKey), typed);
  assert.equal(parseFingerprint('SHA256:abc'), undefined);
});

test('what is no Ed25519 key is refused without a word of it', () => {
  const { privateKey, publicKey } = generateKey();
  const refused = { name: 'AppError', code: 'SIGNATURE_INVALID' };
  assert.throws(() => sign(bytes, 'secret'), refused);
  assert.throws(() => sign(bytes, publicKey), refused);
  assert.throws(() => verify(bytes, '', privateKey), refused);
  assert.throws(() => fingerprintOf('nonsense'), refused);
});

test('OpenSSL verifies what we sign', (context) => {
  const folder = temporaryFolder(context);
  const { privateKey, publicKey } = generateKey();
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('bytes'), bytes);
  writeFileSync(path('key.pub'), publicKey);
  writeFileSync(path('signature'), Buffer.from(sign(bytes, privateKey), 'base64'));
  const words = ['pkeyutl', '-verify', '-pubin', '-rawin', '-inkey', path('key.pub')];
  const done = spawnSync('openssl', [...words, '-in', path('bytes'), '-sigfile', path('signature')]);
  if (done.error) context.skip('no OpenSSL here');
  else assert.equal(done.status, 0, done.stderr.toString());
});

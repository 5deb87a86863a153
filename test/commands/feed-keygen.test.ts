// `zookit feed keygen`: a key for its owner only, its public half, its fingerprint; never over another key.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fingerprintOf, publicKeyOf } from '../../src/lib/signing.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

test('both halves fit, and only the public one is for others', async (context) => {
  const zookit = zookitWorld(context);
  const ran = await zookit.run(['feed', 'keygen', 'key', '--json']);
  assertDone(ran);
  const [key, publicKey] = ['key', 'key.pub'].map((name) => readFileSync(join(zookit.work, name), 'utf8'));
  assert.equal(publicKeyOf(key ?? ''), publicKey);
  assert.equal(json(ran)['fingerprint'], fingerprintOf(publicKey ?? ''));
  if (process.platform !== 'win32') assert.equal(statSync(join(zookit.work, 'key')).mode & 0o777, 0o600);
  assert.doesNotMatch(ran.stdout + ran.stderr, /PRIVATE/);
});

test('no file is written over', async (context) => {
  const zookit = zookitWorld(context);
  for (const name of ['key', 'other.pub']) writeFileSync(join(zookit.work, name), 'mine');
  for (const name of ['key', 'other'])
    assertFails(await zookit.run(['feed', 'keygen', name]), 2, 'USAGE', /is there already/);
  assert.equal(readFileSync(join(zookit.work, 'key'), 'utf8'), 'mine');
  assertFails(await zookit.run(['feed', 'keygen']), 2, 'USAGE', /name one file/);
});

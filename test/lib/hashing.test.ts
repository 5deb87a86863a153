// Hashes of many files in threads: the same as one after the other, also while copying, also when some cannot be read.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openHasher } from '../../src/lib/hashing.js';
import { temporaryFolder } from '../helpers/folder.js';

const sizes = [0, 1, 1024 * 1024 - 1, 1024 * 1024, 3 * 1024 * 1024 + 7, 100, 200, 300, 400];

function madeFiles(folder: string): { path: string; bytes: Buffer }[] {
  return sizes.map((size, index) => {
    const path = join(folder, `file-${index}`);
    const bytes = Buffer.alloc(size, `bytes of ${index} `);
    writeFileSync(path, bytes);
    return { path, bytes };
  });
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('each of many files asked for at once has its own hash', async (context) => {
  const files = madeFiles(temporaryFolder(context));
  const hasher = openHasher();
  context.after(() => hasher.close());
  assert.deepEqual(
    await Promise.all(files.map(({ path }) => hasher.hash(path))),
    files.map(({ bytes }) => ({ sha256: hashOf(bytes), bytes: bytes.length })),
  );
});

test('a copy has the bytes whose hash is told', async (context) => {
  const folder = temporaryFolder(context);
  const files = madeFiles(folder);
  const hasher = openHasher(2);
  context.after(() => hasher.close());
  await Promise.all(
    files.map(async ({ path, bytes }) => {
      const copied = await hasher.copy(path, `${path}.copy`);
      assert.deepEqual(copied, { sha256: hashOf(bytes), bytes: bytes.length });
      assert.deepEqual(readFileSync(`${path}.copy`), bytes);
      assert.notEqual(statSync(`${path}.copy`).ino, statSync(path).ino);
    }),
  );
});

test('a file that fails fails alone, with its reason', async (context) => {
  const folder = temporaryFolder(context);
  const [first, second] = madeFiles(folder);
  assert.ok(first && second);
  const hasher = openHasher(1);
  context.after(() => hasher.close());
  const missing = hasher.hash(join(folder, 'nowhere'));
  const occupied = hasher.copy(first.path, second.path);
  const right = hasher.hash(first.path);
  await assert.rejects(missing, { code: 'ENOENT' });
  await assert.rejects(occupied, { code: 'EEXIST' });
  assert.equal((await right).sha256, hashOf(first.bytes));
  assert.deepEqual(readFileSync(second.path), second.bytes);
  assert.equal(existsSync(join(folder, 'nowhere')), false);
});

test('closing ends what still waits', async (context) => {
  const files = madeFiles(temporaryFolder(context));
  const hasher = openHasher(1);
  const waiting = files.map(({ path }) => hasher.hash(path));
  const ends = Promise.allSettled(waiting);
  await hasher.close();
  assert.ok((await ends).some(({ status }) => status === 'rejected'));
  await assert.rejects(hasher.hash(files[0]?.path ?? ''));
});

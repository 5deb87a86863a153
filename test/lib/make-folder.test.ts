// Where a folder is wanted: it is made, or it is told at once why none can be there.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { makeFolder } from '../../src/lib/make-folder.js';
import { temporaryFolder } from '../helpers/folder.js';

test('a folder comes with those above it, and one that is there stays', async (context) => {
  const work = temporaryFolder(context);
  const goal = join(work, 'a', 'b', 'c');
  await makeFolder(goal, '--out PATH');
  await makeFolder(goal, '--out PATH');
  assert.ok(statSync(goal).isDirectory());
});

test('no folder can be below a file, under a name of 300 letters, or where the system makes none', async (context) => {
  const work = temporaryFolder(context);
  writeFileSync(join(work, 'file'), '');
  const places = [join(work, 'file'), join(work, 'file', 'x', 'y'), join(work, 'n'.repeat(300))];
  if (existsSync('/proc/self')) places.push('/proc/nothing/x', '/proc/self/x/y');
  if (process.platform === 'win32' && !existsSync('Q:\\')) places.push('Q:\\x\\y');
  for (const place of places) {
    await assert.rejects(
      makeFolder(place, '--out PATH'),
      (error) => error instanceof AppError && error.code === 'USAGE' && /--out PATH/.test(error.hint ?? ''),
      place,
    );
  }
  mkdirSync(join(work, 'still'));
  assert.ok(!existsSync(join(work, 'file', 'x')));
});

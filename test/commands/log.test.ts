// `--log FILE`: what is said, in a file; and a file that cannot be written.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

test('a log has all that is said, quiet or not, and is for its owner only', async (context) => {
  const zookit = zookitWorld(context);
  assertDone(await zookit.run(['cache', 'clean', '--quiet', '--log', 'log.txt']));
  assertFails(await zookit.run(['cache', 'sweep', '--log=log.txt']), 2, 'USAGE', /'sweep' is unknown/);
  const text = readFileSync(join(zookit.work, 'log.txt'), 'utf8');
  assert.match(text, /^\d{4}-.*Z 0 B thrown away$/m);
  assert.match(text, /^\d{4}-.*Z error: cache: 'sweep' is unknown/m);
  if (process.platform !== 'win32') assert.equal(statSync(join(zookit.work, 'log.txt')).mode & 0o077, 0);
});

test('a log that cannot be written is told once, and everything is done all the same', async (context) => {
  const zookit = zookitWorld(context);
  const ran = await zookit.run(['cache', 'clean', '--verbose', '--log', 'none/log.txt']);
  assertDone(ran);
  assert.equal(ran.stderr.match(/Nothing more is written to the log 'none\/log\.txt'/g)?.length, 1);
  assert.match(ran.stderr, /thrown away/);
});

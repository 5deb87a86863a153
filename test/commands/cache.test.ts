// `zookit cache` through the command line: what is kept, what is damaged, what is thrown away.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const zip = makeZip([{ name: 'a.txt', content: 'a' }]);

test('an empty cache', async (t) => {
  const zookit = zookitWorld(t);
  assert.deepEqual(json(await zookit.run(['cache', 'list', '--json'])), []);
  assert.deepEqual(json(await zookit.run(['cache', 'verify', '--json'])), { ok: true, removed: [] });
  assert.deepEqual(json(await zookit.run(['cache', 'clean', '--json'])), { ok: true, bytes: 0 });
});

test('a file is kept by its hash, found damaged, fetched again, thrown away', async (t) => {
  const feed = feedXml(entryXml('Tool', '1', { installers: archiveXml('tool.zip', zip) }));
  const server = await serveFeed(t, feed, { 'tool.zip': zip });
  const zookit = zookitWorld(t);
  const on = ['--main-feed', server.feed];
  assertDone(await zookit.run(['install', 'Tool', ...on]));
  const path = join(zookit.root, 'cache', 'files', sha256(zip), 'tool.zip');
  const kept = { sha256: sha256(zip), name: 'tool.zip', path, bytes: zip.length };
  assert.deepEqual(json(await zookit.run(['cache', 'list', '--json'])), [kept]);
  assertDone(await zookit.run(['cache', 'verify']));

  writeFileSync(path, 'damaged');
  const bad = await zookit.run(['cache', 'verify', '--json']);
  assertFails(bad, 4, 'HASH_MISMATCH', /A file of the cache was damaged/);
  assert.equal(json(bad)['ok'], false);
  assert.equal((json(bad)['error'] as { code: string }).code, 'HASH_MISMATCH');
  assert.ok(!existsSync(path));
  assertDone(await zookit.run(['cache', 'verify']));

  assertDone(await zookit.run(['uninstall', 'Tool', ...on]));
  assertDone(await zookit.run(['install', 'Tool', ...on]));
  assert.equal(server.count('/tool.zip'), 2);
  const parsed = (): boolean =>
    readdirSync(join(zookit.root, 'cache', 'feeds')).some((name) => name.endsWith('.feed.json'));
  assert.ok(parsed());
  assert.deepEqual(json(await zookit.run(['cache', 'clean', '--json'])), { ok: true, bytes: zip.length });
  assert.deepEqual(json(await zookit.run(['cache', 'list', '--json'])), []);
  assert.ok(!readdirSync(join(zookit.root, 'cache')).includes('files'));
  const feeds = readdirSync(join(zookit.root, 'cache', 'feeds'));
  assert.ok(feeds.length > 0, 'the copy that serves without a network stays');
  assert.ok(!parsed(), 'what was read of it does not');
  assert.ok(existsSync(join(zookit.root, 'products/Tool/a.txt')), 'what is installed stays');
});

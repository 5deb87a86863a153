// Feeds that were read before come from a file, equal in everything, and only when nothing has changed.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { loadFeeds } from '../../src/feed/load.js';
import { parseFeed } from '../../src/feed/parse.js';
import type { ParsedKey } from '../../src/feed/parsed-cache.js';
import { keepParsed, readParsed } from '../../src/feed/parsed-cache.js';
import { createHttp } from '../../src/lib/http.js';
import { feedFixture } from '../helpers/feeds.js';
import { temporaryFolder } from '../helpers/folder.js';
import { webpiList } from '../helpers/webpi-list.js';

const isRoot = process.getuid?.() === 0;

function keyFor(text: string, about: Partial<ParsedKey> = {}): ParsedKey {
  return { text, address: '/feeds/list.xml', base: '/feeds/list.xml', ...about };
}

async function load(path: string, cacheDirectory: string): ReturnType<typeof loadFeeds> {
  return loadFeeds([path], { http: createHttp({ userAgent: 'test' }), cacheDirectory, offline: true });
}

/** A feed on disk, and the folder of its caches. */
function place(context: TestContext, text: string): { path: string; cache: string } {
  const folder = temporaryFolder(context);
  const path = join(folder, 'list.xml');
  writeFileSync(path, text);
  return { path, cache: join(folder, 'cache') };
}

test('what comes back is what was read, to the last field', async (context) => {
  const cache = temporaryFolder(context);
  const names = [
    'webpi.xml',
    'additions.xml',
    'slips.xml',
    'bad-everything.xml',
    'good-two-architectures.xml',
  ];
  for (const text of [...names.map(feedFixture), webpiList(40)]) {
    const key = keyFor(text);
    const feed = parseFeed(text, key.address);
    await keepParsed(cache, key, feed);
    assert.deepEqual(await readParsed(cache, key), feed);
  }
});

test('another text, address, base or culture is another feed', async (context) => {
  const cache = temporaryFolder(context);
  const text = feedFixture('webpi.xml');
  const key = keyFor(text);
  await keepParsed(cache, key, parseFeed(text, key.address));
  assert.ok(await readParsed(cache, key));
  for (const about of [
    { text: `${text}\n` },
    { address: '/feeds/other.xml' },
    { base: '/elsewhere/list.xml' },
    { strings: new Map([['entry_a_title', 'A']]) },
  ])
    assert.equal(await readParsed(cache, keyFor(text, about)), undefined, JSON.stringify(about));
});

test('a feed is read once, and again when its file has changed', async (context) => {
  const { path, cache } = place(context, webpiList(5));
  const first = await load(path, cache);
  const [name = ''] = readdirSync(cache);
  // What is kept is what counts: a title that only stands there proves that it was taken from there.
  const marked = { ...first.feeds[0], title: 'from the cache' };
  await keepParsed(cache, keyFor(webpiList(5), { address: path, base: path }), marked as never);
  assert.equal((await load(path, cache)).feeds[0]?.title, 'from the cache');
  writeFileSync(path, webpiList(6));
  assert.equal((await load(path, cache)).feeds[0]?.entries.length, 6);
  assert.deepEqual(readdirSync(cache), [name], 'the file of the old text is gone');
});

test('a damaged file is nothing, and is written anew', async (context) => {
  const { path, cache } = place(context, webpiList(5));
  const fresh = await load(path, cache);
  const [name = ''] = readdirSync(cache);
  const file = join(cache, name);
  const whole = readFileSync(file, 'utf8');
  for (const damaged of ['', 'null\nnull', whole.slice(0, 500), whole.replace('Product 3', 'Product 8')]) {
    writeFileSync(file, damaged);
    assert.deepEqual(await load(path, cache), fresh);
    assert.equal(readFileSync(file, 'utf8'), whole);
  }
});

test('a cache that cannot be written is no error', async (context) => {
  const { path } = place(context, webpiList(5));
  const inTheWay = join(temporaryFolder(context), 'file');
  writeFileSync(inTheWay, '');
  const loaded = await load(path, join(inTheWay, 'cache'));
  assert.equal(loaded.feeds[0]?.entries.length, 5);
  assert.deepEqual(loaded.notices, []);
});

test('a cache that cannot be read is no error', { skip: isRoot && 'as root' }, async (context) => {
  const { path, cache } = place(context, webpiList(5));
  await load(path, cache);
  chmodSync(cache, 0o000);
  try {
    assert.equal((await load(path, cache)).feeds[0]?.entries.length, 5);
  } finally {
    chmodSync(cache, 0o700);
  }
});

test(
  "another user's file counts for nothing",
  { skip: !isRoot && 'only root can give files away' },
  async (context) => {
    const cache = temporaryFolder(context);
    const key = keyFor(webpiList(3));
    await keepParsed(cache, key, parseFeed(key.text, key.address));
    assert.ok(await readParsed(cache, key));
    const [name = ''] = readdirSync(cache);
    chownSync(join(cache, name), 12345, 12345);
    assert.equal(await readParsed(cache, key), undefined);
  },
);

test('of many feeds only the last ones are kept', async (context) => {
  const cache = temporaryFolder(context);
  const text = feedFixture('bad-cycle.xml');
  for (let index = 0; index < 80; index++) {
    const address = `/feeds/${index}.xml`;
    await keepParsed(cache, keyFor(text, { address, base: address }), parseFeed(text, address));
  }
  assert.equal(readdirSync(cache).length, 64);
  assert.ok(await readParsed(cache, keyFor(text, { address: '/feeds/79.xml', base: '/feeds/79.xml' })));
});

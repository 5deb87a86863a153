// Commands that write a feed file or the list of feeds are killed at moments of their whole duration: the file is the old
// one or the new one, every byte of it, and the same command ends well afterwards.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { feedXml, nothing, entryXml } from '../helpers/feed-xml.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { disturbed, durationOf, moments } from '../helpers/moments.js';
import { entry, someHash } from '../helpers/pins.js';
import { pythonsHere } from '../helpers/pythons.js';
import { keepFolders } from '../helpers/snapshot.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const [python] = await pythonsHere();
const withoutPython = python ? false : 'no Python here';

/** Does what uv does here: a lock file. */
const uv = `#!${process.execPath}
if (process.argv.includes('compile')) require('node:fs').writeFileSync('pylock.toml', \`lock-version = "1.0"
[[packages]]
name = "shop"
version = "1.0"
wheels = [{ path = "shop-1.0-py3-none-any.whl", hashes = { sha256 = "${someHash}" } }]
\`);
`;

test('feed pin --save', { skip: withoutPython }, async (context) => {
  const programs = temporaryFolder(context);
  writeFileSync(join(programs, 'uv'), uv);
  chmodSync(join(programs, 'uv'), 0o755);
  const zookit = zookitWorld(context, { programs: { python3: python?.path ?? '' }, path: [programs] });
  const feed = join(zookit.work, 'feed.xml');
  const others = Array.from({ length: 500 }, (_, index) =>
    entryXml(`Other${index}`, '1', { installers: nothing }),
  );
  const before = feedXml(entry('Shop', '1.0', 'shop', ''), ...others);
  writeFileSync(feed, before);
  const reset = keepFolders([zookit.work], temporaryFolder(context));
  const words = ['feed', 'pin', 'shop==1.0', '--save', 'feed.xml'];
  assertDone(await zookit.run(words));
  const after = readFileSync(feed, 'utf8');
  assert.match(after, new RegExp(someHash));
  reset();
  for (const moment of moments('feed pin', await durationOf(zookit, words))) {
    reset();
    await disturbed(zookit.start(words), moment, 'SIGKILL');
    const found = readFileSync(feed, 'utf8');
    assert.ok(found === before || found === after, `${moment.name}: half a feed`);
    await zookit.start(words).ended;
    assert.equal(readFileSync(feed, 'utf8'), after, moment.name);
    assert.deepEqual(tree(zookit.work), ['feed.xml'], moment.name);
  }
});

test('feed add and feed remove', async (context) => {
  const zookit = zookitWorld(context);
  const feeds = Array.from({ length: 3 }, (_, index) => join(zookit.work, `feed-${index}.xml`));
  feeds.forEach((feed, index) =>
    writeFileSync(feed, feedXml(entryXml(`P${index}`, '1', { installers: nothing }))),
  );
  const [one = '', two = '', three = ''] = feeds;
  mkdirSync(zookit.root);
  for (const feed of [one, two]) assertDone(await zookit.run(['feed', 'add', feed]));
  const reset = keepFolders([zookit.root], temporaryFolder(context));
  const listed = async (): Promise<string[]> => {
    const rows = JSON.parse((await zookit.run(['feed', 'list', '--json'])).stdout) as { url: string }[];
    return rows.slice(1).map(({ url }) => url);
  };
  const changes = [
    { words: ['feed', 'add', three], after: [one, two, three], again: /is added already/ },
    { words: ['feed', 'remove', one], after: [two], again: /was not added/ },
  ];
  for (const { words, after, again } of changes) {
    const duration = await durationOf(zookit, words);
    for (const moment of moments(words.join(' ').slice(0, 8), duration)) {
      reset();
      await disturbed(zookit.start(words), moment, 'SIGKILL');
      const found = JSON.parse(readFileSync(join(zookit.root, 'feeds.json'), 'utf8')) as unknown[];
      assert.ok([2, after.length].includes(found.length), moment.name);
      const ran = await zookit.run(words);
      if (ran.status !== 0) assertFails(ran, 2, 'USAGE', again);
      assert.deepEqual(await listed(), after, moment.name);
    }
    reset();
  }
  assert.ok(Array.isArray(json(await zookit.run(['feed', 'list', '--json']))));
});

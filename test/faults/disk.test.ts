// Disks that are full at any moment, and disks that cannot be written: told in words, nothing half-made, and the same
// command succeeds when there is room.
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { replay } from '../../src/install/installed.js';
import { openJournal } from '../../src/install/journal.js';
import type { FaultFeed } from '../helpers/fault-feed.js';
import { writeFaultFeed } from '../helpers/fault-feed.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { momentCount } from '../helpers/moments.js';
import { pythonsHere } from '../helpers/pythons.js';
import type { SmallDisk } from '../helpers/small-disk.js';
import { smallDisks, withoutDisks } from '../helpers/small-disk.js';
import type { Ran, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, checkTalk, zookitWorld } from '../helpers/zookit.js';

const [python] = await pythonsHere();
const withoutPython = python ? false : 'no Python here';
/** More than any command of these tests needs. */
const plenty = 64 * 1024;

interface World {
  readonly mounted: ReturnType<typeof smallDisks>;
  readonly zookit: Zookit;
  readonly feed: FaultFeed;
}

function world(context: TestContext): World {
  const mounted = smallDisks(context);
  const zookit = zookitWorld(context, { programs: python ? { python3: python.path } : {} });
  return { mounted, zookit, feed: writeFaultFeed(temporaryFolder(context)) };
}

/** Sizes over the whole range, small ones closer together: there everything happens. */
function* sizes(count: number, enough: number): Generator<number> {
  for (let index = 0; index < count; index++) yield Math.max(4, Math.round(enough * (index / count) ** 2));
}

/** The disk's use in KiB after an undisturbed run. */
function usedBelow(folder: string): number {
  const bytes = tree(folder).map((name) => statSync(join(folder, name.split(' -> ')[0] ?? '')).size);
  return bytes.reduce((sum, each) => sum + Math.ceil(each / 4096) * 4, 0);
}

/** Done, or DISK_FULL with nothing half-made; true when it was full. */
async function assertFullOrDone(zookit: Zookit, words: readonly string[], size: number): Promise<boolean> {
  const ended = await zookit.start(words).ended;
  checkTalk(words, ended);
  const said = `${size} KiB: ${ended.stderr}`;
  if (ended.status === 0) return false;
  assert.equal(ended.status, 4, said);
  assertFails(ended, 4, 'DISK_FULL', /^hint: /m);
  const half = tree(zookit.folder).filter((name) => /(^|\/)\.zookit-|^root\/lock/.test(name));
  assert.deepEqual(half, [], said);
  return true;
}

/** Whatever the journal says to be there is there; all else is not. */
async function assertAsJournal({ root }: Zookit, size: number): Promise<void> {
  const { installed } = replay(await openJournal(join(root, 'journal.jsonl')).read());
  const folders = tree(root).filter((name) => /^products\/[^/]+$/.test(name));
  const known = installed.filter(({ kind }) => kind !== 'template' && kind !== 'none');
  assert.deepEqual(
    folders.filter((name) => name !== 'hosting'),
    known.flatMap(({ product, path }) => (path?.endsWith('hosting') ? [] : [`products/${product}`])).sort(),
    `${size} KiB`,
  );
}

describe('a full disk', { concurrency: 1, skip: withoutDisks }, () => {
  test('install and upgrade', async (context) => {
    const { mounted, zookit, feed } = world(context);
    const disk = mounted(zookit.root, plenty);
    const words = ['install', 'App', '--main-feed', feed.feed];
    assertDone(await zookit.run(words));
    const enough = usedBelow(zookit.root);
    let full = 0;
    for (const size of sizes(momentCount, enough * 1.2)) {
      disk.renew(size);
      full += Number(await assertFullOrDone(zookit, words, size));
      disk.resize(plenty);
      await assertAsJournal(zookit, size);
      assertDone(await zookit.run(words));
      assertDone(await zookit.run(['verify', '--main-feed', feed.feed]));
    }
    assert.ok(full > 0, 'some disk was full');
    await upgradeOnFullDisk(zookit, feed, disk);
  });

  test('new', { skip: withoutPython }, async (context) => {
    const { mounted, zookit, feed } = world(context);
    const folder = join(zookit.work, 'disk');
    const disk = mounted(folder, plenty);
    const words = ['new', 'Site', 'disk/shop', '--main-feed', feed.feed];
    assertDone(await zookit.run(words));
    const enough = usedBelow(folder);
    let full = 0;
    for (const size of sizes(momentCount, enough * 1.2)) {
      disk.renew(size);
      const ended = await assertFullOrDone(zookit, words, size);
      full += Number(ended);
      if (ended) assert.deepEqual(tree(folder), [], `${size} KiB`);
      disk.resize(plenty);
      assertDone(await zookit.run(words));
      assert.ok(tree(folder).includes('shop/media/19.txt'), 'it is deployed');
    }
    assert.ok(full > 0, 'some disk was full');
  });

  test('cache clean makes room on a disk that is full to the last byte, and uninstall makes more', async (context) => {
    const { mounted, zookit, feed } = world(context);
    const disk = mounted(zookit.root, plenty);
    const uninstall = ['uninstall', 'App', '--main-feed', feed.feed];
    assertDone(await zookit.run(['install', 'App', '--main-feed', feed.feed]));
    disk.resize(usedBelow(zookit.root));
    fill(join(zookit.root, 'cache', 'filler'));
    assert.ok(await assertFullOrDone(zookit, uninstall, 0), 'not a byte is left');
    await assertAsJournal(zookit, 0);
    const cleaned = await zookit.run(['cache', 'clean', '--json']);
    assertDone(cleaned);
    const { bytes } = JSON.parse(cleaned.stdout) as { bytes: number };
    assert.ok(bytes > 2_000_000, 'the archives are gone');
    assertDone(await zookit.run(uninstall));
    await assertAsJournal(zookit, 0);
  });
});

/** Writes until nothing more can be written. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 65536; size > 0; size = Math.floor(size / 2)) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      }
    }
  } finally {
    closeSync(file);
  }
}

/** The old version is there in the end, or the new one. */
async function upgradeOnFullDisk(zookit: Zookit, feed: FaultFeed, disk: SmallDisk): Promise<void> {
  const words = ['upgrade', '--main-feed', feed.newer];
  for (const share of [0.05, 0.2, 0.4, 0.6, 0.8]) {
    disk.renew(plenty);
    assertDone(await zookit.run(['install', 'App', '--main-feed', feed.feed]));
    const used = usedBelow(zookit.root);
    const size = Math.round(used * (1 + share));
    disk.resize(size);
    await assertFullOrDone(zookit, words, size);
    disk.resize(plenty);
    assertDone(await zookit.start(['verify', '--main-feed', feed.newer]).ended);
    await assertAsJournal(zookit, size);
    assertDone(await zookit.run(words));
    const { installed } = replay(await openJournal(join(zookit.root, 'journal.jsonl')).read());
    assert.deepEqual(installed.map(({ product, version }) => `${product} ${version}`).sort(), [
      'App 2.0',
      'Base 2.0',
      'Files 2.0',
      'Tool 2.0',
    ]);
  }
}

describe('a read-only disk', { concurrency: 1, skip: withoutDisks }, () => {
  const refused = (ended: Ran, where: string): void => {
    assertFails(ended, 3, 'NEEDS_ADMIN', /^hint: /m);
    assert.ok(ended.stderr.includes(where), ended.stderr);
  };

  test('as root', async (context) => {
    const { mounted, zookit, feed } = world(context);
    const disk = mounted(zookit.root, plenty);
    const on = ['--main-feed', feed.feed];
    assertDone(await zookit.run(['install', 'Base', ...on]));
    disk.readOnly(true);
    const before = readFileSync(join(zookit.root, 'journal.jsonl'), 'utf8');
    for (const words of [
      ['install', 'App', ...on],
      ['uninstall', 'Base', ...on],
      ['cache', 'clean'],
    ])
      refused(await zookit.run(words), zookit.root);
    for (const words of [
      ['list', ...on],
      ['plan', 'App', ...on],
      ['verify', ...on],
    ])
      assertDone(await zookit.run(words));
    assert.equal(readFileSync(join(zookit.root, 'journal.jsonl'), 'utf8'), before);
  });

  test('as the place of a project', { skip: withoutPython }, async (context) => {
    const { mounted, zookit, feed } = world(context);
    const folder = join(zookit.work, 'disk');
    const disk = mounted(folder, plenty);
    disk.readOnly(true);
    refused(await zookit.run(['new', 'Page', 'disk/shop', '--main-feed', feed.feed]), folder);
    disk.readOnly(false);
    mkdirSync(join(folder, 'shop'));
    disk.readOnly(true);
    refused(await zookit.run(['new', 'Page', 'disk/shop', '--main-feed', feed.feed]), folder);
    assert.deepEqual(tree(folder), ['shop']);
    disk.readOnly(false);
    assertDone(await zookit.run(['new', 'Page', 'disk/shop', '--main-feed', feed.feed]));
  });
});

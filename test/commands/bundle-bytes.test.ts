// `zookit bundle export`: the same bytes for the same input, no address of anybody, differences, what is written over and what
// is not. Whole commands, a feed of small wheels.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeOut } from '../../src/commands/bundle/writing.js';
import type { Context } from '../../src/context.js';
import { bundleWorld, bytesOf, exportWords, wheelsIn } from '../helpers/bundle-world.js';
import { serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { assertDone, assertFails, checkTalk, json } from '../helpers/zookit.js';

test('two exports in two worlds have the same bytes and rights, as a folder and as one file', async (context) => {
  const [first, second] = [
    bundleWorld(context),
    bundleWorld(context, { TZ: 'Asia/Tokyo', USER: 'somebody', LANG: 'de_DE.UTF-8' }),
  ];
  const words = ['Site', 'Tool', '--platform', 'windows-x64', '--platform', 'linux-x64'];
  await first.zookit.run(['feed', 'keygen', 'key']);
  const key = join(first.zookit.work, 'key');
  const told = await first.make('bundle', ...words, '--sign', key);
  const again = ['Tool', 'Site', ...words.slice(4), ...words.slice(2, 4), '--sign', key];
  const ran = await second.zookit.run(exportWords(second.feed, 'bundle', again), {
    as: ['/bin/sh', '-c', 'umask 077; exec "$@"', 'sh'],
  });
  assertDone(ran);
  assert.deepEqual(bytesOf(join(second.zookit.work, 'bundle')), bytesOf(join(first.zookit.work, 'bundle')));
  assert.deepEqual({ ...json(ran), path: '', warnings: [] }, { ...told, path: '', warnings: [] });
  await first.make('one.zip', ...words, '--archive');
  await second.make('two.zip', ...words, '--archive');
  assert.deepEqual(
    readFileSync(join(second.zookit.work, 'two.zip')),
    readFileSync(join(first.zookit.work, 'one.zip')),
  );
  assertDone(await first.zookit.run(['bundle', 'verify', 'one.zip']));
});

test('no address of the feed, of its server or of this machine is in a bundle', async (context) => {
  const { text, files, zookit } = bundleWorld(context);
  // The address of a licence is for people.
  const served = text.replace('<eulaURL>eula.txt</eulaURL>', '');
  const server = await serveFeed(context, served, files);
  const ran = await zookit.run(
    exportWords(server.feed, 'bundle', ['Server', 'Tool', '--platform', 'windows-x64', '--allow-unverified']),
  );
  assertDone(ran);
  const host = new URL(server.address).host;
  const out = join(zookit.work, 'bundle');
  for (const name of tree(out).filter((each) => statSync(join(out, each)).isFile())) {
    const bytes = readFileSync(join(out, name));
    for (const address of [host, zookit.folder])
      assert.equal(bytes.includes(address), false, `${address} in ${name}`);
  }
  assert.doesNotMatch(
    readFileSync(join(out, 'feed', 'feed.xml'), 'utf8').replaceAll('http://www.w3.org/2005/Atom', ''),
    /https?:|file:|"\/[^>]|>\//,
  );
});

test('a difference holds what the older bundle has not', async (context) => {
  const { make, feed, zookit } = bundleWorld(context);
  const words = ['Site', '--platform', 'windows-x64'];
  const old = await make('old', ...words);
  const same = await make('same', ...words, '--base', 'old');
  assert.equal(same['base'], old['digest']);
  const size = tree(join(zookit.work, 'same'))
    .map((name) => statSync(join(zookit.work, 'same', name)))
    .reduce((sum, found) => sum + (found.isFile() ? found.size : 0), 0);
  assert.ok(size < 100_000, `${size} bytes`);
  const more = await make('more', ...words, '--param', 'Database=some', '--base', join('old', 'SHA256SUMS'));
  assert.equal(more['base'], old['digest']);
  assert.deepEqual(wheelsIn(join(zookit.work, 'more')), ['driver-1.0-py3-none-any.whl']);
  assertDone(await zookit.run(['bundle', 'verify', 'more']));
  const nothing = await zookit.run(exportWords(feed, 'x', [...words, '--base', 'nowhere']));
  assert.equal(nothing.status, 3);
});

test('only a bundle is written over, and an older one goes whole', async (context) => {
  const { make, feed, zookit } = bundleWorld(context);
  const words = ['Server', '--platform', 'linux-x64'];
  mkdirSync(join(zookit.work, 'mine'));
  writeFileSync(join(zookit.work, 'mine', 'letter.txt'), 'do not lose me');
  for (const more of [[], ['--archive']]) {
    const ran = await zookit.run(
      exportWords(feed, 'mine', [...words, ...more]).filter((word) => word !== '--json'),
    );
    assertFails(ran, 2, 'USAGE', /is there and is no bundle/);
    // Told before even the feed is asked.
    const early = await zookit.run(exportWords('no-feed.xml', 'mine', [...words, ...more]));
    assert.equal(early.status, 2, early.stdout);
  }
  assert.deepEqual(tree(join(zookit.work, 'mine')), ['letter.txt']);
  await make('bundle', 'Server', 'Tool', '--platform', 'linux-x64');
  // What a kill leaves of the folder that a bundle in one file was packed from; no process has that number.
  mkdirSync(join(zookit.work, '.zookit-gone-bundle.unfinished-4194999-0123456789ab'));
  await make('bundle', ...words);
  await make('fresh', ...words);
  assert.deepEqual(bytesOf(join(zookit.work, 'bundle')), bytesOf(join(zookit.work, 'fresh')));
  assert.deepEqual(readdirSync(zookit.work).sort(), ['bundle', 'fresh', 'mine']);
});

test('two zookits that share nothing but the place make it one after the other', async (context) => {
  const { feed, zookit } = bundleWorld(context);
  const words = exportWords(feed, 'bundle', ['Site', '--platform', 'linux-x64', '--all-alternatives']);
  const roots = [1, 2, 3].map(() => temporaryFolder(context));
  // Not `run`: while one has ended, another is at work in the same folder.
  const ran = await Promise.all(roots.map((root) => zookit.start([...words, '--root', root]).ended));
  ran.forEach(assertDone);
  ran.forEach((each) => checkTalk(words, each));
  assert.deepEqual(readdirSync(zookit.work), ['bundle']);
  assertDone(await zookit.run(['bundle', 'verify', 'bundle']));
});

test('where no bundle can be is told in words', async (context) => {
  const { feed, zookit } = bundleWorld(context);
  writeFileSync(join(zookit.work, 'file'), '');
  const cases: readonly (readonly [string, RegExp])[] = [
    [join('file', 'below'), /No folder can be made at /],
    ['n'.repeat(300), /No folder can be made at/],
    [join(zookit.root, 'bundle'), /lies where Zookit keeps its own files/],
    [join(zookit.root, 'cache', 'new'), /lies where Zookit keeps its own files/],
  ];
  for (const [out, message] of cases) {
    const words = exportWords(feed, out, ['Server', '--platform', 'linux-x64']);
    assertFails(await zookit.run(words.filter((word) => word !== '--json')), 2, 'USAGE', message);
  }
});

test('a damaged file of the cache does not get into a bundle', async (context) => {
  const { text, files, zookit } = bundleWorld(context);
  const server = await serveFeed(context, text.replace('skeleton/', 'nowhere/'), files);
  const words = ['Tool', '--platform', 'windows-x64'];
  assertDone(await zookit.run(exportWords(server.feed, 'one', words)));
  const kept = join(zookit.root, 'cache', 'files');
  const wheel = tree(kept).find((name) => name.endsWith('win_amd64.whl')) ?? '';
  const bytes = readFileSync(join(kept, wheel));
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  writeFileSync(join(kept, wheel), bytes);
  const ran = await zookit.run(exportWords(server.feed, 'two', words).filter((word) => word !== '--json'));
  assertFails(ran, 4, 'HASH_MISMATCH', /win_amd64\.whl' is not what its hash says/);
  assert.equal(existsSync(join(zookit.work, 'two')), false);
  await zookit.run(['cache', 'verify']);
  assertDone(await zookit.run(exportWords(server.feed, 'two', words)));
  assert.deepEqual(bytesOf(join(zookit.work, 'two')), bytesOf(join(zookit.work, 'one')));
});

test('stopped before it writes, it says that it was making a bundle', async (context) => {
  const path = join(temporaryFolder(context), 'bundle');
  const stopped = { signal: AbortSignal.abort(), terminal: {} } as unknown as Context;
  await assert.rejects(writeOut(stopped, { path, archive: false, files: [] }), {
    code: 'INTERRUPTED',
    message: 'Stopped while making the bundle',
  });
  assert.equal(existsSync(path), false);
});

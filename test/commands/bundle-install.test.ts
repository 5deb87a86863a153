// The program with a bundle: what it installs from it, what it keeps of it, and that it asks nobody else.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTarGz } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, sha256 } from '../helpers/feed-xml.js';
import { makeBundle, newKey, seal, toolParts } from '../helpers/small-bundle.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

test('what was asked for is installed, without its name, and the bundle stays the main feed', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  await makeBundle(stick, toolParts());
  const ran = await zookit.run(['install', '--bundle', stick, '--yes']);
  assertDone(ran);
  assert.match(ran.stderr, /not signed/);
  const installed = join(zookit.root, 'products', 'Tool', 'tool.txt');
  assert.equal(readFileSync(installed, 'utf8'), 'a tool\n');
  // The cache holds nothing twice.
  assert.ok(!existsSync(join(zookit.root, 'cache', 'files')));

  rmSync(stick, { recursive: true });
  const feeds = json(await zookit.run(['feed', 'list', '--json'])) as unknown as { origin: string }[];
  assert.match(feeds[0]?.origin ?? '', /bundle/);
  assertDone(await zookit.run(['uninstall', 'Tool', '--yes']));
  assertDone(await zookit.run(['install', 'Tool', '--yes']));
  assert.equal(readFileSync(installed, 'utf8'), 'a tool\n');
  const outside = await zookit.run(['list', '--feed', 'http://127.0.0.1:9/feed.xml']);
  assertFails(outside, 4, 'OFFLINE_MISS', /No copy of feed/);

  assertDone(await zookit.run(['feed', 'remove', 'bundle']));
  assert.ok(!existsSync(join(zookit.root, 'bundle')));
  const after = json(await zookit.run(['feed', 'list', '--json'])) as unknown as { origin: string }[];
  assert.deepEqual(
    after.map(({ origin }) => origin),
    ['built in'],
  );
});

test('the pip of a bundle outlives it, as what it installed must go some day without another', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  const [name, bytes] = ['pip-26.0-py3-none-any.whl', Buffer.from('a wheel')];
  const parts = toolParts();
  await makeBundle(stick, { ...parts, files: { ...parts.files, [name]: bytes } });
  assertDone(await zookit.run(['install', '--bundle', stick, '--yes']));
  assertDone(await zookit.run(['feed', 'remove', 'bundle']));
  assert.ok(!existsSync(join(zookit.root, 'bundle')));
  const files = join(zookit.root, 'cache', 'files');
  assert.deepEqual(readdirSync(files), [sha256(bytes)]);
  assert.deepEqual(readFileSync(join(files, sha256(bytes), name)), bytes);
});

test('nothing of a damaged bundle is used', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  const { fingerprint = '' } = await makeBundle(stick, { ...toolParts(), key: newKey() });
  writeFileSync(join(stick, 'feed', 'feed.xml'), 'no feed at all');
  for (const words of [['install'], ['install', 'Tool'], ['plan', 'Tool'], ['list'], ['show', 'Tool']]) {
    const ran = await zookit.run([...words, '--bundle', stick]);
    assertFails(ran, 3, 'BUNDLE_INVALID', /'feed\/feed\.xml' is not what its hash says/);
  }
  assert.ok(!existsSync(join(zookit.root, 'bundle')), 'nothing is kept');
  await makeBundle(stick, { ...toolParts(), key: newKey() });
  const foreign = await zookit.run(['install', '--bundle', stick, '--key', fingerprint]);
  assertFails(foreign, 3, 'SIGNATURE_INVALID', /another key \('signer\.pem'\)/);
  assert.ok(!existsSync(join(zookit.root, 'bundle')), 'nothing is kept');
});

test('commands that only look see the bundle and keep nothing', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  await makeBundle(stick, toolParts());
  const rows = json(await zookit.run(['list', '--bundle', stick, '--json'])) as unknown as { id: string }[];
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['Tool'],
  );
  assertDone(await zookit.run(['plan', 'Tool', '--bundle', stick]));
  assert.ok(!existsSync(join(zookit.root, 'bundle')));
  assert.ok(!existsSync(join(zookit.root, 'feeds.json')));
});

test('a bundle for another system, or with a need that is not met, changes nothing', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  await makeBundle(stick, {
    ...toolParts(),
    platform: { os: 'windows', arch: 'arm64', osVersion: '' },
  });
  const other = await zookit.run(['install', '--bundle', stick]);
  assertFails(other, 3, 'NO_INSTALLER', /is not for .*\n\s+It is for windows-arm64, Python 3\.13/);

  const needy = join(zookit.work, 'needy');
  const target = `${process.platform === 'darwin' ? 'macos' : 'linux'}-${process.arch}`;
  await makeBundle(needy, { ...toolParts(), needs: [{ target, kind: 'python', name: '3.13' }] });
  assertFails(
    await zookit.run(['install', '--bundle', needy]),
    3,
    'NO_INSTALLER',
    /Python 3\.13 is not on this machine/,
  );
  assert.ok(!existsSync(join(zookit.root, 'products')));
  const named = await zookit.run(['install', 'Tool', '--bundle', needy, '--yes']);
  assertDone(named);
  assert.match(named.stderr, /notice: Python 3\.13 is not on this machine/);
});

test('a difference needs the bundle that it was made to, given or kept', async (context) => {
  const zookit = zookitWorld(context);
  const [old, newer] = [join(zookit.work, 'old'), join(zookit.work, 'newer')];
  const { digest } = await makeBundle(old, toolParts());
  const tool = toolParts();
  const archive = makeTarGz([{ name: 'more-1.0/more.txt', content: 'more\n' }]);
  const entry = entryXml('More', '1.0', {
    installers: archiveXml(`../files/${sha256(archive)}/more.tar.gz`, archive, 'strip="1"'),
    needs: '<productId>Tool</productId>',
  });
  const feed = tool.feed.replace('</feed>', `${entry}</feed>`);
  await makeBundle(newer, { feed, files: { 'more.tar.gz': archive }, asked: ['More'], base: digest });
  const alone = await zookit.run(['install', '--bundle', newer]);
  assertFails(alone, 3, 'BUNDLE_INVALID', new RegExp(`difference[^]*${digest}`));

  assertDone(await zookit.run(['install', '--bundle', newer, '--bundle', old, '--yes']));
  assert.ok(existsSync(join(zookit.root, 'products', 'More', 'more.txt')));
  assertDone(await zookit.run(['uninstall', 'More', 'Tool', '--yes']));
  // Kept from before, so the older one is not needed again.
  assertDone(await zookit.run(['install', '--bundle', newer, '--yes']));
  assert.ok(existsSync(join(zookit.root, 'products', 'Tool', 'tool.txt')));
});

test('a difference to the bundle that was installed from before needs no other', async (context) => {
  const zookit = zookitWorld(context);
  const [old, newer] = [join(zookit.work, 'old'), join(zookit.work, 'newer')];
  await makeBundle(old, toolParts());
  writeFileSync(join(old, 'feed', 'skeleton.txt'), 'a skeleton\n');
  const digest = seal(old);
  assertDone(await zookit.run(['install', '--bundle', old, '--yes']));
  assertDone(await zookit.run(['uninstall', 'Tool', '--yes']));
  const made = await makeBundle(newer, { ...toolParts(), files: {}, base: digest });
  rmSync(old, { recursive: true });
  const skeleton = join(zookit.root, 'bundle', made.digest.slice(0, 16), 'feed', 'skeleton.txt');
  assertDone(await zookit.run(['install', '--bundle', newer, '--yes']));
  assert.ok(existsSync(join(zookit.root, 'products', 'Tool', 'tool.txt')));
  assert.ok(existsSync(skeleton), 'what lies beside the feed goes along');
});

test('a bundle of templates only is kept, and it is told how to make a project', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  const skeleton = makeTarGz([{ name: 'page.txt', content: 'a page\n' }]);
  const address = `../files/${sha256(skeleton)}/page.tar.gz`;
  const installers = archiveXml(address, skeleton).replace(/<zk:archive[^>]*>/, '<zk:template/>');
  const feed = feedXml(entryXml('Page', '1.0', { installers }));
  await makeBundle(stick, { feed, files: { 'page.tar.gz': skeleton }, asked: ['Page'] });
  const ran = await zookit.run(['install', '--bundle', stick, '--yes', '--json']);
  assertDone(ran);
  assert.deepEqual(json(ran), { ok: true, steps: [], rebootRequired: false });
  assert.match(ran.stderr, /Next: zookit new Page DIR/);
  rmSync(stick, { recursive: true });
  assertDone(await zookit.run(['new', 'Page', 'shop', '--yes', '--no-deploy']));
  assert.equal(readFileSync(join(zookit.work, 'shop', 'page.txt'), 'utf8'), 'a page\n');
});

test('a newer bundle takes the place of the one before', async (context) => {
  const zookit = zookitWorld(context);
  const [first, second] = [join(zookit.work, 'first'), join(zookit.work, 'second')];
  await makeBundle(first, toolParts());
  await makeBundle(second, toolParts('another tool\n'));
  assertDone(await zookit.run(['install', '--bundle', first, '--yes']));
  assertDone(await zookit.run(['install', '--bundle', second, '--yes']));
  const kept = readdirSync(join(zookit.root, 'bundle', 'files'));
  const wanted = Object.values(toolParts('another tool\n').files).map(sha256);
  assert.deepEqual(kept, wanted);
  assert.equal(readdirSync(join(zookit.root, 'bundle')).length, 2);
  assert.equal((json(await zookit.run(['feed', 'list', '--json'])) as unknown as object[]).length, 1);
});

test('bundle verify and bundle list tell what a bundle is, as a folder and as one file', async (context) => {
  const zookit = zookitWorld(context);
  const stick = join(zookit.work, 'stick');
  const { digest, fingerprint } = await makeBundle(stick, { ...toolParts(), key: newKey() });
  const archive = join(zookit.work, 'stick.tar.gz');
  writeFileSync(archive, makeTarGz(entriesOf(stick)));
  renameSync(archive, join(zookit.work, 'moved.tar.gz'));
  for (const path of [stick, join(zookit.work, 'moved.tar.gz')]) {
    const verified = json(await zookit.run(['bundle', 'verify', path, '--json']));
    assert.deepEqual([verified['digest'], verified['signer']], [digest, fingerprint]);
    const listed = json(await zookit.run(['bundle', 'list', path, '--json']));
    assert.deepEqual(
      (listed['products'] as { id: string }[]).map(({ id }) => id),
      ['Tool'],
    );
    const text = await zookit.run(['bundle', 'list', path]);
    assert.match(text.stdout, /Tool +1\.0 +\S+ \S+ +MIT/);
  }
});

function entriesOf(folder: string): { name: string; content: Buffer }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: `stick${path.slice(folder.length)}`, content: readFileSync(path) }));
}

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, nothing, serveFeed } from '../helpers/feed-xml.js';
import { send } from '../helpers/server.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

const zip = (text: string): Buffer => makeZip([{ name: 'file.txt', content: text }]);

test('upgrade takes the newest version, keeps nothing of the old one, and has nothing to do the next time', async (context) => {
  const it = zookitWorld(context);
  const old = entryXml('Demo', '1.0', { installers: archiveXml('one.zip', zip('one')) });
  const fresh = entryXml('Demo', '2.0', { installers: archiveXml('two.zip', zip('two')) });
  const server = await serveFeed(context, feedXml(old), { 'one.zip': zip('one'), 'two.zip': zip('two') });
  assertDone(await it.run(['install', 'Demo', '--main-feed', server.feed]));
  server.route('/feed.xml', send(feedXml(old, fresh)));
  const ran = await it.run(['upgrade', '--main-feed', server.feed, '--json']);
  assertDone(ran);
  const steps = json(ran)['steps'] as { product: string; version: string; status: string }[];
  assert.deepEqual(
    steps.map(({ version, status }) => [version, status]),
    [['2.0', 'installed']],
  );
  assert.equal(readFileSync(join(it.root, 'products/Demo/file.txt'), 'utf8'), 'two');
  assert.deepEqual(programsOf(it), ['products', 'products/Demo', 'products/Demo/file.txt']);
  assert.match((await it.run(['upgrade', '--main-feed', server.feed])).stderr, /nothing to do/);
  const back = await it.run(['plan', 'Demo@1.0', '--main-feed', server.feed]);
  assert.match(back.stdout, /Demo {2}1\.0 {2}back from 2\.0 /, 'which is no upgrade');
  assertDone(await it.run(['uninstall', 'Demo', '--main-feed', server.feed]));
  assert.deepEqual(programsOf(it), []);
});

test('an upgrade that fails brings the old version back', async (context) => {
  const it = zookitWorld(context);
  const old = entryXml('Demo', '1.0', { installers: archiveXml('one.zip', zip('one')) });
  const bad = makeZip([
    { name: 'good.txt', content: '' },
    { name: '../evil.txt', content: '' },
  ]);
  const broken = entryXml('Demo', '2.0', { installers: archiveXml('two.zip', bad) });
  const server = await serveFeed(context, feedXml(old), { 'one.zip': zip('one'), 'two.zip': bad });
  assertDone(await it.run(['install', 'Demo', '--main-feed', server.feed]));
  server.route('/feed.xml', send(feedXml(old, broken)));
  assertFails(
    await it.run(['upgrade', 'Demo', '--main-feed', server.feed]),
    5,
    'INSTALLER_FAILED',
    /evil\.txt/,
  );
  assert.equal(readFileSync(join(it.root, 'products/Demo/file.txt'), 'utf8'), 'one');
  const listed = JSON.parse(
    (await it.run(['list', '--installed', '--main-feed', server.feed, '--json'])).stdout,
  ) as { installed: { version: string }[] }[];
  assert.deepEqual(
    listed.map(({ installed }) => installed[0]?.version),
    ['1.0'],
  );
});

test('only what is installed can be upgraded', async (context) => {
  const it = zookitWorld(context);
  const server = await serveFeed(context, feedXml(entryXml('Demo', '1.0', { installers: nothing })));
  assertFails(
    await it.run(['upgrade', 'Demo', '--main-feed', server.feed]),
    3,
    'PRODUCT_UNKNOWN',
    /zookit install Demo/,
  );
});

test('verify finds what was changed or removed, and --repair puts it in again', async (context) => {
  const it = zookitWorld(context);
  const content = makeZip([
    { name: 'a.txt', content: 'a' },
    { name: 'b/c.txt', content: 'c' },
  ]);
  const entry = entryXml('Demo', '1.0', { installers: archiveXml('demo.zip', content) });
  const server = await serveFeed(context, feedXml(entry), { 'demo.zip': content });
  const words = ['--main-feed', server.feed];
  assertDone(await it.run(['install', 'Demo', ...words]));
  assertDone(await it.run(['verify', ...words]));
  const path = join(it.root, 'products/Demo/b/c.txt');
  writeFileSync(path, 'tampered');
  const ran = await it.run(['verify', ...words, '--json']);
  assertFails(ran, 4, 'HASH_MISMATCH', /zookit verify --repair/);
  const [product] = json(ran)['products'] as { status: string; damage: string[] }[];
  assert.equal(product?.status, 'damaged');
  assert.match(product.damage.join(), /c\.txt is changed/);
  server.route('/demo.zip', send('gone'));
  assertDone(await it.run(['verify', 'Demo', '--repair', ...words]));
  assert.equal(readFileSync(path, 'utf8'), 'c', 'from the cache: the server has another file by now');
  assertDone(await it.run(['verify', ...words]));
});

test('verify says what it cannot judge', async (context) => {
  const it = zookitWorld(context);
  const server = await serveFeed(context, feedXml(entryXml('Demo', '1.0', { installers: nothing })));
  assertDone(await it.run(['install', 'Demo', '--main-feed', server.feed]));
  assert.match((await it.run(['verify', '--main-feed', server.feed])).stderr, /unchecked Demo/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { startServer, send } from '../helpers/server.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const content = makeZip([{ name: 'a.txt', content: 'a' }]);
const demo = (address: string): string =>
  feedXml(entryXml('Demo', '1.0', { installers: archiveXml(address, content) }));

test('a mirror is asked first, and a wrong file of it does no harm', async (context) => {
  const it = zookitWorld(context);
  const vendor = await startServer(context, { '/files/demo.zip': send(content) });
  const mirror = await startServer(context, { '/copy/demo.zip': send('another file') });
  const server = await serveFeed(context, demo(`${vendor.address}/files/demo.zip`));
  const words = ['--main-feed', server.feed];
  const added = await it.run([
    'feed',
    'mirror',
    server.feed,
    `${vendor.address}/files/`,
    `${mirror.address}/copy/`,
  ]);
  assertDone(added);
  assertDone(await it.run(['install', 'Demo', ...words]));
  assert.ok(mirror.count('/copy/demo.zip') > 0);
  assert.equal(vendor.count('/files/demo.zip'), 1);

  mirror.route('/copy/demo.zip', send(content));
  assertDone(await it.run(['uninstall', 'Demo', ...words]));
  assertDone(await it.run(['cache', 'clean']));
  assertDone(await it.run(['install', 'Demo', ...words]));
  assert.equal(vendor.count('/files/demo.zip'), 1, 'the mirror was enough');
});

test('mirrors are listed and taken away; one that is not there is told', async (context) => {
  const it = zookitWorld(context);
  const words = ['feed', 'mirror', 'built-in', 'https://www.python.org/'];
  assertDone(await it.run([...words, 'https://user:secret@mirror.test/']));
  const listed = await it.run(['feed', 'mirror', '--json']);
  assert.doesNotMatch(listed.stdout, /secret/);
  assert.equal((json(listed) as unknown as { feed: string }[])[0]?.feed, 'built-in');
  assertDone(await it.run(words));
  assertFails(await it.run(words), 2, 'USAGE', /no mirror/);
  assertFails(await it.run(['feed', 'mirror', 'built-in']), 2, 'USAGE', /name a feed/);
});

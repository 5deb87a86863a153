// An offline cache in WebPI's layout: made by WebPICMD's own words, moved, and installed from without the server.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, needs, oneOf, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const tool = makeZip([{ name: 'tool.txt', content: 'tool' }]);
const part = makeZip([{ name: 'part.txt', content: 'part' }]);
const other = makeZip([{ name: 'other.txt', content: 'other' }]);

/** As WebPI's lists have it: a SHA-1 and nothing else. */
const sha1 = createHash('sha1').update(tool).digest('hex');
const oldStyle = `<installer><installerFile><installerURL>files/my%20tool.zip</installerURL><sha1>${sha1}</sha1></installerFile>
  <zk:archive/></installer>`;

const feed = feedXml(
  entryXml('Tool', '1.0', { needs: oneOf('Part', 'Other'), installers: oldStyle }),
  entryXml('Part', '1.0', { installers: archiveXml('files/part.zip', part) }),
  entryXml('Other', '1.0', { installers: archiveXml('files/other.zip', other), needs: needs('Part') }),
  entryXml('Unasked', '1.0', {
    installers: archiveXml('files/nowhere.zip', makeZip([{ name: 'gone.txt', content: 'gone' }])),
  }),
);
const files = { 'files/my%20tool.zip': tool, 'files/part.zip': part, 'files/other.zip': other };
const list = ['feeds', 'latest', 'webproductlist.xml'];

test('made by /Offline, moved, installed from', async (context) => {
  const server = await serveFeed(context, feed, files);
  const zookit = zookitWorld(context);
  const make = ['/Offline', '/Products:Tool', '/Path:my cache', `/XML:${server.feed}`];
  const made = await zookit.run([...make, '--platform', 'linux-x64']);
  assertDone(made);
  const cache = join(zookit.work, 'my cache');
  const hash = (content: Uint8Array): string =>
    createHash('sha256').update(content).digest('hex').toUpperCase();
  assert.deepEqual(
    tree(cache)
      .filter((path) => !path.endsWith('/') && statSync(join(cache, path)).isFile())
      .sort(),
    [
      'feeds/latest/webproductlist.xml',
      `installers/Other/${hash(other)}/other.zip`,
      `installers/Part/${hash(part)}/part.zip`,
      `installers/Tool/${sha1.toUpperCase()}/my_20tool.zip`,
    ].sort(),
  );
  const text = readFileSync(join(cache, ...list), 'utf8');
  assert.ok(!text.includes(zookit.work) && !text.includes('127.0.0.1'), 'no address of the maker');
  assert.match(text, /<relativeInstallerURL>\.\.\/\.\.\/installers\/Part\//);

  const moved = join(zookit.work, 'stick');
  renameSync(cache, moved);
  await server.close();
  const elsewhere = zookitWorld(context);
  const on = ['--main-feed', join(moved, ...list), '--offline'];
  const installed = await elsewhere.run(['install', 'Tool', ...on, '--json']);
  assertDone(installed);
  const steps = json(installed)['steps'] as { product: string; status: string }[];
  assert.deepEqual(
    steps.map(({ product, status }) => `${product} ${status}`),
    ['Part installed', 'Tool installed'],
  );
  assert.equal(readFileSync(join(elsewhere.root, 'products', 'Tool', 'tool.txt'), 'utf8'), 'tool');
  assertFails(await elsewhere.run(['install', 'Unasked', ...on]), 3, 'PRODUCT_UNKNOWN', /'Unasked'/);
});

test('a file of the cache that is another one is refused', async (context) => {
  const server = await serveFeed(context, feed, files);
  const zookit = zookitWorld(context);
  const words = ['bundle', 'webpi', 'Part', '--out', 'cache', '--platform', 'linux-x64'];
  assertDone(await zookit.run([...words, '--main-feed', server.feed, '--url', 'http://127.0.0.1:9/base/']));
  const text = readFileSync(join(zookit.work, 'cache', ...list), 'utf8');
  const [, below = ''] = /<installerURL>http:\/\/127\.0\.0\.1:9\/base\/([^<]+)</.exec(text) ?? [];
  const path = join(zookit.work, 'cache', ...below.split('/'));
  assert.ok(existsSync(path), 'served from there, the address is that of the file');

  const elsewhere = zookitWorld(context);
  const install = ['install', 'Part', '--main-feed', join(zookit.work, 'cache', ...list), '--offline'];
  writeFileSync(path, other);
  assertFails(await elsewhere.run(install), 4, 'HASH_MISMATCH', /'Part'/);
  // Made again, what is wrong is put right.
  assertDone(await zookit.run([...words, '--main-feed', server.feed]));
  assertDone(await elsewhere.run(install));
});

test('what is missing of the words is told, and what no machine can have is left out of all', async (context) => {
  const server = await serveFeed(context, feed, files);
  const zookit = zookitWorld(context);
  assertFails(await zookit.run(['/Offline', '/Products:Tool']), 2, 'USAGE', /\/Path:DIR/);
  assertFails(await zookit.run(['bundle', 'webpi', '--out', 'c']), 2, 'USAGE', /name products/);
  const unknown = ['/Offline', '/Products:Nobody', '/Path:c', `/XML:${server.feed}`];
  assertFails(await zookit.run(unknown), 3, 'PRODUCT_UNKNOWN', /'Nobody'/);
  // A file that is not there any more: nothing is written.
  const all = ['/Offline', '/Products:All', '/Path:c', `/XML:${server.feed}`, '--platform', 'linux-x64'];
  assertFails(await zookit.run(all), 4, 'DOWNLOAD_FAILED', /nowhere\.zip/);
  assert.ok(!existsSync(join(zookit.work, 'c')));
});

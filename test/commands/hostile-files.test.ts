// Files that are not what their feed says, are not there, or want to write elsewhere: refused in words, with nothing left.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { TestEntry } from '../helpers/archives.js';
import { makeTarGz, makeZip } from '../helpers/archives.js';
import type { FeedServer } from '../helpers/feed-xml.js';
import { archiveXml, entryXml, feedXml, needs, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { status } from '../helpers/server.js';
import type { Ran, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

const zip = makeZip([{ name: 'a.txt', content: 'a' }]);

/** `App` needs `Good`, and its file is `offered` while the feed tells the hash of `declared`. */
function appFeed(declared: Uint8Array): string {
  return feedXml(
    entryXml('App', '1', { needs: needs('Good'), installers: archiveXml('app.zip', declared) }),
    entryXml('Good', '1', { installers: archiveXml('good.zip', zip) }),
  );
}

async function install(
  t: TestContext,
  feed: string,
  files: Readonly<Record<string, Uint8Array>>,
  ...more: string[]
): Promise<{ zookit: Zookit; ran: Ran; server: FeedServer }> {
  const server = await serveFeed(t, feed, files);
  const zookit = zookitWorld(t);
  const ran = await zookit.run(['install', 'App', '--main-feed', server.feed, ...more]);
  return { zookit, ran, server };
}

describe('hostile files', { concurrency: 2 }, () => {
  test('a file with another hash is refused before anything is installed', async (t) => {
    const other = makeZip([{ name: 'a.txt', content: 'evil' }]);
    const { zookit, ran } = await install(t, appFeed(other), { 'app.zip': zip, 'good.zip': zip });
    assertFails(ran, 4, 'HASH_MISMATCH', /The file for 'App' is not the one that the feed describes/);
    assert.match(ran.stderr, new RegExp(`Wanted sha256 ${sha256(other)}`));
    assert.match(ran.stderr, new RegExp(`Found +sha256 ${sha256(zip)}`));
    assert.deepEqual(programsOf(zookit), []);
    assert.ok(!existsSync(join(zookit.root, 'cache/files', sha256(other))));
  });

  test('a file that is not there, and a server in trouble', async (t) => {
    const app = makeZip([{ name: 'app.txt', content: 'app' }]);
    const { zookit, ran, server } = await install(t, appFeed(app), { 'good.zip': zip });
    assertFails(ran, 4, 'DOWNLOAD_FAILED', /Cannot fetch 'http:.*\/app\.zip' for 'App'/);
    assert.match(ran.stderr, /404/);
    assert.deepEqual(programsOf(zookit), []);
    assert.equal(server.count('/app.zip'), 1, 'no means no');

    server.route('/app.zip', (request, response) => {
      if (server.count('/app.zip') < 3) void status(503)(request, response);
      else response.writeHead(200).end(app);
    });
    assertDone(await zookit.run(['install', 'App', '--main-feed', server.feed]));
    assert.equal(server.count('/good.zip'), 1, 'what had come is kept');
  });

  test('a transfer that breaks off is tried again, and in the end told', async (t) => {
    const app = makeZip([{ name: 'app.txt', content: 'app'.repeat(10_000) }]);
    const { zookit, ran, server } = await install(t, appFeed(app), { 'good.zip': zip });
    assert.equal(ran.status, 4);
    let breaks = 1;
    server.route('/app.zip', (_, response) => {
      response.writeHead(200, { 'Content-Length': app.length });
      if (breaks-- > 0) response.write(app.subarray(0, 1000), () => response.destroy());
      else response.end(app);
    });
    assertDone(await zookit.run(['install', 'App', '--main-feed', server.feed]));
  });

  test('a file without a hash is taken only when the user says so', async (t) => {
    const installers =
      '<installer><installerFile><installerURL>app.zip</installerURL></installerFile><zk:archive/></installer>';
    const feed = feedXml(entryXml('App', '1', { installers }));
    const { zookit, ran, server } = await install(t, feed, { 'app.zip': zip });
    assertFails(ran, 3, 'FEED_INVALID', /no hash for the file of 'App'/);
    assert.match(ran.stderr, /--allow-unverified/);
    assert.equal(server.count('/app.zip'), 0);
    assertDone(await zookit.run(['install', 'App', '--main-feed', server.feed, '--allow-unverified']));
    assert.ok(existsSync(join(zookit.root, 'products/App/a.txt')));
  });

  const hostile: Readonly<Record<string, readonly TestEntry[]>> = {
    'climbs out': [
      { name: 'ok.txt', content: '1' },
      { name: '../../../evil.txt', content: 'evil' },
    ],
    'names an absolute path': [{ name: '/tmp/zookit-evil.txt', content: 'evil' }],
    'has a link out': [
      { name: 'out', type: 'link', target: '../../..' },
      { name: 'out/evil.txt', content: 'evil' },
    ],
    'has a link to an absolute path': [{ name: 'passwd', type: 'link', target: '/etc/passwd' }],
  };

  for (const [what, entries] of Object.entries(hostile))
    for (const [type, archive] of [
      ['zip', makeZip(entries)],
      ['tar.gz', makeTarGz(entries)],
    ] as const)
      test(`a ${type} that ${what}: refused, the product before it stays`, async (t) => {
        const files = { 'app.zip': archive, 'good.zip': zip };
        const { zookit, ran } = await install(t, appFeed(archive), files, '--json');
        assertFails(
          ran,
          5,
          'INSTALLER_FAILED',
          /: .*'?(\.\.\/\.\.\/\.\.\/evil\.txt|\/tmp\/zookit-evil\.txt|out|passwd)/,
        );
        assert.match(ran.stderr, /^hint: .*owner of the feed/m);
        assert.deepEqual(
          (json(ran)['steps'] as { product: string; status: string }[]).map(
            (step) => `${step.product} ${step.status}`,
          ),
          ['Good installed', 'App undone'],
        );
        assert.deepEqual(programsOf(zookit), ['products', 'products/Good', 'products/Good/a.txt']);
        assert.ok(!existsSync('/tmp/zookit-evil.txt'));
      });
  test('an archive that is none, and one that is cut', async (t) => {
    for (const app of [
      Buffer.from('<html>not found</html>'),
      makeTarGz([{ name: 'a', content: 'a'.repeat(5000) }]).subarray(0, 60),
      zip.subarray(0, 60),
    ]) {
      const { zookit, ran } = await install(t, appFeed(app), { 'app.zip': app, 'good.zip': zip });
      assertFails(ran, 5, 'INSTALLER_FAILED', /Cannot unpack 'app\.zip'/);
      assert.match(ran.stderr, /^hint: .*owner of the feed/m);
      assert.match(ran.stderr, /Installed and kept: Good/);
      assert.deepEqual(programsOf(zookit), ['products', 'products/Good', 'products/Good/a.txt']);
    }
  });

  test('a product cannot take the place of another one, nor of what Zookit keeps', async (t) => {
    const files = { 'app.zip': makeZip([{ name: 'mine.txt', content: 'app' }]), 'good.zip': zip };
    for (const into of ['products/Good', 'products', 'cache/files']) {
      const feed = feedXml(
        entryXml('App', '1', {
          needs: needs('Good'),
          installers: archiveXml('app.zip', files['app.zip'], `into="${into}"`),
        }),
        entryXml('Good', '1', { installers: archiveXml('good.zip', zip) }),
      );
      const { zookit, ran } = await install(t, feed, files);
      assertFails(ran, 5, 'INSTALLER_FAILED', new RegExp(`'${into}'|/${into}'`));
      assert.deepEqual(programsOf(zookit), ['products', 'products/Good', 'products/Good/a.txt'], into);
    }
  });
});

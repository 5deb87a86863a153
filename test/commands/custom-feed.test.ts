// Products of a feed on loopback, beside the built-in one: archives, files, an `or`, versions; installed for real, found
// again, taken away again.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeTarGz, makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, needs, oneOf, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

interface Steps {
  readonly steps: readonly { product: string; version: string; status: string; neededBy: string[] }[];
}

const zip = makeZip([
  { name: 'bin/', type: 'folder' },
  { name: 'bin/tool.txt', content: 'tool 2.1' },
  { name: 'readme.txt', content: 'read me' },
]);

describe('products of a custom feed', { concurrency: 2 }, () => {
  test('a zip is unpacked into the folder of its product, is present the second time, and goes again', async (t) => {
    const server = await serveFeed(
      t,
      feedXml(entryXml('Tool', '2.1', { installers: archiveXml('a.zip', zip) })),
      {
        'a.zip': zip,
      },
    );
    const zookit = zookitWorld(t);
    const words = ['install', 'tool', '--feed', server.feed];
    assertDone(await zookit.run(words));
    assert.equal(readFileSync(join(zookit.root, 'products/Tool/bin/tool.txt'), 'utf8'), 'tool 2.1');
    assert.equal(server.count('/a.zip'), 1);

    const again = await zookit.run([...words, '--json']);
    assertDone(again);
    assert.deepEqual(
      (json(again) as unknown as Steps).steps.map(({ status }) => status),
      ['present'],
    );
    assert.match(again.stderr, /Everything is present/);
    assert.equal(server.count('/a.zip'), 1, 'nothing is fetched twice');

    assertDone(await zookit.run(['uninstall', 'Tool', '--feed', server.feed]));
    assert.deepEqual(
      programsOf(zookit).filter((name) => name.includes('Tool')),
      [],
    );
    const third = await zookit.run(['uninstall', 'Tool', '--feed', server.feed]);
    assertFails(third, 3, 'PRODUCT_UNKNOWN', /has not installed 'Tool'/);
  });

  test('a tar.gz drops its top folder and goes where its feed says, with the modes of its programs', async (t) => {
    const archive = makeTarGz([
      { name: 'tool-2.1/', type: 'folder' },
      { name: 'tool-2.1/bin/run', content: '#!/bin/sh\n', mode: 0o755 },
      { name: 'tool-2.1/run', type: 'link', target: 'bin/run' },
    ]);
    const installers = archiveXml('files/tool.tar.gz', archive, 'strip="1" into="tools/tool"');
    const feed = feedXml(entryXml('Tool', '2.1', { installers }));
    const server = await serveFeed(t, feed, { 'files/tool.tar.gz': archive });
    const zookit = zookitWorld(t);
    assertDone(await zookit.run(['install', 'Tool', '--feed', server.feed]));
    assert.deepEqual(programsOf(zookit), [
      'tools',
      'tools/tool',
      'tools/tool/bin',
      'tools/tool/bin/run',
      'tools/tool/run -> bin/run',
    ]);
    if (process.platform !== 'win32')
      assert.equal(statSync(join(zookit.root, 'tools/tool/bin/run')).mode & 0o777, 0o755);
  });

  test('files beside the feed are fetched with their hashes', async (t) => {
    const file = (name: string, hash: string): string =>
      feedXml(
        entryXml('Notes', '1', {
          installers: `<installer><zk:payload into="notes"><zk:file href="p/${name}" path="docs/${name}" sha256="${hash}"/></zk:payload></installer>`,
        }),
      );
    const server = await serveFeed(t, file('a b.txt', sha256('text')), { 'p/a%20b.txt': 'text' });
    const zookit = zookitWorld(t);
    assertDone(await zookit.run(['install', 'Notes', '--main-feed', server.feed]));
    assert.equal(readFileSync(join(zookit.root, 'notes/docs/a b.txt'), 'utf8'), 'text');
  });

  test('in an or what is installed comes first, then what is written first', async (t) => {
    const feed = feedXml(
      entryXml('Site', '1', { needs: oneOf('MySQL', 'Postgres') }),
      entryXml('MySQL', '8', { installers: archiveXml('a.zip', zip) }),
      entryXml('Postgres', '16', { installers: archiveXml('a.zip', zip) }),
    );
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const planned = async (): Promise<string[]> => {
      const ran = await zookit.run(['plan', 'Site', '--json', '--main-feed', server.feed]);
      return (json(ran) as unknown as Steps).steps.map(({ product, status }) => `${product} ${status}`);
    };
    assert.deepEqual(await planned(), ['MySQL install', 'Site install']);
    assertDone(await zookit.run(['install', 'postgres', '--main-feed', server.feed]));
    assert.deepEqual(await planned(), ['Postgres present', 'Site install']);
  });

  test('versions are chosen by ranges; a recommended one comes before a newer one', async (t) => {
    const versions = ['1.0', '1.2', '1.10', '2.0'].map((version) =>
      entryXml('Lib', version, version === '1.2' ? { more: '<zk:recommended/>' } : {}),
    );
    const server = await serveFeed(
      t,
      feedXml(...versions, entryXml('App', '1', { needs: needs('Lib@>=1.3') })),
    );
    const zookit = zookitWorld(t);
    const chosen = async (...wanted: string[]): Promise<string | undefined> => {
      const ran = await zookit.run(['plan', ...wanted, '--json', '--main-feed', server.feed]);
      assertDone(ran);
      return (json(ran) as unknown as Steps).steps.find(({ product }) => product === 'Lib')?.version;
    };
    assert.equal(await chosen('Lib'), '1.2');
    assert.equal(await chosen('Lib@1'), '1.2');
    assert.equal(await chosen('Lib@^1.10'), '1.10');
    assert.equal(await chosen('Lib@>=1.3,<2', 'App'), '1.10');
    assert.equal(await chosen('App'), '2.0');
    const none = await zookit.run(['plan', 'Lib@>=3', '--main-feed', server.feed]);
    assertFails(none, 3, 'CONFLICT', /Cannot install 'Lib@>=3'/);
    assert.match(none.stderr, /2\.0/, 'the newest there is is named');
    const wrong = await zookit.run(['plan', 'Lib@>=x<', '--main-feed', server.feed]);
    assertFails(wrong, 2, 'USAGE', /'>=x<'/);
  });

  test('uninstall refuses while others need it, then takes all back', async (t) => {
    const feed = feedXml(
      entryXml('App', '1', { needs: needs('Lib'), installers: archiveXml('a.zip', zip) }),
      entryXml('Lib', '1', { installers: archiveXml('a.zip', zip) }),
    );
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const on = ['--main-feed', server.feed];
    const before = programsOf(zookit);
    assertDone(await zookit.run(['install', 'App', ...on]));
    const refused = await zookit.run(['uninstall', 'lib', ...on]);
    assertFails(refused, 3, 'CONFLICT', /'Lib' cannot be taken away: 'App' needs it/i);
    assert.match(refused.stderr, /`zookit uninstall App Lib`/);
    assert.ok(existsSync(join(zookit.root, 'products/Lib/readme.txt')));
    // In whatever order they are named.
    assertDone(await zookit.run(['uninstall', 'Lib', 'App', ...on]));
    assert.deepEqual(programsOf(zookit), before);
  });

  test('what was installed for an or may go only when another branch is there', async (t) => {
    const feed = feedXml(
      entryXml('Site', '1', { needs: oneOf('MySQL', 'Postgres') }),
      entryXml('MySQL', '8', { installers: archiveXml('a.zip', zip) }),
      entryXml('Postgres', '16', { installers: archiveXml('a.zip', zip) }),
    );
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const on = ['--main-feed', server.feed];
    assertDone(await zookit.run(['install', 'Site', ...on]));
    assertFails(await zookit.run(['uninstall', 'MySQL', ...on]), 3, 'CONFLICT', /'Site' needs it/);
    assertDone(await zookit.run(['install', 'Postgres', ...on]));
    assertDone(await zookit.run(['uninstall', 'MySQL', ...on]));
    assertFails(await zookit.run(['uninstall', 'Postgres', ...on]), 3, 'CONFLICT', /'Site' needs it/);
    assertDone(await zookit.run(['uninstall', 'Postgres', '--force', ...on]));
  });
});

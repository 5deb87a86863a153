// Feeds that do not answer, are no feeds, or may not be asked: the kept copy, or words and a status.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { send, sendTagged, status } from '../helpers/server.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const zip = makeZip([{ name: 'a.txt', content: 'a' }]);
const feed = feedXml(entryXml('Tool', '1', { installers: archiveXml('a.zip', zip) }));

describe('feeds that cannot be read', { concurrency: 2 }, () => {
  test('a feed that is gone is read from its kept copy, with a notice; files come from the cache', async (t) => {
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const on = ['--feed', server.feed];
    assertDone(await zookit.run(['install', 'Tool', ...on]));
    assertDone(await zookit.run(['uninstall', 'Tool', ...on]));
    await server.close();
    const again = await zookit.run(['install', 'Tool', '--json', ...on]);
    assertDone(again);
    assert.match(again.stderr, /^notice: Cannot reach feed '.*feed\.xml' now: a copy of .* is used$/m);
    assert.equal(json(again)['ok'], true);
  });

  test('a server in trouble is not the end of a feed, a server that says no is', async (t) => {
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const words = ['plan', 'Tool', '--main-feed', server.feed];
    assertDone(await zookit.run(words));
    server.route('/feed.xml', status(503));
    const trouble = await zookit.run(words);
    assertDone(trouble);
    assert.match(trouble.stderr, /^notice: /m);
    server.route('/feed.xml', status(404));
    assertFails(await zookit.run(words), 4, 'FEED_UNREACHABLE', /status 404/);
  });

  test('a part of a feed that is gone is told by whatever reads it, `feed check` too', async (t) => {
    const gone = '<link rel="enclosure" href="gone.xml"/>';
    const server = await serveFeed(t, feed.replace('<entry', `${gone}<entry`), { 'a.zip': zip });
    const zookit = zookitWorld(t);
    for (const words of [
      ['list', '--main-feed', server.feed],
      ['feed', 'check', server.feed],
    ]) {
      const ran = await zookit.run(words);
      assertDone(ran);
      assert.match(ran.stderr, /^notice: Feed '.*gone\.xml', a part of '.*feed\.xml', is missing: /m);
    }
  });

  test('a feed that has not changed is not sent again', async (t) => {
    const server = await serveFeed(t, feed);
    server.route('/feed.xml', sendTagged(feed, '"1"'));
    const zookit = zookitWorld(t);
    for (let round = 0; round < 2; round++) {
      const ran = await zookit.run(['list', '--json', '--main-feed', server.feed]);
      assertDone(ran);
      assert.equal((json(ran) as unknown as unknown[]).length, 1);
      assert.equal(ran.stderr, '');
    }
    assert.equal(server.count('/feed.xml'), 2);
  });

  test('offline asks nobody: what is kept is used, what is not is missed', async (t) => {
    const server = await serveFeed(t, feed, { 'a.zip': zip });
    const zookit = zookitWorld(t);
    const words = ['install', 'Tool', '--main-feed', server.feed];
    const never = await zookit.run([...words, '--offline']);
    assertFails(never, 4, 'OFFLINE_MISS', /No copy of feed/);
    assert.deepEqual(server.requests, []);

    assertDone(await zookit.run(['plan', 'Tool', '--main-feed', server.feed]));
    const asked = server.requests.length;
    const missed = await zookit.run([...words, '--offline', '--json']);
    assertFails(missed, 4, 'OFFLINE_MISS', /A file is not in the cache/);
    assert.match(missed.stderr, /a\.zip for Tool/);
    assert.equal((json(missed)['error'] as { code: string }).code, 'OFFLINE_MISS');

    assertDone(await zookit.run(words));
    assertDone(await zookit.run(['uninstall', 'Tool', '--main-feed', server.feed, '--offline']));
    const before = server.requests.length;
    assert.ok(before > asked);
    assertDone(await zookit.run([...words, '--offline']));
    assert.equal(server.requests.length, before);
  });

  test('a feed that never answered', async (t) => {
    const server = await serveFeed(t, feed);
    await server.close();
    const zookit = zookitWorld(t);
    const ran = await zookit.run(['list', '--json', '--feed', server.feed]);
    assertFails(ran, 4, 'FEED_UNREACHABLE', /Cannot fetch feed/);
    assert.match(ran.stderr, /^hint: /m);
    assert.equal(json(ran)['ok'], false);
    const path = await zookit.run(['list', '--feed', './none.xml']);
    assertFails(path, 4, 'FEED_UNREACHABLE', /none\.xml'/);
  });

  test('only a feed that was added can be taken away again', async (t) => {
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const address = server.feed.replace('http://', 'http://anna:geheim@');
    assertDone(await zookit.run(['feed', 'add', address]));
    server.route('/feed.xml', status(404));
    const saved = await zookit.run(['list']);
    assertFails(saved, 4, 'FEED_UNREACHABLE', /status 404/);
    assert.ok(
      saved.stderr.includes(
        `hint: Check the address: its server has nothing there, or go on without it: \`zookit feed remove ${server.feed}\``,
      ),
    );
    assertDone(await zookit.run(['feed', 'remove', server.feed]));
    for (const words of [
      ['feed', 'add', server.feed],
      ['list', '--feed', server.feed],
    ]) {
      const ran = await zookit.run(words);
      assertFails(ran, 4, 'FEED_UNREACHABLE', /hint: Check the address: its server has nothing there$/m);
    }
  });

  const broken: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['not well-formed', feed.replace('</summary>', '</sumary>'), /line \d+/],
    ['cut off', feed.slice(0, 300), /line \d+/],
    ['no XML at all', 'hello', /line 1\b/],
    ['an empty file', '', /feed\.xml/],
    ['a page', '<html><body>Sign in</body></html>', /not a feed|'html'/],
    [
      'with a document type',
      feed.replace('<feed', '<!DOCTYPE feed [<!ENTITY a "b">]>\n<feed'),
      /document type.*/,
    ],
  ];

  for (const [what, text, says] of broken)
    test(`a feed that is broken: ${what}`, async (t) => {
      const server = await serveFeed(t, text);
      const zookit = zookitWorld(t);
      const ran = await zookit.run(['list', '--json', '--main-feed', server.feed]);
      assertFails(ran, 3, 'FEED_INVALID', says);
      assert.ok(ran.stderr.includes(server.feed));
      assert.equal((json(ran)['error'] as { code: string }).code, 'FEED_INVALID');
    });
  test('a broken feed never replaces the copy of a whole one', async (t) => {
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const words = ['list', '--main-feed', server.feed];
    assertDone(await zookit.run(words));
    server.route('/feed.xml', send(feed.slice(0, 300)));
    assert.equal((await zookit.run(words)).status, 3);
    server.route('/feed.xml', status(503));
    assertDone(await zookit.run(words));
  });

  test('what is odd in a feed is a warning with its line, and no error', async (t) => {
    const odd = feed.replace('<title>Tool', '<zk:aliass>X</zk:aliass><title>Tool');
    const zookit = zookitWorld(t);
    writeFileSync(join(zookit.work, 'odd.xml'), odd);
    const ran = await zookit.run(['list', '--verbose', '--main-feed', 'odd.xml']);
    assertDone(ran);
    assert.match(ran.stderr, /odd\.xml:4: .*aliass/);
    assert.equal((await zookit.run(['list', '--main-feed', 'odd.xml'])).stderr, '');
  });
});

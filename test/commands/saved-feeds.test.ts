// `zookit feed add`, `list`, `remove`: the list of feeds of a root, through the command line.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const feed = feedXml(entryXml('Tool', '1'));

describe('saved feeds', { concurrency: 2 }, () => {
  test('a feed that is added is used from then on, until it is removed', async (t) => {
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const added = await zookit.run(['feed', 'add', server.feed, '--json']);
    assertDone(added);
    assert.deepEqual(json(added), { ok: true, url: server.feed, entries: 1 });
    assertDone(await zookit.run(['plan', 'Tool']));

    const listed = await zookit.run(['feed', 'list', '--json', '--feed', 'http://127.0.0.1/x.xml']);
    const rows = json(listed) as unknown as { url: string; origin: string }[];
    assert.deepEqual(
      rows.map(({ origin }) => origin),
      ['built in', 'added', '--feed'],
    );
    assert.equal(rows[1]?.url, server.feed);

    assertFails(await zookit.run(['feed', 'add', server.feed]), 2, 'USAGE', /is added already/);
    assertDone(await zookit.run(['feed', 'remove', server.feed]));
    assertFails(await zookit.run(['plan', 'Tool']), 3, 'PRODUCT_UNKNOWN', /'Tool'/);
    assertFails(await zookit.run(['feed', 'remove', server.feed]), 2, 'USAGE', /was not added/);
  });

  test('a path is kept whole: it holds from any folder, and goes by any spelling', async (t) => {
    const zookit = zookitWorld(t);
    writeFileSync(join(zookit.work, 'my feed.xml'), feed);
    const elsewhere = join(zookit.work, 'elsewhere');
    mkdirSync(elsewhere);
    assertDone(await zookit.run(['feed', 'add', './my feed.xml']));
    assertDone(await zookit.run(['plan', 'Tool'], { cwd: elsewhere }));
    assertFails(
      await zookit.run(['feed', 'add', '../my feed.xml'], { cwd: elsewhere }),
      2,
      'USAGE',
      /already/,
    );
    assertDone(await zookit.run(['feed', 'remove', '../my feed.xml'], { cwd: elsewhere }));
    assert.deepEqual(JSON.parse(readFileSync(join(zookit.root, 'feeds.json'), 'utf8')), []);
  });

  test('what is no feed is not added', async (t) => {
    const server = await serveFeed(t, '<html/>');
    const zookit = zookitWorld(t);
    assertFails(await zookit.run(['feed', 'add', server.feed]), 3, 'FEED_INVALID', /html|not a feed/);
    assertFails(
      await zookit.run(['feed', 'add', `${server.address}/none.xml`]),
      4,
      'FEED_UNREACHABLE',
      /404/,
    );
    assert.ok(!existsSync(join(zookit.root, 'feeds.json')));
  });

  test('a list of feeds that cannot be read is told, not forgotten', async (t) => {
    const zookit = zookitWorld(t);
    mkdirSync(zookit.root);
    for (const text of ['[{"url":', '{}', '[{"address": 1}]']) {
      writeFileSync(join(zookit.root, 'feeds.json'), text);
      const ran = await zookit.run(['list']);
      assertFails(ran, 3, 'FEED_INVALID', /feeds\.json' cannot be read/);
      assert.equal(readFileSync(join(zookit.root, 'feeds.json'), 'utf8'), text);
    }
  });

  test('passwords of an address are shown nowhere', async (t) => {
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const secret = server.feed.replace('http://', 'http://me:hunter2@');
    const texts: string[] = [];
    const tell = async (...words: string[]): Promise<void> => {
      const ran = await zookit.run(words);
      texts.push(ran.stdout, ran.stderr);
    };
    await tell('feed', 'add', secret, '--may-extend', 'Python');
    await tell('list', '--verbose');
    await tell('show', 'Tool', '--json');
    await tell('feed', 'list');
    await tell('feed', 'list', '--json');
    await tell('feed', 'add', secret);
    await server.close();
    await tell('list', '--verbose');
    assert.doesNotMatch(texts.join('\n'), /hunter2/);
  });
});

// Who owns a product id: the built-in feed, then saved feeds, then `--feed` in the order given. A stranger's Python 99 is
// never taken, unless the user said so.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { builtInFeed } from '../../src/paths.js';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

const stranger = feedXml(
  entryXml('Python', '99'),
  entryXml('django', '99', { more: '<zk:recommended/>' }),
  entryXml('PIL', '99'),
  entryXml('Mine', '1'),
);

async function versionsOf(zookit: Zookit, id: string, ...more: string[]): Promise<string[]> {
  const ran = await zookit.run(['show', id, '--json', ...more]);
  assertDone(ran);
  return (json(ran)['versions'] as { version: string }[]).map(({ version }) => version);
}

describe('owners of ids', { concurrency: 2 }, () => {
  test('versions that a later feed adds to the products of an earlier one are dropped, and told', async (t) => {
    const server = await serveFeed(t, stranger);
    const zookit = zookitWorld(t);
    const on = ['--feed', server.feed];
    assert.ok(!(await versionsOf(zookit, 'Python', ...on)).includes('99'));
    assert.ok(!(await versionsOf(zookit, 'Django', ...on)).includes('99'));
    assert.deepEqual(await versionsOf(zookit, 'Mine', ...on), ['1']);
    assert.ok(!(await versionsOf(zookit, 'Pillow', ...on)).includes('99'));
    const ran = await zookit.run(['list', '--verbose', ...on]);
    assertDone(ran);
    for (const id of ['Python', 'django'])
      assert.match(
        ran.stderr,
        new RegExp(`^${server.feed}:\\d+: '${id}' belongs to .*, it is dropped$`, 'm'),
      );
    const plan = await zookit.run(['plan', 'Django@99', ...on]);
    assert.equal(plan.status, 3);
  });

  test('of two feeds the first one given owns what both declare', async (t) => {
    const first = await serveFeed(t, feedXml(entryXml('Tool', '1')));
    const second = await serveFeed(t, feedXml(entryXml('tool', '2')));
    const zookit = zookitWorld(t);
    assert.deepEqual(await versionsOf(zookit, 'Tool', '--feed', first.feed, '--feed', second.feed), ['1']);
    assert.deepEqual(await versionsOf(zookit, 'Tool', '--feed', second.feed, '--feed', first.feed), ['2']);
    // A saved one comes before both.
    assertDone(await zookit.run(['feed', 'add', second.feed]));
    assert.deepEqual(await versionsOf(zookit, 'Tool', '--feed', first.feed), ['2']);
  });

  test('a feed may extend what the user said it may, and nothing else', async (t) => {
    const server = await serveFeed(t, stranger);
    const zookit = zookitWorld(t);
    assertDone(await zookit.run(['feed', 'add', server.feed, '--may-extend', 'PYTHON']));
    assert.ok((await versionsOf(zookit, 'Python')).includes('99'));
    assert.ok(!(await versionsOf(zookit, 'Django')).includes('99'));
  });

  test('that holds however the address is spelled, and from whatever folder', async (t) => {
    const server = await serveFeed(t, stranger);
    const zookit = zookitWorld(t);
    cpSync(builtInFeed, join(zookit.work, 'main.xml'));
    const address = server.feed.replace('http://127', 'HTTP://127').replace('/feed.xml', '/./feed.xml');
    assertDone(await zookit.run(['feed', 'add', address, '--may-extend', 'Python']));
    assert.ok((await versionsOf(zookit, 'Python')).includes('99'));
  });

  test('another main feed replaces the built-in one', async (t) => {
    const server = await serveFeed(t, stranger);
    const zookit = zookitWorld(t);
    assert.deepEqual(await versionsOf(zookit, 'Python', '--main-feed', server.feed), ['99']);
    const ran = await zookit.run(['list', '--json', '--main-feed', server.feed]);
    assert.deepEqual(
      (json(ran) as unknown as { id: string }[]).map(({ id }) => id),
      ['Python', 'django', 'PIL', 'Mine'],
    );
  });
});

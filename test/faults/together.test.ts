// Several zookits at once on one root: each ends well, every file is fetched once, nothing is torn; readers never wait, and
// writers say for whom they wait and can be stopped.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { takeLock } from '../../src/lib/lock.js';
import { writeFaultFeed } from '../helpers/fault-feed.js';
import type { FeedServer } from '../helpers/feed-xml.js';
import { serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { send } from '../helpers/server.js';
import { snapshot } from '../helpers/snapshot.js';
import type { Ended, Started, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, checkLeftovers, checkTalk, zookitWorld } from '../helpers/zookit.js';

interface World {
  readonly zookit: Zookit;
  readonly server: FeedServer;
  /** All runs at once; resolves when all have ended. Files come only when somebody waits for another one, if `slowly`. */
  readonly together: (commands: readonly (readonly string[])[], slowly?: boolean) => Promise<Ended[]>;
}

async function world(context: TestContext): Promise<World> {
  const { feed, files } = writeFaultFeed(temporaryFolder(context));
  const server = await serveFeed(context, readFileSync(feed, 'utf8'), files);
  const zookit = zookitWorld(context);
  return {
    zookit,
    server,
    async together(commands, slowly = false) {
      const all = commands.map((words) => [...words, '--main-feed', server.feed]);
      const started = all.map((words) => zookit.start(words));
      if (slowly) holdFiles(server, files, started);
      const ended = await Promise.all(started.map((each) => each.ended));
      ended.forEach((each, index) => checkTalk(all[index] ?? [], each));
      checkLeftovers(zookit.folder);
      assertJournal(zookit);
      return ended;
    },
  };
}

/** Sends no file before one of the runs has said that it waits. */
function holdFiles(
  server: FeedServer,
  files: Readonly<Record<string, Buffer>>,
  started: readonly Started[],
): void {
  const waits = Promise.race(started.map((each) => saysOrEnds(each, /waiting/)));
  for (const [name, content] of Object.entries(files))
    server.route(`/${name}`, async (request, response) => {
      await waits;
      await send(content)(request, response);
    });
}

/** Resolves when a run has said that, or has ended. */
function saysOrEnds({ child, ended }: Started, words: RegExp): Promise<unknown> {
  let said = '';
  const told = new Promise<void>((resolve) => {
    child.stderr.on('data', (text: string) => {
      said += text;
      if (words.test(said)) resolve();
    });
  });
  return Promise.race([told, ended]);
}

/** Every line is whole: two writers at once would have mixed theirs. */
function assertJournal({ root }: Zookit): void {
  const lines = readFileSync(join(root, 'journal.jsonl'), 'utf8').split('\n');
  assert.equal(lines.pop(), '');
  for (const line of lines) assert.doesNotThrow(() => JSON.parse(line), line);
}

function assertFetchedOnce({ requests }: FeedServer): void {
  const files = requests.filter((request) => !request.endsWith('/feed.xml'));
  assert.deepEqual(files, [...new Set(files)]);
  assert.ok(files.length > 0);
}

async function installed({ zookit, server }: World): Promise<string[]> {
  const ran = await zookit.run(['list', '--installed', '--json', '--main-feed', server.feed]);
  assertDone(await zookit.run(['verify', '--main-feed', server.feed]));
  return (JSON.parse(ran.stdout) as { id: string }[]).map(({ id }) => id).sort();
}

function productFolders({ root }: Zookit): string[] {
  return Object.keys(snapshot(join(root, 'products'))).filter((name) => !name.includes('/'));
}

describe('together', { concurrency: 1 }, () => {
  for (const count of [2, 8])
    test(`${count} install the same`, async (context) => {
      const it = await world(context);
      const all = await it.together(Array<string[]>(count).fill(['install', 'App']), true);
      for (const ended of all) assertDone(ended);
      assertFetchedOnce(it.server);
      assert.equal(
        all.filter(({ stderr }) => /Everything is present already/.test(stderr)).length,
        count - 1,
      );
      assert.ok(
        all.some(({ stderr }) => /Another zookit \(process \d+, since .*\) is at work; waiting/.test(stderr)),
      );
      assert.deepEqual(await installed(it), ['App', 'Base', 'Files', 'Tool']);
    });

  test('eight install different products that share one', async (context) => {
    const it = await world(context);
    const names = ['Base', 'Tool', 'Files', 'App', 'Tool', 'PythonWorkers', 'Base', 'Files'];
    for (const ended of await it.together(names.map((name) => ['install', name]))) assertDone(ended);
    assertFetchedOnce(it.server);
    assert.deepEqual(await installed(it), ['App', 'Base', 'Files', 'PythonWorkers', 'Tool']);
  });

  test('uninstall against install', async (context) => {
    const it = await world(context);
    const words = ['install', 'uninstall'].flatMap((verb) => Array<string[]>(4).fill([verb, 'App']));
    for (const ended of await it.together(words)) {
      if (ended.status !== 0) assertFails(ended, 3, 'PRODUCT_UNKNOWN', /has not installed 'App'/);
    }
    const there = await installed(it);
    assert.deepEqual(productFolders(it.zookit), there);
    assert.deepEqual(
      there.filter((id) => id !== 'App'),
      ['Base', 'Files', 'Tool'],
    );
  });

  test('cache clean and cache verify against install', async (context) => {
    const it = await world(context);
    const words = [1, 2].flatMap(() => [
      ['install', 'App'],
      ['cache', 'clean'],
      ['cache', 'verify'],
      ['install', 'Tool'],
    ]);
    for (const ended of await it.together(words)) assertDone(ended);
    assert.deepEqual(await installed(it), ['App', 'Base', 'Files', 'Tool']);
  });

  test('who only reads never waits', async (context) => {
    const it = await world(context);
    const words = ['list', 'plan App', 'show App', 'why Base App', 'cache list', 'feed list'];
    const release = await takeLock(join(it.zookit.root, 'lock'), { waiting: () => undefined });
    for (const each of words) {
      const ended = await it.zookit.start([...each.split(' '), '--main-feed', it.server.feed]).ended;
      assertDone(ended);
      assert.doesNotMatch(ended.stderr, /waiting/, each);
    }
    await release();
  });

  test('who waits says for whom, and can be stopped', async (context) => {
    const it = await world(context);
    const release = await takeLock(join(it.zookit.root, 'lock'), { waiting: () => undefined });
    const started = it.zookit.start(['install', 'App', '--main-feed', it.server.feed]);
    await saysOrEnds(started, /waiting/);
    started.child.kill('SIGINT');
    const stopped = await started.ended;
    assertFails(stopped, 130, 'INTERRUPTED', /waiting/);
    assert.ok(stopped.stderr.includes(`process ${process.pid},`), stopped.stderr);
    await release();
    assert.deepEqual(await installed(it), []);
  });
});

// Sites, environments and roots that cannot be used: words, a hint, and nothing written. Wrong lines: wrong-uses.test.ts.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { anotherUser } from '../helpers/user.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const other = await anotherUser();

describe('wrong use', { concurrency: 2 }, () => {
  test('serve of what is no site, and of a port that is none', async (t) => {
    const zookit = zookitWorld(t);
    for (const command of ['serve', 'deploy']) {
      const ran = await zookit.run([command, '.']);
      assertFails(ran, 3, 'SITE_INVALID', /has no web\.config/);
      assert.match(ran.stderr, /zookit new DjangoProject/);
    }
    writeFileSync(join(zookit.work, 'web.config'), '<configuration/>');
    for (const port of ['70000', '8000x'])
      assertFails(await zookit.run(['serve', '.', `--port=${port}`]), 2, 'USAGE', /is not a port/);
  });

  test('the python of an environment that is not there', async (t) => {
    const zookit = zookitWorld(t);
    assertFails(await zookit.run(['python', '-c', '1']), 5, 'PYTHON_FAILED', /no Python environment/);
    const nowhere = await zookit.run(['python', '--env', 'shop', 'manage.py']);
    assertFails(nowhere, 5, 'PYTHON_FAILED', /shop/);
    assert.doesNotMatch(nowhere.stderr, /zookit deploy/, 'what is no project cannot be deployed');
    mkdirSync(join(zookit.work, 'shop'));
    writeFileSync(join(zookit.work, 'shop/web.config'), '<configuration/>');
    const bare = await zookit.run(['python', '--env', 'shop', 'manage.py']);
    assertFails(bare, 5, 'PYTHON_FAILED', /hint: .*zookit deploy shop/);
  });

  test(
    'a project and an environment where this user may not look',
    { skip: other ? false : 'cannot become another user' },
    async (t) => {
      const zookit = zookitWorld(t);
      const server = await serveFeed(t, feedXml(entryXml('Tool', '1')));
      chmodSync(zookit.folder, 0o755);
      const closed = join(zookit.work, 'closed');
      mkdirSync(closed, { mode: 0o700 });
      const as = other ?? [];
      const made = await zookit.run(['new', 'Tool', join(closed, 'shop'), '--main-feed', server.feed], {
        as,
      });
      assertFails(made, 3, 'NEEDS_ADMIN', /may not make a project/);
      const beside = await zookit.run(
        ['new', 'Tool', join(zookit.work, 'shop'), '--main-feed', server.feed],
        { as },
      );
      assertFails(beside, 3, 'NEEDS_ADMIN', /may not make a project/);
      const looked = await zookit.run(['python', '--env', join(closed, 'shop'), '-c', '1'], { as });
      assert.doesNotMatch(looked.stderr, /Zookit itself failed/);
    },
  );

  test('a root that is a file', async (t) => {
    const server = await serveFeed(t, feedXml(entryXml('Tool', '1')));
    const zookit = zookitWorld(t);
    writeFileSync(zookit.root, 'a file');
    const ran = await zookit.run(['install', 'Tool', '--main-feed', server.feed]);
    assertFails(ran, 2, 'USAGE', /root' is (a file|no folder|not a folder)/);
    assert.match(ran.stderr, /--root DIR/);
    assertDone(await zookit.run(['list', '--main-feed', server.feed]));
    const listed = await zookit.run(['cache', 'list', '--json']);
    assertDone(listed);
    assert.deepEqual(json(listed), []);
  });

  test(
    'a root that may not be written',
    { skip: other ? false : 'cannot become another user' },
    async (t) => {
      const server = await serveFeed(t, feedXml(entryXml('Tool', '1')));
      const zookit = zookitWorld(t);
      mkdirSync(zookit.root);
      for (const folder of [zookit.folder, zookit.root, zookit.work]) chmodSync(folder, 0o755);
      const as = other ?? [];
      const ran = await zookit.run(['install', 'Tool', '--main-feed', server.feed], { as });
      assertFails(ran, 3, 'NEEDS_ADMIN', /Cannot write '.*root/);
      assert.match(ran.stderr, /--root DIR/);
      assert.deepEqual(tree(zookit.root), []);
      // To look needs no right to write.
      const listed = await zookit.run(['list', '--json', '--main-feed', server.feed], { as });
      assertDone(listed);
      assert.equal((json(listed) as unknown as { id: string }[])[0]?.id, 'Tool');
    },
  );
});

// The wizard's database test against a real PostgreSQL and a real MariaDB: the right login, a wrong password, a database and
// a user that are not there; and on the screens, mended.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { lookForDatabase } from '../../src/commands/wizard/database.js';
import type { DatabaseServer } from '../helpers/database-servers.js';
import { startMariadb, startPostgresql } from '../helpers/database-servers.js';
import { entryXml, feedXml } from '../helpers/feed-xml.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

const servers: readonly [string, (context: TestContext) => Promise<DatabaseServer | undefined>][] = [
  ['postgresql', startPostgresql],
  ['mysql', startMariadb],
];

const questions = ['Server', 'Port', 'Name', 'Username', 'Password']
  .map((name) => {
    const type = name === 'Password' ? 'password' : 'text';
    return `<zk:parameter name="Db${name}" type="${type}" tags="Db${name}" default=""/>`;
  })
  .join('');

describe('a real database server', () => {
  for (const [kind, start] of servers)
    test(`${kind} lets in whom it knows, and what it refuses is told`, async (context) => {
      const server = await start(context);
      if (!server) {
        context.skip(`not here: ${kind}`);
        return;
      }
      const right = { kind, server: '127.0.0.1', ...server };
      const looked = (more: Partial<typeof right>): ReturnType<typeof lookForDatabase> =>
        lookForDatabase({ ...right, ...more }, new AbortController().signal);
      const place = `127.0.0.1:${server.port}`;
      const sentence = `${place}: user 'shop' can sign in to database 'shop'`;
      assert.deepEqual(await looked({}), { usable: true, sentence });
      const wrong: readonly [Partial<typeof right>, RegExp][] = [
        [{ password: 'no' }, /answers, but it refuses user 'shop' with that password$/],
        [{ password: '' }, /answers, but it (refuses user 'shop' without a password|says: empty password)/],
        [{ user: 'nobody' }, /answers, but it refuses user 'nobody' with that password$/],
        [{ database: 'none' }, /answers, but it has no database 'none'/],
      ];
      for (const [more, words] of wrong) {
        const look = await looked(more);
        assert.equal(look.usable, false, look.sentence);
        assert.match(look.sentence, words);
        assert.ok(!look.sentence.includes(server.password));
      }
    });

  test('a file of answers with a wrong password ends before anything is made; with the right one it goes on', async (context) => {
    const server = await startPostgresql(context);
    if (!server) {
      context.skip('not here: postgresql');
      return;
    }
    const zookit = zookitWorld(context);
    const feed = join(zookit.work, 'feed.xml');
    mkdirSync(join(zookit.work, 'skeleton'));
    writeFileSync(join(zookit.work, 'skeleton', 'settings.txt'), '@@DbName@@\n');
    const kind =
      '<zk:parameter name="Database" type="choice" default="postgresql"><zk:choice value="postgresql"/></zk:parameter>';
    const installers = '<installer><zk:template href="skeleton"/></installer>';
    writeFileSync(feed, feedXml(entryXml('SmallProject', '1.0', { installers, more: kind + questions })));
    const answers = {
      start: 'new',
      template: 'SmallProject',
      folder: './shop',
      'param:DbServer': '127.0.0.1',
      'param:DbPort': String(server.port),
      'param:DbName': server.database,
      'param:DbUsername': server.user,
    };
    const wizard = (
      password: string,
      more: Readonly<Record<string, string>> = {},
    ): ReturnType<typeof zookit.run> => {
      writeFileSync(join(zookit.work, 'answers.json'), JSON.stringify({ ...answers, ...more }));
      const env = { ZOOKIT_PARAM_DBPASSWORD: password };
      return zookit.run(['wizard', '--answers', 'answers.json', '--main-feed', feed], { env });
    };
    const refused = await wizard('no');
    assertFails(refused, 2, 'USAGE', /'database'[^]*refuses user 'shop' with that password/);
    assertDone(await wizard('no', { database: 'on' }));
    const other = { folder: './other' };
    const right = await wizard(server.password, other);
    assertDone(right);
    assert.ok(!`${right.stdout}${right.stderr}`.includes(server.password));
  });
});

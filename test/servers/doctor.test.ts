// `zookit doctor DIR` on real Django projects: on a file and on PostgreSQL; what it finds wrong is mended by the very command
// that its hint tells to type.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckResult } from '../../src/commands/doctor/check.js';
import { check, checksOf } from '../helpers/checked.js';
import { startPostgresql } from '../helpers/database-servers.js';
import { snapshot } from '../helpers/snapshot.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const path = (process.env['PATH'] ?? '').split(':');

async function look(zookit: Zookit, ...words: string[]): Promise<CheckResult[]> {
  return checksOf(await zookit.run(['doctor', './shop', '--json', ...words])).filter(
    ({ group }) => group === 'site',
  );
}

/** Types the `zookit …` of a hint. */
async function typeHint(zookit: Zookit, { hint }: CheckResult): Promise<void> {
  const words = /`zookit ([^`]+)`/.exec(hint ?? '')?.[1]?.split(' ') ?? [];
  assert.ok(words.length > 0, hint);
  assertDone(await zookit.run(words));
}

test('a Django project on a file', async (context) => {
  const zookit = zookitWorld(context, { path });
  const project = join(zookit.work, 'shop');
  assertDone(await zookit.run(['new', 'DjangoProject', project, '--yes']));

  await context.test('is well, also when it is looked at deeply, and stays as it was', async () => {
    const before = snapshot(project);
    const checks = await look(zookit, '--deep');
    assert.deepEqual(
      checks.filter(({ status }) => status !== 'ok'),
      [],
    );
    assert.match(check(checks, 'database').found, /^the sqlite3 database '.*db\.sqlite3'$/);
    assert.match(check(checks, 'deployment-checks').found, /clean/);
    assert.deepEqual(snapshot(project), before);
  });

  for (const [what, id, ruin] of [
    ['a database that is gone', 'database', () => rmSync(join(project, 'data', 'db.sqlite3'))],
    ['static files that go to Python', 'static', () => rmSync(join(project, 'static', 'web.config'))],
    [
      'an environment without its Python',
      'environment',
      () => rmSync(join(project, '.venv', 'bin', 'python')),
    ],
    ['an environment that is gone', 'environment', () => rmSync(join(project, '.venv'), { recursive: true })],
  ] as const) {
    await context.test(`${what}: the hint mends it`, async () => {
      ruin();
      const checks = await look(zookit);
      const wrong = checks.filter(({ status }) => status === 'bad');
      assert.ok(wrong.length > 0, what);
      const found = check(checks, id);
      assert.equal(found.status, 'bad');
      await typeHint(zookit, found);
      assert.deepEqual(
        (await look(zookit)).filter(({ status }) => status === 'bad'),
        [],
      );
    });
  }

  await context.test('settings that Django refuses, and those that show themselves to visitors', async () => {
    const settings = join(project, 'shop', 'settings.py');
    const text = readFileSync(settings, 'utf8');
    appendFileSync(settings, "\nINSTALLED_APPS += ['no_such_app']\n");
    const found = check(await look(zookit), 'application');
    assert.match(found.found, /does not start: ModuleNotFoundError: .*no_such_app/);
    writeFileSync(settings, `${text}\nDEBUG = True\n`);
    const open = check(await look(zookit), 'debug');
    assert.equal(open.status, 'note');
    assert.match(open.hint ?? '', /SITE_DEBUG/);
    writeFileSync(settings, text);
    assert.ok(!(await look(zookit)).some(({ id }) => id === 'debug'));
  });
});

test('a Django project on PostgreSQL', async (context) => {
  const server = await startPostgresql(context);
  if (!server) {
    context.skip('the programs of a PostgreSQL server are not installed');
    return;
  }
  const env = { ZOOKIT_PARAM_DBPASSWORD: server.password };
  const zookit = zookitWorld(context, { path, env });
  const { port, database, user } = server;
  const about = { DbName: database, DbServer: '127.0.0.1', DbPort: `${port}`, DbUsername: user };
  const given = Object.entries(about).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  const words = ['new', 'DjangoProject', './shop', '--database', 'postgresql', ...given, '--yes'];
  assertDone(await zookit.run(words));
  const found = check(await look(zookit), 'database');
  assert.equal(found.status, 'ok', found.found);
  assert.match(found.found, new RegExp(`^the postgresql database '${database}' on '127\\.0\\.0\\.1'$`));

  const site = join(zookit.work, 'shop', 'data', 'site.json');
  const text = readFileSync(site, 'utf8');
  writeFileSync(site, text.replace(JSON.stringify(server.password), '"not it at all"'));
  const ran = await zookit.run(['doctor', './shop', '--json']);
  const refused = check(checksOf(ran), 'database');
  assert.equal(refused.status, 'bad');
  assert.match(refused.found, /authentication failed/);
  assert.doesNotMatch(ran.stdout + ran.stderr, /not it at all/);
  writeFileSync(site, text.replace(`"${port}"`, '"1"'));
  assert.match(check(await look(zookit), 'database').found, /refused/i);
});

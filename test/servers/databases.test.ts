// The Blank Django project against real database servers: scaffolded, migrated, served, logged into, tested; a wrong
// password first. Passwords are looked for everywhere they must not be.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { DatabaseServer } from '../helpers/database-servers.js';
import { startMariadb, startPostgresql } from '../helpers/database-servers.js';
import { tree } from '../helpers/folder.js';
import { watchCommandLines } from '../helpers/processes.js';
import { servedProject, visitorOf } from '../helpers/served.js';
import type { Ran, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

const adminPassword = `adm'in "pw" %d 42`;

const servers = {
  postgresql: { start: startPostgresql, driver: 'psycopg' },
  mysql: { start: startMariadb, driver: 'PyMySQL' },
} as const;

for (const [database, { start, driver }] of Object.entries(servers)) {
  test(`a Django project on ${database}`, async (context) => {
    const server = await start(context);
    if (!server) {
      context.skip(`the programs of a ${database} server are not installed`);
      return;
    }
    const zookit = zookitWorld(context, { path: (process.env['PATH'] ?? '').split(':') });
    const project = join(zookit.work, 'shop');
    await context.test('a wrong password fails in words and leaves nothing half-made', () =>
      wrongPassword(zookit, project, server, database),
    );
    await context.test('with the right one it is migrated, and no password is told', () =>
      rightPassword(zookit, project, server, { database, driver }),
    );
    await context.test('the administrator logs in', (inner) => adminLogsIn(inner, zookit, project));
    await context.test("the project's own tests pass on that server", async () => {
      const ran = await zookit.run(['python', '--env', project, 'manage.py', 'test']);
      assert.equal(ran.status, 0, ran.stderr);
      assert.match(ran.stderr, /^OK$/m);
    });
    await context.test('a server that is gone makes deploy fail in words', () => goneServer(zookit, project));
  });
}

function words(project: string, { port, database, user }: DatabaseServer, kind: string): string[] {
  const parameters = {
    DbName: database,
    DbServer: '127.0.0.1',
    DbPort: `${port}`,
    DbUsername: user,
    AdminUser: 'boss',
  };
  const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  return ['new', 'DjangoProject', project, '--database', kind, ...given, '--yes'];
}

async function wrongPassword(
  zookit: Zookit,
  project: string,
  server: DatabaseServer,
  kind: string,
): Promise<void> {
  const secrets = ['--param', 'DbPassword=not it at all', '--param', `AdminPassword=${adminPassword}`];
  const ran = await zookit.run([...words(project, server, kind), ...secrets]);
  assertFails(ran, 5, 'INSTALLER_FAILED', /denied|authentication failed/i);
  assertSecret(zookit, ran, ['not it at all', adminPassword]);
  assert.deepEqual(
    readdirSync(project),
    ['.venv'],
    'the packages are done and stay; of the project nothing does',
  );
}

async function rightPassword(
  zookit: Zookit,
  project: string,
  server: DatabaseServer,
  { database, driver }: { database: string; driver: string },
): Promise<void> {
  const env = { ZOOKIT_PARAM_DBPASSWORD: server.password, ZOOKIT_PARAM_ADMINPASSWORD: adminPassword };
  const watch = watchCommandLines();
  const ran = await zookit.run(words(project, server, database), { env });
  const commandLines = watch.end();
  assertDone(ran);
  assert.match(ran.stderr, new RegExp(`=  ${driver} `), 'what was installed before is found again');
  assertSecret(zookit, ran, [server.password, adminPassword]);
  const settings = join(project, 'data', 'site.json');
  assert.ok(readFileSync(settings, 'utf8').includes(JSON.stringify(server.password)));
  if (process.platform !== 'win32') assert.equal(statSync(settings).mode & 0o777, 0o600);
  for (const secret of [server.password, adminPassword])
    assert.deepEqual(
      commandLines.filter((line) => line.includes(secret)),
      [],
    );
  if (process.platform === 'linux') assert.ok(commandLines.some((line) => line.includes('collectstatic')));
}

async function adminLogsIn(context: TestContext, zookit: Zookit, project: string): Promise<void> {
  const served = await servedProject(context, zookit.root, project);
  const visitor = visitorOf(served);
  const start = await visitor.get('/');
  assert.equal(start.status, 200, start.body);
  const refused = await visitor.submit('/admin/login/?next=/admin/', { username: 'boss', password: 'wrong' });
  assert.match(refused.body, /Please enter the correct username and password/);
  const fields = { username: 'boss', password: adminPassword };
  const index = await visitor.submit('/admin/login/?next=/admin/', fields);
  assert.equal(index.status, 200);
  assert.match(index.body, /Site administration/);
  assert.match(
    (await visitor.get('/admin/auth/user/')).body,
    /<td class="field-email|field-username">.*boss/,
  );
  assert.equal(await served.end(), 0);
  assertSecret(zookit, { status: 0, stdout: '', stderr: served.talk() }, [adminPassword]);
}

async function goneServer(zookit: Zookit, project: string): Promise<void> {
  const settings = join(project, 'data', 'site.json');
  const before = readFileSync(settings, 'utf8');
  const site = JSON.parse(before) as { database: { port: string } };
  const changed = { ...site, database: { ...site.database, port: '1' } };
  writeFileSync(settings, JSON.stringify(changed));
  const ran = await zookit.run(['deploy', project]);
  assertFails(
    ran,
    5,
    'INSTALLER_FAILED',
    /Deploy failed: the \w+ database 'shop' on '127\.0\.0\.1:1' cannot be used/,
  );
  writeFileSync(settings, before);
  assertDone(await zookit.run(['deploy', project]));
}

/** Fails when a password is in what was said or in any file but the private settings. */
function assertSecret(zookit: Zookit, ran: Ran, passwords: readonly string[]): void {
  const told = ran.stdout + ran.stderr;
  const files = tree(zookit.folder)
    .map((name) => join(zookit.folder, name))
    .filter((path) => /\.(log|jsonl?|txt|config|py)$|\/lock$/.test(path) && !path.includes('/site-packages/'))
    .filter((path) => !path.endsWith(join('data', 'site.json')) && existsSync(path));
  for (const password of passwords) {
    const spellings = [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)];
    assert.ok(!spellings.some((each) => told.includes(each)), `a password is told: ${told}`);
    const found = files.filter((path) => spellings.some((each) => readFileSync(path, 'utf8').includes(each)));
    assert.deepEqual(found, [], 'a password is in a file');
  }
}

// Oracle and SQL Server: there is no server to be had for a test, but the project is scaffolded with the driver, its
// settings are the driver's, and a server that is not there is told in words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../helpers/front.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

/** What a driver says when nobody listens, or when the system's own library below it is missing. */
const databases = {
  oracle: { driver: 'oracledb', engine: 'django.db.backends.oracle', words: /cannot connect|refused/i },
  mssql: { driver: 'mssql-django', engine: 'mssql', words: /pyodbc|odbc|login timeout/i },
} as const;

for (const [database, { driver, engine, words }] of Object.entries(databases)) {
  test(`a Django project for ${database} is scaffolded with its driver`, async (context) => {
    const zookit = zookitWorld(context, { path: (process.env['PATH'] ?? '').split(delimiter) });
    const port = `${await freePort()}`;
    const parameters = {
      DbName: 'shop',
      DbServer: '127.0.0.1',
      DbPort: port,
      DbUsername: 'shop',
      DbPassword: 'pw-9-pw',
    };
    const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    const line = ['new', 'DjangoProject', 'shop', '--database', database, ...given, '--yes'];

    assertDone(await zookit.run([...line, '--no-deploy']));
    const project = join(zookit.work, 'shop');
    assert.match(readFileSync(join(project, 'requirements.txt'), 'utf8'), new RegExp(`^${driver}==\\d`, 'm'));
    const question = `import importlib.metadata as metadata; print(metadata.version(${JSON.stringify(driver)}))`;
    const version = await zookit.run(['python', '--env', project, '-c', question]);
    assert.match(version.stdout, /^\d+\.\d+/, version.stderr);
    const settings = 'from django.conf import settings; print(settings.DATABASES["default"]["ENGINE"])';
    const asked = await zookit.run(['python', '--env', project, '-c', `${environment}; ${settings}`]);
    assert.equal(asked.stdout.trim(), engine, asked.stderr);

    const deployed = await zookit.run(['deploy', project]);
    assertFails(deployed, 5, 'INSTALLER_FAILED', words);
    assert.doesNotMatch(deployed.stdout + deployed.stderr, /pw-9-pw/);
  });
}

const environment = 'import os; os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"';

// `zookit doctor DIR`: a site that is well, and each thing that can be wrong with it, with what mends it typed where that
// is quick.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { CheckResult } from '../../src/commands/doctor/check.js';
import { requirementsIn } from '../../src/commands/doctor/environment.js';
import { check, checksOf } from '../helpers/checked.js';
import { pythonsHere } from '../helpers/pythons.js';
import { httpPlatformConfig, staticFolderConfig } from '../helpers/site.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertFails, zookitWorld } from '../helpers/zookit.js';

const python = (await pythonsHere()).find(({ version }) => /^3\.1[0-9]\./.test(version));
const skip = python === undefined && 'no Python';
const minor = python?.version.split('.').slice(0, 2).join('.') ?? '';

const wide = `<security><requestFiltering allowDoubleEscaping="true"><requestLimits maxAllowedContentLength="104857600"
  maxUrl="4096" maxQueryString="8192" /><hiddenSegments><remove segment="bin" /></hiddenSegments></requestFiltering></security>`;

const config = httpPlatformConfig({ WSGI_APP: 'wsgi.application', DEPLOY_FILE: 'deploy.py' }, wide);

const files: Readonly<Record<string, string>> = {
  'web.config': config.replaceAll('3.13', minor),
  'wsgi.py': 'def application(environ, start_response):\n    return []\n',
  'deploy.py': '',
  'requirements.txt': 'Tool==1.5 # the tool\n',
  'static/web.config': staticFolderConfig,
  'static/start.css': '',
  'data/secret.key': 'geheim\n',
  'log/deploy.log': 'Deploying\nDeploy failed: no room\n',
};

interface SiteWorld {
  readonly zookit: Zookit;
  readonly site: string;
  readonly write: (path: string, text: string) => void;
  readonly look: (...words: string[]) => Promise<CheckResult[]>;
}

/** A site with an environment of its own, deployed a moment ago. */
function siteWorld(t: TestContext): SiteWorld {
  const zookit = zookitWorld(t, { programs: { python3: python?.path ?? '' } });
  const site = join(zookit.work, 'shop');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  chmodSync(join(site, 'data'), 0o700);
  execFileSync(python?.path ?? '', ['-m', 'venv', '--without-pip', join(site, '.venv')]);
  const packages = `.venv/lib/python${minor}/site-packages`;
  write(`${packages}/tool-1.5.dist-info/METADATA`, '');
  write('data/deploy.json', JSON.stringify({ ...deployed(), machine: hostname(), status: 0, time: 'noon' }));
  const look = async (...words: string[]): Promise<CheckResult[]> =>
    checksOf(await zookit.run(['doctor', './shop', '--json', ...words])).filter(
      ({ group }) => group === 'site',
    );
  return { zookit, site, write, look };
}

/** What the workers' own code notes (zoodone.py). */
function deployed(): { sha256: string } {
  const digest = createHash('sha256');
  for (const name of ['deploy.py', 'requirements.txt']) {
    const content = files[name] ?? '';
    digest.update(`${Buffer.byteLength(content)}\n${content}`);
  }
  return { sha256: digest.digest('hex') };
}

describe('doctor DIR', { concurrency: 2, skip }, () => {
  test('a site that is well', async (t) => {
    const { look } = siteWorld(t);
    const checks = await look('--deep');
    assert.deepEqual(
      checks.filter(({ status }) => status !== 'ok'),
      [],
    );
    assert.match(check(checks, 'environment').found, new RegExp(`^Python ${minor}`));
    assert.equal(check(checks, 'deploy').found, 'done at noon');
    assert.equal(check(checks, 'application').found, 'it can be imported');
  });

  test('an environment that was moved, one that is dead, and none', async (t) => {
    const { look, site, write } = siteWorld(t);
    renameSync(join(site, '.venv'), join(site, 'old'));
    const none = check(await look(), 'environment');
    assert.equal(none.status, 'bad');
    assert.match(none.hint ?? '', /`zookit deploy .*shop`/);
    write('requirements.txt', '# nothing\n');
    assert.equal(check(await look(), 'environment').status, 'ok', 'nothing is asked for');

    const other = join(site, '..', 'copy', '.venv');
    mkdirSync(dirname(other));
    renameSync(join(site, 'old'), other);
    renameSync(other, join(site, '.venv'));
    assert.equal(check(await look(), 'environment-place').status, 'ok', 'back in its place');
    const activate = join(site, '.venv', 'bin', 'activate');
    const elsewhere = `VIRTUAL_ENV='/srv/elsewhere/.venv'\n`;
    writeFileSync(activate, elsewhere);
    assert.match(check(await look(), 'environment-place').found, /^made in '\/srv\/elsewhere\/\.venv'/);
    rmSync(join(site, '.venv', 'bin', 'python'));
    assert.match(check(await look(), 'environment').found, /is gone, made by a Python in '/);
  });

  test('requirements that are not met', async (t) => {
    const { look, write } = siteWorld(t);
    write('requirements.txt', 'Tool>=2\nother_package ; python_version > "3"\nThird~=1.0\n-r more.txt\n');
    const { status, found } = check(await look(), 'requirements');
    assert.equal(status, 'bad');
    assert.equal(found, 'not met: Tool>=2 (1.5 is there), Third~=1.0 (not there)');
    assert.equal(check(await look(), 'deploy').status, 'note', 'the last deploy was for other requirements');
  });

  test('an application that cannot be imported, variables that name nothing', async (t) => {
    const { look, write } = siteWorld(t);
    write('wsgi.py', 'import nowhere_at_all\n');
    assert.match(check(await look(), 'application').found, /ModuleNotFoundError: .*nowhere_at_all/);
    write('web.config', (files['web.config'] ?? '').replace('wsgi.application', 'web.start.application'));
    assert.match(check(await look(), 'variables').found, /there is no web\/start\.py/);
    write('web.config', (files['web.config'] ?? '').replace('WSGI_APP', 'OTHER'));
    assert.match(check(await look(), 'variables').found, /neither/);
  });

  test('a deploy that failed, and one of another machine', async (t) => {
    const { look, write } = siteWorld(t);
    write(
      'data/deploy.json',
      JSON.stringify({ ...deployed(), machine: hostname(), status: 4, time: 'noon' }),
    );
    const failed = check(await look(), 'deploy');
    assert.equal(failed.status, 'bad');
    assert.equal(failed.found, 'failed with 4 at noon: Deploy failed: no room');
    write('data/deploy.json', JSON.stringify({ ...deployed(), machine: 'other', status: 0, time: 'noon' }));
    assert.match(check(await look(), 'deploy').found, /on 'other'/);
    write('data/deploy.json', '{');
    assert.equal(check(await look(), 'deploy').found, 'not deployed yet');
  });

  test('secrets that everybody reads, static files that nobody gets', async (t) => {
    const { look, site, zookit } = siteWorld(t);
    chmodSync(join(site, 'data'), 0o755);
    const secrets = check(await look(), 'secrets');
    assert.match(secrets.found, /secret\.key' \(mode 644\)/);
    const [, command = '', path = ''] = /`chmod (\S+) (\S+)`/.exec(secrets.hint ?? '') ?? [];
    execFileSync('chmod', [command, path]);
    assert.equal(check(await look(), 'secrets').status, 'ok', 'the hint mends it');
    rmSync(join(site, 'static', 'web.config'));
    assert.match(check(await look(), 'static').found, /^the web\.config of static does not/);
    assertFails(await zookit.run(['doctor', './shop']), 3, 'SITE_INVALID', /Static files: /);
  });

  test('limits that visitors meet, each with the status that they see', async (t) => {
    const { look, write } = siteWorld(t);
    write('web.config', (files['web.config'] ?? '').replace(wide, ''));
    const { status, found } = check(await look(), 'request-limits');
    assert.equal(status, 'note');
    for (const code of ['404.13', '404.15', '404.11', '404.8']) assert.ok(found.includes(code), code);
  });

  test("a web.config that names another Python than the environment's, or nothing at all", async (t) => {
    const { look, write, site } = siteWorld(t);
    write('web.config', (files['web.config'] ?? '').replaceAll(`python\\${minor}\\`, 'python\\3.99\\'));
    assert.match(check(await look(), 'hosting-python').found, /names 3\.99, the environment is of 3\./);
    write('web.config', '<configuration>');
    const broken = check(await look(), 'site');
    assert.match(broken.found, /web\.config/);
    assert.equal(broken.status, 'bad');
    rmSync(join(site, 'web.config'));
    assert.match(check(await look(), 'site').found, /There is no web\.config/);
  });
});

test('lines of requirements.txt that we can judge', () => {
  const text = [
    'Django==5.2.1',
    'psycopg[binary]>=3,<4 # driver',
    '-r other.txt',
    'name @ https://example.com/name.whl',
    'tomli; python_version < "3.11"',
    'hashed==1 --hash=sha256:00 \\',
    '    --hash=sha256:11',
    'bare',
    '',
  ].join('\n');
  assert.deepEqual(
    requirementsIn(text).map(({ name, limits }) => [name, ...limits.map((each) => each.join(''))]),
    [['Django', '==5.2.1'], ['psycopg', '>=3', '<4'], ['hashed', '==1'], ['bare']],
  );
});

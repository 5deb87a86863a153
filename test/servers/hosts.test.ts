// Each form of web.config, served for real: the application answers, files come from disk, private ones do not; and the
// worker of the httpplatform form is started directly, as IIS would start it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { basePythonOf } from '../../src/lib/environment.js';
import { atEnd } from '../helpers/at-end.js';
import { freePort } from '../helpers/front.js';
import type { Page } from '../helpers/served.js';
import { servedProject, visitorOf } from '../helpers/served.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const css = 'static/welcome/start.css';

test('the three forms of web.config', async (context) => {
  const zookit = zookitWorld(context, { path: (process.env['PATH'] ?? '').split(delimiter) });
  for (const form of ['httpplatform', 'fastcgi', 'zoo']) {
    await context.test(`${form}: the site answers, and files come from disk`, (inner) =>
      answersFrom(inner, zookit, form),
    );
  }
  await context.test('zoohttp.py answers on the port that HttpPlatformHandler names', (inner) =>
    startedByIis(inner, zookit, join(zookit.work, 'httpplatform')),
  );
});

async function answersFrom(context: TestContext, zookit: Zookit, form: string): Promise<void> {
  const project = join(zookit.work, form);
  assertDone(await zookit.run(['new', 'DjangoProject', project, '--host', form, '--yes']));
  const renamed = form === 'zoo';
  assert.equal(existsSync(join(project, renamed ? 'deploy_done.py' : 'deploy.py')), true);
  const served = await servedProject(context, zookit.root, project);
  const visitor = visitorOf(served);
  const start = await visitor.get('/');
  assert.equal(start.status, 200, start.body);
  const file = await visitor.get(`/${css}`);
  assert.equal(file.status, 200);
  assert.equal(file.body, readFileSync(join(project, css), 'utf8'));
  assert.equal(file.headers.get('last-modified'), new Date(modified(join(project, css))).toUTCString());
  for (const path of ['web.config', 'data/site.json', 'manage.py', 'static/web.config', '.venv/pyvenv.cfg'])
    assert.equal((await visitor.get(`/${path}`)).status, 404, path);
  assert.equal(await served.end(), 0);
  assertDone(await zookit.run(['deploy', project]));
}

/** Whole seconds, as HTTP has them. */
function modified(path: string): number {
  return Math.floor(statSync(path).mtimeMs / 1000) * 1000;
}

/** HttpPlatformHandler starts the process with the variables of web.config and a port, in the folder of the site. */
async function startedByIis(context: TestContext, zookit: Zookit, project: string): Promise<void> {
  const config = readFileSync(join(project, 'web.config'), 'utf8');
  const rows = [...config.matchAll(/<environmentVariable name="([^"]+)" value="([^"]*)"/g)];
  const variables = Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
  assert.ok(variables['DJANGO_SETTINGS_MODULE'], config);
  const python = await basePythonOf(join(project, '.venv'));
  assert.ok(python, 'the base interpreter is there');
  const port = await freePort();
  const child = spawn(python, [join(zookit.root, 'hosting', 'zoohttp.py')], {
    cwd: project,
    env: { PATH: process.env['PATH'] ?? '', ...variables, HTTP_PLATFORM_PORT: `${port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let talk = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (talk += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (talk += text));
  const gone = new Promise((resolve) => child.once('close', resolve));
  atEnd(context, async () => {
    child.kill();
    await gone;
  });
  const visitor = visitorOf({ url: `http://127.0.0.1:${port}/` });
  let answer: Page | undefined;
  // It listens first and then imports the application; who comes early is told to come again.
  for (let tries = 0; child.exitCode === null && tries < 2400; tries++) {
    answer = await visitor.get('/').catch(() => undefined);
    if (answer && answer.status !== 503) break;
    await pause(50);
  }
  assert.equal(answer?.status, 200, talk);
  assert.match(answer.body, /<html/);
}

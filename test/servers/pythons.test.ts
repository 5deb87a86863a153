// Every Python of this machine from 3.10 on, each as the only one on PATH, makes and runs each kind of project; a second
// deploy changes nothing.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { FoundPython } from '../../src/catalog/pythons.js';
import { satisfies } from '../../src/lib/version.js';
import { tree } from '../helpers/folder.js';
import { hasModule, pythonsHere } from '../helpers/pythons.js';
import { servedProject, visitorOf } from '../helpers/served.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

/** How a project's own tests are run. */
const templates: Readonly<Record<string, readonly string[]>> = {
  DjangoProject: ['manage.py', 'test'],
  WSGIProject: ['-m', 'unittest'],
  FlaskProject: ['-m', 'unittest'],
};

const pythons = (await pythonsHere()).filter(({ version }) => satisfies(version, '>=3.10 <3.15'));

test(
  'there are Pythons to try',
  { skip: pythons.length === 0 && 'no Python from 3.10 on is installed' },
  () => {
    assert.ok(pythons.length > 0);
  },
);

for (const python of pythons) {
  test(`Python ${python.version} (${python.path})`, async (context) => {
    const zookit = zookitWorld(context, { programs: { python3: python.path } });
    if (!(await hasModule(python, 'pip'))) {
      const ran = await zookit.run(['new', 'WSGIProject', 'site', '--yes']);
      assertFails(ran, 5, 'PYTHON_FAILED', /pip/);
      return;
    }
    for (const [template, tests] of Object.entries(templates))
      await context.test(template, (inner) => lifeOf(inner, { zookit, template, tests, python }));
  });
}

interface Life {
  readonly zookit: Zookit;
  readonly template: string;
  readonly tests: readonly string[];
  readonly python: FoundPython;
}

async function lifeOf(context: TestContext, { zookit, template, tests, python }: Life): Promise<void> {
  const project = join(zookit.work, template.toLowerCase());
  assertDone(await zookit.run(['new', template, project, '--yes']));
  const asked = await zookit.run([
    'python',
    '--env',
    project,
    '-c',
    'import platform; print(platform.python_version())',
  ]);
  assert.equal(asked.stdout.trim(), python.version);

  const tested = await zookit.run(['python', '--env', project, ...tests]);
  assert.equal(tested.status, 0, tested.stderr);
  assert.match(tested.stderr, /^Ran [1-9]\d* tests? in/m, 'it has tests');

  const served = await servedProject(context, zookit.root, project);
  const start = await visitorOf(served).get('/');
  assert.equal(start.status, 200, start.body);
  assert.match(start.body, new RegExp(python.version.replaceAll('.', '\\.')), 'the page names its Python');
  assert.equal(await served.end(), 0);

  assertDone(await zookit.run(['deploy', project]));
  const before = stateOf(project);
  assertDone(await zookit.run(['deploy', project]));
  assert.deepEqual(differences(before, stateOf(project)), []);
}

/** When and how the last deploy ended: of all files the one whose time is its purpose. */
const noteOfDeploy = 'data/deploy.json';

function withoutTime(path: string): string {
  return JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), time: undefined });
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Content and time of every file but the logs, which grow. */
function stateOf(project: string): Map<string, string> {
  const state = new Map<string, string>();
  for (const name of tree(project)) {
    if (name.startsWith('log/') || name.includes(' -> ')) continue;
    const path = join(project, name);
    const information = statSync(path);
    if (!information.isFile()) continue;
    if (name === noteOfDeploy) state.set(name, withoutTime(path));
    else state.set(name, `${hashOf(path)} ${information.mtimeMs}`);
  }
  return state;
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

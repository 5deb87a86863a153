// Packages into real environments by the real pip, and by uv where there is one. The packages are made here and lie in a
// folder that pip is configured to take them from; one test asks the index that this machine's pip is configured for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { FoundPython } from '../../src/catalog/pythons.js';
import { environmentPython } from '../../src/lib/environment.js';
import { programOnPath } from '../../src/lib/programs.js';
import { compareVersions, satisfies } from '../../src/lib/version.js';
import { anyPython, feedXml } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { hasModule, pythonsHere } from '../helpers/pythons.js';
import type { Wheel } from '../helpers/wheels.js';
import { makeWheel, packageXml } from '../helpers/wheels.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const pythons: FoundPython[] = [];
for (const each of await pythonsHere())
  if (satisfies(each.version, '>=3.9') && (await hasModule(each, 'pip')) && (await hasModule(each, 'venv')))
    pythons.push(each);
const bare: FoundPython[] = [];
for (const each of pythons) if (!(await hasModule(each, 'ensurepip'))) bare.push(each);
const uv = await programOnPath('uv', process.env['PATH'] ?? '');
const withPython = { skip: pythons.length > 0 ? false : 'no Python with pip and venv here' };

const old = makeWheel('Gadget', '1.0');
const gadget = makeWheel('Gadget', '2.0');
const part = makeWheel('Part', '1.5');
const feed = feedXml(anyPython, packageXml('Gadget', '2.0', gadget, part), packageXml('Part', '1.5', part));

/** A world with one Python, a feed in its folder and wheels where its pip looks. */
function world(
  t: TestContext,
  wheels: readonly Wheel[],
  python = pythons[0],
  more: Record<string, string> = {},
): Zookit {
  const zookit = zookitWorld(t, {
    programs: { python3: python?.path ?? '', ...more },
    env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: 'wheels', PIP_CONFIG_FILE: '' },
  });
  writeFileSync(join(zookit.work, 'feed.xml'), feed);
  mkdirSync(join(zookit.work, 'wheels'));
  for (const { file, bytes } of wheels) writeFileSync(join(zookit.work, 'wheels', file), bytes);
  return zookit;
}

const on = ['--main-feed', 'feed.xml'];
const ask = 'import gadget, part; print(gadget.version, part.version)';

function siteFiles(environment: string): string[] {
  return tree(environment).filter((name) => /gadget|part/i.test(name));
}

/** Install, use, take away. */
async function useOnce(zookit: Zookit, installer: string): Promise<void> {
  const environment = join(zookit.root, 'environments', 'default');
  assertDone(await zookit.run(['install', 'Gadget', ...on]));
  const used = await zookit.run(['python', '-c', ask]);
  assertDone(used);
  assert.equal(used.stdout.trim(), '2.0 1.5');
  const files = siteFiles(environment);
  assert.ok(
    files.some((name) => /__pycache__\/gadget\..*\.pyc$/.test(name)),
    'compiled when it is installed',
  );
  const record = files.find(
    (name) =>
      name.endsWith('Gadget-2.0.dist-info/INSTALLER') || name.endsWith('gadget-2.0.dist-info/INSTALLER'),
  );
  assert.equal(readFileSync(join(environment, record ?? ''), 'utf8').trim(), installer);
  assert.ok(!tree(environment).some((name) => /site-packages\/pip(\/|$)/.test(name)), 'no pip of its own');

  const listed = await zookit.run(['list', '--installed', '--json', ...on]);
  const rows = json(listed) as unknown as { id: string; installed: { version: string; place: string }[] }[];
  assert.deepEqual(rows.find(({ id }) => id === 'Gadget')?.installed, [
    { version: '2.0', place: environment },
  ]);

  assertDone(await zookit.run(['uninstall', 'Gadget', ...on]));
  assert.deepEqual(siteFiles(environment), []);
}

describe('Python environments', { concurrency: 2 }, () => {
  test('by pip', withPython, async (t) => useOnce(world(t, [gadget, part]), 'pip'));

  test('by uv', { skip: uv && pythons.length > 0 ? false : 'no uv on PATH' }, async (t) => {
    // Fetched by pip, installed by uv: the feed must know uv to find it.
    const zookit = world(t, [gadget, part], pythons[0], { uv: uv ?? '' });
    const hint = '<zk:command program="uv" arguments="--version" match="uv (\\S+)"/>';
    const known = `<entry><productId>uv</productId><title>uv</title><version>1</version><discoveryHint>${hint}</discoveryHint></entry>`;
    writeFileSync(join(zookit.work, 'feed.xml'), feed.replace('</feed>', `${known}</feed>`));
    await useOnce(zookit, 'uv');
  });

  test(
    'on a Python without ensurepip',
    { skip: bare.length > 0 ? false : 'every Python here has ensurepip' },
    async (t) => useOnce(world(t, [gadget, part], bare[0]), 'pip'),
  );

  test('--env is an environment, a project that gets one, or a new folder', withPython, async (t) => {
    const zookit = world(t, [gadget, part]);
    const project = join(zookit.work, 'project');
    mkdirSync(project);
    writeFileSync(join(project, 'app.py'), ask);
    assertDone(await zookit.run(['install', 'Part', ...on, '--env', 'project']));
    assertDone(await zookit.run(['install', 'Gadget', ...on, '--env', 'project/.venv']));
    const used = await zookit.run(['python', '--env', 'project', 'app.py']);
    assert.equal(used.stdout.trim(), '2.0 1.5', used.stderr);
    assert.ok(!existsSync(join(zookit.root, 'environments')), 'nothing goes into the default one');

    assertDone(await zookit.run(['install', 'Part', ...on, '--env', 'fresh']));
    assert.ok(existsSync(join(zookit.work, 'fresh', 'pyvenv.cfg')));

    // The status and the words of the program are its own.
    const own = await zookit.run(['python', '--env', 'project', '-c', 'import sys; sys.exit("--json")']);
    assert.equal(own.status, 1);
    assert.equal(own.stderr.trim(), '--json');

    // What another product of the environment needs stays.
    const refused = await zookit.run(['uninstall', 'Gadget', ...on]);
    assertFails(refused, 3, 'PRODUCT_UNKNOWN', /has not installed 'Gadget' here/);
    assert.match(refused.stderr, /--env DIR/);
    assertDone(await zookit.run(['uninstall', 'Gadget', ...on, '--env', 'project']));
    const left = await zookit.run(['python', '--env', 'project', '-c', 'import part; print(part.version)']);
    assert.equal(left.stdout.trim(), '1.5', left.stderr);
  });

  test(
    "what is somebody's own is never moved away for an environment: a file, a folder of other things",
    withPython,
    async (t) => {
      const zookit = world(t, [gadget, part]);
      const at = (...names: string[]): string => join(zookit.work, ...names);
      const install = (env: string): ReturnType<Zookit['run']> =>
        zookit.run(['install', 'Gadget', '--feed', 'feed.xml', '--env', env, '--yes']);
      writeFileSync(at('letter'), 'mine');
      assertFails(await install('letter'), 2, 'USAGE', /no Python environment at '[^']*letter'/);
      assertFails(await install('letter/below'), 2, 'USAGE', /letter\/below'/);
      mkdirSync(at('project', '.venv', 'photos'), { recursive: true });
      writeFileSync(at('project', '.venv', 'photos', 'one.jpg'), 'mine');
      assertFails(await install('project'), 5, 'PYTHON_FAILED', /is no Python environment/);
      mkdirSync(at('other'));
      writeFileSync(at('other', '.venv'), 'mine');
      assertFails(await install('other'), 5, 'PYTHON_FAILED', /is no Python environment/);
      for (const file of [['letter'], ['project', '.venv', 'photos', 'one.jpg'], ['other', '.venv']])
        assert.equal(readFileSync(at(...file), 'utf8'), 'mine');
      rmSync(at('project', '.venv', 'photos'), { recursive: true });
      assertDone(await install('project'));
    },
  );

  test('an environment whose interpreter is gone is made anew', withPython, async (t) => {
    const zookit = world(t, [gadget, part]);
    const environment = join(zookit.root, 'environments', 'default');
    assertDone(await zookit.run(['install', 'Part', ...on]));
    rmSync(environmentPython(environment));
    symlinkSync(join(zookit.folder, 'gone', 'python3'), environmentPython(environment));
    const dead = await zookit.run(['python', '-c', ask]);
    assertFails(dead, 5, 'PYTHON_FAILED', /no Python environment/);
    assertDone(await zookit.run(['install', 'Gadget', ...on]));
    const used = await zookit.run(['python', '-c', ask]);
    assert.equal(used.stdout.trim(), '2.0 1.5', used.stderr);
  });

  test(
    'another version that is there by hand stays while it serves, and is replaced when it does not',
    withPython,
    async (t) => {
      const zookit = world(t, [old, part]);
      const environment = join(zookit.work, 'env');
      const { path = '' } = pythons[0] ?? {};
      const byHand = (...words: string[]): string => {
        const ran = spawnSync(path, words, { cwd: zookit.work, encoding: 'utf8' });
        assert.equal(ran.status, 0, ran.stderr);
        return ran.stdout.trim();
      };
      byHand('-m', 'venv', '--without-pip', environment);
      const python = environmentPython(environment);
      byHand(
        '-m',
        'pip',
        '--python',
        python,
        'install',
        '-q',
        '--no-index',
        '--find-links',
        'wheels',
        'Gadget==1.0',
      );
      const there = (): string =>
        spawnSync(python, ['-c', 'import gadget; print(gadget.version)'], { encoding: 'utf8' }).stdout.trim();

      const inEnv = [...on, '--env', 'env'];
      const missing = await zookit.run(['install', 'Gadget@2', ...inEnv]);
      assertFails(missing, 4, 'DOWNLOAD_FAILED', /pip could not fetch Gadget 2\.0/);
      assert.equal(there(), '1.0');

      // Who names no version is served by what is there.
      const served = await zookit.run(['install', 'Gadget', ...inEnv]);
      assertDone(served);
      assert.match(served.stderr, /Gadget +1\.0 +present/);

      writeFileSync(join(zookit.work, 'wheels', gadget.file), gadget.bytes);
      assertDone(await zookit.run(['install', 'Gadget@2', ...inEnv]));
      assert.equal(there(), '2.0');
    },
  );

  test(
    'wheels that lie beside their feed need no index; another file in their place is refused',
    withPython,
    async (t) => {
      const beside = feed
        .replaceAll('<zk:file name="', '<zk:file href="wheels/')
        .replaceAll(/href="wheels\/([^"]+)"/g, 'name="$1" href="wheels/$1"');
      const zookit = world(t, [gadget, part]);
      writeFileSync(join(zookit.work, 'feed.xml'), beside);
      const without = { env: { PIP_FIND_LINKS: 'nowhere' } };
      assertDone(await zookit.run(['install', 'Gadget', ...on], without));
      assert.equal((await zookit.run(['python', '-c', ask])).stdout.trim(), '2.0 1.5');

      const other = world(t, [{ file: gadget.file, bytes: makeWheel('Gadget', '2.0.1').bytes }, part]);
      writeFileSync(join(other.work, 'feed.xml'), beside);
      assertFails(await other.run(['install', 'Gadget', ...on], without), 4, 'HASH_MISMATCH', /Gadget/);
    },
  );

  test('a wheel that is another one than the feed says', withPython, async (t) => {
    const { file } = gadget;
    const zookit = world(t, [{ file, bytes: makeWheel('Gadget', '2.0.1').bytes }, part]);
    const ran = await zookit.run(['install', 'Gadget', ...on]);
    assertFails(ran, 4, 'HASH_MISMATCH', /Gadget/);
    assert.ok(!existsSync(join(zookit.root, 'environments')));
  });

  test("what a user has set for pip's own installations stops none of ours", withPython, async (t) => {
    const zookit = world(t, [gadget, part]);
    writeFileSync(join(zookit.work, 'limits.txt'), 'Gadget<1\n');
    const env = { PIP_REQUIRE_VIRTUALENV: '1', PIP_USER: '1', PIP_CONSTRAINT: 'limits.txt' };
    assertDone(await zookit.run(['install', 'Gadget', ...on], { env }));
    assert.equal((await zookit.run(['python', '-c', ask])).stdout.trim(), '2.0 1.5');
    assertDone(await zookit.run(['uninstall', 'Gadget', ...on], { env }));
  });

  test('no Python at all: what to type', async (t) => {
    const zookit = zookitWorld(t);
    writeFileSync(join(zookit.work, 'feed.xml'), feed);
    const ran = await zookit.run(['install', 'Gadget', ...on]);
    assert.equal(ran.status, 3, ran.stderr);
    assert.match(ran.stderr, /Python/);
    assert.match(ran.stderr, /^hint: /m);
  });

  test(
    'a small package of the built-in feed, from the index that pip is configured for',
    withPython,
    async (t) => {
      const python = pythons.find(({ version }) => satisfies(version, '>=3.10'));
      const zookit = zookitWorld(t, { programs: { python3: python?.path ?? '' } });
      assertDone(await zookit.run(['install', 'Bottle', '--yes']));
      const used = await zookit.run(['python', '-c', 'import bottle; print(bottle.__version__)']);
      assert.match(used.stdout, /^\d+\.\d+/, used.stderr);
      const again = await zookit.run(['install', 'bottle', '--offline', '--json']);
      assertDone(again);
      assert.ok((json(again)['steps'] as { status: string }[]).every(({ status }) => status === 'present'));
    },
  );
});

test('the Pythons of the machine are listed with the newest first', async (t) => {
  const named = (await pythonsHere()).map(({ path }, index) => [`python3.${index}`, path] as const);
  const zookit = zookitWorld(t, { programs: Object.fromEntries(named) });
  const feed = join(zookit.work, 'feed.xml');
  writeFileSync(feed, feedXml(anyPython));
  const ran = await zookit.run(['list', 'Python', '--json', '--main-feed', feed]);
  assertDone(ran);
  const [row] = JSON.parse(ran.stdout) as { installed: { version: string }[] }[];
  const found = (row?.installed ?? []).map(({ version }) => version);
  assert.equal(found.length > 0, named.length > 0);
  assert.deepEqual(found, [...found].sort(compareVersions).reverse());
});

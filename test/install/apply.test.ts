import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import type { ApplyTools } from '../../src/install/apply.js';
import { apply } from '../../src/install/apply.js';
import { replay } from '../../src/install/installed.js';
import type { Journal, JournalLine } from '../../src/install/journal.js';
import { openJournal } from '../../src/install/journal.js';
import { openManifests } from '../../src/install/manifest.js';
import { recover } from '../../src/install/recover.js';
import { uninstall } from '../../src/install/uninstall.js';
import type { InstallerKind, Job, UndoTools } from '../../src/kind.js';
import { run } from '../../src/lib/run.js';
import type { KindName, Plan, Step } from '../../src/types.js';
import { payload } from '../../installers/payload.js';
import { stopAfterLines } from '../helpers/stopping.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const undo: UndoTools = { run, pipPythons: [], wheelFolders: [] };

/** A step of kind payload that puts one file into `products/<id>`. */
function step(product: string, file: string): Step {
  return {
    product,
    version: '1.0',
    title: product,
    status: 'install',
    installer: {
      id: '1',
      action: { kind: 'payload', files: [{ url: file, path: 'file.txt' }], into: '' },
      languages: [],
      architectures: [],
      platforms: [],
      logFiles: [],
    },
    place: 'machine',
    neededBy: [],
    asked: true,
    bytes: 0,
    after: [],
  };
}

interface World {
  readonly root: string;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly tools: ApplyTools;
}

/** Two products; `kinds` may replace the code that installs them. */
function world(context: TestContext, kind: InstallerKind = payload): World {
  const folder = temporaryFolder(context);
  const root = join(folder, 'root');
  mkdirSync(root);
  const source = join(folder, 'source.txt');
  writeFileSync(source, 'new');
  const journal = openJournal(join(folder, 'journal.jsonl'));
  const kinds: ReadonlyMap<KindName, InstallerKind> = new Map([['payload', kind]]);
  const job = {
    programs: root,
    platform: { os: 'linux', arch: 'x64', osVersion: '' },
    files: new Map([[source, source]]),
    progress: () => undefined,
  } as unknown as Job;
  return {
    root,
    journal,
    plan: { steps: [step('A', source), step('B', source)], notices: [] },
    tools: {
      kinds,
      journal,

      manifests: openManifests(join(temporaryFolder(context), 'manifests')),
      undo,
      jobFor: () => job,
      detect: async ({ version, place }, applied) => ({
        version,
        place,
        ...(applied.path ? { path: applied.path } : {}),
      }),
      announce: () => undefined,
    },
  };
}

test('steps are applied in order and the journal tells what is installed', async (context) => {
  const { root, plan, tools, journal } = world(context);
  const outcome = await apply(plan, tools);
  assert.deepEqual(
    outcome.steps.map(({ status }) => status),
    ['installed', 'installed'],
  );
  assert.deepEqual(tree(root), [
    'products',
    'products/A',
    'products/A/file.txt',
    'products/B',
    'products/B/file.txt',
  ]);
  assert.deepEqual(
    replay(await journal.read()).installed.map(({ product }) => product),
    ['A', 'B'],
  );
});

test('what held only while a step was carried out is not taken back with its product', async (context) => {
  const kind: InstallerKind = {
    name: 'payload',
    undoable: true,
    apply: async (job) => {
      await job.change({ kind: 'ran', command: ['stop'], undo: ['start'], passing: true });
      await job.change({ kind: 'ran', command: ['add'], undo: ['remove'] });
      return {};
    },
  };
  const { plan, tools, journal } = world(context, kind);
  await apply(plan, tools);
  const ran: string[] = [];
  const recorded: UndoTools['run'] = (program) => {
    ran.push(program);
    return Promise.resolve({ status: 0, stdout: '', stderr: '' });
  };
  const [first] = replay(await journal.read()).installed;
  assert.ok(first);
  await uninstall(first, [], { ...tools, undo: { ...undo, run: recorded } });
  assert.deepEqual(ran, ['remove']);
});

test('what was there before a step is taken away with its product only, never because the step fails', async (context) => {
  const change = { kind: 'ran', command: ['install'], undo: ['take away'] } as const;
  const kind: InstallerKind = {
    name: 'payload',
    undoable: true,
    apply: () => Promise.resolve({ changes: [change] }),
  };
  const { plan, tools, journal } = world(context, kind);
  const ran: string[] = [];
  const recorded: UndoTools['run'] = (program) => {
    ran.push(program);
    return Promise.resolve({ status: 0, stdout: '', stderr: '' });
  };
  const careful = { ...tools, undo: { ...undo, run: recorded } };
  const lost = await apply(plan, { ...careful, detect: () => Promise.resolve(undefined) });
  assert.deepEqual([lost.error?.code, lost.left, ran], ['INSTALLER_FAILED', [], []]);

  await apply(plan, careful);
  const { installed } = replay(await journal.read());
  assert.deepEqual(
    installed.map(({ changes }) => changes),
    [[change], [change]],
  );
  // Killed before the last line, it is still nobody's to take away.
  const cut = (await journal.read()).filter(({ product, event }) => product === 'A' || event !== 'done');
  assert.deepEqual(
    replay(cut).interrupted.map(({ product, changes }) => [product, changes]),
    [['B', []]],
  );
});

test('the step that fails is undone, those before it stay, those after it are not begun', async (context) => {
  const failing: InstallerKind = {
    ...payload,
    async apply(job) {
      const applied = await payload.apply(job);
      if (job.step.product === 'B') throw new AppError('INSTALLER_FAILED', 'broken');
      return applied;
    },
  };
  const { root, plan, tools, journal } = world(context, failing);
  const third = { ...plan.steps[0], product: 'C' } as Step;
  const outcome = await apply({ ...plan, steps: [...plan.steps, third] }, tools);
  assert.deepEqual(
    outcome.steps.map(({ status }) => status),
    ['installed', 'undone', 'skipped'],
  );
  assert.equal(outcome.error?.code, 'INSTALLER_FAILED');
  assert.deepEqual(tree(root), ['products', 'products/A', 'products/A/file.txt']);
  assert.deepEqual(replay(await journal.read()).interrupted, []);
});

test('an installer that ends well but leaves nothing is a failure', async (context) => {
  const { plan, tools } = world(context);
  const outcome = await apply(plan, { ...tools, detect: async () => undefined });
  assert.match(outcome.error?.message ?? '', /ended well, but the product is not there/);
  assert.match(outcome.error?.hint ?? '', /zookit show /);
});

test('what cannot be undone is told, with its own exit status', async (context) => {
  const stubborn: InstallerKind = {
    ...payload,
    async apply(job) {
      await job.change({ kind: 'ran', command: ['setup', '/quiet'] });
      throw new AppError('INSTALLER_FAILED', 'broken');
    },
  };
  const { plan, tools } = world(context, stubborn);
  const outcome = await apply(plan, tools);
  assert.equal(outcome.error?.code, 'UNDO_INCOMPLETE');
  assert.deepEqual(
    outcome.steps.map(({ status }) => status),
    ['failed', 'skipped'],
  );
  assert.match(outcome.left.join(), /setup \/quiet/);
});

test('stopped after any journal line, the next run takes back what was begun and nothing else', async (context) => {
  for (let stopAfter = 1; ; stopAfter++) {
    const { root, plan, tools, journal } = world(context);
    writeFileSync(join(root, 'other.txt'), 'of somebody else');
    const { journal: stopping, stopped } = stopAfterLines(journal, stopAfter);
    const finished = await Promise.race([apply(plan, { ...tools, journal: stopping }), stopped]);
    if (finished) {
      assert.ok(stopAfter > 6, 'every line was a stop once');
      return;
    }
    await recover({ journal, kinds: tools.kinds, undo, manifests: tools.manifests });
    const state = replay(await journal.read());
    assert.deepEqual(state.interrupted, []);
    const products = state.installed.map(({ product }) => product);
    const expected = products.flatMap((name) => [`products/${name}`, `products/${name}/file.txt`]);
    assert.deepEqual(
      tree(root).filter((name) => name !== 'products'),
      ['other.txt', ...expected].sort(),
      `after line ${stopAfter}`,
    );
  }
});

test('replacing a product puts the old one back when the new one fails', async (context) => {
  const { root, plan, tools } = world(context);
  mkdirSync(join(root, 'products/A'), { recursive: true });
  writeFileSync(join(root, 'products/A/file.txt'), 'old');
  const outcome = await apply(plan, { ...tools, detect: async () => undefined });
  assert.equal(outcome.error?.code, 'INSTALLER_FAILED');
  assert.equal(readFileSync(join(root, 'products/A/file.txt'), 'utf8'), 'old');
  assert.deepEqual(tree(root), ['products', 'products/A', 'products/A/file.txt']);
});

test('uninstall takes away what was installed, once', async (context) => {
  const { root, plan, tools, journal } = world(context);
  await apply(plan, tools);
  const [a, b] = replay(await journal.read()).installed;
  assert.ok(a && b);
  assert.deepEqual(
    await uninstall(a, [b], { journal, kinds: tools.kinds, undo, manifests: tools.manifests }),
    [],
  );
  assert.deepEqual(tree(root), ['products', 'products/B', 'products/B/file.txt']);
  assert.deepEqual(
    replay(await journal.read()).installed.map(({ product }) => product),
    ['B'],
  );
});

test('stopped while uninstalling, the next run finishes it', async (context) => {
  for (const lines of [0, 1, 2]) {
    const { root, plan, tools, journal } = world(context);
    await apply(plan, tools);
    const [a, b] = replay(await journal.read()).installed;
    assert.ok(a && b);
    const { journal: stopping, stopped } = stopAfterLines(journal, lines);
    await Promise.race([
      uninstall(a, [b], { journal: stopping, kinds: tools.kinds, undo, manifests: tools.manifests }),
      stopped,
    ]);
    const { told } = await recover({ journal, kinds: tools.kinds, undo, manifests: tools.manifests });
    const left = replay(await journal.read()).installed.map(({ product }) => product);
    assert.deepEqual(left, lines === 0 ? ['A', 'B'] : ['B']);
    assert.equal(told.length, lines === 1 ? 1 : 0);
    assert.deepEqual(
      tree(join(root, 'products')).filter((name) => !name.includes('/')),
      left,
    );
  }
});

test('a product that replaced another one is taken away whole, and what a kill left aside is swept', async (context) => {
  const { root, plan, tools, journal } = world(context);
  await apply(plan, tools);
  await apply(plan, tools);
  const [a, b] = replay(await journal.read()).installed;
  assert.ok(a && b);
  await journal.append({ ...a, event: 'removing' });
  mkdirSync(join(root, 'products/.zookit-gone-A-4194304999-0123456789ab/half'), { recursive: true });
  mkdirSync(join(root, 'products/.zookit-gone-Other-4194304999-0123456789ab'), { recursive: true });
  await recover({ journal, kinds: tools.kinds, undo, manifests: tools.manifests });
  assert.deepEqual(tree(join(root, 'products')), [
    '.zookit-gone-Other-4194304999-0123456789ab',
    'B',
    'B/file.txt',
  ]);
});

test('an upgrade takes the place of the version before it', async (context) => {
  const { plan, tools, journal } = world(context);
  const [a] = plan.steps;
  assert.ok(a);
  await apply({ ...plan, steps: [a] }, tools);
  await apply({ ...plan, steps: [{ ...a, version: '2.0', status: 'upgrade', from: '1.0' }] }, tools);
  assert.deepEqual(
    replay(await journal.read()).installed.map(({ version }) => version),
    ['2.0'],
  );
});

test('a torn last line of the journal is no line, and the next one is whole', async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, 'journal.jsonl');
  const journal = openJournal(path);
  const key = { run: 'r', product: 'A', version: '1', place: 'machine' };
  await journal.append({ ...key, event: 'begun', kind: 'archive' });
  writeFileSync(path, '{"run":"r","product":"A","ver', { flag: 'a' });
  await journal.append({ ...key, event: 'done' });
  const lines: JournalLine[] = await journal.read();
  assert.deepEqual(
    lines.map(({ event }) => event),
    ['begun', 'done'],
  );
});

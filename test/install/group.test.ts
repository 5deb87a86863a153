// Steps that are carried out together: done in one go, or one by one when that fails, and always undone product by product.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import type { ApplyTools } from '../../src/install/apply.js';
import { apply } from '../../src/install/apply.js';
import { groupSteps } from '../../src/install/group.js';
import { replay } from '../../src/install/installed.js';
import type { Journal } from '../../src/install/journal.js';
import { openJournal } from '../../src/install/journal.js';
import { openManifests } from '../../src/install/manifest.js';
import { recover } from '../../src/install/recover.js';
import type { InstallerKind, Job } from '../../src/kind.js';
import { run } from '../../src/lib/run.js';
import type { KindName, Plan, Step } from '../../src/types.js';
import { stopAfterLines } from '../helpers/stopping.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const undo = { run, pipPythons: [], wheelFolders: [] };

function step(product: string, place = 'environment', status: Step['status'] = 'install'): Step {
  const action = { kind: 'none' } as const;
  const any = { languages: [], architectures: [], platforms: [], logFiles: [] };
  const installer = { id: '1', action, ...any };
  const asked = { neededBy: [], asked: true, bytes: 0, after: [] };
  return { product, version: '1.0', title: product, status, installer, place, ...asked };
}

interface World {
  readonly folder: string;
  readonly journal: Journal;
  readonly tools: ApplyTools;
  /** The products of every call to the kind. */
  readonly calls: readonly string[][];
}

/** A kind that makes a file per product; `bad` products fail after their file is there. */
function world(context: TestContext, bad: readonly string[] = []): World {
  const folder = temporaryFolder(context);
  const journal = openJournal(join(temporaryFolder(context), 'journal.jsonl'));
  const calls: string[][] = [];
  const applyTogether = async (jobs: readonly Job[]): Promise<{ path: string }[]> => {
    calls.push(jobs.map(({ step: { product } }) => product));
    const paths: { path: string }[] = [];
    for (const job of jobs) {
      const path = join(folder, job.step.product);
      await job.change({ kind: 'created', path });
      writeFileSync(path, '');
      if (bad.includes(job.step.product)) throw new AppError('PYTHON_FAILED', `${job.step.product} is bad`);
      paths.push({ path });
    }
    return paths;
  };
  const kind: InstallerKind = {
    name: 'none',
    undoable: true,
    apply: async (job) => (await applyTogether([job]))[0] ?? {},
    applyTogether,
  };
  const tools: ApplyTools = {
    kinds: new Map<KindName, InstallerKind>([['none', kind]]),
    journal,

    manifests: openManifests(join(temporaryFolder(context), 'manifests')),
    undo,
    jobFor: () => ({}) as Job,
    detect: async ({ version, place }) => ({ version, place }),
    announce: () => undefined,
  };
  return { folder, journal, tools, calls };
}

function planOf(...products: readonly string[]): Plan {
  return { steps: products.map((product) => step(product)), notices: [] };
}

test('neighbours at one place are one group; what is present parts nothing', (context) => {
  const { kinds } = world(context).tools;
  const names = (steps: readonly Step[]): string[][] =>
    groupSteps(steps, kinds).map((group) => group.map(({ product }) => product));
  assert.deepEqual(names([step('A'), step('P', 'machine', 'present'), step('B')]), [['A', 'B']]);
  assert.deepEqual(names([step('A'), step('B', 'elsewhere'), step('C')]), [['A'], ['B'], ['C']]);
  const alone: InstallerKind = { name: 'none', undoable: true, apply: async () => ({}) };
  assert.equal(groupSteps([step('A'), step('B')], new Map([['none', alone]])).length, 2);
});

test('a group is one run, and the journal has every product of it', async (context) => {
  const { calls, tools, journal } = world(context);
  const outcome = await apply(planOf('A', 'B', 'C'), tools);
  assert.deepEqual(calls, [['A', 'B', 'C']]);
  assert.deepEqual(
    outcome.steps.map(({ status }) => status),
    ['installed', 'installed', 'installed'],
  );
  const installed = replay(await journal.read()).installed;
  assert.deepEqual(
    installed.map(({ product, changes }) => [product, changes.length]),
    [
      ['A', 1],
      ['B', 1],
      ['C', 1],
    ],
  );
});

test('when a group fails each product is tried alone: those before the bad one stay', async (context) => {
  const { calls, folder, tools, journal } = world(context, ['B']);
  const outcome = await apply(planOf('A', 'B', 'C'), tools);
  assert.deepEqual(calls, [['A', 'B', 'C'], ['A'], ['B']]);
  assert.deepEqual(
    outcome.steps.map(({ status }) => status),
    ['installed', 'undone', 'skipped'],
  );
  assert.equal(outcome.error?.message, 'B is bad');
  assert.deepEqual(tree(folder), ['A']);
  const state = replay(await journal.read());
  assert.deepEqual(state.interrupted, []);
  assert.deepEqual(
    state.installed.map(({ product }) => product),
    ['A'],
  );
});

test('a group that is interrupted is undone and not tried again', async (context) => {
  const { calls, folder, tools } = world(context);
  const stop = new AbortController();
  const stopped: ApplyTools = {
    ...tools,
    detect: async () => {
      stop.abort();
      throw stop.signal.reason;
    },
  };
  const outcome = await apply(planOf('A', 'B'), stopped);
  assert.equal(outcome.error?.code, 'INTERRUPTED');
  assert.equal(calls.length, 1);
  assert.deepEqual(tree(folder), []);
});

test('killed after any journal line, the next run takes back what was not done', async (context) => {
  for (let stopAfter = 1; ; stopAfter++) {
    const { folder, journal, tools } = world(context);
    const { journal: killed, stopped } = stopAfterLines(journal, stopAfter);
    if (await Promise.race([apply(planOf('A', 'B'), { ...tools, journal: killed }), stopped])) {
      assert.equal(stopAfter, 6, 'every line was the last one once');
      return;
    }
    await recover({ journal, kinds: tools.kinds, undo, manifests: tools.manifests });
    const state = replay(await journal.read());
    assert.deepEqual(state.interrupted, []);
    assert.deepEqual(tree(folder), state.installed.map(({ product }) => product).sort(), `line ${stopAfter}`);
  }
});

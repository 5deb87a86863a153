// Comes in: steps that are to be carried out as one, usually a single one. Goes out: all of them done, or all undone and
// why. Begin, change, look again, done, each in the journal first. Knows no plan and no kind.
import { AppError } from '../errors.js';
import type { Applied, Change, InstallerKind, Job, UndoTools } from '../kind.js';
import { diskError } from '../lib/files.js';
import type { KindName, Presence, Step } from '../types.js';
import type { Journal, StepKey } from './journal.js';
import type { Manifests } from './manifest.js';
import { forgetRetired, undo } from './undo.js';

export interface StepTools {
  readonly kinds: ReadonlyMap<KindName, InstallerKind>;
  readonly journal: Journal;
  readonly undo: UndoTools;
  readonly manifests: Manifests;
  /** What a kind is given, but for what depends on the step. */
  readonly jobFor: (step: Step) => Omit<Job, 'step' | 'change'>;
  /** Looks whether a step's product is there now, and tells those who come after. */
  readonly detect: (step: Step, applied: Applied) => Promise<Presence | undefined>;
  readonly signal?: AbortSignal;
}

/** One step, or several that follow each other. */
export type StepGroup = readonly [Step, ...Step[]];

export interface GroupResult {
  /** Why nothing of it is done; absent when all is. */
  readonly error?: unknown;
  /** What could not be taken back. */
  readonly left: readonly string[];
  readonly rebootRequired: boolean;
  /** What the kind said of each step; absent when it failed. */
  readonly results?: readonly Applied[];
}

/** A step between its first and its last line in the journal. */
interface OpenStep {
  readonly step: Step;
  readonly key: StepKey;
  readonly changes: Change[];
}

/** The steps that are not present, in order; neighbours at one place whose kind can take them together are one group. */
export function groupSteps(steps: readonly Step[], kinds: StepTools['kinds']): StepGroup[] {
  const groups: [Step, ...Step[]][] = [];
  for (const step of steps.filter(({ status }) => status !== 'present')) {
    const group = groups.at(-1);
    const kind = kindOf(step, kinds);
    const joins = group?.[0].place === step.place && kindOf(group[0], kinds) === kind;
    if (group && joins && kind?.applyTogether) group.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** Carries a group out; `run` names the whole installation in the journal. Never throws for a failing installer. */
export async function applyGroup(group: StepGroup, run: string, tools: StepTools): Promise<GroupResult> {
  const kind = kindOf(group[0], tools.kinds);
  if (!kind) return { error: noCode(group[0]), left: [], rebootRequired: false };
  const open = group.map((step): OpenStep => {
    const { product, version, place } = step;
    return { step, key: { run, product, version, place }, changes: [] };
  });
  try {
    const results = await runKind(kind, open, tools);
    const paths = await lookAgain(open, results, tools);
    for (const [index, path] of paths.entries()) {
      const [done] = open;
      if (!done) break;
      if (kind.ownsFolder && path !== undefined) await tools.manifests.keep(done.key, path);
      const told = { ...(path === undefined ? {} : { path }), ...changesOf(results[index]) };
      await tools.journal.append({ ...done.key, event: 'done', ...told });
      open.shift();
      await forgetRetired(done.changes);
      const { from } = done.step;
      if (from !== undefined && from !== done.key.version)
        await tools.manifests.forget({ ...done.key, version: from });
    }
    return {
      left: [],
      rebootRequired: results.some(({ rebootRequired }) => rebootRequired === true),
      results,
    };
  } catch (error) {
    const again = error instanceof AppError && error.restartFirst;
    const left = await undoAll(open, kind, tools, again);
    const reason: unknown = tools.signal?.aborted
      ? tools.signal.reason
      : diskError(error, placeOf(group[0], tools));
    return { error: reason, left, rebootRequired: false };
  }
}

function changesOf({ changes = [] }: Applied = {}): Pick<Applied, 'changes'> {
  return changes.length === 0 ? {} : { changes };
}

/** What is written when a step is carried out: the project, else what only its product knows. */
function placeOf(step: Step, tools: StepTools): string {
  const project = step.installer?.action.kind === 'template' ? tools.jobFor(step).project : undefined;
  return project ?? step.product;
}

async function runKind(
  kind: InstallerKind,
  open: readonly OpenStep[],
  tools: StepTools,
): Promise<readonly Applied[]> {
  tools.signal?.throwIfAborted();
  for (const { step, key } of open) {
    const from = step.from === undefined ? {} : { from: step.from };
    await tools.journal.append({ ...key, event: 'begun', kind: kind.name, ...from });
  }
  const jobs = open.map(({ step, key, changes }): Job => {
    const change = async (one: Change): Promise<void> => {
      await tools.journal.append({ ...key, event: 'changed', change: one });
      changes.push(one);
    };
    return { ...tools.jobFor(step), step, change };
  });
  const [first] = jobs;
  if (first && jobs.length === 1) return [await kind.apply(first)];
  return (await kind.applyTogether?.(jobs)) ?? [];
}

/** What is there now of each step; throws INSTALLER_FAILED when one is not. */
async function lookAgain(
  open: readonly OpenStep[],
  results: readonly Applied[],
  tools: StepTools,
): Promise<(string | undefined)[]> {
  const paths: (string | undefined)[] = [];
  for (const [index, { step }] of open.entries()) {
    const applied = results[index] ?? {};
    const found = await tools.detect(step, applied);
    if (!found) throw notFoundAfterwards(step);
    paths.push(applied.path ?? found.path);
  }
  return paths;
}

/** Takes back what is still open, newest first; returns what is left. */
async function undoAll(
  open: readonly OpenStep[],
  kind: InstallerKind,
  tools: StepTools,
  again: boolean,
): Promise<string[]> {
  const all: string[] = [];
  for (const { key, changes } of [...open].reverse()) {
    const left = await undo({ changes, kind, tools: tools.undo, again });
    // The disk that is full for the installer may be full for this line: the next run finds the step open and undoes it.
    await tools.journal.append({ ...key, event: 'undone', left }).catch(() => undefined);
    all.push(...left);
  }
  return all;
}

function kindOf({ installer }: Step, kinds: StepTools['kinds']): InstallerKind | undefined {
  return installer && kinds.get(installer.action.kind);
}

function noCode(step: Step): AppError {
  const kind = step.installer?.action.kind ?? 'nothing';
  return new AppError(
    'NO_INSTALLER',
    `'${step.product}' needs an installer of kind '${kind}', which cannot run here`,
    { hint: `See what it would do elsewhere: \`zookit plan ${step.product} --platform windows-x64\`` },
  );
}

/** Where the product's maker helps; else where to look. */
function helpOf({ product, installer }: Step): { readonly hint: string } {
  const page = installer?.helpLink;
  return {
    hint: page === undefined ? `See how it would be found: \`zookit show ${product}\`` : `See ${page}`,
  };
}

function notFoundAfterwards(step: Step): AppError {
  return new AppError(
    'INSTALLER_FAILED',
    `The installer of '${step.product}' ended well, but the product is not there`,
    {
      details: [`Wanted version ${step.version} at ${step.place}`, 'Found nothing'],
      ...helpOf(step),
    },
  );
}

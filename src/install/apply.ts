// Comes in: a plan and its downloads. Goes out: what became of every step. Walks the plan in order: begin, change, look
// again, done; the step that fails is undone, those before it stay. Failure is a value here, so that nothing is lost.
import { randomUUID } from 'node:crypto';
import { AppError, messageOf } from '../errors.js';
import type { Applied, Change, InstallerKind, Job, UndoTools } from '../kind.js';
import { diskError } from '../lib/files.js';
import type { KindName, Plan, Presence, Step } from '../types.js';
import type { Journal, StepKey } from './journal.js';
import { forgetRetired, undo } from './undo.js';

export type StepStatus = 'present' | 'installed' | 'failed' | 'undone' | 'skipped';

export interface AppliedStep {
  readonly step: Step;
  readonly status: StepStatus;
  readonly seconds: number;
}

export interface Outcome {
  readonly steps: readonly AppliedStep[];
  readonly rebootRequired: boolean;
  /** Why it stopped; absent when all is well. */
  readonly error?: AppError;
  /** What could not be taken back. */
  readonly left: readonly string[];
}

export interface ApplyTools {
  readonly kinds: ReadonlyMap<KindName, InstallerKind>;
  readonly journal: Journal;
  readonly undo: UndoTools;
  /** What a kind is given, but for what depends on the step. */
  readonly jobFor: (step: Step) => Omit<Job, 'step' | 'change'>;
  /** Looks whether a step's product is there now, and tells those who come after. */
  readonly detect: (step: Step, applied: Applied) => Promise<Presence | undefined>;
  readonly announce: (step: Step, index: number) => void;
  readonly signal?: AbortSignal;
}

/** Carries a plan out. Never throws for a failing installer: see `Outcome.error`. */
export async function apply(plan: Plan, tools: ApplyTools): Promise<Outcome> {
  const run = randomUUID();
  const steps: AppliedStep[] = [];
  let rebootRequired = false;
  for (const [index, step] of plan.steps.entries()) {
    if (step.status === 'present') {
      steps.push({ step, status: 'present', seconds: 0 });
      continue;
    }
    tools.announce(step, index);
    const started = performance.now();
    const key: StepKey = { run, product: step.product, version: step.version, place: step.place };
    const result = await applyStep(step, key, tools);
    const seconds = (performance.now() - started) / 1000;
    if (result.error) {
      const rest = plan.steps.slice(index + 1).map((each) => skipped(each));
      steps.push({ step, status: result.left.length > 0 ? 'failed' : 'undone', seconds }, ...rest);
      return { steps, rebootRequired, error: failure(step, result.error, result.left), left: result.left };
    }
    rebootRequired ||= result.rebootRequired;
    steps.push({ step, status: 'installed', seconds });
  }
  return { steps, rebootRequired, left: [] };
}

interface StepResult {
  readonly error?: unknown;
  readonly left: readonly string[];
  readonly rebootRequired: boolean;
}

async function applyStep(step: Step, key: StepKey, tools: ApplyTools): Promise<StepResult> {
  const { installer } = step;
  const kind = installer && tools.kinds.get(installer.action.kind);
  if (!installer || !kind) return { error: noCode(step), left: [], rebootRequired: false };
  const changes: Change[] = [];
  try {
    tools.signal?.throwIfAborted();
    await tools.journal.append({
      ...key,
      event: 'begun',
      kind: kind.name,
      ...(step.from === undefined ? {} : { from: step.from }),
    });
    const applied = await kind.apply({
      ...tools.jobFor(step),
      step,
      change: async (change) => {
        await tools.journal.append({ ...key, event: 'changed', change });
        changes.push(change);
      },
    });
    const found = await tools.detect(step, applied);
    if (!found) throw notFoundAfterwards(step);
    const path = applied.path ?? found.path;
    await tools.journal.append({ ...key, event: 'done', ...(path === undefined ? {} : { path }) });
    await forgetRetired(changes);
    return { left: [], rebootRequired: applied.rebootRequired ?? false };
  } catch (error) {
    const left = await undo({ changes, kind, tools: tools.undo });
    // The disk that is full for the installer may be full for this line: the next run finds the step open and undoes it.
    await tools.journal.append({ ...key, event: 'undone', left }).catch(() => undefined);
    return { error: diskError(error, step.product), left, rebootRequired: false };
  }
}

function skipped(step: Step): AppliedStep {
  return { step, status: step.status === 'present' ? 'present' : 'skipped', seconds: 0 };
}

function failure(step: Step, error: unknown, left: readonly string[]): AppError {
  const known = error instanceof AppError ? error : undefined;
  const name = `'${step.product}' ${step.version}`.trimEnd();
  if (left.length > 0) {
    return new AppError('UNDO_INCOMPLETE', `${name} could not be installed, and something is left`, {
      cause: error,
      details: [messageOf(error), ...(known?.details ?? []), 'Left:', ...left],
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
    });
  }
  if ((error as Error).name === 'AbortError' || known?.code === 'INTERRUPTED') {
    return new AppError('INTERRUPTED', `Stopped while installing ${name}; what it had changed is undone`, {
      cause: error,
    });
  }
  if (known) return known;
  throw error;
}

function noCode(step: Step): AppError {
  const kind = step.installer?.action.kind ?? 'nothing';
  return new AppError(
    'NO_INSTALLER',
    `'${step.product}' needs an installer of kind '${kind}', which cannot run here`,
  );
}

function notFoundAfterwards(step: Step): AppError {
  return new AppError(
    'INSTALLER_FAILED',
    `The installer of '${step.product}' ended well, but the product is not there`,
    {
      details: [`Wanted version ${step.version} at ${step.place}`, 'Found nothing'],
    },
  );
}

// Comes in: a plan and its downloads. Goes out: what became of every step. Walks the plan in order; what fails is undone,
// what was done before it stays. Failure is a value here, so that nothing is lost.
import { randomUUID } from 'node:crypto';
import { AppError, messageOf } from '../errors.js';
import type { Plan, Step } from '../types.js';
import type { StepTools } from './group.js';
import { applyGroup, groupSteps } from './group.js';

export type StepStatus = 'present' | 'installed' | 'failed' | 'undone' | 'skipped';

export interface AppliedStep {
  readonly step: Step;
  readonly status: StepStatus;
  /** Of steps that were carried out together, the first has the time of all and the others have 0. */
  readonly seconds: number;
  /** What a person still has to do for it. */
  readonly leftToDo?: readonly string[];
  /** What a person should open next. */
  readonly open?: string;
}

export interface Outcome {
  readonly steps: readonly AppliedStep[];
  readonly rebootRequired: boolean;
  /** Why it stopped; absent when all is well. */
  readonly error?: AppError;
  /** What could not be taken back. */
  readonly left: readonly string[];
}

export interface ApplyTools extends StepTools {
  /** Told before steps are carried out, together or alone. */
  readonly announce: (steps: readonly Step[]) => void;
}

/** Carries a plan out. Never throws for a failing installer: see `Outcome.error`. */
export async function apply(plan: Plan, tools: ApplyTools): Promise<Outcome> {
  const run = randomUUID();
  const applied = new Map<Step, AppliedStep>();
  let rebootRequired = false;
  const all = (): AppliedStep[] => plan.steps.map((step) => applied.get(step) ?? notApplied(step));
  const waiting = groupSteps(plan.steps, tools.kinds);
  for (let group = waiting.shift(); group; group = waiting.shift()) {
    tools.announce(group);
    const started = performance.now();
    const { error, left, ...result } = await applyGroup(group, run, tools);
    const seconds = (performance.now() - started) / 1000;
    if (error !== undefined && group.length > 1 && left.length === 0 && !isStop(error)) {
      // One by one it shows which product is to blame, and those before it stay.
      waiting.unshift(...group.map((step): [Step] => [step]));
      continue;
    }
    const status = error === undefined ? 'installed' : left.length > 0 ? 'failed' : 'undone';
    group.forEach((step, index) => {
      const { leftToDo, open } = result.results?.[index] ?? {};
      const told = { ...(leftToDo ? { leftToDo } : {}), ...(open === undefined ? {} : { open }) };
      applied.set(step, { step, status, seconds: index === 0 ? seconds : 0, ...told });
    });
    if (error !== undefined) {
      const told = failure(group[0], error, left);
      return { steps: all(), rebootRequired: rebootRequired || told.restartFirst, error: told, left };
    }
    rebootRequired ||= result.rebootRequired;
  }
  return { steps: all(), rebootRequired, left: [] };
}

function notApplied(step: Step): AppliedStep {
  return { step, status: step.status === 'present' ? 'present' : 'skipped', seconds: 0 };
}

/** Whether the user or the system stopped it. */
function isStop(error: unknown): boolean {
  return error instanceof AppError ? error.code === 'INTERRUPTED' : (error as Error).name === 'AbortError';
}

function failure(step: Step, error: unknown, left: readonly string[]): AppError {
  const known = error instanceof AppError ? error : undefined;
  const name = `'${step.product}' ${step.version}`.trimEnd();
  if (left.length > 0) {
    return new AppError('UNDO_INCOMPLETE', `${name} could not be installed, and something is left`, {
      cause: error,
      details: [messageOf(error), ...(known?.details ?? []), 'Left:', ...left],
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
      ...(known ? { restartFirst: known.restartFirst } : {}),
    });
  }
  if (isStop(error)) {
    return new AppError('INTERRUPTED', `Stopped while installing ${name}; what it had changed is undone`, {
      cause: error,
    });
  }
  if (known) return known;
  throw error;
}

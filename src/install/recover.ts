// Comes in: the journal. Goes out: what a killed run had left, taken back or finished, and words about it. Runs under the
// lock, before anything else is changed.
import type { Change } from '../kind.js';
import { sweepBeside } from '../lib/files.js';
import { endOrphans, markedRun } from '../lib/orphans.js';
import type { Installed } from './installed.js';
import { replay } from './installed.js';
import { forgetRetired, undo } from './undo.js';
import type { UninstallTools } from './uninstall.js';
import { uninstall } from './uninstall.js';

export interface Recovered {
  /** A sentence for each thing that was found, and for each that is left. */
  readonly told: readonly string[];
  /** Products that an earlier run was to take away, which is done now. */
  readonly takenAway: readonly Installed[];
}

/** Undoes what was begun, finishes what was being taken away. */
export async function recover(tools: UninstallTools): Promise<Recovered> {
  const { journal, kinds } = tools;
  const told: string[] = [];
  const takenAway: Installed[] = [];
  const { interrupted, leaving, installed } = replay(await journal.read());
  for (const run of new Set([...interrupted, ...leaving].map((each) => each.run))) {
    const patient = interrupted.some((step) => step.run === run && step.kind === 'system');
    if ((await endOrphans(run, patient)) > 0)
      told.push('A program that an earlier run had started was still at work: it has ended now');
  }
  // Newest first: a later step may stand on an earlier one.
  for (const step of [...interrupted].reverse()) {
    const { run, product, version, place } = step;
    const undoTools = { ...tools.undo, run: markedRun(tools.undo.run, run) };
    const left = await undo({ changes: step.changes, kind: kinds.get(step.kind), tools: undoTools });
    await sweep(step.changes);
    await journal.append({ run, product, version, place, event: 'undone', left });
    told.push(`An earlier run was stopped while installing '${product}' ${version}: it is undone`, ...left);
  }
  for (const product of leaving) {
    const left = await uninstall(product, installed, tools);
    await sweep(product.changes);
    if (left.length === 0) takenAway.push(product);
    told.push(
      `An earlier run was stopped while taking '${product.product}' away: that is finished now`,
      ...left,
    );
  }
  // Between "done" and the removal of what was moved aside there is a moment.
  for (const { changes } of installed) await forgetRetired(changes);
  return { told, takenAway };
}

/** Unfinished things of a step have temporary names beside the finished ones. */
async function sweep(changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'created' || change.kind === 'replaced') await sweepBeside(change.path);
  }
}

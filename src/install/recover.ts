// Comes in: the journal. Goes out: what a killed run had left, taken back or finished, and words about it. Runs under the
// lock, before anything else is changed.
import { dirname } from 'node:path';
import type { Change } from '../kind.js';
import { removeEmpty, sweepBeside } from '../lib/files.js';
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
  // Newest first: a later step may stand on an earlier one.
  for (const step of [...interrupted].reverse()) {
    const { run, product, version, place } = step;
    const left = await undo({ changes: step.changes, kind: kinds.get(step.kind), tools: tools.undo });
    await sweep(step.changes, tools.undo.programs);
    await journal.append({ run, product, version, place, event: 'undone', left });
    told.push(`An earlier run was stopped while installing '${product}' ${version}: it is undone`, ...left);
  }
  for (const product of leaving) {
    const left = await uninstall(product, installed, tools);
    await sweep(product.changes, tools.undo.programs);
    if (left.length === 0) takenAway.push(product);
    told.push(
      `An earlier run was stopped while taking '${product.product}' away: that is finished now`,
      ...left,
    );
  }
  // Between "done" and the removal of what the version before has left there is a moment.
  for (const { from, changes, ...key } of installed) {
    await forgetRetired(changes);
    if (from !== undefined && from !== key.version) await tools.manifests.forget({ ...key, version: from });
  }
  return { told, takenAway };
}

/** Unfinished things of a step have temporary names beside the finished ones. */
async function sweep(changes: readonly Change[], programs: string | undefined): Promise<void> {
  for (const change of changes) {
    if (change.kind !== 'created' && change.kind !== 'replaced') continue;
    await sweepBeside(change.path);
    if (programs !== undefined) await removeEmpty(dirname(change.path), programs);
  }
}

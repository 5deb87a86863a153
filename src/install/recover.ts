// Comes in: the journal. Goes out: what a killed run had left, taken back or finished, and words about it. Runs under the
// lock, before anything else is changed.
import type { Change, InstallerKind, UndoTools } from '../kind.js';
import { sweepBeside } from '../lib/files.js';
import type { KindName } from '../types.js';
import { replay } from './installed.js';
import type { Journal } from './journal.js';
import { forgetRetired, undo } from './undo.js';
import { uninstall } from './uninstall.js';

/** Undoes what was begun, finishes what was being taken away; returns a sentence for each, and for each thing left. */
export async function recover(
  journal: Journal,
  kinds: ReadonlyMap<KindName, InstallerKind>,
  tools: UndoTools,
): Promise<string[]> {
  const told: string[] = [];
  const { interrupted, leaving, installed } = replay(await journal.read());
  for (const step of interrupted) {
    const { run, product, version, place } = step;
    const left = await undo({ changes: step.changes, kind: kinds.get(step.kind), tools });
    await sweep(step.changes);
    await journal.append({ run, product, version, place, event: 'undone', left });
    told.push(`An earlier run was stopped while installing '${product}' ${version}: it is undone`, ...left);
  }
  for (const product of leaving) {
    const left = await uninstall(product, installed, { journal, kinds, undo: tools });
    await sweep(product.changes);
    told.push(
      `An earlier run was stopped while taking '${product.product}' away: that is finished now`,
      ...left,
    );
  }
  // Between "done" and the removal of what was moved aside there is a moment.
  for (const { changes } of installed) await forgetRetired(changes);
  return told;
}

/** Unfinished things of a step have temporary names beside the finished ones. */
async function sweep(changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'created' || change.kind === 'replaced') await sweepBeside(change.path);
  }
}

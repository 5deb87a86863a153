// Comes in: the journal. Goes out: what an interrupted run had left, taken back. Runs under the lock, before anything
// else is changed.
import type { InstallerKind, UndoTools } from '../kind.js';
import type { KindName } from '../types.js';
import { replay } from './installed.js';
import type { Journal } from './journal.js';
import { undo } from './undo.js';

/** Undoes every step that was begun and not finished; returns a sentence for each, and for each thing left. */
export async function recover(
  journal: Journal,
  kinds: ReadonlyMap<KindName, InstallerKind>,
  tools: UndoTools,
): Promise<string[]> {
  const told: string[] = [];
  for (const step of replay(await journal.read()).interrupted) {
    const { run, product, version, place } = step;
    const left = await undo({ changes: step.changes, kind: kinds.get(step.kind), tools });
    await journal.append({ run, product, version, place, event: 'undone', left });
    told.push(`An earlier run was stopped while installing '${product}' ${version}: it is undone`, ...left);
  }
  return told;
}

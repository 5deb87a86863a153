// Comes in: the changes of one step, as the journal has them. Goes out: what could not be taken back. Never throws:
// every change gets its chance, newest first. Undoing what was never done does nothing.
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import type { Change, InstallerKind, UndoTools } from '../kind.js';
import { exists, removeEmpty, removeWhole, renameStubborn } from '../lib/files.js';
import { realWait, whenNotBusy } from '../lib/patience.js';
import { endingOf, lastLines } from '../lib/run.js';

export interface UndoRequest {
  readonly changes: readonly Change[];
  /** The code of the kind that made them. */
  readonly kind: InstallerKind | undefined;
  readonly tools: UndoTools;
  /** The same step is to be carried out again, after a restart: what its programs did so far is no leftover of it. */
  readonly again?: boolean;
}

/** Takes changes back; returns a sentence for each thing that is left. */
export async function undo(request: UndoRequest): Promise<string[]> {
  const left: string[] = [];
  for (const change of [...request.changes].reverse()) {
    try {
      await undoOne(change, request, left);
    } catch (error) {
      const details = error instanceof AppError ? error.details : [];
      left.push([`${describe(change)}: ${messageOf(error)}`, ...details].join('; '));
    }
  }
  return left;
}

/** Of Windows Installer, which others have taken over: what is gone is gone for good after a restart. */
const restartNeeded = [3010, 1641];

async function undoOne(change: Change, { kind, tools, again }: UndoRequest, left: string[]): Promise<void> {
  switch (change.kind) {
    case 'created':
      await removeWhole(change.path);
      if (tools.programs !== undefined) await removeEmpty(dirname(change.path), tools.programs);
      return;
    case 'replaced':
      if (!(await exists(change.retired))) return;
      await removeWhole(change.path);
      await renameStubborn(change.retired, change.path);
      return;
    case 'ran': {
      const [program, ...args] = change.undo ?? [];
      if (program === undefined) {
        if (again !== true) left.push(`What '${change.command.join(' ')}' did is left as it left it`);
        return;
      }
      const { busy = [], cwd } = change;
      const patience = { busy, wait: tools.wait ?? realWait, progress: tools.tell };
      const options = cwd === undefined ? {} : { cwd };
      const result = await whenNotBusy(patience, () => tools.run(program, args, options));
      if (restartNeeded.includes(result.status)) tools.tell?.('A restart of the machine is needed to finish');
      if (result.status !== 0 && !change.gone?.includes(result.status)) {
        left.push(`'${[program, ...args].join(' ')}' ${endingOf(result)}: ${lastLines(result, 1).join('')}`);
      }
      return;
    }
    case 'packages':
      if (!kind?.undo) left.push(`${describe(change)}: no code here can take them out`);
      else await kind.undo(change, tools);
  }
}

/** Removes what `replaced` changes moved aside, once the step is done; a leftover is only lost room. */
export async function forgetRetired(changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'replaced')
      await rm(change.retired, { recursive: true, force: true }).catch(() => undefined);
  }
}

function describe(change: Change): string {
  if (change.kind === 'packages') return `Packages ${change.added.join(', ')} in '${change.environment}'`;
  return change.kind === 'ran' ? `'${change.command.join(' ')}'` : `'${change.path}'`;
}

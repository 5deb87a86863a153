// Joins lock and recovery: the frame of every command that changes the root. One writer at a time; what a killed run left
// is taken back before anything else happens.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { openJournal } from '../install/journal.js';
import { takeLock } from '../lib/lock.js';
import { recover } from '../install/recover.js';
import type { UndoTools } from '../kind.js';

/** Runs `work` as the root's only writer. */
export async function asWriter<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const { terminal, paths, signal, kinds } = context;
  const release = await takeLock(paths.lock, { waiting: terminal.warn, signal });
  try {
    const told = await recover(openJournal(paths.journal), kinds, await undoTools(context));
    for (const line of told) terminal.warn(`notice: ${line}`);
    return await work();
  } finally {
    await release();
  }
}

/** Only this machine can be changed: another one can only be planned for. Throws USAGE. */
export function requireThisMachine({ thisMachine }: Pick<Context, 'thisMachine'>): void {
  if (thisMachine) return;
  throw new AppError('USAGE', 'Nothing can be installed or taken away on another machine than this one', {
    hint: 'Leave `--platform` out, or see what would happen there with `zookit plan`',
  });
}

/** What undoing may use outside of a plan: interpreters on PATH that have pip. */
export async function undoTools(context: Context): Promise<UndoTools> {
  const { findPythons } = await import('../catalog/pythons.js');
  const { paths, run, variables } = context;
  const found = await findPythons({
    run,
    searchPath: variables['PATH'] ?? variables['Path'] ?? '',
    enginesFolder: paths.enginesFolder,
    memoryFile: paths.pythonMemory,
  });
  const files = join(paths.cache, 'files');
  const hashes = await readdir(files).catch(() => []);
  return {
    run,
    pipPythons: found.map(({ path }) => path),
    wheelFolders: hashes.map((hash) => join(files, hash)),
  };
}

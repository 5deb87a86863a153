// Joins lock and recovery: the frame of every command that changes the root. One writer at a time; what a killed run left
// is taken back before anything else happens.
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { openManifests } from '../install/manifest.js';
import type { Recovered } from '../install/recover.js';
import { recover } from '../install/recover.js';
import type { UninstallTools } from '../install/uninstall.js';
import type { UndoTools } from '../kind.js';
import { sweepFolder } from '../lib/files.js';
import { removeStaleLocks, takeLock } from '../lib/lock.js';
import { endOrphans } from '../lib/orphans.js';
import { programOnPath } from '../lib/programs.js';
import { compareVersions } from '../lib/version.js';
import { parseWheelName } from '../lib/wheel.js';
import { secureRoot } from './secure-root.js';

/** Runs `work` as the root's only writer; it is told what was found. */
export async function asWriter<T>(context: Context, work: (found: Recovered) => Promise<T>): Promise<T> {
  const { terminal, paths, signal } = context;
  await secureRoot(context);
  const release = await takeLock(paths.lock, {
    waiting: terminal.warn,
    signal,
    id: context.runId,
    takesOver: (id) => endLeftPrograms(context, id),
  });
  try {
    const found = await recover(await uninstallTools(context));
    for (const line of found.told) terminal.warn(`notice: ${line}`);
    await sweepRoot(context);
    if (signal.aborted) throw new AppError('INTERRUPTED', 'Stopped before anything was begun');
    return await work(found);
  } finally {
    await release();
  }
}

/** Only this machine can be changed: another one can only be planned for. Throws USAGE. */
export function requireThisMachine({ thisMachine }: Pick<Context, 'thisMachine'>): void {
  if (thisMachine) return;
  throw new AppError('USAGE', 'Nothing can be installed or taken away on another machine than this one', {
    hint: 'Leave `--platform` and `--machine` out, or see what would happen there with `zookit plan`',
  });
}

/** What a killed run had started may still be at work, and would write into what is about to be taken back. */
async function endLeftPrograms({ paths, terminal }: Context, runId: string): Promise<void> {
  const { interrupted } = replay(await openJournal(paths.journal).read());
  const ended = await endOrphans(
    runId,
    interrupted.some(({ kind }) => kind === 'system'),
  );
  if (ended > 0)
    terminal.warn('notice: A program that an earlier run had started was still at work: it has ended now');
}

/** Removes what killed runs have left unfinished in the root beside the things of the journal. */
async function sweepRoot({ paths, cache }: Context): Promise<void> {
  await cache.sweep();
  const compiled = join(paths.toolCache, 'bytecode');
  const versions = await readdir(compiled).catch(() => []);
  for (const folder of [
    ...[dirname(paths.journal), paths.bundle, paths.cache, paths.feedCache, paths.manifests, paths.toolCache],
    ...versions.map((version) => join(compiled, version)),
  ]) {
    await sweepFolder(folder);
  }
  await removeStaleLocks(dirname(paths.lock));
}

/** What taking products away may use. */
export async function uninstallTools(context: Context): Promise<UninstallTools> {
  const { paths, kinds } = context;
  return {
    kinds,
    journal: openJournal(paths.journal),
    manifests: openManifests(paths.manifests),
    undo: await undoTools(context),
  };
}

/** The newest wheel of pip that is kept; a wheel of pip can run itself. */
export async function keptPip(folders: readonly string[]): Promise<string | undefined> {
  const names = await Promise.all(
    folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))),
  );
  return names
    .flat()
    .filter((path) => parseWheelName(basename(path))?.distribution === 'pip')
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)))[0];
}

function versionOf(wheel: string): string {
  return parseWheelName(basename(wheel))?.version ?? '';
}

/** What undoing may use outside of a plan: uv and interpreters that are on PATH. */
export async function undoTools(context: Context): Promise<UndoTools> {
  const { findPythons } = await import('../catalog/pythons.js');
  const { paths, run, variables } = context;
  const searchPath = variables['PATH'] ?? variables['Path'] ?? '';
  const uv = await programOnPath('uv', searchPath);
  const found = await findPythons({
    run,
    searchPath,
    enginesFolder: paths.enginesFolder,
    memoryFile: paths.pythonMemory,
  });
  const wheelFolders = await context.cache.folders();
  const pipWheel = await keptPip(wheelFolders);
  return {
    run,
    ...(uv === undefined ? {} : { uv }),
    programs: paths.programs,
    tell: (sentence) => context.terminal.warn(`notice: ${sentence}`),
    toolCache: paths.toolCache,
    pipPythons: found.map(({ path }) => path),
    wheelFolders,
    ...(pipWheel === undefined ? {} : { pipWheel }),
  };
}

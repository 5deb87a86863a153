// Comes in: a filled folder under a temporary name, and the folder that is to have its files. Goes out: the files in their place,
// each change told first. What else lies there stays: what visitors have uploaded. Knows no package.
import { cp, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../src/errors.js';
import type { Job } from '../../src/kind.js';
import { besideName, codeOf, exists, renameStubborn } from '../../src/lib/files.js';

/**
 * Moves all of `staging` into `goal`. Throws USAGE when `goal` holds files and is none of the product's own folders: they are
 * somebody else's.
 */
export async function moveInto(
  job: Pick<Job, 'change' | 'own' | 'step'>,
  staging: string,
  goal: string,
  isWindows = process.platform === 'win32',
): Promise<void> {
  await refuseOccupied(job, goal);
  if (!(await exists(goal))) {
    await mkdir(dirname(goal), { recursive: true });
    await job.change({ kind: 'created', path: goal });
    await renameStubborn(staging, goal);
  } else await merge(job, staging, goal, isWindows ? moveWithoutRights : renameStubborn);
}

/** Throws USAGE for a folder with files of somebody else, and for what is no folder. */
export async function refuseOccupied(
  { own = [], step }: Pick<Job, 'own' | 'step'>,
  goal: string,
): Promise<void> {
  const names = await readdir(goal).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw new AppError('USAGE', `'${goal}' is not a folder that can be used`, {
      cause: error,
      hint: 'Name a folder that does not exist yet',
    });
  });
  if (names.length === 0 || own.includes(goal)) return;
  throw new AppError('USAGE', `The folder '${goal}' is not empty, and not of '${step.product}'`, {
    details: [`Found ${names.slice(0, 5).join(', ')}`],
    hint: 'Name a folder that does not exist yet, with `--param PhysicalPath=DIR`',
  });
}

type Move = (source: string, target: string) => Promise<void>;

/**
 * On NTFS what is renamed keeps the rights of where it was made; what is copied has those of the folder that it comes into,
 * which people may have given by hand since the older version: they are not to be reset.
 */
async function moveWithoutRights(source: string, target: string): Promise<void> {
  const fresh = besideName(target, 'fresh');
  try {
    await cp(source, fresh, { recursive: true });
    await renameStubborn(fresh, target);
  } finally {
    await rm(fresh, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function merge(job: Pick<Job, 'change'>, from: string, to: string, move: Move): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // A link that visitors' uploads have brought is replaced, never followed.
    const there = await lstat(target).catch(() => undefined);
    if (there?.isDirectory() && entry.isDirectory()) {
      await merge(job, source, target, move);
      continue;
    }
    if (there) {
      const retired = besideName(target, 'retired');
      await job.change({ kind: 'replaced', path: target, retired });
      await renameStubborn(target, retired);
    } else await job.change({ kind: 'created', path: target });
    await move(source, target);
  }
}

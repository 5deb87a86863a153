// Comes in: a goal folder and something that fills a folder. Goes out: the goal, whole. Nothing half-made ever has the
// goal's name: everything is made beside it, on the same disk, and renamed. Knows no archive.
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Job } from '../src/kind.js';
import { besideName, exists, joinInside, renameStubborn } from '../src/lib/files.js';

/** A product's own folder: what its installer says, else its id, below the programs. */
export function productFolder(programs: string, product: string, into: string): string {
  return joinInside(programs, into === '' ? `products/${product}` : into.replaceAll('\\', '/'));
}

/** Fills a new folder beside `goal` and gives it that name; what was there is moved aside first, and told. */
export async function replaceFolder(
  job: Pick<Job, 'change'>,
  goal: string,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(goal), { recursive: true });
  const staging = besideName(goal, 'staging');
  await job.change({ kind: 'created', path: staging });
  try {
    await fill(staging);
    if (await exists(goal)) {
      const retired = besideName(goal, 'retired');
      await job.change({ kind: 'replaced', path: goal, retired });
      await renameStubborn(goal, retired);
    } else {
      await job.change({ kind: 'created', path: goal });
    }
    await renameStubborn(staging, goal);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

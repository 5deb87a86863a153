// Comes in: a goal folder and something that fills a folder. Goes out: the goal, whole. Nothing half-made ever has the
// goal's name: everything is made beside it, on the same disk, and renamed. Knows no archive.
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Job } from '../src/kind.js';
import { besideName, exists, isInside, joinInside, renameStubborn } from '../src/lib/files.js';
import { whilePoolsRest } from './iis/resting-pools.js';

/** A product's own folder: what its installer says, else its id, below the programs. */
export function productFolder(programs: string, product: string, into: string): string {
  return joinInside(programs, into === '' ? `products/${product}` : into.replaceAll('\\', '/'));
}

/**
 * Fills a new folder beside `goal` and gives it that name; what was there is moved aside first, and told. Throws
 * INSTALLER_FAILED when the goal belongs to somebody else.
 */
export async function replaceFolder(
  job: Pick<Job, 'change' | 'platform' | 'programs' | 'progress' | 'run' | 'step' | 'taken'>,
  goal: string,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  refuseForeign(job, goal);
  await mkdir(dirname(goal), { recursive: true });
  const staging = besideName(goal, 'staging');
  await job.change({ kind: 'created', path: staging });
  try {
    await fill(staging);
    if (await exists(goal)) {
      await whilePoolsRest(job, goal, async () => {
        const retired = besideName(goal, 'retired');
        await job.change({ kind: 'replaced', path: goal, retired });
        await renameStubborn(goal, retired);
        await renameStubborn(staging, goal);
      });
    } else {
      await job.change({ kind: 'created', path: goal });
      await renameStubborn(staging, goal);
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A feed that names another product's folder would replace it: a stranger's file in place of our worker. */
function refuseForeign(
  { programs, step, taken = [] }: Pick<Job, 'programs' | 'step' | 'taken'>,
  goal: string,
): void {
  const folded = goal.toLowerCase();
  const shared = [programs, join(programs, 'products')].some((folder) => folder.toLowerCase() === folded);
  const other = taken
    .map((path) => path.toLowerCase())
    .find((path) => isInside(path, folded) || isInside(folded, path));
  if (!shared && other === undefined) return;
  throw new AppError(
    'INSTALLER_FAILED',
    `The feed puts '${step.product}' into '${goal}', which is not its own`,
    {
      details: [`Wanted a folder that no other product and not Zookit itself uses`],
      hint: 'Ask the owner of the feed for a folder of its own (`into`)',
    },
  );
}

// Comes in: a folder of Zookit's that is about to be replaced. Goes out: the same, while no site of ours runs a program in it:
// Windows renames no folder of a running program (field note 3). Afterwards pools may read what is new, and run again.
import { basename, dirname } from 'node:path';
import { AppError } from '../../src/errors.js';
import type { Job } from '../../src/kind.js';
import { appcmdProgram, askPools } from '../../src/lib/iis-facts.js';
import { isSameFolder } from '../../src/lib/iis-place.js';
import type { Variables } from '../../src/lib/windows.js';
import { systemProgram } from '../../src/lib/windows.js';
import { notRunning, runsAlready } from './appcmd.js';
import { poolGrant, readFolders } from './hosting-commands.js';
import { ownerVariable } from './site.js';

type Replacing = Pick<Job, 'change' | 'platform' | 'programs' | 'progress' | 'run'>;

/** Carries `swap` out; where pools may run programs from `folder`, they rest meanwhile. */
export async function whilePoolsRest(
  job: Replacing,
  folder: string,
  swap: () => Promise<void>,
  environment: Variables = process.env,
): Promise<void> {
  const isWhole = readFolders.some((name) => isBelow(job.programs, folder, name));
  const isPart = readFolders.some((name) => isBelow(job.programs, dirname(folder), name));
  if (job.platform.os !== 'windows' || (!isWhole && !isPart)) return swap();
  const stopped = await stopPools(job, environment);
  try {
    await swap();
    // The rights went with the old folder; one inside of such a folder inherits them.
    const icacls = systemProgram(environment, 'icacls.exe');
    if (isWhole) await job.run(icacls, [folder, '/grant', poolGrant, '/Q']);
  } finally {
    for (const pool of stopped) await turn(job, pool, 'start', environment);
  }
}

function isBelow(programs: string, folder: string, name: string): boolean {
  return isSameFolder(dirname(folder), programs) && basename(folder).toLowerCase() === name;
}

/** The pools of our sites that run. */
async function stopPools(job: Replacing, environment: Variables): Promise<string[]> {
  const stopped: string[] = [];
  for (const { name, isStarted, variables } of await poolsHere(job, environment)) {
    if (isStarted !== true || !variables.has(ownerVariable)) continue;
    job.progress(`Stopping the pool '${name}' for a moment`);
    await turn(job, name, 'stop', environment);
    stopped.push(name);
  }
  return stopped;
}

/** In the journal both ways: taking the folder back, now or after a kill, needs the same rest. */
async function turn(
  job: Replacing,
  pool: string,
  way: 'start' | 'stop',
  variables: Variables,
): Promise<void> {
  const appcmd = appcmdProgram(variables);
  const words = (verb: string): string[] => [verb, 'apppool', `/apppool.name:${pool}`];
  const command = [appcmd, ...words(way)];
  const undo = [appcmd, ...words(way === 'stop' ? 'start' : 'stop')];
  await job.change({ kind: 'ran', command, undo, gone: [...runsAlready, ...notRunning], passing: true });
  await job.run(appcmd, words(way));
}

/** None where there is no IIS, or where it says nothing: then nothing runs in it either. */
async function poolsHere(job: Replacing, variables: Variables): ReturnType<typeof askPools> {
  try {
    return await askPools({ run: job.run, variables });
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

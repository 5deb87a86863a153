// Comes in: something that may find another installation running. Goes out: its result, after as many tries as fit into the
// time that a person would wait. Knows one number: Windows Installer's 1618.
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../src/kind.js';
import type { RunResult } from '../src/lib/run.js';
import { busy } from './exit-codes.js';

/** Waits so many milliseconds; rejects when the run is stopped. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export const realWait: Wait = (milliseconds, signal) =>
  pause(milliseconds, undefined, signal ? { signal } : {});

const firstPause = 5_000;
const longestPause = 60_000;
/** All pauses together: an update of Windows may take this long. */
const limit = 10 * 60_000;

/** Tries again while another installation runs, with growing pauses, for ten minutes at most. */
export async function whenNotBusy(
  job: Pick<Job, 'progress' | 'signal'>,
  wait: Wait,
  attempt: () => Promise<RunResult>,
): Promise<RunResult> {
  let waited = 0;
  for (let next = firstPause; ; next = Math.min(next * 2, longestPause)) {
    const result = await attempt();
    if ((result.status | 0) !== busy || waited + next > limit) return result;
    job.progress(`Another installation is running: trying again in ${next / 1000} s`);
    await wait(next, job.signal);
    waited += next;
  }
}

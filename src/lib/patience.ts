// Comes in: something that may find another one at work. Goes out: its result, after as many tries as fit into the time that
// a person would wait. Knows no program: which statuses mean "busy" is told.
import { setTimeout as pause } from 'node:timers/promises';
import type { RunResult } from './run.js';

/** Waits so many milliseconds; rejects when the run is stopped. */
export type Wait = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export const realWait: Wait = (milliseconds, signal) =>
  pause(milliseconds, undefined, signal ? { signal } : {});

export interface Patience {
  /** Exit statuses after which it is worth trying again, as signed 32 bits. */
  readonly busy: readonly number[];
  readonly wait: Wait;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((text: string) => void) | undefined;
}

const firstPause = 5_000;
const longestPause = 60_000;
/** All pauses together: an update of Windows may take this long. */
const limit = 10 * 60_000;

/** Tries again while another installation runs, with growing pauses, for ten minutes at most. */
export async function whenNotBusy(
  { busy, wait, signal, progress }: Patience,
  attempt: () => Promise<RunResult>,
): Promise<RunResult> {
  let waited = 0;
  for (let next = firstPause; ; next = Math.min(next * 2, longestPause)) {
    const result = await attempt();
    if (!busy.includes(result.status | 0) || waited + next > limit) return result;
    progress?.(`Another installation is running: trying again in ${next / 1000} s`);
    await wait(next, signal);
    waited += next;
  }
}

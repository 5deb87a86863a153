// Comes in: a mark that programs were started with. Goes out: none of them at work any more. What a killed zookit has
// started lives on and writes into what is about to be taken back. Only Linux tells; elsewhere nothing is found.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from './run.js';

/** The variable that marks the programs that a zookit has started, and what they start in turn. */
const variable = 'ZOOKIT_RUN';

/** Runs programs with a mark. */
export function markedRun(run: Run, mark: string): Run {
  return (program, args, options = {}) =>
    run(program, args, { ...options, env: { ...options.env, [variable]: mark } });
}

/** Polite, then not; after that it is the system's turn. */
const politeLooks = 50;
const allLooks = 100;

/**
 * Sees to it that no program with this mark is at work: waits for it when `patient` (a package manager that is ended
 * half-way leaves a broken system), else ends it. Returns how many there were.
 */
export async function endOrphans(mark: string, patient: boolean): Promise<number> {
  const first = orphansOf(mark);
  for (
    let look = 0, pids = first;
    pids.length > 0 && (patient || look < allLooks);
    look++, pids = orphansOf(mark)
  ) {
    if (!patient && (look === 0 || look >= politeLooks)) pids.forEach((pid) => end(pid, look >= politeLooks));
    await pause(100);
  }
  return first.length;
}

function orphansOf(mark: string): number[] {
  if (process.platform !== 'linux') return [];
  const needle = `${variable}=${mark}\0`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && `${environmentOf(pid)}\0`.includes(needle));
}

/** Empty for a process of somebody else, and for one that has ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function end(pid: number, hard: boolean): void {
  try {
    process.kill(pid, hard ? 'SIGKILL' : 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}

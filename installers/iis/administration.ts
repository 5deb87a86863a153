// Comes in: a list of commands that an administrator would type. Goes out: all of them run, in their order, each in the journal
// with its undo before it runs; INSTALLER_FAILED at the first that fails. Knows no command by name.
import { AppError } from '../../src/errors.js';
import type { Job } from '../../src/kind.js';
import type { Wait } from '../../src/lib/patience.js';
import { realWait } from '../../src/lib/patience.js';
import { endingOf, lastLines } from '../../src/lib/run.js';

/** What an administrator types, why, and what takes it back. */
export interface AdministratorCommand {
  readonly why: string;
  readonly command: readonly string[];
  /** Absent for what may stay. */
  readonly undo?: readonly string[];
  /** Exit statuses of `command` that mean as much as 0: it is so already. */
  readonly already?: readonly number[];
  /** Exit statuses of `command` after which it is worth trying again in a moment. */
  readonly again?: readonly number[];
  /** Exit statuses of `undo` that mean as much as 0: it is gone already. */
  readonly gone?: readonly number[];
}

/** Milliseconds, and how many times: what has just been made is known everywhere by then. */
const pause = 1000;
const tries = 15;

/** Runs them; none is stopped half-way: what it would leave is nobody's to undo. */
export async function runAsAdministrator(
  job: Job,
  commands: readonly AdministratorCommand[],
  wait: Wait = realWait,
): Promise<void> {
  for (const { command, why, undo, gone, already = [], again = [] } of commands) {
    job.signal?.throwIfAborted();
    // One without an undo may stay as it is: only what would have to be taken back is told to the journal.
    if (undo) await job.change({ kind: 'ran', command, undo, ...(gone ? { gone } : {}) });
    job.progress(why.split(':')[0] ?? why);
    const [program = '', ...words] = command;
    let result = await job.run(program, words);
    for (let left = tries; left > 0 && again.includes(result.status); left -= 1) {
      await wait(pause, job.signal);
      result = await job.run(program, words);
    }
    if (result.status === 0 || already.includes(result.status)) continue;
    throw new AppError('INSTALLER_FAILED', `'${program}' ${endingOf(result)}`, {
      details: [`It was to do this: ${why}`, `Command: ${command.join(' ')}`, ...lastLines(result)],
      hint: 'Mend what it says and run the same command again',
    });
  }
}

// Comes in: answers of programs, by their command line. Goes out: a `run` that gives them and remembers every command.
// Starts nothing; what it has no answer for is not there (127).
import type { Run, RunOptions, RunResult } from '../../src/lib/run.js';

export interface RecordedRun {
  readonly run: Run;
  /** `program argument argument`, in the order in which they were run. */
  readonly commands: string[];
  readonly options: RunOptions[];
}

export type Answer = Partial<RunResult> | ((command: string) => Partial<RunResult>);

/** The first answer whose key the command line contains (in any case) is given. */
export function recordedRun(answers: Readonly<Record<string, Answer>> = {}): RecordedRun {
  const commands: string[] = [];
  const options: RunOptions[] = [];
  return {
    commands,
    options,
    run: (program, args, given = {}) => {
      const command = [program, ...args].join(' ');
      commands.push(command);
      options.push(given);
      const name = Object.keys(answers).find((key) => command.toLowerCase().includes(key.toLowerCase()));
      const found = name === undefined ? { status: 127 } : answers[name];
      const answer = typeof found === 'function' ? found(command) : found;
      return Promise.resolve({ status: 0, stdout: '', stderr: '', ...answer });
    },
  };
}

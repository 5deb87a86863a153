// A uv for tests that records what it is asked and writes the lock files it is told to; and a pip with a configuration.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run, RunResult } from '../../src/lib/run.js';

/** What one run of uv was given. */
export interface Asked {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** The files that uv finds in its folder. */
  readonly files: Readonly<Record<string, string>>;
}

export type Answer = RunResult | string;

/** A uv that gives these answers in turn: a lock file, or a failure; `asked` collects what it was given. */
export function standIn(answers: readonly Answer[], asked: Asked[], config = ''): Run {
  return async (_program, args, options = {}) => {
    if (args[0] === '-m') return { status: 0, stdout: config, stderr: '' };
    const folder = options.cwd ?? '';
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const names = ['requirements.in', 'constraints.txt', 'overrides.txt'];
    const files = Object.fromEntries(names.map((name) => [name, read(name)]));
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? '';
    asked.push({ arguments: args, environment: options.env ?? {}, folder, files });
    if (typeof answer !== 'string') return answer;
    writeFileSync(join(folder, 'pylock.toml'), answer);
    return { status: 0, stdout: '', stderr: '' };
  };
}

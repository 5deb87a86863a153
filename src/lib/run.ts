// Comes in: a program and its arguments, as a list. Goes out: status, output. No shell ever stands between us and a
// command; knows no installer and no Python.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { codeOf } from './files.js';
import { systemProgram } from './windows.js';

export interface RunOptions {
  readonly cwd?: string;
  /** Laid over this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is closed at once otherwise. */
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Called with every line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  /** The child shares this process's terminal; nothing is captured. */
  readonly inherit?: boolean;
  /** The arguments are a command line as it is written: on Windows no quote is added or changed. */
  readonly verbatim?: boolean;
}

export interface RunResult {
  /** The exit status; 128 + n when signal n ended it; 127 when it could not be started. */
  readonly status: number;
  /** The name of the signal that ended it. */
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** A child that floods its output keeps only this much of it, from the end; a line is cut at a part of that. */
const keptOutput = 4 * 1024 * 1024;
const longestLine = 64 * 1024;

/** Milliseconds that a child has to end by itself when it is stopped; then it is made to. */
const grace = 5000;
/** Milliseconds for the rest of its output, when a child has ended and somebody else still holds its pipes. */
const lastWords = 2000;

/**
 * Runs a program to its end. Rejects only when it is interrupted, and then when it has ended, with all that it had started:
 * what it changed can be undone from then on. A failing program is a result.
 */
export const run: Run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const { signal } = options;
    if (signal?.aborted) {
      reject(interrupted(program, signal));
      return;
    }
    const child = start(program, args, options);
    if (child instanceof Error) {
      resolve({ status: 127, stdout: '', stderr: `${program}: ${codeOf(child) ?? child.message}` });
      return;
    }
    const stdout = collector(options.onLine);
    const stderr = collector(options.onLine);
    child.stdout?.setEncoding('utf8').on('data', stdout.take);
    child.stderr?.setEncoding('utf8').on('data', stderr.take);
    // A child that ends without reading its input is not an error of ours.
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
    const timers: NodeJS.Timeout[] = [];
    const stop = (): void => {
      endChild(child, 'SIGTERM', options);
      timers.push(setTimeout(() => endChild(child, 'SIGKILL', options), grace));
    };
    signal?.addEventListener('abort', stop, { once: true });
    const ended = (result: RunResult): void => {
      timers.forEach(clearTimeout);
      signal?.removeEventListener('abort', stop);
      if (!signal?.aborted) resolve(result);
      else {
        endChild(child, 'SIGKILL', options);
        void groupGone(child, options).then(() => reject(interrupted(program, signal)));
      }
    };
    child.on('error', (error: NodeJS.ErrnoException) =>
      ended({ status: 127, stdout: stdout.end(), stderr: `${program}: ${error.code ?? error.message}` }),
    );
    child.on('exit', () => {
      const letGo = (): void => [child.stdout, child.stderr].forEach((pipe) => pipe?.destroy());
      timers.push(setTimeout(letGo, lastWords));
    });
    child.on('close', (status, name) =>
      ended({
        status: status ?? 128 + (name ? constants.signals[name] : 0),
        stdout: stdout.end(),
        stderr: stderr.end(),
        ...(name ? { signal: name } : {}),
      }),
    );
  });

/**
 * Node tells some failures later, by an event, and others at once, by an exception: a line that is too long, a folder that is
 * none, a batch file.
 */
function start(program: string, args: readonly string[], options: RunOptions): ChildProcess | Error {
  try {
    return spawn(program, args, {
      cwd: options.cwd,
      env: environmentFor(options.env),
      stdio: options.inherit ? 'inherit' : ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // Windows' first word is the program itself, which nobody else puts into quotes then.
      ...(options.verbatim ? { windowsVerbatimArguments: true, argv0: `"${program}"` } : {}),
      detached: hasGroup(options),
    });
  } catch (error) {
    return error as Error;
  }
}

function interrupted(program: string, { reason }: AbortSignal): AppError {
  return new AppError('INTERRUPTED', `Stopped while running '${program}'`, { cause: reason });
}

/** Answers to questions may be secret: what a program needs of them it is told by name. */
function environmentFor(more: RunOptions['env']): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^ZOOKIT_PARAM_/i.test(name));
  return { ...Object.fromEntries(own), ...more };
}

/** A child that shares our terminal gets the terminal's Ctrl-C; any other one is a group that we end as a whole. */
function hasGroup({ inherit }: RunOptions): boolean {
  return inherit !== true && process.platform !== 'win32';
}

function endChild(child: ChildProcess, signal: NodeJS.Signals, options: RunOptions): void {
  if (child.pid === undefined) return;
  if (!hasGroup(options)) {
    if (process.platform !== 'win32') child.kill(signal);
    // Windows knows no groups; what a child has started goes with it only this way.
    else
      spawn(systemProgram(process.env, 'taskkill.exe'), ['/PID', String(child.pid), '/T', '/F'], {
        stdio: 'ignore',
        windowsHide: true,
      }).on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Who is told to die is not dead at once. What only waits to be asked for counts too, in containers for ever: not longer. */
async function groupGone(child: ChildProcess, options: RunOptions): Promise<void> {
  if (child.pid === undefined || !hasGroup(options)) return;
  for (let looks = 0; looks < 100 && isGroup(child.pid); looks++) await pause(10);
}

function isGroup(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** How a program ended, as the end of a sentence. */
export function endingOf({ status, signal }: RunResult): string {
  if (signal === undefined) return `ended with ${status}`;
  const guess = signal === 'SIGKILL' ? ', perhaps because memory ran out' : '';
  return `was ended by signal ${signal}${guess}`;
}

/** The last lines that a program said, for an error's details; stderr first, else stdout. */
export function lastLines(result: RunResult, count = 3): string[] {
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr;
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count);
}

function collector(onLine?: (line: string) => void): { take: (text: string) => void; end: () => string } {
  let kept = '';
  let line = '';
  return {
    take(text) {
      kept += text;
      if (kept.length > 2 * keptOutput) kept = kept.slice(-keptOutput);
      if (!onLine) return;
      const lines = (line + text).split(/\r\n|\n|\r/);
      line = lines.pop() ?? '';
      if (line.length > longestLine) {
        lines.push(line);
        line = '';
      }
      lines.forEach(onLine);
    },
    end() {
      if (onLine && line !== '') onLine(line);
      return kept.slice(-keptOutput);
    },
  };
}

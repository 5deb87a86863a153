// Comes in: a program and its arguments, as a list. Goes out: status, output. No shell ever stands between us and a
// command; knows no installer and no Python.
import { spawn } from 'node:child_process';
import { AppError } from '../errors.js';

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
}

export interface RunResult {
  /** The exit status; 128 + n when signal n ended it; 127 when there is no such program. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** A child that floods its output keeps only this much of it, from the end. */
const keptOutput = 4 * 1024 * 1024;

/** Runs a program to its end. Rejects only when it is interrupted: a failing program is a result. */
export const run: Run = (program, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ? { ...process.env, ...options.env } : process.env,
      stdio: options.inherit ? 'inherit' : ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const stdout = collector(options.onLine);
    const stderr = collector(options.onLine);
    child.stdout?.setEncoding('utf8').on('data', stdout.take);
    child.stderr?.setEncoding('utf8').on('data', stderr.take);
    // A child that ends without reading its input is not an error of ours.
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') {
        reject(new AppError('INTERRUPTED', `Stopped while running '${program}'`, { cause: error }));
      } else {
        resolve({ status: 127, stdout: stdout.end(), stderr: `${program}: ${error.code ?? error.message}` });
      }
    });
    child.on('close', (status, signal) => {
      resolve({ status: status ?? 128 + signalNumber(signal), stdout: stdout.end(), stderr: stderr.end() });
    });
  });

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
      kept = (kept + text).slice(-keptOutput);
      if (!onLine) return;
      const lines = (line + text).split(/\r\n|\n|\r/);
      line = lines.pop() ?? '';
      lines.forEach(onLine);
    },
    end() {
      if (onLine && line !== '') onLine(line);
      return kept;
    },
  };
}

function signalNumber(signal: NodeJS.Signals | null): number {
  const numbers: Partial<Record<NodeJS.Signals, number>> = {
    SIGHUP: 1,
    SIGINT: 2,
    SIGKILL: 9,
    SIGSEGV: 11,
    SIGTERM: 15,
  };
  return signal ? (numbers[signal] ?? 0) : 0;
}

// Comes in: a command and a place where the worker connects. Goes out: a worker process that is started again whenever
// it ends, after pauses that grow while it fails, until it is stopped. Knows no HTTP, no FastCGI, no site.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.js';

/** What is started. */
export interface WorkerCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How a run of the process ended. */
export interface WorkerExit {
  /** It may be there again soon: it asked for it, or it had worked before. */
  readonly soon: boolean;
  /** It never connected: deploy or application failed. */
  readonly failed: boolean;
  /** `exit status 3`, `signal SIGKILL`, or why it could not be started. */
  readonly reason: string;
  /** The last lines of its output, oldest first. */
  readonly lines: readonly string[];
  /** Milliseconds until the next start. */
  readonly pause: number;
}

/** What to keep running, and who is told. */
export interface WorkerOptions {
  /** Asked before every start, so that a changed web.config counts; a rejection counts as a failed start. */
  readonly command: () => Promise<WorkerCommand>;
  readonly windows: boolean;
  /** Milliseconds between asking the process to stop and killing it. */
  readonly stopLimit: number;
  /** Who ends well sooner than that, in milliseconds, without ever having connected, has failed: a second unless said. */
  readonly shortLife?: number;
  readonly onLine: (line: string) => void;
  readonly onExit: (exit: WorkerExit) => void;
}

const keptLines = 20;
const usualShortLife = 1000;
const longestPause = 10_000;

/** Milliseconds before a start after so many failures in a row: 0, 0.5 s, 1 s, 2 s ... 10 s. */
export function restartPause(failures: number): number {
  return failures === 0 ? 0 : Math.min(500 * 2 ** (failures - 1), longestPause);
}

interface Ended {
  readonly code: number | null;
  readonly reason: string;
}

/** A process that is kept running until it is told to stop. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  #child: ChildProcess | undefined;
  #connected = false;

  /** Starts it. */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#finished = this.#supervise();
  }

  /** Say that the process connected: from then on its exit is no failed start. */
  connected(): void {
    this.#connected = true;
  }

  /** Asks it to stop, kills it after the limit; settled when it is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const killer = setTimeout(() => this.#kill(), this.#options.stopLimit);
    // Windows knows no SIGTERM: there the worker ends when its connections are closed.
    if (!this.#options.windows) this.#child?.kill('SIGTERM');
    await this.#finished;
    clearTimeout(killer);
  }

  async #supervise(): Promise<void> {
    let failures = 0;
    const { signal } = this.#stopping;
    const { shortLife = usualShortLife } = this.#options;
    while (!signal.aborted) {
      const lines: string[] = [];
      const begun = performance.now();
      this.#connected = false;
      const { code, reason } = await this.#run((line) => {
        lines.push(line);
        if (lines.length > keptLines) lines.shift();
        this.#options.onLine(line);
      });
      if (this.#stopping.signal.aborted) return;
      const worked = this.#hasConnected();
      // Ending well at once, without ever having connected, again and again, would be a spinning loop.
      const wanted = code === 0 && (worked || performance.now() - begun > shortLife);
      failures = wanted ? 0 : worked ? 1 : failures + 1;
      const pause = restartPause(failures);
      this.#options.onExit({ soon: wanted || worked, failed: !wanted && !worked, reason, lines, pause });
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A method, since the compiler thinks that a field does not change while we wait. */
  #hasConnected(): boolean {
    return this.#connected;
  }

  async #run(onLine: (line: string) => void): Promise<Ended> {
    try {
      const command = await this.#options.command();
      if (this.#stopping.signal.aborted) return { code: 0, reason: 'stopped' };
      this.#child = start(command, this.#options.windows);
      return await ended(this.#child, onLine);
    } catch (error) {
      return { code: null, reason: messageOf(error) };
    } finally {
      this.#kill();
      this.#child = undefined;
    }
  }

  /** The process and, on POSIX, what it started, such as a deploy script's commands. */
  #kill(): void {
    const child = this.#child;
    try {
      if (child?.pid === undefined || this.#options.windows) child?.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // ESRCH: everything is gone already.
    }
  }
}

/** In a group of its own on POSIX: Ctrl-C in the terminal is for the host, which then stops its workers in order. */
function start(command: WorkerCommand, windows: boolean): ChildProcess {
  return spawn(command.program, command.arguments, {
    cwd: command.directory,
    env: { ...command.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows,
    windowsHide: true,
  });
}

async function ended(child: ChildProcess, onLine: (line: string) => void): Promise<Ended> {
  const outputs = [child.stdout, child.stderr].map((output) => readLines(output, onLine));
  const result = await new Promise<Ended>((resolve) => {
    child.once('error', (error) => resolve({ code: null, reason: error.message }));
    child.once('exit', (code, signal) =>
      resolve({ code, reason: signal === null ? `exit status ${code ?? 0}` : `signal ${signal}` }),
    );
  });
  // Its own children may hold the pipes open for ever; what the worker said last is there at once, and is read in the turn
  // after that of a late timer.
  const late = sleep(500, undefined, { ref: false }).then(() => turn());
  await Promise.race([Promise.all(outputs), late]);
  return result;
}

async function readLines(output: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (!output) return;
  const lines = createInterface({ input: output, crlfDelay: Infinity });
  lines.on('line', onLine);
  await new Promise<void>((resolve) => lines.once('close', resolve));
}

// Comes in: a root. Goes out: the right to write in it, for one process at a time. Readers never ask. Knows no product.
import { readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { codeOf, diskError } from './files.js';

export interface LockOptions {
  /** Told once, when somebody else holds it. */
  readonly waiting: (holder: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds; after that LOCKED. */
  readonly patience?: number;
}

interface Holder {
  readonly pid: number;
  /** When that process began, as the system says it: a pid alone may be somebody else's by now. */
  readonly started: string;
  readonly since: string;
}

/** Takes the lock; returns how to give it back. Waits for another zookit, and takes over from a dead one. */
export async function takeLock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const end = Date.now() + (options.patience ?? 600_000);
  const mine: Holder = {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    since: new Date().toISOString(),
  };
  let told = false;
  for (;;) {
    if (await create(path, mine)) return () => rm(path, { force: true });
    const holder = await readHolder(path);
    if (holder === undefined || !isAlive(holder)) {
      await rm(path, { force: true });
      continue;
    }
    if (Date.now() > end) throw locked(path, holder);
    if (!told)
      options.waiting(
        `Another zookit (process ${holder.pid}, since ${holder.since}) is at work; waiting for it`,
      );
    told = true;
    await pause(200, undefined, options.signal ? { signal: options.signal } : {}).catch((error: unknown) => {
      throw new AppError('INTERRUPTED', 'Stopped while waiting for another zookit', { cause: error });
    });
  }
}

async function create(path: string, holder: Holder): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw rootError(error, dirname(path));
  });
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw diskError(error, path);
  }
}

function rootError(error: unknown, root: string): unknown {
  if (!['EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) return diskError(error, root);
  return new AppError('USAGE', `The root '${root}' is not a folder`, {
    cause: error,
    hint: 'Name another one with `--root DIR`',
  });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  // Between the making of the file and its text there is a moment: an empty file is looked at again before it is stale.
  for (let look = 0; look < 5; look++) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Holder;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      await pause(50);
    }
  }
  return undefined;
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') return false;
  }
  const started = startOf(holder.pid);
  return started === undefined || holder.started === '' || started === holder.started;
}

/** Field 22 of /proc/PID/stat (proc(5)): clock ticks since boot; undefined where there is no such file. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function locked(path: string, holder: Holder): AppError {
  return new AppError('LOCKED', `Another zookit holds the root`, {
    details: [`Process ${holder.pid}, since ${holder.since}`, `Lock ${path}`],
    hint: 'Wait for it, or end that process; a lock of a dead process is taken over by itself',
  });
}

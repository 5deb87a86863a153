// Comes in: paths of files. Goes out: their SHA-256, several files at a time in threads of their own, and copies of them on
// the way. Memory does not grow with the size of files. Knows no bundle and no cache.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HashAnswer, HashTask } from './hash-worker.js';

export interface Hashed {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Threads that wait for files; `close` them at the end. A plain Error with the system's code tells of a file that fails. */
export interface Hasher {
  hash(path: string): Promise<Hashed>;
  /** Copies a file to a name that is free (a clone where the file system can) and tells the hash of what was copied. */
  copy(path: string, to: string): Promise<Hashed>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: HashTask;
  readonly resolve: (hashed: Hashed) => void;
  readonly reject: (error: Error) => void;
}

/** More threads than these wait for the disk only. */
const mostThreads = 8;

/** Opens threads as they are needed, one for each core at most. */
export function openHasher(threads = Math.min(availableParallelism(), mostThreads)): Hasher {
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const all: Worker[] = [];
  let closed = false;

  const next = (): void => {
    if (queue.length === 0 || closed) return;
    const worker = idle.pop() ?? (all.length < threads ? started() : undefined);
    const waiting = worker && queue.shift();
    if (worker && waiting) give(worker, waiting);
  };
  const started = (): Worker => {
    const worker = new Worker(new URL('./hash-worker.js', import.meta.url));
    all.push(worker);
    return worker;
  };
  const give = (worker: Worker, { task, resolve, reject }: Waiting): void => {
    const done = (): void => {
      worker.off('message', answered);
      worker.off('error', broken);
      worker.off('exit', ended);
    };
    const answered = (answer: HashAnswer): void => {
      done();
      idle.push(worker);
      if ('error' in answer) reject(Object.assign(new Error(answer.error.message), answer.error));
      else resolve(answer);
      next();
    };
    const broken = (error: Error): void => {
      done();
      all.splice(all.indexOf(worker), 1);
      reject(error);
      next();
    };
    const ended = (): void => {
      broken(new Error('a thread ended too early'));
    };
    worker.on('message', answered).on('error', broken).on('exit', ended);
    worker.postMessage(task);
  };
  const ask = (task: HashTask): Promise<Hashed> =>
    new Promise((resolve, reject) => {
      if (closed) reject(new Error('the threads are closed'));
      queue.push({ task, resolve, reject });
      next();
    });

  return {
    hash: (path) => ask({ path }),
    copy: (path, copyTo) => ask({ path, copyTo }),
    async close() {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(new Error('the threads are closed'));
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

// Comes in: messages with a path, and another one to copy it to. Goes out: the hash and the size of what was read. Runs in
// a thread of its own (hashing.ts); reading is synchronous because nothing else waits here.
import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, openSync, readSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

/** One file to read. */
export interface HashTask {
  readonly path: string;
  /** Where its bytes go as well; the file must not be there. */
  readonly copyTo?: string;
}

export type HashAnswer =
  | { readonly sha256: string; readonly bytes: number }
  | { readonly error: { readonly message: string; readonly code?: string } };

const buffer = Buffer.allocUnsafeSlow(1024 * 1024);

parentPort?.on('message', (task: HashTask) => {
  parentPort?.postMessage(answerTo(task));
});

function answerTo({ path, copyTo }: HashTask): HashAnswer {
  try {
    if (copyTo === undefined) return hashOf(path);
    // What the copy holds counts, not what the original held.
    return isCloned(path, copyTo) ? hashOf(copyTo) : hashOf(path, copyTo);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { error: { message, ...(code === undefined ? {} : { code }) } };
  }
}

/** File systems that can (Btrfs, XFS, APFS, ReFS) share the blocks until one of the two is written. */
function isCloned(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch {
    return false;
  }
}

function hashOf(path: string, copyTo?: string): HashAnswer {
  const hash = createHash('sha256');
  let bytes = 0;
  const source = openSync(path, 'r');
  try {
    const target = copyTo === undefined ? undefined : openSync(copyTo, 'wx', 0o644);
    try {
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        const chunk = buffer.subarray(0, read);
        hash.update(chunk);
        if (target !== undefined) writeAll(target, chunk);
        bytes += read;
      }
    } finally {
      if (target !== undefined) closeSync(target);
    }
  } finally {
    closeSync(source);
  }
  return { sha256: hash.digest('hex'), bytes };
}

function writeAll(file: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length;) done += writeSync(file, chunk, done);
}

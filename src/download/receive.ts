// Comes in: a stream of bytes and a half-made file. Goes out: the file, longer, and its hashes. Hashes while it writes;
// memory does not grow with the file. Knows no address and no policy.
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

export interface Hashes {
  readonly sha256: Hash;
  /** Only when the feed gives nothing better. */
  readonly sha1?: Hash;
}

export interface ReceiveOptions {
  /** Milliseconds without a byte after which the stream counts as dead. */
  readonly idleLimit: number;
  readonly received?: (bytes: number) => void;
}

/** Written at once: small enough to hold several files in memory, large enough to make writing cheap. */
const batch = 1024 * 1024;

export function newHashes(withSha1: boolean): Hashes {
  return { sha256: createHash('sha256'), ...(withSha1 ? { sha1: createHash('sha1') } : {}) };
}

/** Hashes the bytes that an earlier run has left. */
export async function hashStart(path: string, size: number, hashes: Hashes): Promise<void> {
  if (size === 0) return;
  for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: batch }))
    update(hashes, chunk as Buffer);
}

/** Appends a stream to `file` at `start`; returns how many bytes came. Rejects when it breaks or stalls. */
export async function receive(
  body: Readable,
  file: FileHandle,
  start: number,
  hashes: Hashes,
  options: ReceiveOptions,
): Promise<number> {
  let waiting: Buffer[] = [];
  let length = 0;
  let position = start;
  let writing: Promise<unknown> = Promise.resolve();
  const stalled = setTimeout(
    () => body.destroy(new Error(`no byte for ${options.idleLimit / 1000} seconds`)),
    options.idleLimit,
  );
  const flush = (): void => {
    const buffers = waiting;
    const at = position;
    position += length;
    [waiting, length] = [[], 0];
    if (buffers.length > 0) writing = writing.then(() => writeAll(file, buffers, at));
    // The loop below awaits it; a failure must not count as unhandled until then.
    writing.catch(() => body.destroy());
  };
  try {
    for await (const each of body) {
      const chunk = each as Buffer;
      stalled.refresh();
      update(hashes, chunk);
      waiting.push(chunk);
      length += chunk.length;
      options.received?.(chunk.length);
      if (length < batch) continue;
      await writing;
      flush();
    }
  } catch (error) {
    await writing;
    throw error;
  } finally {
    clearTimeout(stalled);
    // What has come is kept: the next try goes on from there.
    flush();
    await writing;
  }
  return position - start;
}

/** A disk that is nearly full takes a part without a word; only the next write fails. */
async function writeAll(file: FileHandle, buffers: readonly Buffer[], start: number): Promise<void> {
  const { bytesWritten } = await file.writev([...buffers], start);
  const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  if (bytesWritten === length) return;
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  for (let done = 0; done < rest.length;)
    done += (await file.write(rest, done, rest.length - done, start + bytesWritten + done)).bytesWritten;
}

function update({ sha256, sha1 }: Hashes, chunk: Buffer): void {
  sha256.update(chunk);
  sha1?.update(chunk);
}

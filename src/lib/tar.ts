// Comes in: a tar or tar.gz and a new folder. Goes out: the folder, filled. The only file that knows tar. One pass: each
// entry is checked before a byte of it is written; a bad one ends the pass, and the caller throws the folder away.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ReadEntry } from 'tar';
import { Parser } from 'tar';
import type { ArchiveEntry, EntryChecker } from './entry-names.js';
import type { TreeWriter } from './tree-writer.js';

/** Reads the archive once, from start to end; throws what the checker throws, or what is wrong with the archive. */
export async function extractTar(
  archive: string,
  writer: TreeWriter,
  checker: EntryChecker,
  signal?: AbortSignal,
): Promise<void> {
  let failure: Error | undefined;
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      try {
        if (failure === undefined) take(entry, writer, checker);
      } catch (error) {
        failure = error as Error;
      }
      entry.resume();
    },
  });
  parser.on('error', (error: Error) => {
    failure ??= error;
  });
  const gzip = await isGzip(archive);
  const source = createReadStream(archive, { highWaterMark: 1024 * 1024 });
  try {
    for await (const chunk of gzip ? unzipped(source) : source) {
      parser.write(chunk as Buffer);
      if (failure !== undefined) throw failure;
      signal?.throwIfAborted();
    }
  } finally {
    // On Windows nobody can remove a file's folder as long as it is open.
    source.destroy();
    await finished(source).catch(() => undefined);
  }
  const ended = new Promise((resolve) => parser.on('end', resolve));
  parser.end();
  await ended;
  if (failure !== undefined) throw failure;
}

async function isGzip(archive: string): Promise<boolean> {
  const file = await open(archive);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.readUInt16BE(0) === 0x1f8b;
  } finally {
    await file.close();
  }
}

/** Node's own gunzip works beside this thread, which writes meanwhile; tar's would take turns with it. */
function unzipped(source: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

function take(entry: ReadEntry, writer: TreeWriter, checker: EntryChecker): void {
  const target = entry.linkpath;
  const found: ArchiveEntry = {
    name: entry.path,
    type: typeOf(entry.type),
    size: entry.size,
    ...(target === undefined ? {} : { target }),
  };
  checker.check(found);
  const mode = entry.mode ?? 0;
  if (found.type === 'folder') writer.folder(found.name);
  else if (found.type === 'link') writer.link(found.name, target ?? '');
  else if (found.type === 'hardlink') writer.hardLink(found.name, target ?? '');
  else if (entry.size === 0) writer.file(found.name, mode, Buffer.alloc(0));
  else {
    const file = writer.open(found.name, mode);
    entry.on('data', (piece: Buffer) => file.write(piece));
    entry.on('end', () => file.end());
  }
}

function typeOf(type: string): ArchiveEntry['type'] {
  if (type === 'Directory' || type === 'GNUDumpDir') return 'folder';
  if (type === 'SymbolicLink') return 'link';
  if (type === 'Link') return 'hardlink';
  return ['File', 'OldFile', 'ContiguousFile'].includes(type) ? 'file' : 'other';
}

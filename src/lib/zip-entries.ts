// Comes in: a zip and its checked list of entries. Goes out: the entries, written. Reads each entry where the list says it
// lies, without a stream for each (APPNOTE.TXT 4.3.7, 4.4.5). Knows no library.
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { ArchiveEntry } from './entry-names.js';
import type { TreeWriter } from './tree-writer.js';

/** What the list at a zip's end says of an entry (APPNOTE.TXT 4.3.12). */
export interface ZipEntry extends ArchiveEntry {
  readonly mode: number;
  /** Where its own header begins. */
  readonly offset: number;
  readonly packed: number;
  readonly method: number;
  readonly crc32: number;
  readonly encrypted: boolean;
}

/** Above this an entry is unpacked in pieces: memory does not grow with files. */
const inOnePiece = 8 * 1024 * 1024;
/** Milliseconds after which others get their turn: Ctrl-C, the progress line. */
const turnAfter = 50;

const stored = 0;
const deflated = 8;

/** Writes all entries; throws when one is damaged, naming it. */
export async function writeEntries(
  archive: string,
  entries: readonly ZipEntry[],
  writer: TreeWriter,
  signal?: AbortSignal,
): Promise<void> {
  const opened = openSync(archive, 'r');
  const file = createWindow(opened);
  try {
    let last = performance.now();
    for (const entry of entries) {
      if (entry.encrypted) throw damaged(entry, 'is encrypted');
      if (entry.type === 'folder') writer.folder(entry.name);
      else if (entry.type === 'link') writer.link(entry.name, entry.target ?? '');
      else if (Math.max(entry.size, entry.packed) <= inOnePiece) writeSmall(file, entry, writer);
      else await writeLarge(file, entry, writer);
      if (performance.now() - last < turnAfter) continue;
      await turn();
      signal?.throwIfAborted();
      last = performance.now();
    }
  } finally {
    closeSync(opened);
  }
}

function writeSmall(file: Window, entry: ZipEntry, writer: TreeWriter): void {
  const packed = readAt(file, startOf(file, entry), entry.packed, entry);
  const content = entry.method === stored ? packed : inflate(packed, entry);
  if (content.length !== entry.size) throw damaged(entry, 'has another size than its list says');
  if (crc32(content) !== entry.crc32) throw damaged(entry, 'has a wrong checksum');
  writer.file(entry.name, entry.mode, content);
}

function inflate(packed: Buffer, entry: ZipEntry): Buffer {
  if (entry.method !== deflated)
    throw damaged(entry, `is packed by method ${entry.method}, which is not supported`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(entry.size, 1) });
  } catch {
    throw damaged(entry, 'cannot be unpacked');
  }
}

async function writeLarge(file: Window, entry: ZipEntry, writer: TreeWriter): Promise<void> {
  const target = writer.open(entry.name, entry.mode);
  let size = 0;
  let sum = 0;
  const take = (piece: Buffer): void => {
    size += piece.length;
    if (size > entry.size) throw damaged(entry, 'has another size than its list says');
    sum = crc32(piece, sum);
    target.write(piece);
  };
  try {
    if (entry.method === stored) for (const piece of pieces(file, entry)) take(piece);
    else if (entry.method === deflated) for await (const piece of inflated(file, entry)) take(piece);
    else throw damaged(entry, `is packed by method ${entry.method}, which is not supported`);
  } finally {
    target.end();
  }
  if (size !== entry.size) throw damaged(entry, 'has another size than its list says');
  if (sum !== entry.crc32) throw damaged(entry, 'has a wrong checksum');
}

async function* inflated(file: Window, entry: ZipEntry): AsyncGenerator<Buffer> {
  const stream = createInflateRaw({ chunkSize: 256 * 1024 });
  const feed = async (): Promise<void> => {
    for (const piece of pieces(file, entry)) {
      if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve));
    }
    stream.end();
  };
  feed().catch((error: unknown) => stream.destroy(error as Error));
  for await (const piece of stream) yield piece as Buffer;
}

function* pieces(file: Window, entry: ZipEntry): Generator<Buffer> {
  let position = startOf(file, entry);
  const end = position + entry.packed;
  while (position < end) {
    const piece = readAt(file, position, Math.min(1024 * 1024, end - position), entry);
    position += piece.length;
    yield piece;
  }
}

const localHeaderSize = 30;

/** The entry's own header repeats name and extra fields, with lengths of its own. */
function startOf(file: Window, entry: ZipEntry): number {
  const header = readAt(file, entry.offset, localHeaderSize, entry);
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged(entry, 'is not where the list says');
  return entry.offset + localHeaderSize + header.readUInt16LE(26) + header.readUInt16LE(28);
}

function readAt(file: Window, position: number, length: number, entry: ZipEntry): Buffer {
  const bytes = file(position, length);
  if (bytes.length < length) throw damaged(entry, 'ends too early');
  return bytes;
}

/** Bytes of the file; fewer than asked at its end. The view holds until the next call. */
type Window = (position: number, length: number) => Buffer;

/** Entries lie one after the other: reading far ahead saves most calls. */
function createWindow(file: number): Window {
  let start = 0;
  let bytes = Buffer.alloc(0);
  return (position, length) => {
    if (position < start || position + length > start + bytes.length) {
      const buffer = Buffer.allocUnsafe(Math.max(length, 1024 * 1024));
      let done = 0;
      for (let read = 1; read > 0 && done < buffer.length; done += read) {
        read = readSync(file, buffer, done, buffer.length - done, position + done);
      }
      start = position;
      bytes = buffer.subarray(0, done);
    }
    return bytes.subarray(position - start, position - start + length);
  };
}

function damaged(entry: ZipEntry, what: string): Error {
  return new Error(`entry '${entry.name.slice(0, 120)}' ${what}`);
}

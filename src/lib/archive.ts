// Comes in: a zip or tar.gz and a folder that does not exist yet. Goes out: the folder, filled. The only file that knows
// tar, extract-zip and yauzl. Reads the whole list of entries first: nothing of a bad archive is ever written.
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import extractZip from 'extract-zip';
import * as tar from 'tar';
import yauzl from 'yauzl';
import { AppError, messageOf } from '../errors.js';
import type { ArchiveEntry, ArchiveLimits } from './entry-names.js';
import { checkEntries, defaultLimits } from './entry-names.js';
import { besideName } from './files.js';

export interface UnpackOptions {
  /** Leading folders that are dropped from every path. */
  readonly strip?: number;
  readonly limits?: ArchiveLimits;
  readonly signal?: AbortSignal;
}

/** Unpacks `archive` into the new folder `folder`; throws INSTALLER_FAILED for a bad archive, naming the entry. */
export async function unpack(archive: string, folder: string, options: UnpackOptions = {}): Promise<void> {
  const type = await archiveType(archive);
  try {
    const entries =
      type === 'zip' ? await listZip(archive) : await listTar(archive, options.limits ?? defaultLimits);
    checkEntries(entries, (await stat(archive)).size, options.limits);
    await mkdir(folder, { recursive: true });
    if (type === 'zip') await extractZip(archive, { dir: folder });
    else await extractTar(archive, folder, options.signal);
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && 'syscall' in error)) throw error;
    throw damaged(archive, messageOf(error), error);
  }
  for (let level = 0; level < (options.strip ?? 0); level++) await dropTopFolder(folder, archive);
}

/** Told by content, never by name: feeds and servers name files as they like. */
async function archiveType(archive: string): Promise<'zip' | 'tar'> {
  const file = await open(archive);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(265), 0, 265, 0);
    const start = buffer.subarray(0, bytesRead).toString('latin1');
    if (start.startsWith('PK\u0003\u0004') || start.startsWith('PK\u0005\u0006')) return 'zip';
    if (start.startsWith('\u001f\u008b') || start.slice(257, 262) === 'ustar') return 'tar';
  } finally {
    await file.close();
  }
  throw damaged(archive, 'it is neither a zip nor a tar.gz');
}

const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;

function listZip(archive: string): Promise<ArchiveEntry[]> {
  return new Promise((resolve, reject) => {
    // Names are checked by our own rules, which name the entry: yauzl's would only say that one is wrong.
    yauzl.open(archive, { lazyEntries: true, decodeStrings: true, strictFileNames: true }, (error, zip) => {
      if (error) {
        reject(error);
        return;
      }
      const entries: ArchiveEntry[] = [];
      zip.on('error', reject);
      zip.on('end', () => resolve(entries));
      zip.on('entry', (entry: yauzl.Entry) => {
        const isLink = ((entry.externalFileAttributes >>> 16) & fileTypeMask) === symbolicLink;
        const type = entry.fileName.endsWith('/') ? 'folder' : isLink ? 'link' : 'file';
        const found: ArchiveEntry = { name: entry.fileName, type, size: entry.uncompressedSize };
        if (!isLink) {
          entries.push(found);
          zip.readEntry();
          return;
        }
        readLink(zip, entry, (target) => {
          entries.push({ ...found, target });
          zip.readEntry();
        }).catch(reject);
      });
      zip.readEntry();
    });
  });
}

async function readLink(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  use: (target: string) => void,
): Promise<void> {
  if (entry.uncompressedSize > 4096) throw new Error(`entry '${entry.fileName}' is a link of absurd length`);
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  let target = '';
  for await (const part of stream) target += part.toString();
  use(target);
}

async function listTar(archive: string, limits: ArchiveLimits): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  let bytes = 0;
  const parser = new tar.Parser({
    strict: true,
    onReadEntry(entry) {
      bytes += entry.size;
      entries.push({
        name: entry.path,
        type: tarType(entry.type),
        size: entry.size,
        ...(entry.linkpath === undefined ? {} : { target: entry.linkpath }),
      });
      // A bomb must not be read to its end only to be counted.
      if (entries.length > limits.entries || bytes > limits.bytes) {
        parser.abort(new Error('the archive is refused: it holds more than the limits allow'));
      }
      entry.resume();
    },
  });
  await new Promise<void>((resolve, reject) => {
    parser.on('end', resolve).on('error', reject);
    createReadStream(archive)
      .on('error', reject)
      .on('data', (part) => void parser.write(part as Buffer))
      .on('end', () => parser.end());
  });
  return entries;
}

function tarType(type: string): ArchiveEntry['type'] {
  if (type === 'Directory' || type === 'GNUDumpDir') return 'folder';
  if (type === 'SymbolicLink') return 'link';
  if (type === 'Link') return 'hardlink';
  return ['File', 'OldFile', 'ContiguousFile'].includes(type) ? 'file' : 'other';
}

async function extractTar(archive: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (signal?.aborted) done(new AppError('INTERRUPTED', 'Stopped while unpacking'));
      else done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(archive),
    watch,
    tar.extract({ cwd: folder, strict: true, preserveOwner: false }),
  );
}

/** `folder/only/…` becomes `folder/…`. */
async function dropTopFolder(folder: string, archive: string): Promise<void> {
  const [only, ...others] = await readdir(folder);
  if (only === undefined || others.length > 0 || !(await stat(join(folder, only))).isDirectory()) {
    throw damaged(archive, 'its feed says that all files lie in one folder, but they do not');
  }
  const aside = besideName(folder, 'strip');
  await rename(join(folder, only), aside);
  await rmdir(folder);
  await rename(aside, folder).catch(async (error: unknown) => {
    await rm(aside, { recursive: true, force: true });
    throw error;
  });
}

function damaged(archive: string, reason: string, cause?: unknown): AppError {
  return new AppError('INSTALLER_FAILED', `Cannot unpack '${basename(archive)}': ${reason}`, { cause });
}

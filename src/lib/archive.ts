// Comes in: a zip, tar or tar.gz, told by content, and a folder that does not exist yet. Goes out: the folder, filled, or
// no folder at all. Decides nothing about names: that is entry-names.ts.
import { open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import type { ArchiveLimits } from './entry-names.js';
import { createEntryChecker } from './entry-names.js';
import { besideName } from './files.js';
import { createTreeWriter } from './tree-writer.js';

export interface UnpackOptions {
  /** Leading folders that are dropped from every path. */
  readonly strip?: number;
  readonly limits?: ArchiveLimits;
  readonly signal?: AbortSignal;
}

/** Unpacks `archive` into the new folder `folder`; throws INSTALLER_FAILED for a bad archive, naming the entry. */
export async function unpack(archive: string, folder: string, options: UnpackOptions = {}): Promise<void> {
  const type = await archiveType(archive);
  const checker = createEntryChecker((await stat(archive)).size, options.limits, options.strip);
  try {
    // Each format's libraries are loaded when an archive of it comes.
    if (type === 'zip') {
      const { extractZipFile } = await import('./zip.js');
      await extractZipFile(archive, folder, () => createTreeWriter(folder), checker, options.signal);
    } else {
      const { extractTar } = await import('./tar.js');
      await extractTar(archive, createTreeWriter(folder), checker, options.signal);
    }
    for (let level = 0; level < (options.strip ?? 0); level++) await dropTopFolder(folder, archive);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if (options.signal?.aborted)
      throw new AppError('INTERRUPTED', 'Stopped while unpacking', { cause: error });
    if (error instanceof AppError || (error instanceof Error && 'syscall' in error)) throw error;
    throw damaged(archive, messageOf(error), error);
  }
}

/** Files of a zip's top, by lower-case name, those that are there; throws INSTALLER_FAILED for a bad archive. */
export async function readFromZip(
  archive: string,
  names: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, Buffer>> {
  if ((await archiveType(archive)) !== 'zip') throw damaged(archive, 'it is no zip');
  const checker = createEntryChecker((await stat(archive)).size);
  try {
    const { readZipFiles } = await import('./zip.js');
    return await readZipFiles(archive, names, checker, limit);
  } catch (error) {
    if (error instanceof AppError || (error instanceof Error && 'syscall' in error)) throw error;
    throw damaged(archive, messageOf(error), error);
  }
}

/** Feeds and servers name files as they like. */
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

/** `folder/only/…` becomes `folder/…`. */
async function dropTopFolder(folder: string, archive: string): Promise<void> {
  const [only, ...others] = await readdir(folder);
  if (only === undefined || others.length > 0 || !(await stat(join(folder, only))).isDirectory()) {
    throw damaged(archive, 'its feed says that all files lie in one folder, but they do not');
  }
  const aside = besideName(folder, 'strip');
  await rename(join(folder, only), aside);
  try {
    await rmdir(folder);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

function damaged(archive: string, found: string, cause?: unknown): AppError {
  const outside = /^(?:invalid relative|absolute) path: (.*)/.exec(found)?.[1];
  const reason = outside === undefined ? found : `entry '${outside}' lies outside of the folder`;
  return new AppError('INSTALLER_FAILED', `Cannot unpack '${basename(archive)}': ${reason}`, {
    cause,
    hint: 'Do not use the file; ask the owner of the feed for another one',
  });
}

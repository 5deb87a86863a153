// Joins the writing of a bundle with the terminal: as a folder or as one file, with progress, whole or not at all.
import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bundleNames } from '../../bundle/layout.js';
import type { BundleFile, WriteOptions } from '../../bundle/write.js';
import { finish, refuseForeign, unfinishedPath, writeBundle } from '../../bundle/write.js';
import { isBundleArchive, writeZip } from '../../bundle/zip-archive.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { diskError, freeBytes, isInside, removeWhole } from '../../lib/files.js';
import { takeLock } from '../../lib/lock.js';
import { makeFolder } from '../../lib/make-folder.js';
import { sizeText } from '../../lib/terminal.js';

export interface Writing {
  /** Absolute. */
  readonly path: string;
  /** One zip instead of a folder. */
  readonly archive: boolean;
  readonly files: readonly BundleFile[];
  readonly sign?: WriteOptions['sign'];
}

export interface WrittenOut {
  readonly digest: string;
  /** Of all files, the list and its signature too. */
  readonly files: number;
  readonly bytes: number;
}

/** Throws USAGE for a place that holds something else, DISK_FULL, NEEDS_ADMIN, HASH_MISMATCH, INTERRUPTED. */
export async function writeOut(context: Context, writing: Writing): Promise<WrittenOut> {
  await refuseOccupied(writing.path, writing.archive);
  // What was gathered came from the cache, which asks nobody; the lock would take it for waiting.
  if (context.signal.aborted)
    throw new AppError('INTERRUPTED', 'Stopped while making the bundle', {
      hint: 'Run the same command again: it goes on where this one stopped',
    });
  const release = await lockPlace(context, writing.path);
  try {
    return await writeAlone(context, writing);
  } finally {
    await release();
  }
}

/** Of zookits with different roots only one at a time may make the bundle of a name, or each would sweep the other's files. */
async function lockPlace({ terminal, signal }: Context, path: string): Promise<() => Promise<void>> {
  const name = basename(path);
  await makeFolder(unfinishedPath(path), '--out PATH');
  // Short, whatever the bundle is called: the lock's own temporary names are longer still.
  const lock = `.zookit-${createHash('sha256').update(name).digest('hex').slice(0, 16)}.lock`;
  return takeLock(join(dirname(path), lock), { waiting: terminal.warn, signal, of: `'${path}'` });
}

async function writeAlone(context: Context, { path, archive, files, sign }: Writing): Promise<WrittenOut> {
  const { terminal, signal } = context;
  const all = files.reduce((sum, file) => sum + ('content' in file ? file.content.length : file.bytes), 0);
  let done = 0;
  const written = await writeBundle(path, files, {
    signal,
    ...(sign ? { sign } : {}),
    written: (bytes) => {
      done += bytes;
      terminal.progress(`Writing ${sizeText(done)} of ${sizeText(all)}`);
    },
  });
  const lists = sign ? [bundleNames.sums, bundleNames.signature] : [bundleNames.sums];
  const paths = [...written.sums.map((sum) => sum.path), ...lists];
  if (archive) {
    terminal.progress(`Packing ${sizeText(all)}`);
    await pack(context, path, written.folder, paths, written.bytes);
  } else await finish(written.folder, path);
  terminal.progress(undefined);
  return { digest: written.digest, files: paths.length, bytes: written.bytes };
}

/** What lies there is taken away one day without a question: by the next bundle that is installed, or with the cache. */
export function refuseOwnFolders({ paths }: Pick<Context, 'paths'>, path: string): void {
  const own = [paths.cache, paths.bundle].find((folder) => isInside(folder, path));
  if (own === undefined) return;
  throw new AppError('USAGE', `'${path}' lies where Zookit keeps its own files`, {
    details: [`Those are in ${own}`],
    hint: 'Choose another `--out PATH`',
  });
}

/** A folder where a file is to be, and the other way round, is somebody's other bundle at best. */
export async function refuseOccupied(path: string, archive: boolean): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  if (!archive) return refuseForeign(path);
  if (found.isFile() && (await isBundleArchive(path))) return;
  throw new AppError('USAGE', `'${path}' is there and is no bundle in one file`, {
    hint: 'Move it away, or choose another `--out PATH`',
  });
}

/** The zip beside the folder that it is made of, which goes when the zip has its name. */
async function pack(
  { signal }: Context,
  path: string,
  folder: string,
  paths: readonly string[],
  bytes: number,
): Promise<void> {
  const unfinished = `${unfinishedPath(path)}.zip`;
  try {
    await rm(unfinished, { force: true });
    const free = await freeBytes(dirname(path));
    if (free !== undefined && free < bytes) {
      throw new AppError('DISK_FULL', `There is no room to pack the bundle in '${dirname(path)}'`, {
        details: [`Wanted ${sizeText(bytes)}`, `Found  ${sizeText(free)} free`],
        hint: 'Make room, or leave `--archive` out',
      });
    }
    await writeZip(unfinished, folder, paths, signal);
    await finish(unfinished, path);
    await removeWhole(folder);
  } catch (error) {
    await rm(unfinished, { force: true });
    if (!signal.aborted) throw diskError(error, path);
    throw new AppError('INTERRUPTED', 'Stopped while packing the bundle', {
      cause: error,
      hint: 'Run the same command again: it goes on where this one stopped',
    });
  }
}

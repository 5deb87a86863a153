// Comes in: paths. Goes out: files written whole or not at all, paths that stay inside their folder. Knows no product.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors.js';
import { isRunning } from './alive.js';

/** Marks everything that is not finished. */
export const temporaryPrefix = '.zookit-';

/** A name beside `path` that nobody else uses; it says who made it, so that leftovers of the dead can be told. */
export function besideName(path: string, purpose: string): string {
  const unique = `${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `${temporaryPrefix}${purpose}-${basename(path)}-${unique}`);
}

/** Writes a file under a temporary name, flushes it, renames it: readers see the old or the new one, never a half. */
export async function writeWhole(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = besideName(path, 'new');
  try {
    await refuseNoFile(path);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameStubborn(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw diskError(error, path);
  }
}

/** Throws USAGE for a place that cannot be a file: it is a folder, or lies below a file. */
async function refuseNoFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => codeOf(error));
  const details =
    typeof found === 'object' && found.isDirectory()
      ? 'It is a folder, and a file is wanted'
      : found === 'ENOTDIR' && 'A part of the path is a file, and a folder is wanted';
  if (details === false) return;
  throw new AppError('USAGE', `Cannot write '${path}'`, {
    details: [details],
    hint: 'Choose another name for the file',
  });
}

/**
 * Removes a file or folder so that it is never seen half under its name: it is moved aside first. What a kill leaves of it
 * has a temporary name; `sweepBeside` finds it.
 */
export async function removeWhole(path: string): Promise<void> {
  const aside = besideName(path, 'gone');
  try {
    await renameStubborn(path, aside);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes a folder and those above it, up to and without `end`, as long as they are empty. */
export async function removeEmpty(folder: string, end: string): Promise<void> {
  if (resolve(folder) === resolve(end) || !isInside(end, folder)) return;
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed) await removeEmpty(dirname(folder), end);
}

/** Removes what killed runs have left beside a path under temporary names of it. */
export async function sweepBeside(path: string): Promise<void> {
  await sweep(dirname(path), (name) => name === basename(path));
}

/** Removes what killed runs have left in a folder under temporary names, whatever it was to become. */
export async function sweepFolder(folder: string): Promise<void> {
  await sweep(folder, () => true);
}

async function sweep(folder: string, isMeant: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const [, name = '', maker = ''] = temporaryName.exec(entry) ?? [];
    if (name === '' || !isMeant(name) || isAtWork(Number(maker))) continue;
    await rm(join(folder, entry), { recursive: true, force: true, maxRetries: 5 });
  }
}

const temporaryName = /^\.zookit-[a-z]+-(.+)-(\d+)-[0-9a-f]{12}$/;

/** A zookit that only reads keeps feeds while another one sweeps. In a container each has the same number as the last. */
function isAtWork(maker: number): boolean {
  return maker !== process.pid && isRunning(maker);
}

const patience = 60_000;

/**
 * Renames; on Windows a virus scanner or an indexer may hold fresh files for seconds, so EPERM, EACCES and EBUSY are
 * tried again for up to a minute there.
 */
export async function renameStubborn(from: string, to: string): Promise<void> {
  const end = Date.now() + patience;
  for (let pause = 50; ; pause = Math.min(pause * 2, 2000)) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error) ?? '');
      if (process.platform !== 'win32' || !held || Date.now() > end) throw diskError(error, to);
      await new Promise((wake) => setTimeout(wake, pause));
    }
  }
}

/** The path of `name` below `folder`; throws INSTALLER_FAILED when it would lie outside. */
export function joinInside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (!isInside(folder, path)) {
    throw new AppError('INSTALLER_FAILED', `'${name}' would lie outside of '${folder}'`, {
      hint: 'Do not use the product; ask the owner of the feed for another one',
    });
  }
  return path;
}

/** Whether `path` is `folder` or lies below it, by name (links are not followed). */
export function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way));
}

/** Lower-case hex SHA-256 of a file; memory does not grow with its size. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}

/** Bytes that this process may still write in a folder, which need not exist yet; undefined where nobody tells. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || path === dirname(path)) return undefined;
    }
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The text of a file, or undefined when there is none; throws NEEDS_ADMIN where it may not be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return (await readBytesIfThere(path))?.toString('utf8');
}

/** The same for a file that may be in any encoding. */
export async function readBytesIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) return undefined;
    if (!['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
    throw new AppError('NEEDS_ADMIN', `Cannot read '${path}'`, {
      cause: error,
      hint: 'Run the command as somebody who may read it',
    });
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const roomHint = 'Make room there and run the same command again; `--root DIR` chooses another root';

/** What programs say of a full disk: the systems' own sentences, and SQLite's. */
const noRoom =
  /No space left on device|not enough space on the disk|Disk quota exceeded|database or disk is full/i;

/**
 * A file system's error in words where the user can do something about it, also when it is a program that met it; any
 * other error as it is.
 */
export function diskError(error: unknown, path: string): unknown {
  if (error instanceof AppError && [error.message, ...error.details].some((line) => noRoom.test(line))) {
    const { message, details } = error;
    return new AppError('DISK_FULL', message, { cause: error, details, hint: roomHint });
  }
  const code = codeOf(error);
  // A caller that knows no path names what it was at.
  const place = isAbsolute(path)
    ? path
    : ((error as Partial<NodeJS.ErrnoException> | undefined)?.path ?? path);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', `No room is left to write '${place}'`, {
      cause: error,
      hint: roomHint,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError('NEEDS_ADMIN', `Cannot write '${place}'`, {
      cause: error,
      details: code === 'EROFS' ? ['The disk is read-only'] : [],
      hint:
        code === 'EROFS'
          ? 'Make the disk writable, or choose another root with `--root DIR`'
          : 'Run the command with administrator rights, or choose a folder of yours with `--root DIR`',
    });
  }
  return error;
}

// Comes in: the path of a bundle, a folder or the one file that it was packed into. Goes out: its folder, for as long as
// the work on it lasts. Checks nothing of what is inside: that is verify.ts.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import { unpack } from '../lib/archive.js';
import { besideName, diskError, exists } from '../lib/files.js';
import { bundleNames } from './layout.js';

/** A bundle may be larger than any product's archive. */
const limits = { entries: 200_000, bytes: 64 * 1024 ** 3, ratio: 200 };

/**
 * Hands the bundle's folder to `work`; an archive is unpacked below `scratch`, which is made, and thrown away afterwards.
 * Throws BUNDLE_INVALID for what is neither, DISK_FULL.
 */
export async function withBundle<T>(
  path: string,
  { scratch, signal }: { readonly scratch: string; readonly signal?: AbortSignal },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch((cause: unknown) => {
    throw new AppError('BUNDLE_INVALID', `There is no bundle '${path}'`, {
      cause,
      details: [messageOf(cause)],
      hint: 'Name the folder or file that `zookit bundle export` has made',
    });
  });
  if (found.isDirectory()) return work(absolute);
  const folder = besideName(join(scratch, 'bundle'), 'unpacked');
  try {
    await mkdir(scratch, { recursive: true });
    await unpack(absolute, folder, { limits, ...(signal ? { signal } : {}) }).catch((error: unknown) => {
      throw notArchive(path, error);
    });
    return await work(await topOf(folder));
  } catch (error) {
    throw diskError(error, scratch);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The folder with the list: the archive's top, or the only folder in it. */
async function topOf(folder: string): Promise<string> {
  if (await exists(join(folder, bundleNames.sums))) return folder;
  const [only, ...others] = await readdir(folder);
  return only !== undefined && others.length === 0 ? join(folder, only) : folder;
}

function notArchive(path: string, error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'INSTALLER_FAILED') return error;
  return new AppError('BUNDLE_INVALID', `'${path}' is not a bundle`, {
    cause: error,
    details: [error.message],
    hint: 'Do not use it; copy it anew from where it was made',
  });
}

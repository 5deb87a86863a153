// Comes in: the files of a bundle: what lies somewhere with its hash, and what is written now. Goes out: the folder, whole
// under its name or not at all. A run that breaks off leaves a folder beside it, with which the next one goes on.
import { chmod, mkdir, readdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../errors.js';
import {
  codeOf,
  diskError,
  exists,
  freeBytes,
  readIfThere,
  removeWhole,
  renameStubborn,
  sweepBeside,
} from '../lib/files.js';
import type { Hasher } from '../lib/hashing.js';
import { openHasher } from '../lib/hashing.js';
import { makeFolder } from '../lib/make-folder.js';
import { sizeText } from '../lib/terminal.js';
import { bundleNames } from './layout.js';
import type { Sum } from './sums.js';
import { sumsText } from './sums.js';

/** A file of a bundle; `path` is with `/`, below it. */
export type BundleFile =
  | {
      readonly path: string;
      /** Where its bytes lie now. */
      readonly from: string;
      /** What they must be. */
      readonly sha256: string;
      readonly bytes: number;
      readonly executable?: boolean;
    }
  | { readonly path: string; readonly content: Uint8Array; readonly executable?: boolean };

export interface WriteOptions {
  /** Signs the list of hashes; base64. */
  readonly sign?: (list: Uint8Array) => string;
  readonly signal?: AbortSignal;
  /** Called with bytes that are in their place now. */
  readonly written?: (bytes: number) => void;
}

export interface Written {
  /** The unfinished folder, whole now. */
  readonly folder: string;
  readonly sums: readonly Sum[];
  /** SHA-256 of the list of hashes. */
  readonly digest: string;
  readonly bytes: number;
}

/** Lies in a folder that is not finished, so that nobody takes it for a bundle, and we know it for ours. */
const mark = 'NOT-FINISHED';

/** Where a bundle is made until it is whole. */
export function unfinishedPath(path: string): string {
  return join(dirname(path), `${basename(path)}.unfinished`);
}

/**
 * Writes all files below the unfinished folder of `path`; those that an earlier run has put there rightly stay. Throws
 * HASH_MISMATCH for a file that is not what its hash says, DISK_FULL, NEEDS_ADMIN, INTERRUPTED.
 */
export async function writeBundle(
  path: string,
  files: readonly BundleFile[],
  options: WriteOptions = {},
): Promise<Written> {
  const folder = unfinishedPath(path);
  await openUnfinished(folder);
  const hasher = openHasher();
  try {
    await removeOthers(folder, new Set([mark, ...files.map((file) => file.path)]));
    await makeFolders(folder, files);
    await refuseWithoutRoom(folder, files);
    const sums = await Promise.all(
      // The largest first, so that no thread is left alone with one at the end.
      [...files].sort((a, b) => sizeOf(b) - sizeOf(a)).map((file) => putOne(folder, file, hasher, options)),
    );
    const list = Buffer.from(sumsText(sums));
    await writeAgain(join(folder, bundleNames.sums), list, false);
    if (options.sign)
      await writeAgain(join(folder, bundleNames.signature), Buffer.from(`${options.sign(list)}\n`), false);
    await rm(join(folder, mark), { force: true });
    const digest = createHash('sha256').update(list).digest('hex');
    return { folder, sums, digest, bytes: files.reduce((sum, file) => sum + sizeOf(file), list.length) };
  } catch (error) {
    if (options.signal?.aborted)
      throw new AppError('INTERRUPTED', 'Stopped while writing the bundle', {
        cause: error,
        hint: 'Run the same command again: it goes on where this one stopped',
      });
    throw diskError(error, folder);
  } finally {
    await hasher.close();
  }
}

/** Gives a finished folder or file its name; an older bundle there goes. */
export async function finish(unfinished: string, path: string): Promise<void> {
  await sweepBeside(path);
  await rmdir(path).catch(() => undefined);
  await removeWhole(path);
  await renameStubborn(unfinished, path);
}

/** Ours are those that are marked, are whole, or hold nothing. Throws USAGE for any other. */
async function openUnfinished(folder: string): Promise<void> {
  await makeFolder(folder, '--out PATH');
  // A run that was killed as it took the folder of a packed bundle away.
  await sweepBeside(folder);
  try {
    const names = await readdir(folder);
    const ours = names.length === 0 || names.includes(mark) || names.includes(bundleNames.sums);
    if (!ours) {
      throw new AppError('USAGE', `'${folder}' is there and is no unfinished bundle of ours`, {
        hint: 'Move it away, or choose another `--out PATH`',
      });
    }
    const text = 'A bundle is being made here. To go on, run the same `zookit bundle export` again.\n';
    await writeFile(join(folder, mark), text);
    await rm(join(folder, bundleNames.sums), { force: true });
    await chmod(folder, 0o755);
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** Files of an earlier run for something else. */
async function removeOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const visit = async (below: string): Promise<boolean> => {
    let empty = true;
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() ? await visit(path) : !wanted.has(path))
        await rm(join(folder, path), { recursive: true, force: true });
      else empty = false;
    }
    return empty && below !== '';
  };
  await visit('');
}

async function makeFolders(folder: string, files: readonly BundleFile[]): Promise<void> {
  const folders = new Set<string>();
  for (const { path } of files)
    for (let above = dirname(path); above !== '.'; above = dirname(above)) folders.add(above);
  for (const each of [...folders].sort()) {
    await mkdir(join(folder, each), { recursive: true });
    await chmod(join(folder, each), 0o755);
  }
}

async function refuseWithoutRoom(folder: string, files: readonly BundleFile[]): Promise<void> {
  const found = await freeBytes(folder);
  if (found === undefined) return;
  let wanted = 0;
  for (const file of files) {
    const there = await stat(join(folder, file.path)).catch(() => undefined);
    wanted += Math.max(0, sizeOf(file) - (there?.size ?? 0));
  }
  if (wanted <= found) return;
  throw new AppError('DISK_FULL', `There is no room for the bundle in '${dirname(folder)}'`, {
    details: [`Wanted ${sizeText(wanted)}`, `Found  ${sizeText(found)} free`],
    hint: 'Make room, or choose another place with `--out PATH`',
  });
}

async function putOne(
  folder: string,
  file: BundleFile,
  hasher: Hasher,
  { signal, written }: WriteOptions,
): Promise<Sum> {
  signal?.throwIfAborted();
  const path = join(folder, file.path);
  const mode = file.executable === true ? 0o755 : 0o644;
  const sha256 = 'content' in file ? hashOf(file.content) : file.sha256;
  if ('content' in file) await writeAgain(path, file.content, file.executable === true);
  else if (!(await isThere(path, file, hasher))) {
    await rm(path, { recursive: true, force: true });
    await copyOne(file.from, path, sha256, hasher);
    await chmod(path, mode);
  } else await chmod(path, mode);
  signal?.throwIfAborted();
  written?.(sizeOf(file));
  return { path: file.path, sha256 };
}

async function isThere(
  path: string,
  { sha256, bytes }: { readonly sha256: string; readonly bytes: number },
  hasher: Hasher,
): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== bytes) return false;
  return (await hasher.hash(path)).sha256 === sha256;
}

/**
 * A copy, not a hard link: a link would share its rights and its bytes with the cache, and whoever changed the bundle would
 * change the cache.
 */
async function copyOne(from: string, to: string, wanted: string, hasher: Hasher): Promise<void> {
  const { sha256 } = await hasher.copy(from, to);
  if (sha256 === wanted) return;
  await rm(to, { force: true });
  throw new AppError('HASH_MISMATCH', `'${from}' is not what its hash says`, {
    details: [`Wanted sha256 ${wanted}`, `Found  sha256 ${sha256}`],
    hint: 'Take damaged files out of the cache with `zookit cache verify`, then run the same command again',
  });
}

async function writeAgain(path: string, content: Uint8Array, executable: boolean): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await writeFile(path, content, { flag: 'wx' });
  await chmod(path, executable ? 0o755 : 0o644);
}

function sizeOf(file: BundleFile): number {
  return 'content' in file ? file.content.length : file.bytes;
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What may be replaced: nothing, an empty folder, a bundle. Throws USAGE for anything else under the name. */
export async function refuseForeign(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    return undefined;
  });
  if (names?.length === 0) return;
  const index = names && (await readIfThere(join(path, bundleNames.index)));
  if (
    index !== undefined &&
    /^\s*\{\s*"bundle": \d/.test(index) &&
    (await exists(join(path, bundleNames.sums)))
  )
    return;
  throw new AppError('USAGE', `'${path}' is there and is no bundle`, {
    details: ['Only a bundle of ours, or an empty folder, is written over'],
    hint: 'Move it away, or choose another `--out PATH`',
  });
}

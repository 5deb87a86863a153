// Comes in: bundles that were verified, the one to use first. Goes out: its feed and all files below a folder of ours, so
// that the medium is not needed again. Every file is hashed once more as it is copied: what is used later is what was
// verified. Killed half-way it goes on the next time; knows nothing of what the files are.
import { chmod, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../errors.js';
import { besideName, diskError, exists, freeBytes, removeWhole, renameStubborn } from '../lib/files.js';
import type { Hasher } from '../lib/hashing.js';
import { openHasher } from '../lib/hashing.js';
import { sizeText } from '../lib/terminal.js';
import { bundleNames } from './layout.js';
import type { Sum } from './sums.js';
import type { VerifiedBundle } from './verify.js';

export interface KeepTools {
  /** The digest of a bundle that was kept before, when the first one is a difference to it. */
  readonly base?: string;
  readonly signal?: AbortSignal;
  /** Called with the number of files that are done, and of all. */
  readonly progress?: (done: number, all: number) => void;
}

interface Wanted extends Sum {
  readonly from: string;
  readonly to: string;
}

/**
 * Copies the feed (into a folder named by the digest) and the files (by hash); returns the path of the feed. What other
 * bundles have left stays until `dropOthers`. Throws BUNDLE_INVALID, DISK_FULL, NEEDS_ADMIN, INTERRUPTED.
 */
export async function keepBundle(
  bundles: readonly VerifiedBundle[],
  folder: string,
  tools: KeepTools = {},
): Promise<string> {
  const [first] = bundles;
  if (!first) throw new Error('No bundle to keep');
  const wanted = wantedFiles(bundles, folder, placeName(first.digest));
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, folder);
  });
  await refuseWithoutRoom(bundles, folder);
  if (tools.base !== undefined) await copyFeed(folder, tools.base, first.digest);
  const hasher = openHasher();
  let done = 0;
  try {
    await Promise.all(
      wanted.map(async (file) => {
        await keepFile(file, folder, hasher, tools.signal);
        tools.progress?.(++done, wanted.length);
      }),
    );
  } finally {
    await hasher.close();
  }
  return join(folder, placeName(first.digest), ...bundleNames.feed.split('/'));
}

/** Throws away what no kept bundle uses any more: files that are not listed, and feeds of other bundles. */
export async function dropOthers(bundles: readonly VerifiedBundle[], folder: string): Promise<void> {
  const [first] = bundles;
  const kept = new Set(bundles.flatMap(({ sums }) => sums.map(({ sha256 }) => sha256)));
  for (const name of await readdir(folder).catch(() => [])) {
    if (name !== bundleNames.files && first && name !== placeName(first.digest))
      await removeWhole(join(folder, name));
  }
  const files = join(folder, bundleNames.files);
  for (const name of await readdir(files).catch(() => []))
    if (!kept.has(name)) await removeWhole(join(files, name));
}

/** The folder of a bundle's feed. */
function placeName(digest: string): string {
  return digest.slice(0, 16);
}

/** Each goal once: the first bundle counts, the older ones fill in what it leaves out. */
function wantedFiles(bundles: readonly VerifiedBundle[], folder: string, place: string): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const { folder: source, sums } of bundles) {
    for (const sum of sums) {
      const to = goalOf(sum, source, folder, place);
      if (to !== undefined && !wanted.has(to))
        wanted.set(to, { ...sum, from: join(source, ...sum.path.split('/')), to });
    }
  }
  return [...wanted.values()];
}

/** Where a file goes; undefined for what only the medium needs (runtime, tool, scripts). */
function goalOf({ path, sha256 }: Sum, bundle: string, folder: string, place: string): string | undefined {
  const parts = path.split('/');
  if (path.startsWith(`${dirname(bundleNames.feed)}/`)) return join(folder, place, ...parts);
  if (parts[0] !== bundleNames.files) return undefined;
  // Files are found by the folder's name later: one under another hash would pass for that file.
  if (parts.length === 3 && parts[1] === sha256) return join(folder, ...parts);
  throw new AppError('BUNDLE_INVALID', `'${path}' of the bundle '${bundle}' does not lie under its hash`, {
    details: [`Its hash is ${sha256}`],
    hint: 'Do not use the bundle; make it anew with `zookit bundle export`',
  });
}

/** Skeletons beside the feed that a difference leaves out; what it has itself is written over them. */
async function copyFeed(folder: string, base: string, digest: string): Promise<void> {
  const [from, to] = [base, digest].map((each) => join(folder, placeName(each), dirname(bundleNames.feed)));
  if (from === undefined || to === undefined || from === to || !(await exists(from))) return;
  await cp(from, to, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, to);
  });
}

async function keepFile(
  { from, to, sha256, path }: Wanted,
  folder: string,
  hasher: Hasher,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) throw new AppError('INTERRUPTED', 'Stopped while copying the bundle');
  if ((await exists(to)) && (await hasher.hash(to)).sha256 === sha256) return;
  // Beside the folder's other things, where the next run would find and sweep it.
  const temporary = besideName(join(folder, 'file'), 'copy');
  try {
    const copied = await hasher.copy(from, temporary);
    if (copied.sha256 !== sha256) {
      throw new AppError('BUNDLE_INVALID', `'${path}' of the bundle has changed while it was copied`, {
        hint: 'Copy the bundle anew: the medium may be damaged',
      });
    }
    await chmod(temporary, 0o644);
    await mkdir(dirname(to), { recursive: true });
    await renameStubborn(temporary, to);
  } catch (error) {
    throw diskError(error, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function refuseWithoutRoom(bundles: readonly VerifiedBundle[], folder: string): Promise<void> {
  const wanted = bundles.reduce((sum, { bytes }) => sum + bytes, 0);
  const found = await freeBytes(folder);
  // Runtime and tool are counted as well, which are not copied: the products need room too.
  if (found === undefined || wanted <= found) return;
  throw new AppError('DISK_FULL', `There is no room for the bundle in '${folder}'`, {
    details: [`Wanted ${sizeText(wanted)}`, `Found  ${sizeText(found)} free`],
    hint: 'Make room and run the same command again, or choose another root with `--root DIR`',
  });
}

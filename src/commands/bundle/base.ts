// Comes in: an older bundle, or its list of hashes. Goes out: what it has, so that a new one can leave that out.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { bundleNames } from '../../bundle/layout.js';
import { parseSums } from '../../bundle/sums.js';
import type { BundleFile } from '../../bundle/write.js';
import { AppError, messageOf } from '../../errors.js';

/** An older bundle. */
export interface Base {
  /** SHA-256 of its SHA256SUMS. */
  readonly digest: string;
  /** Hash by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** Written always: with these a difference says what it is, and is checked and begun. */
const always: ReadonlySet<string> = new Set([
  bundleNames.index,
  bundleNames.feed,
  bundleNames.installCmd,
  bundleNames.installSh,
  bundleNames.readme,
  bundleNames.unpacker,
  bundleNames.key,
]);

/** The bundle's folder, or its SHA256SUMS, which is enough. Throws BUNDLE_INVALID. */
export async function openBase(path: string): Promise<Base>;
export async function openBase(path: string | undefined): Promise<Base | undefined>;
export async function openBase(path: string | undefined): Promise<Base | undefined> {
  if (path === undefined) return undefined;
  const file = basename(path) === bundleNames.sums ? path : join(path, bundleNames.sums);
  const list = await readFile(file).catch(async (cause: unknown) => {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    throw new AppError('BUNDLE_INVALID', `'${path}' is not a bundle that a difference could be made to`, {
      cause,
      details: [messageOf(cause)],
      hint: isFile
        ? `Unpack it, or name the file ${bundleNames.sums} that is in it`
        : `Name the folder of a bundle, or its ${bundleNames.sums}`,
    });
  });
  const sums = parseSums(list.toString('utf8'), path);
  return {
    digest: createHash('sha256').update(list).digest('hex'),
    files: new Map(sums.map((sum) => [sum.path, sum.sha256])),
  };
}

/** The files that the older bundle has not. */
export function leaveOut(files: readonly BundleFile[], base: Base | undefined): readonly BundleFile[] {
  if (!base) return files;
  return files.filter((file) => always.has(file.path) || base.files.get(file.path) !== hashOf(file));
}

function hashOf(file: BundleFile): string {
  return 'content' in file ? createHash('sha256').update(file.content).digest('hex') : file.sha256;
}

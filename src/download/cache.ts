// Comes in: files and their hashes. Goes out: the paths where they are kept, by hash, under their real names.
// Every writer works under a temporary name; what lies under a hash is whole. Knows no network.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists, removeWhole, renameStubborn, sha256Of, sweepFolder, temporaryPrefix } from '../lib/files.js';
import { removeStaleLocks } from '../lib/lock.js';
import { dropOrphans } from './partial.js';

export interface CachedFile {
  readonly sha256: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export interface Cache {
  /** The folders that hold a kept file each. */
  folders(): Promise<string[]>;
  /** The path of a file that is kept, or undefined. A name of another kind of the same bytes does not count. */
  find(sha256: string, name?: string): Promise<string | undefined>;
  /** A folder for half-made files, on the same disk. */
  readonly partial: string;
  /** Moves a whole, verified file in; returns its path. */
  keep(temporary: string, sha256: string, name: string): Promise<string>;
  list(): Promise<CachedFile[]>;
  /** Removes the files whose bytes are not what their hash says; returns them. */
  verify(): Promise<CachedFile[]>;
  /** Removes everything that is kept; returns the number of bytes. */
  clean(): Promise<number>;
  /** Removes what killed runs have left, but for transfers that can be continued. */
  sweep(): Promise<void>;
}

/**
 * The cache in a folder, which is made when first written to. `lower` are folders of the same layout that are only looked
 * into: what they hold is not fetched, copied or thrown away.
 */
export function openCache(directory: string, lower: readonly string[] = []): Cache {
  const files = join(directory, 'files');
  const partial = join(directory, 'partial');

  const find = async (sha256: string, name?: string): Promise<string | undefined> => {
    for (const layer of [files, ...lower]) {
      const names = await namesIn(join(layer, sha256));
      const found = name === undefined ? names[0] : names.find((each) => each === name);
      if (found !== undefined) return join(layer, sha256, found);
    }
    return undefined;
  };

  const list = async (): Promise<CachedFile[]> => {
    const found: CachedFile[] = [];
    for (const sha256 of await namesIn(files)) {
      for (const name of await namesIn(join(files, sha256))) {
        const path = join(files, sha256, name);
        found.push({ sha256, name, path, bytes: (await stat(path)).size });
      }
    }
    return found;
  };

  return {
    partial,
    find,
    list,
    async folders() {
      const layers = [files, ...lower];
      const hashes = await Promise.all(layers.map(async (layer) => [layer, await namesIn(layer)] as const));
      return hashes.flatMap(([layer, names]) => names.map((sha256) => join(layer, sha256)));
    },
    async keep(temporary, sha256, name) {
      const path = join(files, sha256, name);
      await mkdir(dirname(path), { recursive: true });
      if (await exists(path)) await rm(temporary, { force: true });
      else await renameStubborn(temporary, path);
      return path;
    },
    async verify() {
      const bad: CachedFile[] = [];
      for (const file of await list()) {
        if ((await sha256Of(file.path)) === file.sha256) continue;
        bad.push(file);
        await removeWhole(dirname(file.path));
      }
      return bad;
    },
    async clean() {
      const bytes = (await list()).reduce((sum, file) => sum + file.bytes, 0);
      await removeWhole(files);
      await removeWhole(partial);
      return bytes;
    },
    async sweep() {
      await sweepFolder(directory);
      await sweepFolder(partial);
      await removeStaleLocks(partial);
      await dropOrphans(partial);
    },
  };
}

async function namesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !name.startsWith(temporaryPrefix)).sort();
}

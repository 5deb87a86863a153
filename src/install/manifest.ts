// Comes in: the folder of a product that was just installed. Goes out: the hashes of its files, kept; later, what of them
// is not as it was. Bytecode does not count: Python writes it whenever it likes. Repairs nothing.
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { readIfThere, sha256Of, writeWhole } from '../lib/files.js';
import type { StepKey } from './journal.js';

/** Hashes by path below the folder, with `/`. */
export type Manifest = Readonly<Record<string, string>>;

export interface Manifests {
  /** Remembers the files of a folder. */
  readonly keep: (product: StepKey, folder: string) => Promise<void>;
  /** A sentence for each file that is missing or changed; undefined when nothing was remembered. */
  readonly damage: (product: StepKey, folder: string) => Promise<string[] | undefined>;
  readonly forget: (product: StepKey) => Promise<void>;
}

/** The manifests in a folder of the root. */
export function openManifests(directory: string): Manifests {
  return {
    async keep(product, folder) {
      const manifest = Object.fromEntries(await hashesBelow(folder));
      await writeWhole(fileOf(directory, product), `${JSON.stringify(manifest, null, 1)}\n`, 0o600);
    },
    async damage(product, folder) {
      const text = await readIfThere(fileOf(directory, product));
      if (text === undefined) return undefined;
      const found = await hashesBelow(folder);
      return Object.entries(JSON.parse(text) as Manifest)
        .filter(([path, hash]) => found.get(path) !== hash)
        .map(([path]) => `${join(folder, path)} ${found.has(path) ? 'is changed' : 'is missing'}`);
    },
    forget: (product) => rm(fileOf(directory, product), { force: true }),
  };
}

function fileOf(directory: string, { product, version, place }: StepKey): string {
  const key = JSON.stringify([product.toLowerCase(), version, place]);
  return join(directory, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
}

async function hashesBelow(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.endsWith('.pyc')) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(relative(folder, path).split(sep).join('/'), await sha256Of(path));
  }
  return found;
}

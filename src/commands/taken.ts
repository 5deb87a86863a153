// Joins the journal and the paths of the root: whose each folder below the root is, so that a feed cannot put its product
// in place of another one, of the lock or of the cache.
import { dirname, join } from 'node:path';
import type { Context } from '../context.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';

export interface Taken {
  /** Absolute paths that a product may neither replace nor lie in. */
  readonly for: (product: string) => readonly string[];
  /** What the product has itself. */
  readonly of: (product: string) => readonly string[];
  /** Whether Zookit itself has brought a version of it. */
  readonly knows: (product: string) => boolean;
  /** Tells of a product that is there from now on. */
  readonly add: (product: string, path: string | undefined) => void;
}

/** Reads what is taken now. */
export async function takenFolders({ paths }: Pick<Context, 'paths'>): Promise<Taken> {
  const { journal, lock, manifests, cache, bundle, logs, savedFeeds, mirrors, defaultEnvironment } = paths;
  // `bin` and `tool` are where install.cmd of a bundle leaves Zookit itself.
  const tool = ['bin', 'tool'].map((name) => join(paths.programs, name));
  const own = [
    journal,
    lock,
    manifests,
    cache,
    bundle,
    logs,
    savedFeeds,
    mirrors,
    dirname(defaultEnvironment),
    ...tool,
  ];
  const owned: { readonly product: string; readonly path: string }[] = [];
  const add = (product: string, path: string | undefined): void => {
    if (path !== undefined) owned.push({ product: product.toLowerCase(), path });
  };
  const { installed } = replay(await openJournal(journal).read());
  for (const { product, path } of installed) add(product, path);
  const known = new Set(installed.map(({ product }) => product.toLowerCase()));
  return {
    knows: (product) => known.has(product.toLowerCase()),
    for: (product) => [
      ...own,
      ...owned.flatMap((each) => (each.product === product.toLowerCase() ? [] : [each.path])),
    ],
    of: (product) => owned.flatMap((each) => (each.product === product.toLowerCase() ? [each.path] : [])),
    add,
  };
}

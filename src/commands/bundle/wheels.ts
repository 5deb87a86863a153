// Comes in: products that are wanted, a platform and a Python. Goes out: sentences about their packages that have no wheel
// there, with the files that they do have. Chooses nothing.
import { platformName } from '../../catalog/platform.js';
import { reachable } from '../../catalog/reach.js';
import { findProduct } from '../../catalog/search.js';
import { AppError } from '../../errors.js';
import { choosePackages } from '../../lib/wheel.js';
import type { Catalog, PinnedPackage, Platform, Wanted } from '../../types.js';

const mostSentences = 5;
const mostFiles = 4;

/** Packages of the wanted products and of all that they may bring, each once; five sentences at most. */
export function lackingWheels(
  catalog: Catalog,
  wanted: readonly Wanted[],
  platform: Platform,
  minor: string,
): string[] {
  const ids = reachable(
    catalog,
    wanted.map(({ id }) => findProduct(catalog, id)?.id ?? id),
  );
  const sentences = new Set<string>();
  for (const id of ids) {
    for (const entry of catalog.products.get(id)?.entries ?? []) {
      for (const { action } of entry.installers) {
        if (action.kind !== 'python') continue;
        for (const lacking of missingOf(action.packages, platform, minor))
          sentences.add(sentenceOf(lacking, platform, minor));
      }
    }
  }
  return [...sentences].slice(0, mostSentences);
}

function missingOf(
  packages: readonly PinnedPackage[],
  platform: Platform,
  minor: string,
): readonly PinnedPackage[] {
  try {
    return choosePackages(packages, { platform, version: minor }).missing;
  } catch (error) {
    // A marker that nobody can evaluate: the resolver has told of it.
    if (error instanceof AppError) return [];
    throw error;
  }
}

function sentenceOf({ name, version, files }: PinnedPackage, platform: Platform, minor: string): string {
  const names = files.map((file) => file.name);
  const more = names.length > mostFiles ? ` and ${names.length - mostFiles} more` : '';
  const found = names.length === 0 ? 'no file at all' : `${names.slice(0, mostFiles).join(', ')}${more}`;
  return `${name} ${version} has no wheel for ${platformName(platform)} with Python ${minor}; there is ${found}`;
}

// Comes in: products that are wanted, a platform and a Python. Goes out: sentences about their packages that have no wheel
// there, with the files that they do have. Chooses nothing.
import { reachable } from '../../catalog/reach.js';
import { AppError } from '../../errors.js';
import { choosePackages } from '../../lib/wheel.js';
import type { Catalog, PinnedPackage, Platform, Wanted } from '../../types.js';
import { findProduct } from '../../lib/find-product.js';
import { platformName } from '../../lib/platforms.js';

const mostSentences = 5;
const mostFiles = 4;

/**
 * Packages of the wanted products and of all that they may bring, each once; five sentences at most. Only those that `told`,
 * the words of the resolver, names with their version: what another choice lacks is no reason.
 */
export function lackingWheels(
  catalog: Catalog,
  wanted: readonly Wanted[],
  { platform, minor, told }: { readonly platform: Platform; readonly minor: string; readonly told: string },
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
          if (told.includes(`${lacking.name} ${lacking.version} `))
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

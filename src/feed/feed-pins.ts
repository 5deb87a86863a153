// Comes in: the entries of a feed. Goes out: which distributions they have pinned, and which product owns which.
// Pure; knows no index.
import { normalName } from '../lib/environment.js';
import type { DiscoveryHint, Entry, PinnedPackage } from '../types.js';
import type { Requirement } from './requirement.js';

/** The distribution that an entry's hint looks for in an environment, normalised; undefined when it looks for none. */
export function distributionOf(entry: Entry): string | undefined {
  const name = entry.hint && packageHint(entry.hint);
  return name === undefined ? undefined : normalName(name);
}

/** Normalised distribution to product id, for every product but the asked distribution's own. */
export function ownedDistributions(
  entries: readonly Entry[],
  asked: Requirement,
): ReadonlyMap<string, string> {
  const owned = new Map<string, string>();
  for (const entry of entries) {
    const name = distributionOf(entry);
    if (name !== undefined && name !== normalName(asked.name)) owned.set(name, entry.productId);
  }
  return owned;
}

/**
 * What the feed has pinned, one version of each distribution. Left out: what a product owns (its versions are the
 * resolver's to choose) and the list that the asked version replaces.
 */
export function feedPins(entries: readonly Entry[], asked: Requirement): readonly PinnedPackage[] {
  const name = normalName(asked.name);
  const owned = ownedDistributions(entries, asked);
  const pins = new Map<string, PinnedPackage>();
  for (const entry of entries) {
    if (distributionOf(entry) === name && entry.version === asked.version) continue;
    for (const each of pinnedPackages(entry)) {
      const key = normalName(each.name);
      if (key !== name && !owned.has(key) && !pins.has(key)) pins.set(key, each);
    }
  }
  return [...pins.values()];
}

/** The pinned packages of all installers of an entry. */
export function pinnedPackages(entry: Entry): readonly PinnedPackage[] {
  return entry.installers.flatMap(({ action }) => (action.kind === 'python' ? action.packages : []));
}

function packageHint(hint: DiscoveryHint): string | undefined {
  if (hint.kind === 'pythonPackage') return hint.name;
  if (hint.kind !== 'all' && hint.kind !== 'any') return undefined;
  for (const each of hint.of) {
    const name = packageHint(each);
    if (name !== undefined) return name;
  }
  return undefined;
}

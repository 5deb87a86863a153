// Comes in: a catalog and ids that are asked for. Goes out: the catalog in which an `or` names these first: whoever asks for
// one branch by name does not get another one besides. Changes no range and leaves nothing out.
import type { Catalog, Dependency, Entry, Product } from '../types.js';

/** Puts branches that name one of the ids (any case, no aliases) before the others of their `or`. */
export function preferring(catalog: Catalog, ids: readonly string[]): Catalog {
  const asked = new Set(ids.map((id) => id.toLowerCase()));
  if (asked.size < 2) return catalog;
  const products = new Map<string, Product>();
  for (const [key, product] of catalog.products) {
    const entries = product.entries.map((entry) => entryPreferring(entry, asked));
    const changed = entries.some((entry, index) => entry !== product.entries[index]);
    products.set(key, changed ? { ...product, entries } : product);
  }
  return { ...catalog, products };
}

function entryPreferring(entry: Entry, asked: ReadonlySet<string>): Entry {
  const { dependency } = entry;
  if (!dependency || !hasChoice(dependency)) return entry;
  return { ...entry, dependency: reordered(dependency, asked) };
}

function hasChoice(dependency: Dependency): boolean {
  if (dependency.kind === 'any') return true;
  return dependency.kind === 'all' && dependency.of.some(hasChoice);
}

function reordered(dependency: Dependency, asked: ReadonlySet<string>): Dependency {
  if (dependency.kind !== 'any' && dependency.kind !== 'all') return dependency;
  const of = dependency.of.map((each) => reordered(each, asked));
  if (dependency.kind === 'all') return { ...dependency, of };
  const named = of.filter((each) => names(each, asked));
  return { ...dependency, of: [...named, ...of.filter((each) => !named.includes(each))] };
}

function names(dependency: Dependency, asked: ReadonlySet<string>): boolean {
  if (dependency.kind === 'product') return asked.has(dependency.id.toLowerCase());
  return dependency.kind !== 'shared' && dependency.of.some((each) => names(each, asked));
}

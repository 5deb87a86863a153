// Comes in: a catalog and what somebody typed. Goes out: the product of that id or alias. Guesses nothing.
import type { Catalog, Product } from '../types.js';

/** The product with that id or alias, in any case. */
export function findProduct(catalog: Catalog, id: string): Product | undefined {
  const key = id.trim().toLowerCase();
  return catalog.products.get(key) ?? catalog.products.get(catalog.aliases.get(key) ?? '');
}

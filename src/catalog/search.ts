// Comes in: a catalog and what somebody typed. Goes out: the product of that name, the products that fit a search, or
// the names that are nearest to a misspelled one. Changes nothing, decides nothing about versions.
import { nearestNames } from '../lib/nearest.js';
import type { Catalog, Entry, Product, Tab } from '../types.js';
import { findProduct } from '../lib/find-product.js';

/** The one product with that title, in any case; undefined when several have it. */
export function findByTitle(catalog: Catalog, title: string): Product | undefined {
  const key = title.trim().toLowerCase();
  const found = [...catalog.products.values()].filter(({ entries }) =>
    entries.some((entry) => entry.title.toLowerCase() === key),
  );
  return found.length === 1 ? found[0] : undefined;
}

export interface Search {
  /** Words that must all occur in id, aliases, title, summary or keywords; absent or empty = all products. */
  readonly text?: string;
  /** Id or name of a tab. */
  readonly tab?: string;
  /** Also what its feed keeps out of lists (WebPI's `searchExclude`). */
  readonly hidden?: boolean;
}

/** Products that a list shows, in catalog order; those that carry the text in their name come first. */
export function searchProducts(catalog: Catalog, search: Search): Product[] {
  const words = (search.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const tab = search.tab === undefined ? undefined : findTab(catalog, search.tab);
  if (search.tab !== undefined && !tab) return [];
  const found = [...catalog.products.values()].filter(
    (product) =>
      (search.hidden === true || !isHidden(product)) &&
      (!tab || isShownBy(product, tab)) &&
      fits(catalog, product, words),
  );
  if (words.length === 0) return found;
  const named = (product: Product): boolean => words.every((word) => namesOf(product).includes(word));
  return [...found.filter(named), ...found.filter((product) => !named(product))];
}

/** A tab by id or name, in any case. */
export function findTab(catalog: Catalog, text: string): Tab | undefined {
  const key = text.trim().toLowerCase();
  return (
    catalog.tabs.find((tab) => tab.id.toLowerCase() === key) ??
    catalog.tabs.find((tab) => tab.name.toLowerCase() === key)
  );
}

/** Up to three ids that somebody may have meant, the nearest first; empty when nothing is near. */
export function nearestProducts(catalog: Catalog, text: string): string[] {
  const ids = [...catalog.products.values()].map((product) => product.id);
  const names = nearestNames(text.trim(), [...ids, ...catalog.aliases.keys()]);
  return [...new Set(names.map((name) => findProduct(catalog, name)?.id ?? name))];
}

/** WebPI's `searchExclude`: resolvable, but in no list. */
function isHidden(product: Product): boolean {
  return product.entries.every((entry) => entry.flags.includes('searchExclude'));
}

function isShownBy(product: Product, tab: Tab): boolean {
  const shown = new Set(tab.keywordIds.map((id) => id.toLowerCase()));
  return product.entries.some((entry) => entry.keywords.some((id) => shown.has(id.toLowerCase())));
}

function fits(catalog: Catalog, product: Product, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${namesOf(product)} ${product.entries.map((entry) => wordsOf(catalog, entry)).join(' ')}`;
  return words.every((word) => text.includes(word));
}

function namesOf(product: Product): string {
  const names = product.entries.flatMap((entry) => [...entry.aliases, entry.title]);
  return [product.id, ...names].join(' ').toLowerCase();
}

function wordsOf(catalog: Catalog, entry: Entry): string {
  const captions = entry.keywords.map((id) => catalog.keywords.get(id) ?? id);
  return [entry.summary, ...captions].join(' ').toLowerCase();
}

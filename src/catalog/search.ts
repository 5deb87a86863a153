// Comes in: a catalog and what somebody typed. Goes out: the product of that name, the products that fit a search, or
// the names that are nearest to a misspelled one. Changes nothing, decides nothing about versions.
import type { Catalog, Entry, Product, Tab } from '../types.js';

/** The product with that id or alias, in any case. */
export function findProduct(catalog: Catalog, text: string): Product | undefined {
  const key = text.trim().toLowerCase();
  return catalog.products.get(key) ?? catalog.products.get(catalog.aliases.get(key) ?? '');
}

export interface Search {
  /** Words that must all occur in id, aliases, title, summary or keywords; absent or empty = all products. */
  readonly text?: string;
  /** Id or name of a tab. */
  readonly tab?: string;
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
    (product) => !isHidden(product) && (!tab || isShownBy(product, tab)) && fits(catalog, product, words),
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
  const key = text.trim().toLowerCase();
  const limit = Math.max(1, Math.floor(key.length / 3));
  const distances = new Map<string, number>();
  const consider = (name: string, id: string): void => {
    const distance = name.startsWith(key) && key.length >= 3 ? 1 : editDistance(name, key, limit);
    if (distance <= limit) distances.set(id, Math.min(distance, distances.get(id) ?? Infinity));
  };
  for (const [name, { id }] of catalog.products) consider(name, id);
  for (const [alias, target] of catalog.aliases) consider(alias, catalog.products.get(target)?.id ?? target);
  const nearest = [...distances].sort(([, left], [, right]) => left - right);
  return nearest.slice(0, 3).map(([id]) => id);
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one text into the other (optimal string
 * alignment); `limit + 1` as soon as it must be more than `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line++) {
    const next = [line];
    for (let column = 1; column <= right.length; column++) {
      const same = left[line - 1] === right[column - 1];
      const swapped =
        line > 1 &&
        column > 1 &&
        left[line - 1] === right[column - 2] &&
        left[line - 2] === right[column - 1];
      const replaced = at(row, column - 1) + (same ? 0 : 1);
      const moved = Math.min(at(row, column), at(next, column - 1)) + 1;
      next.push(Math.min(replaced, moved, swapped ? at(before, column - 2) + 1 : Infinity));
    }
    if (Math.min(...next) > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return at(row, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
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

// Comes in: feeds in their order. Goes out: which feed each product id and alias belongs to, and the entries that count.
// A stranger's feed must not be able to slip a version into somebody else's product. Resolves nothing.
import type { Entry, Feed, FeedWarning } from '../types.js';

/** A product and the entries that count, each with the feed that declares it. */
export interface DeclaredProduct {
  /** As declared. */
  readonly id: string;
  /** The owner. */
  readonly feed: Feed;
  readonly entries: readonly { readonly entry: Entry; readonly feed: Feed }[];
}

interface OwnerOptions {
  readonly mayExtend?: ReadonlyMap<string, ReadonlySet<string>>;
}

interface OpenProduct {
  id: string;
  feed: Feed;
  entries: { entry: Entry; feed: Feed }[];
}

/** Products by lower-case id, in the order of first declaration; adds a warning for each entry that is dropped. */
export function collectProducts(
  feeds: readonly Feed[],
  options: OwnerOptions,
  warnings: FeedWarning[],
): Map<string, DeclaredProduct> {
  const products = new Map<string, OpenProduct>();
  const versions = new Set<string>();
  for (const feed of feeds)
    for (const entry of feed.entries) {
      const key = entry.productId.toLowerCase();
      const product = products.get(key) ?? { id: entry.productId, feed, entries: [] };
      const version = `${key}\n${entry.version}`;
      if (product.feed !== feed && !options.mayExtend?.get(feed.address)?.has(key))
        warnings.push(warningOf(feed, entry, `'${entry.productId}' belongs to feed '${product.feed.title}'`));
      else if (versions.has(version)) warnings.push(warningOf(feed, entry, duplicateMessage(entry)));
      else {
        versions.add(version);
        product.entries.push({ entry, feed });
        products.set(key, product);
      }
    }
  return products;
}

/** What is said of an entry whose id and version are there already. */
export function duplicateMessage(entry: Entry): string {
  return `'${entry.productId}' ${entry.version || 'without a version'} is there already`;
}

/** Lower-case aliases to lower-case ids. An alias never hides a product, nor an alias of an earlier entry. */
export function collectAliases(
  products: ReadonlyMap<string, DeclaredProduct>,
  warnings: FeedWarning[],
): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const [key, { entries }] of products)
    for (const { entry, feed } of entries)
      for (const alias of entry.aliases.map((text) => text.toLowerCase())) {
        const taken = aliases.get(alias) ?? (products.has(alias) ? alias : key);
        if (taken === key) aliases.set(alias, key);
        else warnings.push(warningOf(feed, entry, `alias '${alias}' is taken by '${taken}'`));
      }
  return aliases;
}

function warningOf(feed: Feed, entry: Entry, what: string): FeedWarning {
  const { productId, line } = entry;
  return { address: feed.address, line, entry: productId, message: `${what}, it is dropped` };
}

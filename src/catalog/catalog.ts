// Comes in: feeds in the order that decides who owns a product. Goes out: one Catalog, every reference resolved, with
// warnings for what was dropped. Knows no XML, no network and no machine.
import type { Catalog, Entry, Feed, FeedWarning, Product, Tab } from '../types.js';
import { collectAliases, collectProducts } from './owner.js';
import { entryResolver } from './shared.js';

export interface CatalogOptions {
  /** Feed address to the lower-case ids of earlier feeds' products that it may add versions to. */
  readonly mayExtend?: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Joins feeds. A product id belongs to the first feed that declares it, with all entries of that feed as its versions;
 * what later feeds say about it is dropped with a warning. Throws nothing: an id that no feed declares stays in the
 * trees, for whoever needs it to complain.
 */
export function buildCatalog(feeds: readonly Feed[], options: CatalogOptions = {}): Catalog {
  const warnings = feeds.flatMap((feed) => feed.warnings);
  const declared = collectProducts(feeds, options, warnings);
  const aliases = collectAliases(declared, warnings);
  const resolve = entryResolver(feeds, (id) => realId(declared, aliases, id), warnings);
  const products = new Map<string, Product>();
  for (const [key, { id, feed, entries }] of declared) {
    const resolved = entries.map((each) => inFeedLanguage(resolve(each.entry, each.feed), each.feed));
    products.set(key, { id, feed: feed.address, entries: resolved });
  }
  return {
    products,
    aliases,
    keywords: joinKeywords(feeds),
    tabs: joinTabs(feeds, warnings),
    feeds: feeds.map(({ address, title, updated }) => ({ address, title, ...(updated ? { updated } : {}) })),
    warnings,
  };
}

/** A feed's default language is its entries' one; English needs no word. */
function inFeedLanguage(entry: Entry, { defaultLanguage }: Feed): Entry {
  return defaultLanguage === undefined || defaultLanguage === 'en' ? entry : { ...entry, defaultLanguage };
}

/** An id as it is declared: an alias becomes the id of its product, an unknown id stays. */
function realId(
  declared: ReadonlyMap<string, { readonly id: string }>,
  aliases: ReadonlyMap<string, string>,
  id: string,
): string {
  const key = id.toLowerCase();
  if (declared.has(key)) return id;
  return declared.get(aliases.get(key) ?? '')?.id ?? id;
}

/** The first caption of a keyword counts, whatever its case. */
function joinKeywords(feeds: readonly Feed[]): Map<string, string> {
  const keywords = new Map<string, string>();
  const seen = new Set<string>();
  for (const [id, caption] of feeds.flatMap((feed) => [...feed.keywords])) {
    if (!seen.has(id.toLowerCase())) keywords.set(id, caption);
    seen.add(id.toLowerCase());
  }
  return keywords;
}

/** A feed brings tabs of its own; it cannot add to a tab of an earlier one. */
function joinTabs(feeds: readonly Feed[], warnings: FeedWarning[]): Tab[] {
  const tabs = new Map<string, Tab>();
  for (const feed of feeds)
    for (const tab of feed.tabs) {
      const key = tab.id.toLowerCase();
      if (!tabs.has(key)) tabs.set(key, tab);
      else warnings.push({ address: feed.address, line: 1, message: `tab '${tab.id}' is there already` });
    }
  return [...tabs.values()];
}

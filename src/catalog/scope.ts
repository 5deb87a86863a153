// Comes in: feeds in their order. Goes out: a look-up of shared rules as one feed may see them. Ids of shared rules are
// global in WebPI; here a feed is never changed by a later one that it did not ask for.
import type { Feed } from '../types.js';

/** The maps of a feed that hold shared rules by lower-case id. */
export type SharedKind = 'hints' | 'dependencies' | 'osLists' | 'oses';
type Rule<K extends SharedKind> = Feed[K] extends ReadonlyMap<string, infer T> ? T : never;

/** A shared rule, and the feed that its own references are to be looked up from. */
export interface Definition<K extends SharedKind> {
  readonly feed: Feed;
  readonly rule: Rule<K>;
}

export type FindShared = <K extends SharedKind>(kind: K, from: Feed, id: string) => Definition<K> | undefined;

/**
 * Looks in the feed itself, then in those before it, then in later ones of its family: a feed and its enclosures were
 * made by one hand, and the main list uses what its enclosures define.
 */
export function sharedFinder(feeds: readonly Feed[]): FindShared {
  const scopes = new Map<Feed, readonly Feed[]>();
  const families = familiesOf(feeds);
  for (const [index, feed] of feeds.entries()) {
    const later = feeds.slice(index + 1).filter((each) => families.get(each) === families.get(feed));
    scopes.set(feed, [feed, ...feeds.slice(0, index), ...later]);
  }
  return (kind, from, id) => {
    const key = id.toLowerCase();
    for (const feed of scopes.get(from) ?? [from]) {
      const rule = feed[kind].get(key);
      if (rule !== undefined) return { feed, rule: rule as Rule<typeof kind> };
    }
    return undefined;
  };
}

/** The feed at the top of each feed's chain of enclosures. */
function familiesOf(feeds: readonly Feed[]): Map<Feed, Feed> {
  const families = new Map<Feed, Feed>();
  for (const [index, feed] of feeds.entries()) {
    const parent = feeds.slice(0, index).find((each) => each.enclosures.includes(feed.address));
    families.set(feed, (parent && families.get(parent)) ?? feed);
  }
  return families;
}

// Comes in: the address of one feed. Goes out: the feed as a command would read it now, from the cache of read feeds when it
// can. Keeps nothing, so that whoever only looks leaves no trace; follows no enclosure.
import type { Feed } from '../types.js';
import { readParsed } from './parsed-cache.js';
import type { SourceDeps } from './source.js';
import { readSource } from './source.js';

export interface Peeked {
  readonly feed: Feed;
  /** A sentence for the user when this is not what the server has now. */
  readonly notice?: string;
}

/** Reads a feed by its absolute address; throws as `readSource` and `parseFeed` do. */
export async function peekFeed(address: string, deps: SourceDeps): Promise<Peeked> {
  const { text, base, notice } = await readSource(address, deps);
  const key = { text, address, base };
  const kept = await readParsed(deps.cacheDirectory, key);
  const feed = kept ?? (await import('./parse.js')).parseFeed(text, address, key);
  return { feed, ...(notice === undefined ? {} : { notice }) };
}

// Comes in: addresses of feeds, as typed. Goes out: the feeds and all their enclosures, in the order that decides who
// owns a product, and notices about what is not as it should be. Merges nothing: that is the catalog's.
import { AppError, messageOf } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import type { Feed } from '../types.js';
import { feedAddress } from './address.js';
import type { ParsedKey } from './parsed-cache.js';
import { keepParsed, readParsed } from './parsed-cache.js';
import type { SourceDeps } from './source.js';
import { readSource } from './source.js';
import { isHttp } from '../lib/is-http.js';

export interface LoadDeps extends SourceDeps {
  /** Culture of titles and summaries (`de`, `pt-br`); absent = as they stand in the feed. */
  readonly language?: string;
}

export interface LoadedFeeds {
  /** Each feed, then its enclosures, depth first; each address once. */
  readonly feeds: readonly Feed[];
  /** Sentences for the user. */
  readonly notices: readonly string[];
}

interface Answer {
  readonly feed: Feed;
  readonly notices: readonly string[];
  /** Characters of its text. */
  readonly length: number;
}

type Loaded = Answer | { readonly error: unknown };

/** A feed that names ever new enclosures is cut off here; the largest real list has four. */
const maximumFeeds = 200;
/** Together, in characters: parts that come after it are left out. The largest real lists have 6 million. */
const maximumTotal = 64 * 1024 * 1024;
/** Feeds that are read side by side. */
const atOnce = 8;

/**
 * Loads feeds by URL, file URL or path. A feed that cannot be loaded is an error (see readSource and parseFeed); an
 * enclosure that cannot be is a notice, because half of the lists that are still around name dead ones.
 */
export async function loadFeeds(addresses: readonly string[], deps: LoadDeps): Promise<LoadedFeeds> {
  const asked = addresses.map(feedAddress);
  const loaded = await loadAll(asked, deps);
  const feeds: Feed[] = [];
  const notices: string[] = [];
  const seen = new Set<string>();
  const leftOut: string[] = [];
  const visit = (address: string, parent?: string): void => {
    if (seen.has(address)) return;
    seen.add(address);
    const result = loaded.get(address);
    if (!result) leftOut.push(`'${withoutCredentials(address)}'`);
    else if ('error' in result) notices.push(noticeOf(address, parent, result.error));
    else {
      feeds.push(result.feed);
      notices.push(...result.notices);
      for (const enclosure of enclosuresOf(result.feed)) visit(enclosure, address);
    }
  };
  for (const address of asked) visit(address);
  const [first, ...others] = leftOut;
  const more = others.length > 0 ? ` and ${others.length} more are` : ' is';
  if (first !== undefined) notices.push(`More than ${maximumFeeds} feeds: ${first}${more} left out`);
  return { feeds, notices };
}

/** Everything that is reachable, wave by wave, the addresses of a wave side by side. */
async function loadAll(asked: readonly string[], deps: LoadDeps): Promise<Map<string, Loaded>> {
  const results = new Map<string, Loaded>();
  let wave = [...new Set(asked)];
  let total = 0;
  while (wave.length > 0) {
    const next = new Set<string>();
    for (let start = 0; start < wave.length; start += atOnce) {
      const some = wave.slice(start, start + atOnce);
      const isTooMuch = total > maximumTotal;
      const loaded = await Promise.all(
        some.map((address) =>
          isTooMuch && !asked.includes(address) ? tooMuch(address) : loadOne(address, deps),
        ),
      );
      for (const [index, address] of some.entries()) {
        const result = loaded[index];
        if (!result) continue;
        if ('error' in result && mustStop(address, asked, result.error)) throw result.error;
        results.set(address, result);
        if (!('feed' in result)) continue;
        total += result.length;
        for (const each of enclosuresOf(result.feed)) next.add(each);
      }
    }
    wave = [...next].filter((address) => !results.has(address)).slice(0, maximumFeeds - results.size);
  }
  return results;
}

function tooMuch(address: string): Promise<Loaded> {
  const details = ['the feeds before it have more than 64 million characters'];
  const message = `Feed '${withoutCredentials(address)}' is left out`;
  const hint =
    'Ask the owner of the feed for smaller ones, or look with `zookit feed list` at which are asked';
  return Promise.resolve({ error: new AppError('FEED_INVALID', message, { details, hint }) });
}

function mustStop(address: string, asked: readonly string[], error: unknown): boolean {
  if (!(error instanceof AppError) || error.code === 'INTERRUPTED') return true;
  return asked.includes(address);
}

async function loadOne(address: string, deps: LoadDeps): Promise<Loaded> {
  try {
    const source = await readSource(address, deps);
    const feed = await readFeed({ text: source.text, address, base: source.base }, deps);
    const notices = [...(source.notice ? [source.notice] : []), ...straysOf(feed)];
    try {
      await source.keep();
    } catch (error) {
      notices.push(`Feed '${withoutCredentials(address)}' could not be kept for later: ${messageOf(error)}`);
    }
    return await inLanguage({ feed, notices, length: source.text.length }, source, deps);
  } catch (error) {
    return { error };
  }
}

/** From the kept file when it was read before: what is loaded only to read XML takes longer than that. */
async function readFeed(key: ParsedKey, deps: LoadDeps): Promise<Feed> {
  const kept = await readParsed(deps.cacheDirectory, key);
  if (kept) return kept;
  const { parseFeed } = await import('./parse.js');
  const feed = parseFeed(key.text, key.address, key);
  await keepParsed(deps.cacheDirectory, key, feed);
  return feed;
}

/** The same feed with the texts of the asked culture, when it has a file of them. */
async function inLanguage(
  loaded: Answer,
  source: { readonly text: string; readonly base: string },
  deps: LoadDeps,
): Promise<Loaded> {
  const { feed, notices, length } = loaded;
  if (deps.language === undefined || !feed.resources?.size) return loaded;
  const { parseResources, resourceFileFor } = await import('./resources.js');
  const address = resourceFileFor(feed.resources, deps.language);
  if (!address || (isHttp(feed.address) && !isHttp(address))) return loaded;
  try {
    const texts = await readSource(address, deps);
    const strings = parseResources(texts.text, address);
    await texts.keep();
    const key = { text: source.text, address: feed.address, base: source.base, strings };
    return { feed: await readFeed(key, deps), notices, length };
  } catch (error) {
    const notice = `The texts of feed '${withoutCredentials(feed.address)}' in '${deps.language}' are missing: ${messageOf(error)}`;
    return { feed, notices: [...notices, notice], length };
  }
}

/** A feed from the web never makes us open a path: on Windows a share would get the user's credentials. */
function enclosuresOf(feed: Feed): string[] {
  return feed.enclosures.filter((address) => !isHttp(feed.address) || isHttp(address));
}

function straysOf(feed: Feed): string[] {
  const followed = new Set(enclosuresOf(feed));
  return feed.enclosures
    .filter((address) => !followed.has(address))
    .map(
      (address) =>
        `Feed '${withoutCredentials(feed.address)}' names the path '${address}' as a part of it: not opened`,
    );
}

function noticeOf(address: string, parent: string | undefined, error: unknown): string {
  const part = parent ? `, a part of '${withoutCredentials(parent)}',` : '';
  return `Feed '${withoutCredentials(address)}'${part} is missing: ${reasonOf(error)}`;
}

/** The message of our errors repeats the address; what stands below it is the reason. */
function reasonOf(error: unknown): string {
  return (error instanceof AppError ? error.details[0] : undefined) ?? messageOf(error);
}

// Looks at the feeds of this machine for `zookit doctor`: each is read as a command would read it, and nothing is kept.
// Comes in: a context. Goes out: facts of each feed, of all together, and what the answers say about the clock.
import { buildCatalog } from '../../catalog/catalog.js';
import type { Context } from '../../context.js';
import { AppError, messageOf } from '../../errors.js';
import { feedAddress } from '../../feed/address.js';
import { readCopy } from '../../feed/feed-cache.js';
import { peekFeed } from '../../feed/peek.js';
import type { SourceDeps } from '../../feed/source.js';
import { ageInWords } from '../../feed/source.js';
import { withoutCredentials } from '../../lib/credentials.js';
import { codeOf } from '../../lib/files.js';
import type { Http } from '../../lib/http.js';
import { builtInFeed } from '../../paths.js';
import type { Feed } from '../../types.js';
import type { SavedFeed } from '../open-catalog.js';
import { readSavedFeeds, usualFeed } from '../open-catalog.js';
import { isHttp } from '../../lib/is-http.js';

export interface FeedFacts {
  /** Without user and password. */
  readonly address: string;
  readonly builtIn: boolean;
  /** Where it came from now; absent when it could not be had. */
  readonly from?: 'file' | 'network' | 'copy';
  /** Of the kept copy: `3 days ago`. */
  readonly copyAge?: string;
  /** Why it, or the server's version of it, could not be had. */
  readonly trouble?: string;
  /** Entries, warnings and date, once it could be read. */
  readonly entries?: number;
  readonly warnings?: number;
  readonly updated?: string;
}

export interface FeedsFacts {
  readonly now: number;
  readonly feeds: readonly FeedFacts[];
  /** Why the list of saved feeds cannot be read. */
  readonly listTrouble?: string;
  readonly listFile: string;
  /** Sentences about products that more than one feed declares. */
  readonly conflicts: readonly string[];
  /** What servers took for the time, in milliseconds, with ours at that moment. */
  readonly clocks: readonly { readonly server: string; readonly theirs: number; readonly ours: number }[];
  /** Hosts whose certificate was refused because of its dates. */
  readonly certificateDates: readonly string[];
}

/** Milliseconds after which a server is not waited for: its copy has to do. */
const patience = 8000;

/** Reads all feeds side by side. */
export async function feedsFacts(context: Context): Promise<FeedsFacts> {
  const { paths } = context;
  const { saved, listTrouble } = await savedFeeds(context);
  const main = context.mainFeed ?? usualFeed(saved);
  const added = saved.filter(({ bundle }) => bundle === undefined).map(({ url }) => url);
  const addresses = [main, ...added, ...context.extraFeeds];
  const watched = watchHttp(context.http);
  const looked = await Promise.all(
    addresses.map((address) => lookAtFeed(address, { ...context, http: watched.http })),
  );
  const feeds = looked.flatMap(({ feed }) => feed ?? []);
  const mayExtend = new Map(
    saved.map(({ url, mayExtend: ids }) => [url, new Set(ids.map((id) => id.toLowerCase()))] as const),
  );
  const own = new Set(feeds.flatMap(({ warnings }) => warnings));
  const joined = buildCatalog(feeds, { mayExtend }).warnings.filter((warning) => !own.has(warning));
  return {
    now: Date.now(),
    feeds: looked.map(({ facts }) => facts),
    listFile: paths.savedFeeds,
    ...(listTrouble === undefined ? {} : { listTrouble }),
    conflicts: joined
      .filter(({ message }) => / belongs to feed | is taken by /.test(message))
      .map(({ address, message }) => `${withoutCredentials(address)}: ${message}`),
    clocks: watched.clocks,
    certificateDates: watched.certificateDates,
  };
}

async function savedFeeds(context: Context): Promise<{ saved: SavedFeed[]; listTrouble?: string }> {
  try {
    return { saved: await readSavedFeeds(context) };
  } catch (error) {
    return { saved: [], listTrouble: messageOf(error) };
  }
}

interface Watched {
  readonly http: Http;
  readonly clocks: { server: string; theirs: number; ours: number }[];
  readonly certificateDates: string[];
}

/** Asks as before, and remembers what the answers say about our clock. */
function watchHttp(http: Http): Watched {
  const clocks: Watched['clocks'] = [];
  const certificateDates: string[] = [];
  const watched: Http = {
    async get(url, options) {
      const { host } = new URL(url);
      try {
        const response = await http.get(url, options);
        const theirs = Date.parse(response.header('date') ?? '');
        if (!Number.isNaN(theirs)) clocks.push({ server: host, theirs, ours: Date.now() });
        return response;
      } catch (error) {
        const code = error instanceof AppError ? codeOf(error.cause) : codeOf(error);
        if (/CERT_(HAS_EXPIRED|NOT_YET_VALID)/.test(code ?? '')) certificateDates.push(host);
        throw error;
      }
    },
  };
  return { http: watched, clocks, certificateDates };
}

type Looking = Pick<Context, 'http' | 'paths' | 'offline' | 'signal'>;

async function lookAtFeed(
  typed: string,
  context: Looking,
): Promise<{ readonly facts: FeedFacts; readonly feed?: Feed }> {
  const shown = { address: withoutCredentials(typed), builtIn: typed === builtInFeed };
  try {
    const address = feedAddress(typed);
    const found = await readFeed(address, context);
    const { feed, trouble, from } = found;
    const copy = from === 'copy' ? await readCopy(context.paths.feedCache, address) : undefined;
    const facts: FeedFacts = {
      ...shown,
      from,
      entries: feed.entries.length,
      warnings: feed.warnings.length,
      ...(copy ? { copyAge: ageInWords(Date.now() - Date.parse(copy.facts.checked)) } : {}),
      ...(trouble === undefined ? {} : { trouble }),
      ...(feed.updated === undefined ? {} : { updated: feed.updated }),
    };
    return { facts, feed };
  } catch (error) {
    if (context.signal.aborted) throw error;
    const reason = (error instanceof AppError ? error.details[0] : undefined) ?? messageOf(error);
    return { facts: { ...shown, trouble: reason } };
  }
}

/** From the server within our patience, else the copy. */
async function readFeed(
  address: string,
  { http, paths, offline, signal }: Looking,
): Promise<{ feed: Feed; from: NonNullable<FeedFacts['from']>; trouble?: string }> {
  const deps: SourceDeps = { http, cacheDirectory: paths.feedCache, offline };
  const limit = AbortSignal.timeout(patience);
  const asked = { ...deps, signal: AbortSignal.any([signal, limit]) };
  const { feed, notice } = await peekFeed(address, asked).catch((error: unknown) => {
    if (signal.aborted || !limit.aborted) throw error;
    return peekFeed(address, { ...deps, offline: true }).catch(() => {
      throw new Error(`no answer within ${patience / 1000} seconds, and no copy is kept`);
    });
  });
  const fromCopy = notice !== undefined;
  return {
    feed,
    from: !isHttp(address) ? 'file' : fromCopy ? 'copy' : 'network',
    ...(fromCopy && !offline ? { trouble: 'the server cannot be reached now' } : {}),
  };
}

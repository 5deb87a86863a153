// Joins feed and catalog: the feeds that this run uses, in the order in which they own ids, as one catalog.
import { buildCatalog } from '../catalog/catalog.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { loadFeeds } from '../feed/load.js';
import { withoutCredentials } from '../lib/credentials.js';
import { readIfThere, writeWhole } from '../lib/files.js';
import { builtInFeed } from '../paths.js';
import type { Catalog, Feed } from '../types.js';
import { timed } from './timing.js';

/** A feed that the user added for good. */
export interface SavedFeed {
  /** Absolute: a URL, or a path that holds from any folder. */
  readonly url: string;
  /** Ids of other feeds that this one may add versions to. */
  readonly mayExtend: readonly string[];
  /** The digest of the bundle that it came with: it replaces the built-in feed, and nothing asks the network. */
  readonly bundle?: string;
}

/** Loads all feeds; what is odd about them is told with --verbose, an old copy that was used unless --quiet. */
export async function openCatalog(context: Context): Promise<Catalog> {
  const saved = await readSavedFeeds(context);
  const added = saved.filter(({ bundle }) => bundle === undefined).map(({ url }) => url);
  const addresses = [context.mainFeed ?? usualFeed(saved), ...added, ...context.extraFeeds];
  const { feeds, notices } = await timed(context, 'read the feeds', () =>
    loadFeeds(addresses, {
      http: context.http,
      cacheDirectory: context.paths.feedCache,
      offline: context.offline,
      signal: context.signal,
      ...(context.language === undefined ? {} : { language: context.language }),
    }).catch((error: unknown) => {
      throw withWayOn(error, added);
    }),
  );
  for (const notice of [...notices, ...oldFeed(context, feeds[0])]) context.terminal.say(`notice: ${notice}`);
  const mayExtend = new Map(
    saved.map(({ url, mayExtend: ids }) => [url, new Set(ids.map((id) => id.toLowerCase()))] as const),
  );
  const catalog = buildCatalog(feeds, { mayExtend });
  for (const { address, line, message } of catalog.warnings)
    context.terminal.detail(`${withoutCredentials(address)}:${line}: ${message}`);
  return catalog;
}

/** Only a feed that was added for good can be gone on without by a command. */
function withWayOn(error: unknown, added: readonly string[]): unknown {
  if (!(error instanceof AppError) || error.code !== 'FEED_UNREACHABLE') return error;
  const shown = added.map(withoutCredentials).find((url) => error.message.includes(`'${url}'`));
  if (shown === undefined) return error;
  const { code, message, details, hint, cause } = error;
  const way = `go on without it: \`zookit feed remove ${shown}\``;
  return new AppError(code, message, {
    details,
    cause,
    hint: hint === undefined ? `To ${way}` : `${hint}, or ${way}`,
  });
}

/** The main feed when nobody names another. */
export function usualFeed(saved: readonly SavedFeed[]): string {
  return saved.find(({ bundle }) => bundle !== undefined)?.url ?? builtInFeed;
}

const ageWorthTelling = 60 * 24 * 60 * 60 * 1000;

/** The feed that ships with Zookit is as old as Zookit: a person is told, a script is not. */
function oldFeed(context: Context, feed: Feed | undefined): string[] {
  const updated = Date.parse(feed?.updated ?? '');
  const age = Date.now() - updated;
  if (feed?.address !== builtInFeed || !context.terminal.interactive || !(age > ageWorthTelling)) return [];
  return [`the built-in feed is of ${feed.updated?.slice(0, 10) ?? ''}: a newer Zookit has newer versions`];
}

export async function readSavedFeeds(context: Pick<Context, 'paths'>): Promise<SavedFeed[]> {
  const text = await readIfThere(context.paths.savedFeeds);
  if (text === undefined) return [];
  try {
    const saved: unknown = JSON.parse(text);
    if (Array.isArray(saved) && saved.every(isSavedFeed)) return saved;
  } catch {
    // Told below: half a list of feeds must not pass for no list.
  }
  throw new AppError('FEED_INVALID', `The list of saved feeds '${context.paths.savedFeeds}' cannot be read`, {
    hint: 'Remove the file and add the feeds again with `zookit feed add URL`',
  });
}

function isSavedFeed(value: unknown): value is SavedFeed {
  const { url, mayExtend, bundle } = (value ?? {}) as Partial<Record<keyof SavedFeed, unknown>>;
  return (
    typeof url === 'string' &&
    ['string', 'undefined'].includes(typeof bundle) &&
    Array.isArray(mayExtend) &&
    mayExtend.every((id) => typeof id === 'string')
  );
}

export function writeSavedFeeds(context: Pick<Context, 'paths'>, feeds: readonly SavedFeed[]): Promise<void> {
  return writeWhole(context.paths.savedFeeds, `${JSON.stringify(feeds, null, 2)}\n`, 0o600);
}

// `zookit feed`: the feeds of this machine, and keeping a feed honest. Each verb is a function below or a file beside.
import { basename, dirname } from 'node:path';
import type { Command } from '../command.js';
import { flag, list, listOption, text, unknownVerb } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { feedAddress } from '../feed/address.js';
import { loadFeeds } from '../feed/load.js';
import { withoutCredentials } from '../lib/credentials.js';
import { isInside, removeWhole } from '../lib/files.js';
import { columns } from '../lib/terminal.js';
import { checkCommand } from './feed/check.js';
import { keygenCommand } from './feed/keygen.js';
import { mirrorCommand } from './feed/mirror.js';
import { pinCommand } from './feed/pin.js';
import type { SavedFeed } from './open-catalog.js';
import { readSavedFeeds, usualFeed, writeSavedFeeds } from './open-catalog.js';
import { asWriter, keptPip } from './writing.js';

export const feed: Command = {
  usage: 'feed add|remove|list|check|pin|mirror|keygen ...',
  options: {
    'may-extend': list('ID', 'add: a product of another feed that this one may add versions to'),
    save: text('FEED', 'pin: write the result into this feed file'),
    python: text('3.N', 'pin: the lowest Python to serve'),
    strict: flag('check: warnings count as errors'),
  },
  afterVerb: {
    add: 'URL',
    remove: 'URL',
    list: '',
    check: '[FEED]...',
    pin: 'NAME==VERSION',
    mirror: '[FEED] [FROM] [TO]',
    keygen: 'FILE',
  },
  examples: [
    'zookit feed add https://feeds.example.com/zookit.xml',
    'zookit feed check ./my-feed.xml',
    'zookit feed pin Pillow==12.3.0 --save ./my-feed.xml',
    'zookit feed mirror built-in https://www.python.org/ https://mirror.example.com/python/',
    'zookit feed keygen ./signing.key',
  ],
  async run(context, { options, names }) {
    const [verb, ...rest] = names;
    switch (verb) {
      case 'add':
        return asWriter(context, () => add(context, rest, listOption(options, 'may-extend')));
      case 'remove':
        return asWriter(context, () => remove(context, rest));
      case 'list':
        return listFeeds(context);
      case 'check':
        return checkCommand(context, rest, options);
      case 'mirror':
        return mirrorCommand(context, rest);
      case 'pin':
        return pinCommand(context, rest, options);
      case 'keygen':
        return keygenCommand(context, rest);
      default:
        throw unknownVerb(
          feed,
          verb,
          '`zookit feed add URL`, `remove URL`, `list`, `check [FEED]`, `pin NAME==VERSION`, `mirror FEED FROM TO` or `keygen FILE`',
        );
    }
  },
};

async function add(
  context: Context,
  names: readonly string[],
  mayExtend: readonly string[],
): Promise<undefined> {
  const [typed] = names;
  if (typed === undefined)
    throw new AppError('USAGE', 'feed add: name an address', { hint: '`zookit feed add URL`' });
  const url = feedAddress(typed);
  const shown = withoutCredentials(url);
  const saved = await readSavedFeeds(context);
  if (saved.some((each) => isFeed(each, url))) {
    throw new AppError('USAGE', `The feed '${shown}' is added already`, { hint: 'See `zookit feed list`' });
  }
  const { paths, http, offline, signal, terminal } = context;
  const { feeds } = await loadFeeds([url], { http, cacheDirectory: paths.feedCache, offline, signal });
  await writeSavedFeeds(context, [...saved, { url, mayExtend }]);
  const products = feeds.reduce((sum, { entries }) => sum + entries.length, 0);
  if (terminal.json) terminal.printJson({ ok: true, url: shown, entries: products });
  else terminal.say(`Added '${feeds[0]?.title ?? shown}' with ${products} entries`);
  return undefined;
}

async function remove(context: Context, names: readonly string[]): Promise<undefined> {
  const [typed] = names;
  const saved = await readSavedFeeds(context);
  // A bundle's feed lies where nobody would type it.
  const kept = typed === 'bundle' ? saved.find(({ bundle }) => bundle !== undefined)?.url : undefined;
  const url = kept ?? (typed === undefined ? undefined : feedAddress(typed));
  if (url === undefined || !saved.some((each) => isFeed(each, url))) {
    throw new AppError(
      'USAGE',
      url === undefined
        ? 'feed remove: name an address'
        : `The feed '${withoutCredentials(url)}' was not added`,
      {
        details: saved.map((each) => `Added: ${withoutCredentials(each.url)}`),
        hint: 'See `zookit feed list`',
      },
    );
  }
  await writeSavedFeeds(
    context,
    saved.filter((each) => !isFeed(each, url)),
  );
  if (saved.some((each) => isFeed(each, url) && each.bundle !== undefined)) {
    await savePip(context);
    await removeWhole(context.paths.bundle);
  }
  if (context.terminal.json) context.terminal.printJson({ ok: true, url: withoutCredentials(url) });
  else context.terminal.say(`Removed '${withoutCredentials(url)}'`);
  return undefined;
}

/** The pip that a bundle has brought outlives it: the machine may have no other to take packages away with. */
async function savePip({ cache, paths }: Context): Promise<void> {
  const pip = await keptPip(await cache.folders());
  if (pip !== undefined && isInside(paths.bundle, pip))
    await cache.keep(pip, basename(dirname(pip)), basename(pip));
}

/** Whether an absolute address names a saved feed; lists show none with its credentials, so it goes without too. */
function isFeed(saved: SavedFeed, url: string): boolean {
  return saved.url === url || withoutCredentials(saved.url) === url;
}

/** What the main feed is when nobody names another. */
function mainOrigin(saved: readonly SavedFeed[]): string {
  return saved.some(({ bundle }) => bundle !== undefined)
    ? 'of a bundle, nothing asks the network'
    : 'built in';
}

async function listFeeds(context: Context): Promise<undefined> {
  const saved = await readSavedFeeds(context);
  const rows = [
    {
      url: context.mainFeed ?? usualFeed(saved),
      origin: context.mainFeed === undefined ? mainOrigin(saved) : '--main-feed',
    },
    ...saved
      .filter(({ bundle }) => bundle === undefined)
      .map(({ url, mayExtend }) => ({
        url,
        origin: mayExtend.length > 0 ? `added, may extend ${mayExtend.join(', ')}` : 'added',
      })),
    ...context.extraFeeds.map((url) => ({ url, origin: '--feed' })),
  ].map((row) => ({ ...row, url: withoutCredentials(row.url) }));
  if (context.terminal.json) context.terminal.printJson(rows);
  else context.terminal.print(columns(rows.map(({ origin, url }) => [origin, url])));
  return undefined;
}

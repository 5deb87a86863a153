// `zookit feed mirror`: other places for a feed's files, for networks from which the vendors cannot be reached.
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { feedAddress } from '../../feed/address.js';
import { withoutCredentials } from '../../lib/credentials.js';
import { readIfThere, writeWhole } from '../../lib/files.js';
import { columns } from '../../lib/terminal.js';
import { builtInFeed } from '../../paths.js';
import type { Mirror } from '../../plan/mirrors.js';
import { asWriter } from '../writing.js';

/** How the feed that ships with Zookit is called here: its path is another one after every update. */
const builtIn = 'built-in';

/** `mirror` lists, `mirror FEED FROM TO` adds, `mirror FEED FROM` takes away. */
export async function mirrorCommand(context: Context, names: readonly string[]): Promise<undefined> {
  const [feed, from, to, ...others] = names;
  if (feed === undefined) return listMirrors(context);
  if (from === undefined || others.length > 0) {
    throw new AppError('USAGE', 'feed mirror: name a feed and the beginning of its addresses', {
      hint: '`zookit feed mirror built-in https://www.python.org/ https://mirror.example.com/python/`',
    });
  }
  for (const place of [from, ...(to === undefined ? [] : [to])]) refuseNoFolder(place);
  return asWriter(context, async () => {
    const own = { feed: feed === builtIn ? builtIn : feedAddress(feed), from };
    const mirrors = await readMirrors(context);
    const others = mirrors.filter((each) => each.feed !== own.feed || each.from !== own.from);
    if (to === undefined && others.length === mirrors.length) throw unknownMirror(from, mirrors);
    const next = to === undefined ? others : [...others, { ...own, to }];
    await writeWhole(context.paths.mirrors, `${JSON.stringify(next, null, 2)}\n`, 0o600);
    if (context.terminal.json) context.terminal.printJson({ ok: true, mirrors: next.map(shown) });
    else
      context.terminal.say(
        to === undefined
          ? `Removed the mirror of ${from}`
          : `${from} is looked for at ${withoutCredentials(to)} first`,
      );
    return undefined;
  });
}

/** What follows the one is put after the other: without the stroke, a name would grow together with the next. */
function refuseNoFolder(place: string): void {
  if (place.endsWith('/') || place.endsWith('\\')) return;
  throw new AppError('USAGE', `'${withoutCredentials(place)}' is not the beginning of addresses`, {
    details: ['Wanted an address or a path that ends with `/`'],
    hint: 'For example `zookit feed mirror built-in https://www.python.org/ https://mirror.example.com/python/`',
  });
}

/** The mirrors of a feed by its address. */
export async function mirrorsOf(context: Pick<Context, 'paths'>, feed: string): Promise<Mirror[]> {
  const name = feed === builtInFeed ? builtIn : feed;
  return (await readMirrors(context)).filter((each) => each.feed === name);
}

async function readMirrors({ paths }: Pick<Context, 'paths'>): Promise<Mirror[]> {
  const text = await readIfThere(paths.mirrors);
  if (text === undefined) return [];
  try {
    const saved: unknown = JSON.parse(text);
    if (Array.isArray(saved) && saved.every(isMirror)) return saved;
  } catch {
    // Told below.
  }
  throw new AppError('FEED_INVALID', `The list of mirrors '${paths.mirrors}' cannot be read`, {
    hint: 'Remove the file and add the mirrors again with `zookit feed mirror`',
  });
}

function isMirror(value: unknown): value is Mirror {
  const { feed, from, to } = (value ?? {}) as Partial<Record<keyof Mirror, unknown>>;
  return typeof feed === 'string' && typeof from === 'string' && typeof to === 'string';
}

async function listMirrors(context: Context): Promise<undefined> {
  const mirrors = (await readMirrors(context)).map(shown);
  if (context.terminal.json) context.terminal.printJson(mirrors);
  else if (mirrors.length === 0) context.terminal.say('No mirrors');
  else context.terminal.print(columns(mirrors.map(({ feed, from, to }) => [feed, from, to])));
  return undefined;
}

function shown({ feed, from, to }: Mirror): Mirror {
  return { feed: withoutCredentials(feed), from, to: withoutCredentials(to) };
}

function unknownMirror(from: string, mirrors: readonly Mirror[]): AppError {
  return new AppError('USAGE', `There is no mirror of '${from}'`, {
    details: mirrors.map((each) => `There is ${each.feed} ${each.from}`),
    hint: 'See `zookit feed mirror`',
  });
}

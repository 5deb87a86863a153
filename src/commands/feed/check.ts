// `zookit feed check`: what there is in a feed and its parts, and what is wrong with it, by file and line; exit status 3 when
// something is an error.
import { buildCatalog } from '../../catalog/catalog.js';
import { checkFeeds } from '../../catalog/check.js';
import type { Finding } from '../../catalog/finding.js';
import type { Options } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { feedAddress } from '../../feed/address.js';
import { loadFeeds } from '../../feed/load.js';
import { withoutCredentials } from '../../lib/credentials.js';
import { counted } from '../../lib/counted.js';
import { errorJson } from '../../lib/error-json.js';
import { builtInFeed } from '../../paths.js';
import type { Feed } from '../../types.js';

/** Checks the named feeds together with those they stand on; without names the built-in one. */
export async function checkCommand(
  context: Context,
  names: readonly string[],
  options: Options,
): Promise<undefined> {
  const { http, paths, offline, signal, terminal } = context;
  const base = context.mainFeed ?? builtInFeed;
  // A feed may depend on products of the main feed, so that is loaded too; only the named ones are reported on.
  const addresses =
    names.length > 0 ? [base, ...context.extraFeeds, ...names] : [base, ...context.extraFeeds];
  const { feeds, notices } = await loadFeeds(addresses, {
    http,
    cacheDirectory: paths.feedCache,
    offline,
    signal,
  });
  for (const notice of notices) terminal.say(`notice: ${notice}`);
  const named = feeds.slice(names.length > 0 ? -countOwn(feeds, names) : 0);
  const own = new Set(named.map(({ address }) => address));
  const findings = checkFeeds(feeds, buildCatalog(feeds)).filter(({ address }) => own.has(address));
  const strict = options['strict'] === true;
  const errors = findings.filter(({ severity }) => strict || severity === 'error');
  const error = new AppError('FEED_INVALID', `The feed has ${counted(errors.length, 'error')}`, {
    hint: 'Each stands above with its file and line; see the format with `zookit help feeds`',
  });
  const failure = errors.length === 0 ? {} : { error: errorJson(error) };
  const counts = named.map(countsOf);
  if (terminal.json) terminal.printJson({ ok: errors.length === 0, ...failure, feeds: counts, findings });
  else for (const finding of findings) terminal.print(findingText(finding));
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  terminal.say(
    [
      counted(sum(counts.map(({ entries }) => entries)), 'entry', 'entries'),
      counted(sum(counts.map(({ installers }) => installers)), 'installer'),
      counted(findings.length - errors.length, 'warning'),
      counted(errors.length, 'error'),
    ].join(', '),
  );
  if (errors.length > 0) throw error;
  return undefined;
}

interface Counts {
  readonly address: string;
  readonly title: string;
  readonly entries: number;
  readonly installers: number;
}

/** What could be read; what was left out is among the findings. */
function countsOf({ address, title, entries }: Feed): Counts {
  const installers = entries.flatMap((entry) => entry.installers).length;
  return { address: withoutCredentials(address), title, entries: entries.length, installers };
}

function findingText({ severity, address, line, entry, message }: Finding): string {
  const where = `${withoutCredentials(address)}:${line}`;
  return `${where}: ${severity}: ${entry === undefined ? '' : `${entry}: `}${message}`;
}

/** Feeds come in the order of their addresses, each followed by its sub-feeds: the named ones are at the end. */
function countOwn(feeds: readonly { readonly address: string }[], names: readonly string[]): number {
  const named = new Set(names.map(feedAddress));
  return feeds.length - feeds.findIndex(({ address }) => named.has(address));
}

// Comes in: the words of an unfinished command line. Goes out: ids of the products that it could name, from feeds as they were
// read last: no network, no machine, no error. Which root and feeds count is told by the same options as for a command.
import { feedAddress } from '../../feed/address.js';
import { peekFeed } from '../../feed/peek.js';
import type { Http } from '../../lib/http.js';
import { pathsFor } from '../../paths.js';
import type { Entry } from '../../types.js';
import { readSavedFeeds, usualFeed } from '../open-catalog.js';

const noNetwork: Http = { get: () => Promise.reject(new Error('completion asks nobody')) };

/** Ids in the order of the feeds; empty where they cannot be read. */
export async function productIds(words: readonly string[], onlyTemplates: boolean): Promise<string[]> {
  // Asking Windows whose rights these are takes longer than anybody waits for a key: the machine's own root counts there.
  const shared = process.getuid === undefined || process.getuid() === 0;
  const paths = pathsFor(valuesAfter(words, '--root').at(-1) ?? process.env['ZOOKIT_ROOT'], shared);
  const saved = await readSavedFeeds({ paths }).catch(() => []);
  const main = valuesAfter(words, '--main-feed').at(-1) ?? usualFeed(saved);
  const added = saved.filter(({ bundle }) => bundle === undefined).map(({ url }) => url);
  const addresses = [main, ...added, ...valuesAfter(words, '--feed')];
  const deps = { http: noNetwork, cacheDirectory: paths.feedCache, offline: true };
  const loaded = await Promise.all(
    addresses.map((address) =>
      peekFeed(feedAddress(address), deps).then(
        ({ feed }) => feed.entries,
        () => [],
      ),
    ),
  );
  const entries = loaded.flat();
  return [
    ...new Set(
      entries.filter((entry) => !onlyTemplates || makesProject(entry)).map(({ productId }) => productId),
    ),
  ];
}

function makesProject({ installers }: Entry): boolean {
  return installers.some(({ action }) => action.kind === 'template');
}

function valuesAfter(words: readonly string[], option: string): string[] {
  return words.flatMap((word, index) => {
    if (word.startsWith(`${option}=`)) return [word.slice(option.length + 1)];
    const value = words[index + 1];
    return word === option && value !== undefined && index + 1 < words.length - 1 ? [value] : [];
  });
}

// Comes in: the feeds of this machine. Goes out: the pages that manage them, and the words that each answer means. Pure.
import type { Page } from '../../lib/page.js';
import { plainLine, wrapped } from '../../lib/text-width.js';
import { sentences } from './pages.js';

/** A feed as `feed list --json` shows it. */
export interface ListedFeed {
  readonly url: string;
  readonly origin: string;
}

/** All feeds; one to look at, or a new one. */
export function feedsPage(feeds: readonly ListedFeed[]): Page {
  const rows = [
    { value: 'add', label: 'Add a feed' },
    ...feeds.map(({ url, origin }) => ({ value: url, label: `${origin}: ${url}`, detail: url })),
    { value: 'start', label: 'To the start page' },
  ];
  const ask = 'Which feed?';
  return {
    id: 'feeds',
    title: 'Feeds',
    ask,
    body: () => [],
    question: { kind: 'one', rows, standard: 'add' },
  };
}

/** The address of a new one. */
export function feedAddPage(standard: string): Page {
  return {
    id: 'feed-add',
    title: 'Feeds',
    ask: 'What is the address of the feed, or the path of its file?',
    body: sentences('Its products are offered from then on, after those of the feeds before it.'),
    question: {
      kind: 'text',
      standard,
      secret: false,
      check: (text) => (text.trim() === '' ? 'Name an address' : undefined),
    },
  };
}

/** What to do with one; `found` is what a check has said. */
export function feedPage(feed: ListedFeed, found: readonly string[]): Page {
  const rows = [
    { value: 'check', label: 'Check it', detail: 'Unknown ids, circles, missing hashes, duplicates.' },
    ...(feed.origin.startsWith('added')
      ? [{ value: 'remove', label: 'Remove it', detail: 'What is installed stays.' }]
      : []),
    { value: 'feeds', label: 'To the list of feeds' },
  ];
  return {
    id: 'feed',
    title: 'Feeds',
    ask: feed.url,
    body: (width) => found.flatMap((line) => wrapped(plainLine(line), width, '  ')),
    question: { kind: 'one', rows, standard: found.length > 0 ? 'feeds' : 'check' },
  };
}

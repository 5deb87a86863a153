// The checks of `zookit doctor` on the feeds, and on the clock, which servers and files give away. Comes in: facts. Goes
// out: verdicts. Asks nobody.
import { asWord, bad, note, ok } from './check.js';
import type { Check, Verdict } from './check.js';
import type { FeedFacts, FeedsFacts } from './feeds-facts.js';

const day = 24 * 60 * 60 * 1000;
/** The age from which the built-in feed is told of (design: feed). */
const oldFeed = 60 * day;

export const feedChecks: readonly Check<FeedsFacts>[] = [
  { id: 'feed-list', title: 'Saved feeds', run: savedList },
  { id: 'feed', title: 'Feed', run: ({ feeds }) => feeds.map(reached) },
  { id: 'feed-warnings', title: 'Warnings of', run: ({ feeds }) => feeds.flatMap(warnings) },
  { id: 'feed-age', title: 'Age of', run: ({ feeds, now }) => feeds.flatMap((each) => age(each, now)) },
  { id: 'feed-owners', title: 'Owners of products', run: owners },
];

function savedList({ listTrouble, listFile }: FeedsFacts): Verdict | undefined {
  if (listTrouble === undefined) return undefined;
  return bad(listTrouble, `Remove '${listFile}' and add the feeds again: \`zookit feed add URL\``);
}

function name({ address, builtIn }: FeedFacts): string {
  return builtIn ? 'built in' : address;
}

function reached(feed: FeedFacts): Verdict {
  const { from, copyAge, trouble, entries = 0, address, builtIn } = feed;
  const about = name(feed);
  const count = `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  if (from === undefined) {
    const hint = builtIn
      ? 'Install Zookit again: its own feed is damaged'
      : `Check the address and the network, or go on without it: \`zookit feed remove ${asWord(address)}\``;
    return { ...bad(trouble ?? 'it cannot be read', hint), about };
  }
  if (from !== 'copy') return { ...ok(count), about };
  const copy = `${count} of a copy of ${copyAge ?? 'an unknown time'}`;
  if (trouble === undefined) return { ...ok(copy), about };
  return { ...note(`${trouble}: ${copy}`, 'Check the network and `HTTPS_PROXY`; the copy serves'), about };
}

function warnings(feed: FeedFacts): Verdict[] {
  const { warnings: count = 0, address, builtIn } = feed;
  if (count === 0) return [];
  const command = builtIn ? 'zookit feed check' : `zookit feed check ${asWord(address)}`;
  return [{ ...note(`${count}`, `See them: \`${command}\``), about: name(feed) }];
}

function age(feed: FeedFacts, now: number): Verdict[] {
  const updated = Date.parse(feed.updated ?? '');
  if (!feed.builtIn || Number.isNaN(updated) || now - updated <= oldFeed) return [];
  const days = Math.floor((now - updated) / day);
  return [{ ...note(`${days} days`, 'A newer Zookit has newer versions: install it'), about: name(feed) }];
}

function owners({ conflicts, feeds }: FeedsFacts): Verdict | undefined {
  if (feeds.length < 2 && conflicts.length === 0) return undefined;
  if (conflicts.length === 0) return ok('every product belongs to one feed');
  const [first = ''] = conflicts;
  const more = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : '';
  return note(
    `${first}${more}`,
    'If you trust that feed: `zookit feed remove URL`, then `zookit feed add URL --may-extend ID`',
  );
}

/** What the clock is judged by. */
export interface ClockFacts extends Pick<FeedsFacts, 'now' | 'clocks' | 'certificateDates'> {
  readonly os: string;
  /** Files that were written in the past, whatever the clock says. */
  readonly files: readonly { readonly path: string; readonly time: number }[];
}

/** Seconds of difference to a server that certificates and logs bear. */
const bearable = 300;

export const clockChecks: readonly Check<ClockFacts>[] = [{ id: 'clock', title: 'Clock', run: clock }];

function clock(facts: ClockFacts): Verdict {
  const { now, files, clocks, certificateDates, os } = facts;
  const hint = {
    windows: 'Set it: `w32tm /resync`',
    linux: 'Set it: `timedatectl set-ntp true`',
    macos: 'Set it: `sudo sntp -sS time.apple.com`',
  }[os];
  const set = hint ?? 'Set it';
  const here = new Date(now).toISOString().slice(0, 16).replace('T', ' ');
  const off = clocks.find(({ theirs, ours }) => Math.abs(theirs - ours) > bearable * 1000);
  if (off) {
    const minutes = Math.round(Math.abs(off.ours - off.theirs) / 60_000);
    const way = off.ours < off.theirs ? 'behind' : 'before';
    return bad(`${here} UTC, ${minutes} minutes ${way} '${off.server}'`, set);
  }
  const later = files.find(({ time }) => time > now + day);
  if (later) return bad(`${here} UTC, but '${later.path}' is of a later day`, set);
  const [host] = certificateDates;
  if (host !== undefined)
    return note(
      `${here} UTC; the certificate of '${host}' is out of its dates`,
      `If the clock is wrong: ${set}`,
    );
  return ok(`${here} UTC`);
}

// Feeds that are broken in every way: whatever comes in, the reader and the checks answer, or say FEED_INVALID.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { checkFeeds } from '../../src/catalog/check.js';
import { AppError } from '../../src/errors.js';
import { parseFeed } from '../../src/feed/parse.js';
import { feedFixture } from '../helpers/feeds.js';
import type { Random } from '../helpers/random.js';
import { seeded } from '../helpers/random.js';
import { webpiConstructs } from '../helpers/webpi-constructs.js';

const rounds = Number(process.env.ZOOKIT_MUTATIONS ?? 300);
const fixtures = ['webpi.xml', 'additions.xml', 'slips.xml', 'bad-everything.xml', 'bad-cycle.xml'];
const texts = [
  ...fixtures.map(feedFixture),
  webpiConstructs(1, 6, 'Product').text,
  webpiConstructs(2, 6, 'App').text,
];
const words = [
  '<',
  '>',
  '</and>',
  '<and>',
  '"',
  '&',
  '&#0;',
  '\u0000',
  '\uD800',
  '-1',
  '99999999999999999999',
  '',
  '../',
  '%',
  '=',
];

/** The text with one to six parts of it cut out, doubled, swapped or replaced. */
function mutated(text: string, random: Random): string {
  let result = text;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const start = random.below(result.length + 1);
    const end = Math.min(result.length, start + random.below(60));
    const part = result.slice(start, end);
    const instead = random.pick([...words, part + part, part.toUpperCase(), random.pick(tagsOf(result))]);
    result = result.slice(0, start) + instead + result.slice(end);
  }
  return result;
}

/** A text whose elements are renamed, which keeps it well-formed: those reach the readers. */
function renamed(text: string, random: Random): string {
  const names = [...new Set(tagsOf(text).map((tag) => /[\w:]+/.exec(tag)?.[0] ?? 'a'))];
  const [from, to] = [random.pick(names), random.pick(names)];
  return text.replaceAll(new RegExp(`(</?)${from}(?=[\\s/>])`, 'g'), `$1${to}`);
}

function tagsOf(text: string): string[] {
  return text.match(/<\/?[\w:]+[^<>]*>/g) ?? ['<a/>'];
}

test(`${rounds} mutations of feeds neither crash nor pass unnoticed`, () => {
  let read = 0;
  for (let seed = 1; seed <= rounds; seed++) {
    const random = seeded(seed);
    const text = random.pick(texts);
    const broken = seed % 2 === 0 ? mutated(text, random) : renamed(renamed(text, random), random);
    try {
      const feeds = [parseFeed(broken, '/feed.xml')];
      checkFeeds(feeds, buildCatalog(feeds));
      read += 1;
    } catch (error) {
      const known = error instanceof AppError && error.code === 'FEED_INVALID';
      assert.ok(known, `seed ${seed}: ${String(error)}`);
    }
  }
  assert.ok(read > rounds / 3, `only ${read} of ${rounds} were read at all`);
});

// Comes in: the few things that a test is about. Goes out: whole feeds and entries around them, as data or as XML.
// Knows the nouns only.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Dependency, Entry, Feed } from '../../src/types.js';

/** The text of a file of test/fixtures/feeds; tests run from dist/test. */
export function feedFixture(name: string): string {
  return readFileSync(feedFixturePath(name), 'utf8');
}

export function feedFixturePath(name: string): string {
  return fileURLToPath(new URL(`../../../test/fixtures/feeds/${name}`, import.meta.url));
}

/** An entry with this id and version, and whatever else the test is about. */
export function entryOf(productId: string, version: string, about: Partial<Entry> = {}): Entry {
  return {
    productId,
    version,
    title: productId,
    summary: '',
    longSummary: '',
    author: '',
    keywords: [],
    aliases: [],
    recommended: false,
    environment: false,
    flags: [],
    parameters: [],
    related: [],
    updates: [],
    incompatibilities: [],
    installers: [
      {
        id: '1',
        action: { kind: 'none' },
        languages: [],
        architectures: [],
        platforms: [],
        logFiles: [],
      },
    ],
    line: 1,
    ...about,
  };
}

/** A feed of these entries; their lines are counted up from 10. */
export function feedOf(address: string, entries: readonly Entry[], about: Partial<Feed> = {}): Feed {
  return {
    address,
    title: address,
    entries: entries.map((entry, index) => ({ ...entry, line: 10 + index })),
    hints: new Map(),
    dependencies: new Map(),
    osLists: new Map(),
    oses: new Map(),
    keywords: new Map(),
    tabs: [],
    enclosures: [],
    warnings: [],
    ...about,
  };
}

/** Needs all of these ids. */
export function all(...ids: readonly (string | Dependency)[]): Dependency {
  return { kind: 'all', of: ids.map(dependencyOf) };
}

/** Needs one of these ids. */
export function any(...ids: readonly (string | Dependency)[]): Dependency {
  return { kind: 'any', of: ids.map(dependencyOf) };
}

function dependencyOf(id: string | Dependency): Dependency {
  return typeof id === 'string' ? { kind: 'product', id } : id;
}

// What the journal's lines say is installed, where an upgrade takes the place of an older version.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replay } from '../../src/install/installed.js';
import type { JournalLine } from '../../src/install/journal.js';

let runs = 0;

/** A finished step. */
function installed(product: string, version: string, from?: string): JournalLine[] {
  const key = { run: `run${(runs += 1)}`, product, version, place: 'machine', at: '' };
  return [
    { ...key, event: 'begun', kind: 'msi', ...(from === undefined ? {} : { from }) },
    { ...key, event: 'done' },
  ];
}

function versions(...lines: readonly JournalLine[][]): string[] {
  return replay(lines.flat()).installed.map(({ product, version }) => `${product} ${version}`);
}

test('an upgrade takes the place of the version that it was found as', () => {
  assert.deepEqual(versions(installed('A', '1.2'), installed('A', '2.0', '1.2')), ['A 2.0']);
  assert.deepEqual(versions(installed('A', '1.2'), installed('A', '2.0', '1.2.3')), ['A 2.0']);
});

test('other versions and other products stay', () => {
  const before = [...installed('A', '1.2'), ...installed('A', '1.20'), ...installed('B', '1.2')];
  assert.deepEqual(versions(before, installed('A', '2.0', '1.2.3')), ['A 1.20', 'B 1.2', 'A 2.0']);
});

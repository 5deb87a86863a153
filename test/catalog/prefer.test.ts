import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { preferring } from '../../src/catalog/prefer.js';
import type { Catalog, Dependency } from '../../src/types.js';
import { all, any, entryOf, feedOf } from '../helpers/feeds.js';

function catalogWith(dependency: Dependency): Catalog {
  const entries = ['A', 'B', 'C', 'D'].map((id) => entryOf(id, '1'));
  return buildCatalog([feedOf('feed', [entryOf('X', '1', { dependency }), ...entries])], {
    mayExtend: new Map(),
  });
}

function needsOfX(catalog: Catalog): Dependency | undefined {
  return catalog.products.get('x')?.entries[0]?.dependency;
}

test('a branch that is asked for by name comes first, in any case and however deep; the others keep their order', () => {
  const catalog = catalogWith(all('D', any('A', all('C', any('D', 'B')), 'B')));
  assert.deepEqual(
    needsOfX(preferring(catalog, ['b', 'X'])),
    all('D', any(all('C', any('B', 'D')), 'B', 'A')),
  );
});

test('nothing changes when no branch is asked for, or nothing besides', () => {
  const catalog = catalogWith(any('A', 'B'));
  assert.deepEqual(needsOfX(preferring(catalog, ['X', 'D'])), any('A', 'B'));
  assert.equal(preferring(catalog, ['X']), catalog);
});

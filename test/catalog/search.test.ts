// Finding products by what somebody typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { findTab, nearestProducts, searchProducts } from '../../src/catalog/search.js';
import { entryOf, feedOf } from '../helpers/feeds.js';
import { findProduct } from '../../src/lib/find-product.js';

const catalog = buildCatalog([
  feedOf(
    '/a',
    [
      entryOf('DjangoProject', '1', { title: 'Blank site', summary: 'With Django', keywords: ['Templates'] }),
      entryOf('Django', '5.2', { title: 'Django', summary: 'Web framework', keywords: ['PACKAGES'] }),
      entryOf('Django', '6.0', { summary: 'Newer' }),
      entryOf('Pillow', '11', { aliases: ['PIL'], title: 'Imaging library', keywords: ['Packages'] }),
      entryOf('Hidden', '1', { flags: ['searchExclude'], keywords: ['Packages'] }),
    ],
    {
      tabs: [{ id: 'Zoo', name: 'Zoo packages', description: '', keywordIds: ['Packages'] }],
      keywords: new Map([['Templates', 'Skeletons']]),
    },
  ),
]);

const ids = (search: { text?: string; tab?: string }): string[] =>
  searchProducts(catalog, search).map((product) => product.id);

test('by id or alias in any case', () => {
  assert.equal(findProduct(catalog, ' DJANGO ')?.id, 'Django');
  assert.equal(findProduct(catalog, 'pil')?.id, 'Pillow');
  assert.equal(findProduct(catalog, 'Hidden')?.id, 'Hidden');
  assert.equal(findProduct(catalog, 'Djang'), undefined);
});

test('search wants all words, anywhere in an entry, and puts names first', () => {
  assert.deepEqual(ids({}), ['DjangoProject', 'Django', 'Pillow']);
  assert.deepEqual(ids({ text: 'newer' }), ['Django']);
  assert.deepEqual(ids({ text: 'skeletons django' }), ['DjangoProject']);
  assert.deepEqual(ids({ text: 'imaging PIL' }), ['Pillow']);
  assert.deepEqual(ids({ text: 'nothing such' }), []);
  assert.deepEqual(ids({ text: 'web' }), ['Django']);
});

test('tabs show the products that have one of their keywords', () => {
  assert.equal(findTab(catalog, 'zoo PACKAGES')?.id, 'Zoo');
  assert.deepEqual(ids({ tab: 'zoo' }), ['Django', 'Pillow']);
  assert.deepEqual(ids({ tab: 'zoo', text: 'imaging' }), ['Pillow']);
  assert.deepEqual(ids({ tab: 'none' }), []);
});

test('misspelled names have near ones', () => {
  assert.deepEqual(nearestProducts(catalog, 'Djagno'), ['Django']);
  assert.deepEqual(nearestProducts(catalog, 'pilow'), ['Pillow']);
  assert.deepEqual(nearestProducts(catalog, 'Djan'), ['DjangoProject', 'Django']);
  assert.deepEqual(nearestProducts(catalog, 'Oracle'), []);
});

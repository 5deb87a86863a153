// What a bundle's index may say: nothing that this Zookit does not know, and nothing that a terminal would obey.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexText, readIndex } from '../../src/bundle/index-file.js';
import type { BundleIndex } from '../../src/bundle/layout.js';
import { AppError } from '../../src/errors.js';

const index: BundleIndex = {
  bundle: 1,
  zookit: '1.0',
  targets: [{ name: 'linux-x64', platform: { os: 'linux', arch: 'x64', osVersion: '' }, python: '3.13' }],
  products: [
    {
      id: 'Tool',
      version: '1.0',
      title: 'A tool',
      asked: true,
      license: 'MIT',
      targets: ['linux-x64'],
      bytes: 1,
    },
  ],
  needs: [{ target: 'linux-x64', kind: 'python', name: '3.13' }],
};

test('what was written is read', () => {
  assert.deepEqual(readIndex(indexText(index), 'stick'), index);
  const [product] = index.products;
  assert.ok(product);
  const lines = { ...index, products: [{ ...product, title: 'A\n\ttool' }] };
  assert.deepEqual(readIndex(indexText(lines), 'stick'), index);
});

test('an unknown kind of need, a platform that is none, and characters for the terminal are refused', () => {
  const escape = '\u001b[2J';
  const [target, product, need] = [index.targets[0], index.products[0], index.needs[0]];
  const cases: readonly object[] = [
    { needs: [{ ...need, kind: '__proto__' }] },
    { needs: [{ ...need, name: escape }] },
    { products: [{ ...product, title: escape }] },
    { products: [{ ...product, id: escape }] },
    { products: [{ ...product, targets: [escape] }] },
    { targets: [{ ...target, platform: {} }] },
    { targets: [{ ...target, platform: { os: 5, arch: 'x64', osVersion: '' } }] },
    { targets: [{ ...target, python: escape }] },
    { zookit: escape },
    { base: escape },
    { bundle: 2 },
  ];
  for (const change of cases) {
    assert.throws(
      () => readIndex(JSON.stringify({ ...index, ...change }), 'stick'),
      (error) =>
        error instanceof AppError && error.code === 'BUNDLE_INVALID' && !/\p{Cc}/u.test(error.message),
      JSON.stringify(change),
    );
  }
});

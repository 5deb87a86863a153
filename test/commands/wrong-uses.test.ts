// Whatever is typed wrongly or cannot be done: an error with a code that names what was asked, and a hint that helps when it is
// typed. All of them stand on one page, test/fixtures/wrong-uses.txt, made anew by UPDATE_GOLDEN=1.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exitStatuses } from '../../src/errors.js';
import { titleOf, tryWrongUse } from '../helpers/wrong-uses.js';
import { wrongBundles } from './wrong-uses/bundles.js';
import { wrongFeeds } from './wrong-uses/feeds.js';
import { wrongMachines } from './wrong-uses/machine.js';
import { wrongProducts } from './wrong-uses/products.js';
import { wrongProjects } from './wrong-uses/projects.js';
import { wrongValues } from './wrong-uses/values.js';
import { wrongWords } from './wrong-uses/words.js';

const path = fileURLToPath(new URL('../../../test/fixtures/wrong-uses.txt', import.meta.url));
const updates = process.env['UPDATE_GOLDEN'] === '1';
/** Paths look otherwise on Windows: the rules hold there too, the texts are compared elsewhere. */
const compares = process.platform !== 'win32';

const uses = [
  ...wrongWords,
  ...wrongProducts,
  ...wrongFeeds,
  ...wrongProjects,
  ...wrongMachines,
  ...wrongBundles,
  ...wrongValues,
];

/** By the line that was typed. */
const golden = new Map(
  (existsSync(path) ? readFileSync(path, 'utf8') : '')
    .split(/^(?=\$ )/m)
    .filter((part) => part.startsWith('$ '))
    .map((part) => [part.split('\n')[0] ?? '', part.trimEnd()]),
);
const said = new Map<string, string>();

describe('wrong uses', { concurrency: 2 }, () => {
  after(() => {
    if (!updates) return;
    const page = uses.map((use) => said.get(titleOf(use)) ?? golden.get(titleOf(use)) ?? '');
    writeFileSync(path, `${page.filter((part) => part !== '').join('\n\n')}\n`);
  });

  for (const use of uses) {
    const title = titleOf(use);
    test(title.slice(2), { skip: use.skip ?? false }, async (t) => {
      const text = `${title}\n${await tryWrongUse(t, use)}\nexit ${exitStatuses[use.code]}`;
      said.set(title, text);
      if (updates || !compares) return;
      assert.equal(text, golden.get(title), 'another text than in test/fixtures/wrong-uses.txt');
    });
  }
});

test('a hundred of them and more, each once, and no text of one that is gone', () => {
  const titles = uses.map(titleOf);
  assert.ok(uses.length >= 100, String(uses.length));
  assert.equal(new Set(titles).size, titles.length, 'twice the same');
  if (!updates) assert.deepEqual([...golden.keys()].sort(), [...titles].sort());
});

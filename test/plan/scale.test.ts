import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolve } from '../../src/plan/resolve.js';
import type { Entry, Product } from '../../src/types.js';
import { failure, planWords } from '../helpers/plan-words.js';
import { seeded } from '../helpers/random.js';
import { catalogOf, requestFor } from '../helpers/world.js';

/* None of these can finish when the search is blind, or when it recurses. */

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

test('a chain of 50,000 products is planned, and one that ends nowhere is explained', () => {
  const length = 50_000;
  const chain = (end: string): string =>
    lines(length, (index) => `P${index} 1 ${index < length - 1 ? `P${index + 1}` : end}`);
  const { steps } = resolve(requestFor('P0', chain('')));
  assert.equal(steps.length, length);
  assert.equal(steps[0]?.product, `P${length - 1}`);
  const error = failure(requestFor('P0', chain('Missing')));
  assert.match(error.details.at(-1) ?? '', /P49999 1 needs 'Missing'/);
  assert.ok(error.details.length <= 7);
});

test('a cycle of 5,000 products is found', () => {
  const length = 5000;
  const error = failure(
    requestFor(
      'P0',
      lines(length, (index) => `P${index} 1 P${(index + 1) % length}`),
    ),
  );
  assert.match(error.details.join(), /P0 -> P1 -> .* -> P4999 -> P0/);
});

test('a chain whose last product forbids the first one’s newest', () => {
  const length = 2000;
  const world = lines(length, (index) =>
    index < length - 1
      ? `P${index} 2 P${index + 1}\nP${index} 1 P${index + 1}`
      : `P${index} 2 !Old\nP${index} 1 !Old`,
  );
  const plan = resolve(requestFor('P0', `${world}\nP0 3 Old P1\nOld 1`));
  assert.equal(plan.steps.at(-1)?.version, '2');
});

test('ladders of versions are climbed down once', () => {
  const [rungs, versions] = [25, 25];
  const world = lines(rungs, (index) =>
    lines(versions, (step) => {
      const version = step + 1;
      const last = version > 1 ? 'Missing' : '';
      return `A${index} ${version} ${index < rungs - 1 ? `A${index + 1}@${version}` : last}`;
    }),
  );
  assert.ok(resolve(requestFor('A0', world)).steps.every(({ version }) => version === '1'));
});

test('pigeons do not fit into too few holes, and do into enough', () => {
  const world = (pigeons: number, holes: number): string =>
    [
      lines(pigeons, (pigeon) => {
        const branches = Array.from({ length: holes }, (_, hole) => `H${hole}@${pigeon + 1}`);
        return `Q${pigeon} 1 (${branches.join('|')})`;
      }),
      lines(holes, (hole) => lines(pigeons, (pigeon) => `H${hole} ${pigeon + 1}`)),
    ].join('\n');
  const all = (count: number): string => lines(count, (index) => `Q${index}`).replaceAll('\n', ' ');
  assert.equal(failure(requestFor(all(7), world(7, 6))).code, 'CONFLICT');
  assert.equal(resolve(requestFor(all(7), world(7, 7))).steps.length, 14);
});

test('choices that have nothing to do with a dead end are not tried again and again', () => {
  const world = lines(40, (index) => `X${index} 1 (Y${index}@1|Y${index}@2) Z\nY${index} 1\nY${index} 2`);
  const wanted = lines(40, (index) => `X${index}`).replaceAll('\n', ' ');
  assert.equal(failure(requestFor(`${wanted} Last`, `${world}\nZ 1\nLast 1 Z@2`)).code, 'CONFLICT');
});

test('a knot in which everything needs anything else is cut at its only way out', () => {
  const count = 12;
  const world = (exit: string): string =>
    lines(count, (index) => {
      const others = Array.from({ length: count }, (_, other) => `C${other}`).filter(
        (_, other) => other !== index,
      );
      return `C${index} 1 (${[...others, ...(index === count - 1 ? [exit] : [])].join('|')})`;
    });
  assert.match(planWords(requestFor('C0', `${world('Exit')}\nExit 1`)), /^Exit@1 C11@1/);
  assert.match(failure(requestFor('C0', world('C0'))).details.join(), /C0 -> .* -> C0/);
});

test('a closure of 1,000 products with 8 versions each takes the newest everywhere', () => {
  const random = seeded(11);
  const count = 1000;
  const world = lines(count, (index) =>
    lines(8, (step) => {
      const needs = Array.from({ length: 5 }, () => index + 1 + random.below(count - index)).filter(
        (other) => other < count,
      );
      const ranges = needs.map((other) => `P${other}@>=${random.below(step + 1)}`);
      return `P${index} ${step + 1}.0 ${index < count - 1 ? `P${index + 1}` : ''} ${ranges.join(' ')}`;
    }),
  );
  const { steps } = resolve(requestFor('P0', world));
  assert.equal(steps.length, count);
  assert.ok(steps.every(({ version }) => version === '8.0'));
});

test('a small plan looks at few products of a large catalog', () => {
  const catalog = catalogOf(
    lines(3000, (index) => lines(5, (step) => `K${index} ${step + 1} L${index % 10}`)) +
      '\n' +
      lines(10, (index) => `L${index} 1`),
  );
  const seen = new Set<string>();
  const watched = new Map(
    [...catalog.products].map(([key, product]): readonly [string, Product] => [
      key,
      {
        ...product,
        get entries(): readonly Entry[] {
          seen.add(key);
          return product.entries;
        },
      },
    ]),
  );
  const request = { ...requestFor('K5', ''), catalog: { ...catalog, products: watched } };
  assert.equal(planWords(request), 'L5@1 K5@5');
  assert.deepEqual([...seen].sort(), ['k5', 'l5']);
});

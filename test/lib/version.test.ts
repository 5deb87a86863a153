import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { compareVersions, isPrerelease, isRange, parseRange, satisfies } from '../../src/lib/version.js';
import { seeded } from '../helpers/random.js';

/** Lowest first; every line is below the next one. */
const ladder = [
  '',
  'June 2012',
  'Service Pack 2',
  'Service Pack 10',
  '1.0.dev1',
  '1.0.0-next.3',
  '1.0a1.dev2',
  '1.0a1',
  '1.0a2',
  '1.0b1',
  '1.0rc1',
  '1.0',
  '1.0.post1',
  '1.0.0.1',
  '1.0.1',
  '1.2 SP1',
  '1.10',
  '3.0 RC',
  '3.0',
  '3.12.10',
  '3.13.0',
  '7.1.0.2',
  '7.1.0.9',
  '7.1.0.10',
  '2008',
  '2008 R2',
  '20120509024141123.1',
  '20120509024141124.1',
  '1!0.1',
];

test('versions have one order, from nothing to an epoch', () => {
  for (const [index, low] of ladder.entries()) {
    for (const high of ladder.slice(index + 1)) {
      assert.ok(compareVersions(low, high) < 0, `${low} < ${high}`);
      assert.ok(compareVersions(high, low) > 0, `${high} > ${low}`);
    }
    assert.equal(compareVersions(low, low), 0);
  }
});

test('versions that mean the same are equal', () => {
  for (const [left, right] of [
    ['3.13', '3.13.0'],
    ['v1.2', '1.2.0.0'],
    ['3.14.0rc1', '3.14.0-RC.1'],
    ['1.0.post2', '1.0-2'],
  ] as const) {
    assert.equal(compareVersions(left, right), 0, `${left} = ${right}`);
  }
});

test('the order is the same whatever order versions come in', () => {
  const random = seeded(7);
  for (let round = 0; round < 50; round += 1) {
    const sorted = random.shuffled(ladder).sort(compareVersions);
    assert.deepEqual(sorted, ladder, `seed 7, round ${round}`);
  }
});

test('pre-releases are told from releases', () => {
  for (const version of ['1.0a1', '3.0 RC', '1.0.dev3', '2.0.0-beta.1', '5.0 Beta 2', '1.0.post1.dev1']) {
    assert.equal(isPrerelease(version), true, version);
  }
  for (const version of ['1.0', '1.0.post1', '2008 R2', 'June 2012', '', '1.0+cu118', '4.0 SP1']) {
    assert.equal(isPrerelease(version), false, version);
  }
});

const fitting: readonly (readonly [range: string, inside: string, outside: string])[] = [
  ['', '0 1.0 7.1.0.2 x', '1.0a1'],
  ['*', '0 1.0 x', '1.0a1'],
  ['5', '5 5.0 5.2.7 5.9.9.9', '4.9 6.0 5.3a1 6.0a1'],
  ['3.13', '3.13 3.13.0 3.13.5', '3.1 3.12.9 3.14 3.130 3.13.0rc1'],
  ['@3.13', '3.13.5', '3.14'],
  ['3.13.1', '3.13.1', '3.13.1.1 3.13.10 3.13'],
  ['5.2.0', '5.2 5.2.0 5.2.0.0', '5.2.1'],
  ['>=3.12,<3.15', '3.12 3.14.9', '3.11.9 3.15 3.15.0rc1'],
  ['>= 3.12 , < 3.15', '3.12 3.14.9', '3.15'],
  ['>=3.12<3.15', '3.13', '3.15'],
  ['>=7.1.0.2', '7.1.0.2 7.1.0.9 7.1.1 8', '7.1.0.1 7.1.0 7.1'],
  ['7.1.0.2', '7.1.0.2', '7.1.0.9 7.1.0'],
  ['<7.1.0.9', '7.1.0.2 7.1.0', '7.1.0.9 7.1.0.10'],
  ['~7.1.0.2', '7.1.0.2 7.1.9', '7.1.0.1 7.2'],
  ['^7.1.0.2', '7.1.0.2 7.9', '7.1.0.1 8'],
  ['7.1.0.*', '7.1 7.1.0 7.1.0.9', '7.1.1 7.0.9'],
  ['^1.2.3', '1.2.3 1.9', '1.2.2 2.0 2.0a1'],
  ['^0.2.3', '0.2.9', '0.3'],
  ['~1.2', '1.2.0 1.2.9', '1.3'],
  ['1.x', '1.0 1.9', '2.0 0.9'],
  ['1.2.x', '1.2 1.2.9', '1.3'],
  ['1.2.3 - 2.3', '1.2.3 2.3.9', '1.2.2 2.4'],
  ['<2 || >=3', '1.9 3', '2 2.9'],
  ['>3.12', '3.13', '3.12.5'],
  ['<=3.12', '3.12.5', '3.13'],
  ['~=3.10', '3.10 3.99', '3.9 4.0'],
  ['~=3.10.2', '3.10.2 3.10.9', '3.10.1 3.11'],
  ['==3.13.*', '3.13 3.13.9', '3.14'],
  ['==3.13', '3.13 3.13.0', '3.13.1'],
  ['>=3.8,!=3.9.*,!=3.11.2', '3.8 3.10 3.11.3', '3.9.1 3.11.2 3.7'],
  ['>=3.14.0rc1', '3.14.0rc1 3.14.0rc2 3.14 3.15', '3.14.0b1 3.15.0a1'],
  ['3.14.0rc1', '3.14.0rc1', '3.14.0 3.14.0rc2'],
  ['^3.14rc1', '3.14rc1 3.99', '3.14b1 4'],
  ['1.0.dev1', '1.0.dev1', '1.0'],
  ['1.0.0-next.3', '1.0.0-next.3', '1.0.0 1.0.0-next.4'],
  ['>=1!2', '1!2 1!3', '99'],
];

test('ranges are npm’s, with commas, four numbers and PEP 440’s operators', () => {
  for (const [range, inside, outside] of fitting) {
    for (const version of inside.split(' ')) assert.ok(satisfies(version, range), `${version} fits ${range}`);
    for (const version of outside.split(' ')) {
      assert.ok(!satisfies(version, range), `${version} does not fit ${range}`);
    }
  }
});

test('free text fits only anything, or itself', () => {
  assert.ok(satisfies('June 2012', '*'));
  assert.ok(satisfies('June 2012', 'June 2012'));
  assert.ok(!satisfies('June 2012', '<99'));
  assert.ok(!satisfies('', '>=0.1'));
});

test('what is no range is refused in words', () => {
  for (const text of ['banana', '>=', '5..2', '~=3', '^', '1.2.3 - ', 'next', '>=five']) {
    assert.equal(isRange(text), false, text);
  }
  for (const [range] of fitting) assert.equal(isRange(range), true, range);
  assert.throws(
    () => parseRange('banana'),
    (error) =>
      error instanceof AppError &&
      error.code === 'USAGE' &&
      error.message === "'banana' is not a range of versions" &&
      error.hint !== undefined,
  );
});

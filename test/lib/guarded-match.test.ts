// Patterns of strangers: where they fit, what of .NET is understood, and that none runs for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PatternError,
  firstGroup,
  fitting,
  groupCount,
  patternProblem,
  placesOf,
} from '../../src/lib/guarded-match.js';

test('places, from left to right', () => {
  assert.deepEqual(placesOf('a+', 'aa b a'), [
    { start: 0, end: 2 },
    { start: 5, end: 6 },
  ]);
  assert.deepEqual(placesOf('x*', 'ab'), []);
  assert.deepEqual(fitting('\\\\web\\.config$', ['\\a\\Web.config', '\\a\\web.config.bak'], 'i'), [
    '\\a\\Web.config',
  ]);
});

test('the first group, and how many there are', () => {
  assert.equal(firstGroup('v(\\d+)\\.(\\d+)', 'foo v7.2'), '7');
  assert.equal(firstGroup('v(\\d+)', 'foo'), undefined);
  assert.deepEqual(['a', '(a)', '(a)|(b)', '(?:a)(b)'].map(groupCount), [0, 1, 2, 1]);
  assert.throws(() => groupCount('(a'), PatternError);
});

test('what .NET writes otherwise, and what it alone has', () => {
  assert.deepEqual(fitting('(?i)^AB$', ['ab', 'b']), ['ab']);
  assert.deepEqual(fitting('\\Aab\\z', ['ab', 'xab', 'ab\n']), ['ab']);
  assert.deepEqual(fitting('ab\\Z', ['ab', 'ab\n', 'abc']), ['ab', 'ab\n']);
  assert.deepEqual(fitting('^\\\\A$', ['\\A', 'A']), ['\\A']);
  assert.deepEqual(fitting('^\\p{Lu}+$', ['ÄÖ', 'äö']), ['ÄÖ']);
  for (const pattern of ['(?>a)', '[a-z-[aeiou]]', '\\Ga', '(a', '(?<n', 'a'.repeat(3000)])
    assert.ok(patternProblem(pattern), pattern);
  assert.equal(patternProblem('.{8,}'), undefined);
});

test('a pattern without an end, too many places and too much text are given up', () => {
  assert.throws(() => fitting('^(a+)+$', [`${'a'.repeat(60)}!`]), PatternError);
  assert.throws(() => placesOf('a', 'a'.repeat(20_000)), PatternError);
  assert.throws(() => placesOf('a', 'b'.repeat(5 * 1024 * 1024)), PatternError);
  assert.throws(() => firstGroup('^((a+)+)$', `${'a'.repeat(60)}!`), PatternError);
  assert.throws(() => groupCount('(?:(?:(?:(?:a?){999}){999}){999}){999}'), PatternError);
  // It goes on working afterwards.
  assert.deepEqual(fitting('a', ['a']), ['a']);
});

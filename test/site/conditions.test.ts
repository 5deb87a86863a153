// Conditional requests and ranges, by the tables of RFC 9110.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  evaluateConditions,
  httpDate,
  type ConditionHeaders,
  type FileAnswer,
} from '../../src/site/conditions.js';

const file = { size: 1000, modified: Date.UTC(2024, 1, 2, 3, 4, 5, 678), etag: '"abc"' };
const then = httpDate(file.modified);
const before = httpDate(file.modified - 5000);
const whole: FileAnswer = { status: 200 };
const part = (start: number, end: number): FileAnswer => ({ status: 206, start, end });

const cases: readonly (readonly [headers: ConditionHeaders, answer: FileAnswer])[] = [
  [{}, whole],
  [{ 'if-none-match': '"abc"' }, { status: 304 }],
  [{ 'if-none-match': '"x", W/"abc"' }, { status: 304 }],
  [{ 'if-none-match': '*' }, { status: 304 }],
  [{ 'if-none-match': '"x"' }, whole],
  [{ 'if-none-match': '"x"', 'if-modified-since': then }, whole],
  [{ 'if-modified-since': then }, { status: 304 }],
  [{ 'if-modified-since': before }, whole],
  [{ 'if-modified-since': 'some day' }, whole],
  [{ 'if-match': '"abc"' }, whole],
  [{ 'if-match': '"x"' }, { status: 412 }],
  [{ 'if-unmodified-since': then }, whole],
  [{ 'if-unmodified-since': before }, { status: 412 }],
  [{ range: 'bytes=0-0' }, part(0, 0)],
  [{ range: 'bytes=10-' }, part(10, 999)],
  [{ range: 'bytes=990-5000' }, part(990, 999)],
  [{ range: 'bytes=-10' }, part(990, 999)],
  [{ range: 'bytes=-5000' }, part(0, 999)],
  [{ range: 'bytes=1000-' }, { status: 416 }],
  [{ range: 'bytes=-0' }, { status: 416 }],
  [{ range: 'bytes=5-4' }, whole],
  [{ range: 'bytes=-' }, whole],
  [{ range: 'bytes=0-1,5-6' }, whole],
  [{ range: 'lines=0-1' }, whole],
  [{ range: 'bytes=0-1', 'if-range': '"abc"' }, part(0, 1)],
  [{ range: 'bytes=0-1', 'if-range': 'W/"abc"' }, whole],
  [{ range: 'bytes=0-1', 'if-range': then }, part(0, 1)],
  [{ range: 'bytes=0-1', 'if-range': before }, whole],
  [{ range: 'bytes=0-1', 'if-none-match': '"abc"' }, { status: 304 }],
];

describe('evaluateConditions', () => {
  for (const [headers, answer] of cases) {
    it(`answers ${answer.status} to ${JSON.stringify(headers)}`, () =>
      assert.deepEqual(evaluateConditions(headers, file), answer));
  }

  it('has no range of an empty file', () => {
    assert.deepEqual(evaluateConditions({ range: 'bytes=0-' }, { ...file, size: 0 }), { status: 416 });
    assert.deepEqual(evaluateConditions({ range: 'bytes=-5' }, { ...file, size: 0 }), { status: 416 });
  });
});

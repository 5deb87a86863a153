// Request targets: decoding, dot segments, and what is refused; and IIS's request filtering on top of it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterRequest } from '../../src/site/requestfilter.js';
import { readTarget } from '../../src/site/target.js';

describe('readTarget', () => {
  const paths: readonly (readonly [target: string, path: string, query: string])[] = [
    ['/', '/', ''],
    ['/a%20b/%C3%A4?x=%20&y', '/a b/ä', 'x=%20&y'],
    ['/a/./b/../c', '/a/c', ''],
    ['/a/b/..', '/a/', ''],
    ['/a/.', '/a/', ''],
    ['/static/%2e%2e/data', '/data', ''],
    ['/static/x%2f..%2f..%2fdata', '/data', ''],
    ['//double//slash/', '//double//slash/', ''],
    ['/a?b?c#d', '/a', 'b?c'],
    ['http://other.example:80/a?b', '/a', 'b'],
    ['http://other.example', '/', ''],
    ['http://other.example?q', '/', 'q'],
    ['/100%25', '/100%', ''],
    ['/\u00e4', '/\ufffd', ''],
  ];
  for (const [target, path, query] of paths) {
    it(`reads ${target}`, () => {
      const read = readTarget(target);
      assert.deepEqual([read?.path, read?.query], [path, query]);
    });
  }

  it('keeps bytes that are not UTF-8', () => {
    assert.equal(readTarget('/%e4')?.bytes.toString('hex'), '2fe4');
  });

  for (const target of [
    '*',
    'other',
    '',
    '/..',
    '/a/../../b',
    '/%2e%2e/b',
    '/%',
    '/%4',
    '/%zz',
    '/a%00.css',
    'ftp://x/',
  ]) {
    it(`refuses ${JSON.stringify(target)}`, () => assert.equal(readTarget(target), undefined));
  }
});

describe('filterRequest', () => {
  const config = {
    hiddenSegments: ['web.config', '.venv', 'data'],
    limits: { maxAllowedContentLength: 100, maxUrl: 20, maxQueryString: 10 },
  };
  const status = (text: string, length?: number): number | undefined => {
    const target = readTarget(text);
    assert.ok(target);
    return filterRequest(config, target, length)?.status;
  };

  it('lets through what is at the limits', () => {
    assert.equal(status(`/${'a'.repeat(19)}?${'b'.repeat(10)}`, 100), undefined);
    assert.equal(status('/database/datas'), undefined);
  });

  it('answers 404 to what is too long, 413 to too large a body', () => {
    assert.equal(status(`/${'a'.repeat(20)}`), 404);
    assert.equal(status(`/?${'b'.repeat(11)}`), 404);
    assert.equal(status('/', 101), 413);
  });

  for (const path of [
    '/data',
    '/DATA/x',
    '/a/.venv/b',
    '/x/Web.Config',
    '/%64ata/',
    '/data./x',
    '/a\\data',
    '/data%20',
  ]) {
    it(`hides ${path}`, () => assert.equal(status(path), 404));
  }
});

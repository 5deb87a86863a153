// CGI headers to HTTP: split anywhere, statuses, and garbage.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHeadReader, type HeadProgress } from '../../src/site/response.js';

const read = (text: string): HeadProgress => createHeadReader()(Buffer.from(text, 'latin1'));

describe('createHeadReader', () => {
  it('gives the same head and body for every split', () => {
    for (const text of [
      'Status: 404 Not Found\r\nContent-Type: text/html\r\nX: 1\r\n\r\nbody\r\n\r\nmore',
      'Content-Type: text/html\nX: 1\n\nbody',
    ]) {
      const whole = read(text);
      assert.equal(whole.kind, 'head');
      const bytes = Buffer.from(text);
      const headLength = bytes.length - whole.rest.length;
      for (let at = 0; at < headLength; at += 1) {
        const reader = createHeadReader();
        assert.equal(reader(bytes.subarray(0, at)).kind, 'more');
        assert.deepEqual(reader(bytes.subarray(at)), whole);
      }
    }
  });

  it('reads status, reason and repeated headers, and drops what is about the connection', () => {
    assert.deepEqual(
      read('Status: 201 Made it\r\nSet-Cookie: a\r\nConnection: close\r\nset-cookie: b\r\n\r\nx'),
      {
        kind: 'head',
        head: {
          status: 201,
          reason: 'Made it',
          headers: [
            ['Set-Cookie', 'a'],
            ['set-cookie', 'b'],
          ],
        },
        rest: Buffer.from('x'),
      },
    );
  });

  const statuses: readonly (readonly [text: string, status: number])[] = [
    ['Content-Type: a/b\n\n', 200],
    ['Location: /x\n\n', 302],
    ['Location: /x\nStatus: 301\n\n', 301],
    ['status: 599 Own\n\n', 599],
  ];
  for (const [text, status] of statuses) {
    it(`answers ${status} to ${JSON.stringify(text)}`, () => {
      const progress = read(text);
      assert.equal(progress.kind === 'head' && progress.head.status, status);
    });
  }

  for (const text of [
    '\r\n',
    'Traceback (most recent call last):\n  File "x"\n\n',
    'Status: 100 Continue\n\n',
    'Status: OK\n\n',
    'Status: 2000\n\n',
    'A: b\rSet-Cookie: evil\n\n',
    'A: b\0\n\n',
    'A b: c\n\n',
    ': c\n\n',
    'Content-Length: -1\n\n',
    'Content-Length: 1\nContent-Length: 2\n\n',
    'A: b\n folded\n\n',
    `A: ${'b'.repeat(70_000)}`,
  ]) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => assert.equal(read(text).kind, 'garbage'));
  }

  it('passes one of two equal lengths on', () => {
    const progress = read('Content-Length: 1\nContent-length: 1\n\nx');
    assert.deepEqual(progress.kind === 'head' && progress.head.headers, [['Content-Length', '1']]);
  });
});

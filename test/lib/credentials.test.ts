// Addresses in text, as they may be shown: long text of any kind takes no longer than it is long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutCredentials } from '../../src/lib/credentials.js';

test('user names and passwords go, all else stays', () => {
  for (const [text, shown] of [
    ['see https://user:secret@host/a and ftp://other@host', 'see https://host/a and ftp://host'],
    ['https://host:8080/a@b', 'https://host:8080/a@b'],
    ['git+https://user:sec/ret@host', 'git+https://host'],
  ] as const)
    assert.equal(withoutCredentials(text), shown);
});

test('a word of millions of letters is looked at once', () => {
  const word = 'a'.repeat(2_000_000);
  assert.equal(withoutCredentials(`${word} https://user@host`), `${word} https://host`);
});

// `NAME==VERSION` as people type it, and what is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequirement } from '../../src/feed/requirement.js';

test('a requirement is one exact version', () => {
  assert.deepEqual(parseRequirement('psycopg[binary, pool] == 3.3.9'), {
    name: 'psycopg',
    extras: ['binary', 'pool'],
    version: '3.3.9',
  });
  for (const text of ['Django', 'Django>=5', 'Django==', 'Django==5.*', '-r==1', 'a b==1;x', 'a==1 ; b']) {
    assert.throws(() => parseRequirement(text), { code: 'USAGE' }, text);
  }
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { typedPath } from '../../src/lib/typed-path.js';

test('what a shell would have made of a path is made of it where none reads it', () => {
  const home = join('/', 'home', 'anna');
  const read = (text: string): string => typedPath(text, home);
  assert.equal(read('  ./my shop '), './my shop');
  assert.equal(read('"C:\\sites\\my shop"'), 'C:\\sites\\my shop');
  assert.equal(read("'./my shop'"), './my shop');
  assert.equal(read('~/shop'), join(home, 'shop'));
  assert.equal(read('~'), join(home));
  assert.equal(read('~anna/shop'), '~anna/shop');
  assert.equal(read('./a~/b"c'), './a~/b"c');
  assert.equal(read(' https://feeds.example.com/feed.xml'), 'https://feeds.example.com/feed.xml');
  assert.equal(read('   '), '');
});

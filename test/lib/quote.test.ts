import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { typedLine } from '../../src/lib/quote.js';

const words = [
  './my site',
  "it's",
  'a"b',
  '$HOME',
  '',
  'Django@>=5.2,<7',
  'C:\\sites\\',
  'back\\',
  'a;b',
  '%PATH%',
  '~',
];

test('a line for sh is read back as the same words', { skip: process.platform === 'win32' }, () => {
  const line = typedLine(
    [process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...words],
    false,
  );
  assert.deepEqual(JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })), words);
});

test('a line for Windows has double quotes where blanks or signs of cmd are', () => {
  assert.equal(
    typedLine(['zookit', 'new', 'DjangoProject', 'C:\\my sites\\shop\\', '--param', 'DbName=shop'], true),
    'zookit new DjangoProject "C:\\my sites\\shop\\\\" --param DbName=shop',
  );
  assert.equal(typedLine(['Django@>=5.2', 'a"b'], true), '"Django@>=5.2" "a\\"b"');
});

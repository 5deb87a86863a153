// Comes in: a platform and a Python version. Goes out: what that CPython calls itself there: its wheel tags, best
// first, and its environment markers. Knows no package, no file and no machine but the one it is told of.
import type { Architecture, OperatingSystem, Platform } from '../types.js';

/** A CPython on a platform: what packages are chosen for. `version` is `3.13` or `3.13.5`. */
export interface PythonTarget {
  readonly platform: Platform;
  readonly version: string;
}

/**
 * Taken when a platform does not tell: the C libraries of the oldest systems in wide use (RHEL 8, Alpine 3.12), and a
 * macOS that every arm64 Mac can run. What fits these fits newer systems too.
 */
const assumedVersions = { glibc: [2, 28], musl: [1, 2], macos: [12, 0] } as const;

/** glibc versions that have an older name as well (PEP 513, PEP 571, PEP 599). */
const legacyManylinux = new Map([
  ['2.17', 'manylinux2014'],
  ['2.12', 'manylinux2010'],
  ['2.5', 'manylinux1'],
]);

const windowsTags: Record<Architecture, string> = { x64: 'win_amd64', x86: 'win32', arm64: 'win_arm64' };
const linuxMachines: Record<Architecture, string> = { x64: 'x86_64', x86: 'i686', arm64: 'aarch64' };
const macMachines: Record<Architecture, string> = { x64: 'x86_64', x86: 'i386', arm64: 'arm64' };
const windowsMachines: Record<Architecture, string> = { x64: 'AMD64', x86: 'x86', arm64: 'ARM64' };

/** Platform tags of a target, best first (PEP 425, 600, 656; macOS as `packaging.tags` does). */
export function platformTags(platform: Platform): readonly string[] {
  if (platform.os === 'windows') return [windowsTags[platform.arch]];
  if (platform.os === 'macos') return macosTags(platform);
  return linuxTags(platform);
}

/** Every tag that a CPython accepts, written `cp313-cp313-win_amd64`, best first: the order of `packaging.tags`. */
export function wheelTags(target: PythonTarget): readonly string[] {
  const platforms = platformTags(target.platform);
  const minor = minorVersion(target.version);
  const interpreter = `cp3${minor}`;
  const tags: string[] = [];
  const onPlatforms = (python: string, abi: string): void => {
    for (const each of platforms) tags.push(`${python}-${abi}-${each}`);
  };
  const generic = [`py3${minor}`, 'py3'];
  for (let older = minor - 1; older >= 0; older -= 1) generic.push(`py3${older}`);

  onPlatforms(interpreter, interpreter);
  onPlatforms(interpreter, 'abi3');
  onPlatforms(interpreter, 'none');
  for (let older = minor - 1; older > 1; older -= 1) onPlatforms(`cp3${older}`, 'abi3');
  for (const python of generic) onPlatforms(python, 'none');
  tags.push(`${interpreter}-none-any`);
  for (const python of generic) tags.push(`${python}-none-any`);
  return tags;
}

/** The environment markers of a target that do not depend on the machine's own state (PEP 508). */
export function markerEnvironment(target: PythonTarget): ReadonlyMap<string, string> {
  const systems: Record<OperatingSystem, readonly [sys: string, name: string, os: string]> = {
    windows: ['win32', 'Windows', 'nt'],
    linux: ['linux', 'Linux', 'posix'],
    macos: ['darwin', 'Darwin', 'posix'],
  };
  const machines = { windows: windowsMachines, linux: linuxMachines, macos: macMachines };
  const { os, arch } = target.platform;
  const [sysPlatform, platformSystem, osName] = systems[os];
  const full = /^\d+\.\d+$/.test(target.version) ? `${target.version}.0` : target.version;
  return new Map([
    ['python_version', `3.${minorVersion(target.version)}`],
    ['python_full_version', full],
    ['implementation_version', full],
    ['sys_platform', sysPlatform],
    ['platform_system', platformSystem],
    ['os_name', osName],
    ['platform_machine', machines[os][arch]],
    ['implementation_name', 'cpython'],
    ['platform_python_implementation', 'CPython'],
    ['extra', ''],
  ]);
}

/** The minor number of a Python 3; a plain Error for anything else, which callers have excluded. */
function minorVersion(version: string): number {
  const match = /^3\.(\d+)/.exec(version);
  if (!match?.[1]) throw new Error(`'${version}' is no version of Python 3`);
  return Number(match[1]);
}

function linuxTags(platform: Platform): string[] {
  const machine = linuxMachines[platform.arch];
  // Built on such a machine itself: first, as packaging does since 26.
  const tags = [`linux_${machine}`];
  if (platform.libc?.name === 'musl') {
    const [major, minor] = dotted(platform.libc.version) ?? assumedVersions.musl;
    for (let each = minor; each >= 0; each -= 1) tags.push(`musllinux_${major}_${each}_${machine}`);
  } else {
    const [major, minor] = dotted(platform.libc?.version ?? '') ?? assumedVersions.glibc;
    const oldest = platform.arch === 'arm64' ? 17 : 5;
    for (let each = minor; each >= oldest; each -= 1) {
      tags.push(`manylinux_${major}_${each}_${machine}`);
      const legacy = legacyManylinux.get(`${major}.${each}`);
      if (legacy) tags.push(`${legacy}_${machine}`);
    }
  }
  return tags;
}

function macosTags(platform: Platform): string[] {
  const machine = macMachines[platform.arch];
  const [major, minor] = dotted(platform.osVersion) ?? assumedVersions.macos;
  const intel = machine === 'x86_64';
  const formats = intel
    ? [machine, 'intel', 'fat64', 'fat3', 'universal2', 'universal']
    : [machine, 'universal2'];
  const tags: string[] = [];
  const release = (version: string, among: readonly string[]): void => {
    for (const format of among) tags.push(`macosx_${version}_${format}`);
  };
  for (let each = major; each > 10; each -= 1) release(`${each}_0`, formats);
  // Before macOS 11 an arm64 Mac did not exist: only fat files with an arm64 half can name those versions.
  const newestTen = major > 10 ? 16 : minor;
  for (let each = newestTen; each >= 4; each -= 1) release(`10_${each}`, intel ? formats : ['universal2']);
  return tags;
}

/** The first two numbers of a dotted version, or undefined when it begins with none. */
function dotted(version: string): readonly [number, number] | undefined {
  const match = /^(\d+)(?:\.(\d+))?/.exec(version);
  return match ? [Number(match[1]), Number(match[2] ?? 0)] : undefined;
}

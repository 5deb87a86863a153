// Comes in: the words of `--platform`, or nothing. Goes out: a Platform. Knows no product.
import { readFileSync } from 'node:fs';
import { arch, release } from 'node:os';
import { AppError } from '../errors.js';
import { nearestHint } from '../lib/nearest.js';
import type { Architecture, OperatingSystem, Platform } from '../types.js';

/** The system that this process runs on. */
export function thisPlatform(): Platform {
  const os: OperatingSystem =
    process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'macos' : 'linux';
  const platform = { os, arch: nativeArchitecture(), osVersion: release() };
  if (os === 'linux') return { ...platform, libc: thisCLibrary() };
  return platform;
}

const systems = ['windows', 'linux', 'macos'];
const architectures = ['x64', 'x86', 'arm64'];

const shape =
  /^(windows|linux|macos)-(x64|x86|arm64)(?:-(glibc|musl))?(?:@([0-9.]+))?(?::(client|server|core))?$/;

/** What others call the same systems and processors, for the nearest name. */
const othersWords: readonly (readonly [RegExp, string])[] = [
  [/amd64|x86[_-]64|win64|64bit/i, 'x64'],
  [/aarch64|armv8/i, 'arm64'],
  [/i[36]86|win32/i, 'x86'],
  [/^win(?!dows)/i, 'windows'],
  [/^(darwin|osx|mac(?!os))/i, 'macos'],
];

function inOurWords(text: string): string {
  return othersWords.reduce((words, [pattern, ours]) => words.replace(pattern, ours), text);
}

/** `windows-x64`, `windows-x64@6.1:client`, `windows-x64:core`, `linux-arm64-musl`, `macos-arm64@14`; throws USAGE. */
export function parsePlatform(text: string): Platform {
  const match = shape.exec(text);
  if (!match) {
    throw new AppError('USAGE', `'${text}' is not a platform`, {
      details: [
        'Wanted OS-ARCH[@VERSION][:client|:server|:core]; OS: windows, linux, macos; ARCH: x64, x86, arm64',
      ],
      hint: nearestHint(
        inOurWords(text),
        systems.flatMap((os) => architectures.map((each) => `${os}-${each}`)),
        'For example `--platform windows-x64@10.0:server`',
        (near) => `--platform ${near}`,
      ),
    });
  }
  const [, os, architecture, libc, version, edition] = match as unknown as [
    string,
    OperatingSystem,
    Architecture,
    'glibc' | 'musl' | undefined,
    string | undefined,
    'client' | 'server' | 'core' | undefined,
  ];
  const platform = { os, arch: architecture, osVersion: version ?? newestKnown[os] };
  if (os === 'windows') {
    if (edition === 'core') return { ...platform, edition: 'server', core: true };
    return { ...platform, edition: edition ?? 'server' };
  }
  return os === 'linux' ? { ...platform, libc: { name: libc ?? 'glibc', version: '' } } : platform;
}

/** A version not said means a system that is kept up to date: Windows Server 2022, macOS 14. */
const newestKnown: Readonly<Record<OperatingSystem, string>> = {
  windows: '10.0.20348',
  linux: '',
  macos: '14.0',
};

/** A 32-bit process is told by Windows that it is one; of an emulated 64-bit one only the registry knows. */
function nativeArchitecture(): Architecture {
  const wider = process.platform === 'win32' ? process.env['PROCESSOR_ARCHITEW6432'] : undefined;
  return architectureOf(wider ?? arch());
}

/** Node's names, and Windows' own. */
export function architectureOf(name: string): Architecture {
  const folded = name.toLowerCase();
  return folded === 'arm64' ? 'arm64' : folded === 'ia32' || folded === 'x86' ? 'x86' : 'x64';
}

/** Node was built for glibc when its report names a version of it; otherwise the loader's name tells musl. */
function thisCLibrary(): { name: 'glibc' | 'musl'; version: string } {
  const header = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  const version = header.header?.glibcVersionRuntime;
  if (version !== undefined) return { name: 'glibc', version };
  try {
    return {
      name: readFileSync('/proc/self/maps', 'utf8').includes('ld-musl') ? 'musl' : 'glibc',
      version: '',
    };
  } catch {
    return { name: 'glibc', version: '' };
  }
}

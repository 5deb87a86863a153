// Comes in: the wheels of a locked package. Goes out: those that a system we serve may take, with their sizes.
// Addresses end here: nothing that leaves this file holds one.
import type { HttpResponse } from '../lib/http.js';
import type { PackageFile, Platform } from '../types.js';
import { AppError } from '../errors.js';
import { wheelTags } from '../lib/python-target.js';
import { parseWheelName } from '../lib/wheel.js';
import type { LockedPackage, LockedWheel } from './pylock.js';

/** Minor versions of Python 3 that a feed's packages are kept for. */
export const servedMinors = [10, 11, 12, 13, 14] as const;

/** Asks for one file; the part of Http that is needed here. */
export interface Asker {
  get(url: string, options: { headers: Record<string, string> }): Promise<HttpResponse>;
}

/** Newest versions that one may think of: each system takes the wheels of older ones from the same list. */
const servedPlatforms: readonly Platform[] = [
  { os: 'windows', arch: 'x64', osVersion: '' },
  { os: 'windows', arch: 'x86', osVersion: '' },
  { os: 'windows', arch: 'arm64', osVersion: '' },
  { os: 'linux', arch: 'x64', osVersion: '', libc: { name: 'glibc', version: '2.99' } },
  { os: 'linux', arch: 'arm64', osVersion: '', libc: { name: 'glibc', version: '2.99' } },
  { os: 'linux', arch: 'x64', osVersion: '', libc: { name: 'musl', version: '1.9' } },
  { os: 'linux', arch: 'arm64', osVersion: '', libc: { name: 'musl', version: '1.9' } },
  { os: 'macos', arch: 'x64', osVersion: '99.0' },
  { os: 'macos', arch: 'arm64', osVersion: '99.0' },
];

const parallel = 8;
const attempts = 3;

/** Whether any CPython and system that we serve takes the wheel. */
export function isServed(wheelName: string, minors: readonly number[]): boolean {
  const wheel = parseWheelName(wheelName);
  if (!wheel) return false;
  const served = minors.map(servedTags);
  return wheel.tags.some((tag) => served.some((tags) => tags.has(tag)));
}

/**
 * The files of a package worth keeping, by name. Throws AppError NO_INSTALLER when no wheel is left, or when the index
 * tells no hash of one.
 */
export async function pinFiles(
  locked: LockedPackage,
  minors: readonly number[],
  http: Asker,
): Promise<readonly PackageFile[]> {
  const wheels = locked.wheels.filter((wheel) => isServed(wheel.name, minors));
  if (wheels.length === 0) {
    throw new AppError('NO_INSTALLER', `No wheel of '${locked.name} ${locked.version}' can be used`, {
      details: [
        `Wanted a wheel for CPython 3.${minors[0] ?? 0} or later`,
        `Found ${locked.wheels.length} others`,
      ],
      hint: `Choose another version: \`zookit feed pin ${locked.name}==VERSION\``,
    });
  }
  const files: PackageFile[] = [];
  const waiting = [...wheels];
  const worker = async (): Promise<void> => {
    for (let wheel = waiting.shift(); wheel; wheel = waiting.shift()) files.push(await pinFile(wheel, http));
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return files.sort((left, right) => (left.name < right.name ? -1 : 1));
}

async function pinFile(wheel: LockedWheel, http: Asker): Promise<PackageFile> {
  if (wheel.sha256 === undefined) {
    throw new AppError('NO_INSTALLER', `The index tells no SHA-256 of '${wheel.name}'`, {
      hint: 'Use an index that does: see `python -m pip config list`',
    });
  }
  const size = wheel.size ?? (wheel.url === undefined ? undefined : await askSize(wheel.url, http));
  return { name: wheel.name, ...(size === undefined ? {} : { size }), sha256: wheel.sha256 };
}

/** A file's bytes by asking for its first one; undefined when the server does not tell. */
async function askSize(url: string, http: Asker): Promise<number | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      const response = await http.get(url, { headers: { Range: 'bytes=0-0' } });
      response.body.destroy();
      const size = sizeOf(response);
      if (size !== undefined || response.status < 500) return size;
    } catch {
      // A size is only an estimate for the reader of a plan: not worth failing for.
    }
  }
  return undefined;
}

function sizeOf(response: HttpResponse): number | undefined {
  const total = /\/(\d+)$/.exec(response.header('content-range') ?? '')?.[1];
  if (response.status === 206 && total !== undefined) return Number(total);
  const length = response.header('content-length');
  return response.status === 200 && length !== undefined ? Number(length) : undefined;
}

const tagCache = new Map<number, ReadonlySet<string>>();

function servedTags(minor: number): ReadonlySet<string> {
  const kept = tagCache.get(minor);
  if (kept) return kept;
  const tags = new Set(
    servedPlatforms.flatMap((platform) => [...wheelTags({ platform, version: `3.${minor}` })]),
  );
  tagCache.set(minor, tags);
  return tags;
}

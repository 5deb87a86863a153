// Comes in: wheels by name, and a CPython on a platform. Goes out: the wheel that pip would take there, or none.
// Decides by names and markers alone; opens no file, asks nobody, and never looks at the machine it runs on.
import type { PackageFile, PinnedPackage } from '../types.js';
import { markerHolds } from './marker.js';
import { wheelTags, type PythonTarget } from './python-target.js';

export type { PythonTarget } from './python-target.js';

/** What a wheel's name says (binary distribution format, PEP 427). */
export interface WheelName {
  /** As in the file name: runs of `-_.` are `_`. */
  readonly distribution: string;
  readonly version: string;
  /** Orders wheels of the same version; absent comes first. */
  readonly build?: string;
  /** Compressed sets written out: `py2.py3-none-any` gives two. */
  readonly tags: readonly string[];
}

/** Packages of a closure, split for one target. */
export interface PackageChoice {
  readonly chosen: readonly { readonly package: PinnedPackage; readonly file: PackageFile }[];
  /** The marker holds, but no wheel fits. */
  readonly missing: readonly PinnedPackage[];
}

/** The parts of a wheel's file name, or undefined when it is none. */
export function parseWheelName(name: string): WheelName | undefined {
  // Longer than any file's name; three sets of tags in it could be millions of tags.
  if (!name.endsWith('.whl') || name.length > 255) return undefined;
  const parts = name.slice(0, -'.whl'.length).split('-');
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [distribution = '', version = ''] = parts;
  const [pythons = '', abis = '', platforms = ''] = parts.slice(-3);
  const build = parts.length === 6 ? parts[2] : undefined;
  if (build !== undefined && !/^\d/.test(build)) return undefined;
  const tags: string[] = [];
  for (const python of pythons.split('.'))
    for (const abi of abis.split('.'))
      for (const platform of platforms.split('.')) tags.push(`${python}-${abi}-${platform}`.toLowerCase());
  return { distribution, version, ...(build === undefined ? {} : { build }), tags };
}

/**
 * The best of one version's files for a target: the first in the order of `packaging.tags`, the higher build number
 * among equals. Only wheels count; free-threaded ones (`cp313t`) never fit.
 */
export function chooseWheel(files: readonly PackageFile[], target: PythonTarget): PackageFile | undefined {
  const ranks = tagRanks(target);
  let best: { file: PackageFile; rank: number; build: readonly [number, string] } | undefined;
  for (const file of files) {
    const wheel = parseWheelName(file.name);
    if (!wheel) continue;
    const rank = Math.min(...wheel.tags.map((tag) => ranks.get(tag) ?? Infinity));
    if (rank === Infinity) continue;
    const build = buildNumber(wheel.build);
    if (!best || rank < best.rank || (rank === best.rank && isLater(build, best.build)))
      best = { file, rank, build };
  }
  return best?.file;
}

/**
 * The packages of a closure that a target needs, each with its wheel. Throws AppError FEED_INVALID for a marker that
 * cannot be evaluated.
 */
export function choosePackages(packages: readonly PinnedPackage[], target: PythonTarget): PackageChoice {
  const chosen: { package: PinnedPackage; file: PackageFile }[] = [];
  const missing: PinnedPackage[] = [];
  for (const each of packages) {
    if (each.marker !== undefined && !markerHolds(each.marker, target)) continue;
    const file = chooseWheel(each.files, target);
    if (file) chosen.push({ package: each, file });
    else missing.push(each);
  }
  return { chosen, missing };
}

const rankCache = new Map<string, ReadonlyMap<string, number>>();

/** Tag to its place in the target's order; kept, because a plan asks for the same target again and again. */
function tagRanks(target: PythonTarget): ReadonlyMap<string, number> {
  const { os, arch, osVersion, libc } = target.platform;
  const key = [os, arch, osVersion, libc?.name, libc?.version, target.version].join(' ');
  const kept = rankCache.get(key);
  if (kept) return kept;
  const ranks = new Map<string, number>();
  for (const [rank, tag] of wheelTags(target).entries()) if (!ranks.has(tag)) ranks.set(tag, rank);
  rankCache.set(key, ranks);
  return ranks;
}

function buildNumber(build: string | undefined): readonly [number, string] {
  const match = /^(\d+)(.*)$/.exec(build ?? '');
  return match ? [Number(match[1]), match[2] ?? ''] : [-1, ''];
}

function isLater(left: readonly [number, string], right: readonly [number, string]): boolean {
  return left[0] === right[0] ? left[1] > right[1] : left[0] > right[0];
}

// Comes in: a product and the request. Goes out: its versions that can be had here, in the order of preference, and
// those that cannot, with reasons. Knows nothing of what they need.
import { compareVersions, isPrerelease } from '../lib/version.js';
import type { Entry, Installer, Presence, Product } from '../types.js';
import { chooseInstaller, type Misfit } from './choose.js';
import { isWithin } from './needs.js';
import { presencesOf, type PlanRequest } from './request.js';

/** One version of a product: present, or to be installed by `installer`. */
export interface Candidate {
  readonly version: string;
  readonly recommended: boolean;
  /** Absent when what is present is no version that a feed knows. */
  readonly entry?: Entry;
  readonly presence?: Presence;
  /** Absent when present. */
  readonly installer?: Installer;
}

export interface Candidates {
  /** The most preferred first. */
  readonly list: readonly Candidate[];
  /** Versions of the feed that have no usable installer here, newest first. */
  readonly rejected: readonly { readonly version: string; readonly misfit: Misfit }[];
  /** There is no release: then pre-releases fit where no range is given. */
  readonly onlyPrereleases: boolean;
}

/**
 * What is present (recommended first, then newest), then recommended entries, then the newest. When the request
 * upgrades the product, entries newer than the newest present version come first; an upgrade never goes back.
 * Entries of one version stay as declared, so that only the order of distinct versions is free.
 */
export function candidatesOf(product: Product, request: PlanRequest): Candidates {
  const present = presencesOf(product, request)
    .map((presence): Candidate => {
      const entry = product.entries.find(({ version }) => compareVersions(version, presence.version) === 0);
      const { version } = presence;
      return { version, recommended: entry?.recommended ?? false, presence, ...(entry && { entry }) };
    })
    .sort(byPreference);
  const rejected: { version: string; misfit: Misfit }[] = [];
  const offered: Candidate[] = [];
  const machine = {
    ...request.machine,
    ...(request.language !== undefined && { language: request.language }),
  };
  for (const entry of product.entries) {
    const choice = chooseInstaller(entry, machine);
    const { version, recommended } = entry;
    if ('installer' in choice) offered.push({ version, recommended, entry, installer: choice.installer });
    else rejected.push({ version, misfit: choice });
  }
  offered.sort(byPreference);
  rejected.sort((left, right) => newestFirst(left.version, right.version));
  return {
    list: inOrder(present, offered, request.upgrade?.has(product.id.toLowerCase()) ?? false),
    rejected,
    onlyPrereleases: product.entries.every(({ version }) => isPrerelease(version)),
  };
}

function inOrder(
  present: readonly Candidate[],
  offered: readonly Candidate[],
  upgrade: boolean,
): readonly Candidate[] {
  const newest = newestOf(present)?.version;
  if (!upgrade || newest === undefined) return [...present, ...offered];
  const newer = offered.filter(({ version }) => compareVersions(version, newest) > 0);
  return [...newer, ...present, ...offered.filter((candidate) => !newer.includes(candidate))];
}

/** The newest of several versions; undefined for none. */
export function newestOf<T extends { readonly version: string }>(versions: readonly T[]): T | undefined {
  return [...versions].sort((left, right) => newestFirst(left.version, right.version))[0];
}

function byPreference(left: Candidate, right: Candidate): number {
  return Number(right.recommended) - Number(left.recommended) || newestFirst(left.version, right.version);
}

/** Equal versions that are written differently have an order too: plans must not depend on the feed's. */
function newestFirst(left: string, right: string): number {
  return compareVersions(right, left) || (left < right ? -1 : left > right ? 1 : 0);
}

/** Whether a candidate fits a range; without one everything does but pre-releases that nobody has. */
export function fitsRange(
  candidate: Candidate,
  range: string | undefined,
  { onlyPrereleases }: Candidates,
): boolean {
  if (range !== undefined) return isWithin(candidate.version, range);
  return candidate.presence !== undefined || onlyPrereleases || !isPrerelease(candidate.version);
}

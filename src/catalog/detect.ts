// Comes in: a product's discovery hint. Goes out: the versions that are there, with their places. Asks the machine only
// through probes, so that it can be tested anywhere; knows no plan.
import { delimiter } from 'node:path';
import { normalName } from '../lib/environment.js';
import { exists } from '../lib/files.js';
import { PatternError, firstGroup } from '../lib/guarded-match.js';
import { programOnPath } from '../lib/programs.js';
import type { Run } from '../lib/run.js';
import { compareVersions, satisfies } from '../lib/version.js';
import { versionParts } from '../lib/version-parts.js';
import { expandVariables } from '../lib/windows.js';
import type { DiscoveryHint, Entry, Presence } from '../types.js';
import type { FoundPython } from './pythons.js';
import type { Registry } from './registry.js';
import type { Found } from './registry-hint.js';
import { findInRegistry, findMsiPatch, findMsiProduct } from './registry-hint.js';

/** The questions that hints ask; each is asked once per run. */
export interface Probes {
  readonly pythons: () => Promise<readonly FoundPython[]>;
  /** Normalised names to versions. */
  readonly packages: () => Promise<ReadonlyMap<string, string>>;
  readonly environment: string;
  /** Where Zookit itself may have unpacked a program. */
  readonly toolFolders: (program: string) => readonly string[];
  /** Absent where there is none. */
  readonly registry?: Registry;
  /** The version in a Windows program or library; undefined when it has none or is not there. */
  readonly fileVersion: (path: string) => Promise<string | undefined>;
  readonly run: Run;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** What of an entry's hint is there; several for interpreters, one or none for everything else. */
export async function detect(entry: Entry, hint: DiscoveryHint, probes: Probes): Promise<Presence[]> {
  switch (hint.kind) {
    case 'python': {
      const fitting = (await probes.pythons()).filter(
        ({ version }) => hint.range === undefined || satisfies(version, hint.range),
      );
      return fitting.map(({ version, path }) => ({ version, place: 'machine', path }));
    }
    case 'pythonPackage': {
      const version = (await probes.packages()).get(normalName(hint.name));
      return version === undefined ? [] : [{ version, place: probes.environment }];
    }
    case 'command':
      return detectCommand(hint, probes);
    case 'any':
      for (const each of hint.of) {
        const found = await detect(entry, each, probes);
        if (found.length > 0) return found;
      }
      return [];
    case 'all': {
      let told: Presence[] = [];
      for (const each of hint.of) {
        const found = await detect(entry, each, probes);
        if (found.length === 0) return [];
        // What tells a version of its own says more than a plain yes.
        if (told.length === 0 || told.every(({ version }) => version === entry.version)) told = found;
      }
      return told;
    }
    case 'not':
      // What only a Windows can tell is not "absent" on another system: nobody knows.
      if (!probes.registry && asksWindows(hint.of)) return [];
      return (await detect(entry, hint.of, probes)).length > 0 ? [] : [thatVersion(entry)];
    case 'file':
      return presenceOf(entry, await findFile(hint, probes), hint.minimumVersion ?? hint.maximumVersion);
    case 'registry':
      return presenceOf(
        entry,
        probes.registry && (await findInRegistry(hint, probes.registry)),
        hint.minimumVersion ?? hint.maximumVersion,
      );
    case 'msiProduct':
      return presenceOf(entry, probes.registry && (await findMsiProduct(hint.code, probes.registry)));
    case 'msiPatch':
      return presenceOf(entry, probes.registry && (await findMsiPatch(hint.code, probes.registry)));
    case 'shared':
      return [];
  }
}

/** What was found, in the version that it told where that is the product's own. */
function presenceOf(entry: Entry, found: Found | undefined, limit?: string): Presence[] {
  if (!found) return [];
  const version = found.version?.trim().replace(/^v(?=\d)/i, '');
  const isOwn = version !== undefined && countsLike(entry.version, version, limit);
  return [isOwn ? { version, place: 'machine' } : thatVersion(entry)];
}

/**
 * Whether a version that was found is one of the product: hints also compare build numbers and versions of single files.
 * It is when the hint's limit counts as the entry's version does; without a limit, when it only adds parts to that.
 */
function countsLike(own: string, version: string, limit: string | undefined): boolean {
  const [expected, found] = [versionParts(own), versionParts(version)];
  if (expected.rank !== 2 || found.rank !== 2) return false;
  if (limit === undefined) return beginsWith(found.numbers, expected.numbers);
  // `4` tells less than `4.8`, and does not speak against it.
  if (beginsWith(expected.numbers, found.numbers)) return false;
  return versionParts(limit).numbers[0] === expected.numbers[0];
}

function beginsWith<T>(all: readonly T[], first: readonly T[]): boolean {
  return first.every((each, index) => all[index] === each);
}

function asksWindows(hint: DiscoveryHint): boolean {
  if (hint.kind === 'all' || hint.kind === 'any') return hint.of.some(asksWindows);
  if (hint.kind === 'not') return asksWindows(hint.of);
  if (hint.kind === 'file') return /[%\\]/.test(hint.path);
  return ['registry', 'msiProduct', 'msiPatch'].includes(hint.kind);
}

/** A hint that only says yes or no speaks of the version that its entry has. */
function thatVersion(entry: Entry): Presence {
  return { version: entry.version, place: 'machine' };
}

async function detectCommand(
  hint: Extract<DiscoveryHint, { kind: 'command' }>,
  probes: Probes,
): Promise<Presence[]> {
  const searchPath = [
    ...probes.toolFolders(hint.program),
    probes.variables['PATH'] ?? probes.variables['Path'] ?? '',
  ];
  const path = await programOnPath(hint.program, searchPath.join(delimiter));
  if (path === undefined) return [];
  const result = await probes.run(path, hint.arguments);
  if (result.status !== 0) return [];
  try {
    const version = firstGroup(hint.match, result.stdout + result.stderr);
    return version === undefined ? [] : [{ version, place: 'machine', path }];
  } catch (error) {
    if (error instanceof PatternError) return [];
    throw error;
  }
}

async function findFile(
  hint: Extract<DiscoveryHint, { kind: 'file' }>,
  probes: Probes,
): Promise<Found | undefined> {
  // To look at another computer is to sign in there: no feed that is only listed may ask for that.
  if (/^[\\/]{2}/.test(hint.path)) return undefined;
  const path = expandVariables(hint.path, probes.variables);
  if (path.includes('%') || !(await exists(path))) return undefined;
  const { minimumVersion, maximumVersion } = hint;
  if (minimumVersion === undefined && maximumVersion === undefined) return {};
  const version = await probes.fileVersion(path);
  if (version === undefined) return undefined;
  const fits =
    (minimumVersion === undefined || compareVersions(version, minimumVersion) >= 0) &&
    (maximumVersion === undefined || compareVersions(version, maximumVersion) <= 0);
  return fits ? { version } : undefined;
}

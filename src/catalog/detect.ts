// Comes in: a product's discovery hint. Goes out: the versions that are there, with their places. Asks the machine only
// through probes, so that it can be tested anywhere; knows no plan.
import { delimiter } from 'node:path';
import { normalName } from '../lib/environment.js';
import { exists } from '../lib/files.js';
import { programOnPath } from '../lib/programs.js';
import type { Run } from '../lib/run.js';
import { satisfies } from '../lib/version.js';
import type { DiscoveryHint, Entry, Presence } from '../types.js';
import type { FoundPython } from './pythons.js';

/** The questions that hints ask; each is asked once per run. */
export interface Probes {
  readonly pythons: () => Promise<readonly FoundPython[]>;
  /** Normalised names to versions. */
  readonly packages: () => Promise<ReadonlyMap<string, string>>;
  readonly environment: string;
  /** Where Zookit itself may have unpacked a program. */
  readonly toolFolders: (program: string) => readonly string[];
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
      let found: Presence[] = [];
      for (const each of hint.of) {
        found = await detect(entry, each, probes);
        if (found.length === 0) return [];
      }
      return found;
    }
    case 'not':
      return (await detect(entry, hint.of, probes)).length > 0 ? [] : [thatVersion(entry)];
    case 'file':
      return (await fileIsThere(hint, probes)) ? [thatVersion(entry)] : [];
    case 'registry':
    case 'msiProduct':
    case 'msiPatch':
    case 'shared':
      return [];
  }
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
  const version =
    result.status === 0 ? new RegExp(hint.match).exec(result.stdout + result.stderr)?.[1] : undefined;
  return version === undefined ? [] : [{ version, place: 'machine', path }];
}

async function fileIsThere(hint: Extract<DiscoveryHint, { kind: 'file' }>, probes: Probes): Promise<boolean> {
  if (hint.minimumVersion !== undefined) return false;
  const path = hint.path.replace(/%([^%]+)%/g, (whole, name: string) => {
    const found = Object.entries(probes.variables).find(([key]) => key.toLowerCase() === name.toLowerCase());
    return found?.[1] ?? whole;
  });
  return !path.includes('%') && exists(path);
}

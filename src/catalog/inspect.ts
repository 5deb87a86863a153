// Comes in: a catalog and the ids that a command may reach. Goes out: a Machine: what is there, as a value. The only
// place that asks the machine; decides nothing.
import { dirname, join } from 'node:path';
import { basePythonOf, installedPackages, readEnvironment } from '../lib/environment.js';
import type { Run } from '../lib/run.js';
import { variableOf } from '../lib/windows.js';
import type { Catalog, Entry, Machine, Platform, Presence, SystemPackage } from '../types.js';
import type { Probes } from './detect.js';
import { detect } from './detect.js';
import { readFileVersion } from './file-version.js';
import { findPythons } from './pythons.js';
import { registeredPythons } from './registered-pythons.js';
import type { Registry } from './registry.js';
import { openRegistry } from './registry.js';
import { pendingRestart, windowsLanguage, windowsPlatform } from './windows-facts.js';

export interface InspectRequest {
  readonly catalog: Catalog;
  /** Lower-case ids; others are not looked for. */
  readonly ids: Iterable<string>;
  readonly platform: Platform;
  /** False for another machine than this one: nothing is there, and nothing is asked. */
  readonly thisMachine: boolean;
  readonly environment: string;
  readonly admin: boolean;
  readonly run: Run;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly enginesFolder: string;
  readonly memoryFile: string;
  /** What our own journal knows, by lower-case id: it counts for products without a hint. */
  readonly journaled: ReadonlyMap<string, readonly Presence[]>;
}

/** Looks once, at all that the ids may need. */
export async function inspect(request: InspectRequest): Promise<Machine> {
  const { platform, admin } = request;
  if (!request.thisMachine) {
    const nothing = {
      presences: new Map<string, Presence[]>(),
      environment: { directory: request.environment },
    };
    return { platform, admin: true, ...nothing, systemPackages: allSystemPackages(request) };
  }
  const probes = createProbes(request);
  const presences = await allPresences(request, probes);
  const environment = await readEnvironment(request.environment);
  const systemPackages = admin ? await offeredPackages(request, presences) : new Set<string>();
  return {
    ...(await windowsFacts(platform, probes.registry)),
    admin,
    presences,
    environment,
    systemPackages,
  };
}

async function windowsFacts(
  platform: Platform,
  registry: Registry | undefined,
): Promise<Pick<Machine, 'platform' | 'pendingRestart' | 'language'>> {
  if (!registry) return { platform };
  const language = await windowsLanguage(registry);
  return {
    platform: await windowsPlatform(platform, registry),
    pendingRestart: await pendingRestart(registry),
    ...(language === undefined ? {} : { language }),
  };
}

/** Some questions start a program each: several at a time, answers in the order of the ids. */
async function allPresences(
  request: InspectRequest,
  probes: Probes,
): Promise<Map<string, readonly Presence[]>> {
  const ids = [...request.ids];
  const presences = new Map<string, readonly Presence[]>();
  for (let first = 0; first < ids.length; first += atOnce) {
    const some = ids.slice(first, first + atOnce);
    const found = await Promise.all(some.map((id) => presencesOf(id, request, probes)));
    some.forEach((id, index) => {
      const each = found[index] ?? [];
      if (each.length > 0) presences.set(id, each);
    });
  }
  return presences;
}

const atOnce = 8;

/** What is there of one product now; the same rules that `inspect` uses, for a look after an installation. */
export async function presencesOf(
  id: string,
  request: InspectRequest,
  probes = createProbes(request),
): Promise<Presence[]> {
  const entries = request.catalog.products.get(id)?.entries ?? [];
  const found: Presence[] = [];
  let hinted = false;
  for (const entry of distinctHints(entries)) {
    if (!entry.hint) continue;
    hinted = true;
    found.push(...(await detect(entry, entry.hint, probes)));
  }
  const all = hinted ? found : (request.journaled.get(id) ?? []);
  const places = new Map(
    all.map((presence) => [`${presence.version}|${presence.place}`, presence] as const).reverse(),
  );
  return [...places.values()].reverse();
}

function createProbes(request: InspectRequest): Probes {
  const { variables, platform } = request;
  const registry = platform.os === 'windows' ? openRegistry(request.run, variables) : undefined;
  return {
    ...(registry ? { registry } : {}),
    fileVersion: readFileVersion,
    pythons: once(async () => {
      const { run, enginesFolder, memoryFile, environment } = request;
      const base = await basePythonOf(environment);
      return findPythons({
        registered: registry ? await registeredPythons(registry) : [],
        ...(request.admin && registry ? { outside: profilesFolder(variables) } : {}),
        ...(registry ? { builtFor: pythonBuilds[(await windowsPlatform(platform, registry)).arch] } : {}),
        run,
        enginesFolder,
        memoryFile,
        searchPath: variables['PATH'] ?? variables['Path'] ?? '',
        ...(base === undefined ? {} : { environmentBase: base }),
      });
    }),
    packages: once(() => installedPackages(request.environment)),
    environment: request.environment,
    toolFolders: (program) => [join(dirname(request.enginesFolder), program)],
    run: request.run,
    variables,
  };
}

/** How Pythons name what they are built for: one for another processor runs here too, but takes other wheels. */
const pythonBuilds = { x64: 'win-amd64', x86: 'win32', arm64: 'win-arm64' } as const;

/** What serves the whole machine may not lie where only one user can read (Windows). */
function profilesFolder(variables: InspectRequest['variables']): string {
  const profile = variableOf(variables, 'PUBLIC') ?? variableOf(variables, 'USERPROFILE');
  return profile === undefined ? 'C:\\Users' : dirname(profile);
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

/** Versions of one product usually share one hint, and an interpreter need not be looked for five times. */
function distinctHints(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>();
  return entries.filter((entry) => {
    const yesOrNo = entry.hint && !['python', 'pythonPackage', 'command'].includes(entry.hint.kind);
    const key = JSON.stringify(entry.hint ?? null) + (yesOrNo ? entry.version : '');
    return !seen.has(key) && seen.add(key);
  });
}

function systemPackagesOf(request: InspectRequest, wanted: (id: string) => boolean): SystemPackage[] {
  return [...request.ids]
    .filter(wanted)
    .flatMap((id) =>
      (request.catalog.products.get(id)?.entries ?? []).flatMap(({ installers }) =>
        installers.flatMap(({ action }) => (action.kind === 'system' ? action.packages : [])),
      ),
    );
}

/** For another machine we assume a package manager that has everything: it cannot be asked. */
function allSystemPackages(request: InspectRequest): Set<string> {
  const packages = systemPackagesOf(request, () => true);
  return new Set(packages.flatMap(({ manager, names }) => names.map((name) => `${manager}:${name}`)));
}

/** Asks apt and dnf only for products of which nothing is there: the question takes longer than all others. */
async function offeredPackages(
  request: InspectRequest,
  presences: ReadonlyMap<string, unknown>,
): Promise<Set<string>> {
  const offered = new Set<string>();
  const packages = systemPackagesOf(request, (id) => !presences.has(id));
  const questions: Partial<Record<SystemPackage['manager'], (name: string) => readonly string[]>> = {
    apt: (name) => ['apt-cache', 'show', '--no-all-versions', name],
    dnf: (name) => ['dnf', '--quiet', '--cacheonly', 'info', name],
    zypper: (name) => ['zypper', '--quiet', '--no-refresh', 'info', name],
  };
  for (const { manager, names } of packages) {
    for (const name of names) {
      const [program = '', ...args] = questions[manager]?.(name) ?? [];
      if (program === '' || offered.has(`${manager}:${name}`)) continue;
      const result = await request.run(program, args);
      if (result.status === 0 && result.stdout.trim() !== '') offered.add(`${manager}:${name}`);
    }
  }
  return offered;
}

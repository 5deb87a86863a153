// Comes in: a distribution with its version, and the entries of the feed it is for. Goes out: the distribution with its
// closure for every platform, as the user's own index answers. Resolving is uv's; writing is not done here.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, PinnedPackage } from '../types.js';
import { AppError } from '../errors.js';
import { normalName } from '../lib/environment.js';
import type { Run } from '../lib/run.js';
import { feedPins, ownedDistributions } from './feed-pins.js';
import { readIndexSettings, type IndexSettings } from './index-settings.js';
import { isAboutPython, lockError } from './lock-errors.js';
import { pinFiles, servedMinors, type Asker } from './pinned-files.js';
import type { Requirement } from './requirement.js';
import { parsePylock, type LockedPackage } from './pylock.js';

export interface PinRequest {
  readonly requirement: Requirement;
  /** Entries of the feed that the closure goes into: what they have pinned stays as it is. */
  readonly entries: readonly Entry[];
  /** Lowest minor of Python 3 to serve; absent = the lowest that the package and its closure allow. */
  readonly minimumMinor?: number;
}

export interface PinTools {
  readonly run: Run;
  readonly http: Asker;
  /** The uv to run. */
  readonly uv: string;
  /** The Python whose pip has the user's configuration. */
  readonly python: string;
}

/** A distribution with everything it needs that no other product of the feed brings. */
export interface PinnedClosure {
  readonly requirement: Requirement;
  /** Range of Python versions that the list serves. */
  readonly python: string;
  readonly packages: readonly PinnedPackage[];
  /** Left out because a product of the feed owns them: the entry needs a dependency on that product instead. */
  readonly leftOut: readonly { readonly product: string; readonly name: string; readonly version: string }[];
}

interface Lock {
  readonly packages: readonly LockedPackage[];
  readonly minor: number;
}

interface LockInput {
  readonly requirement: Requirement;
  readonly constraints: readonly string[];
  readonly leftOut: readonly string[];
}

/**
 * Locks a distribution and its closure for every platform and Python that we serve. Throws AppError PYTHON_FAILED
 * (no uv, or it failed), CONFLICT (what the feed has pinned does not fit), NO_INSTALLER (no wheels), DOWNLOAD_FAILED.
 */
export async function pin(request: PinRequest, tools: PinTools): Promise<PinnedClosure> {
  const { requirement, entries } = request;
  const settings = await readIndexSettings(tools.run, tools.python);
  const owned = ownedDistributions(entries, requirement);
  const constraints = feedPins(entries, requirement).map(({ name, version }) => `${name}==${version}`);
  const floors = servedMinors.filter((minor) => minor === (request.minimumMinor ?? minor));

  const whole = await lock({ requirement, constraints, leftOut: [] }, floors, tools, settings);
  const others = whole.packages.filter((each) => owned.has(each.name));
  const input = { requirement, constraints, leftOut: others.map((each) => each.name) };
  const own = others.length === 0 ? whole : await lock(input, [whole.minor], tools, settings);

  const minors = servedMinors.filter((minor) => minor >= own.minor);
  const packages: PinnedPackage[] = [];
  for (const locked of own.packages) packages.push(await pinned(locked, requirement, minors, tools.http));
  return {
    requirement,
    python: `>=3.${own.minor} <3.${Math.max(...servedMinors) + 1}`,
    packages,
    leftOut: others.map(({ name, version }) => ({ product: owned.get(name) ?? name, name, version })),
  };
}

async function pinned(
  locked: LockedPackage,
  requirement: Requirement,
  minors: readonly number[],
  http: Asker,
): Promise<PinnedPackage> {
  const isAsked = locked.name === normalName(requirement.name);
  return {
    name: isAsked ? requirement.name : locked.name,
    version: locked.version,
    ...(locked.marker === undefined ? {} : { marker: locked.marker }),
    files: await pinFiles(locked, minors, http),
  };
}

/** Tries the floors in turn: the first Python from which on one version of each distribution serves all. */
async function lock(
  input: LockInput,
  floors: readonly number[],
  tools: PinTools,
  settings: IndexSettings,
): Promise<Lock> {
  let last: AppError | undefined;
  for (const minor of floors) {
    try {
      const packages = await compile(input, minor, tools, settings);
      const twice = packages.find((each, at) => packages.findIndex((other) => other.name === each.name) < at);
      if (!twice) return { packages, minor };
      last = new AppError('CONFLICT', `One version of '${twice.name}' cannot serve every Python`, {
        details: packages
          .filter((each) => each.name === twice.name)
          .map((each) => `${each.name} ${each.version}`),
        hint: 'Pin another version, or serve fewer Pythons with `--python MINOR`',
      });
    } catch (error) {
      if (!(error instanceof AppError) || !isAboutPython(error)) throw error;
      last = error;
    }
  }
  throw (
    last ??
    new AppError('USAGE', `Python 3.${floors[0] ?? 0} is not served`, {
      hint: 'Name an older one, for example `--python 3.10`',
    })
  );
}

/** One run of uv in a private folder that is gone afterwards. */
async function compile(
  input: LockInput,
  minor: number,
  tools: PinTools,
  settings: IndexSettings,
): Promise<readonly LockedPackage[]> {
  const { name, extras, version } = input.requirement;
  const folder = await mkdtemp(join(tmpdir(), 'zookit-pin-'));
  try {
    const asked = `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}==${version}\n`;
    await writeFile(join(folder, 'requirements.in'), asked);
    await writeFile(join(folder, 'constraints.txt'), input.constraints.map((line) => `${line}\n`).join(''));
    // An override replaces every requirement of that name: one that never holds takes it out of the closure.
    const overrides = input.leftOut.map((each) => `${each} ; python_version < '0'\n`).join('');
    await writeFile(join(folder, 'overrides.txt'), overrides);
    const result = await tools.run(tools.uv, [...compileArguments(minor), ...settings.arguments], {
      cwd: folder,
      env: { ...settings.environment, UV_PYTHON_DOWNLOADS: 'never' },
    });
    if (result.status !== 0) throw lockError(result, input.requirement, minor);
    return parsePylock(await readFile(join(folder, 'pylock.toml'), 'utf8'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compileArguments(minor: number): readonly string[] {
  return [
    ...[
      'pip',
      'compile',
      'requirements.in',
      '--constraints',
      'constraints.txt',
      '--overrides',
      'overrides.txt',
    ],
    ...['--universal', '--fork-strategy', 'fewest', '--python-version', `3.${minor}`],
    ...['--only-binary', ':all:', '--format', 'pylock.toml', '--output-file', 'pylock.toml'],
    ...['--no-header', '--quiet', '--color', 'never'],
  ];
}

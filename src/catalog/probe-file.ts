// Comes in: what was found on a machine, or the bytes of a file that says so. Goes out: the other of both. The one file that
// knows what `zookit probe` writes; looks at no machine.
import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../errors.js';
import { decodeText } from '../lib/decode.js';
import type { EnvironmentState, Machine, Platform, Presence } from '../types.js';
import type { WindowsInventory } from './windows-inventory.js';

/** A machine as `zookit probe` tells it; all of it is readable by people and by `--machine`. */
export interface Probe extends Partial<WindowsInventory> {
  /** Of this shape. */
  readonly probe: 1;
  /** When it was made; ISO 8601. */
  readonly made: string;
  /** The Zookit that made it. */
  readonly zookit: string;
  readonly platform: Platform;
  readonly admin: boolean;
  readonly environment: EnvironmentState;
  /** Every interpreter that was found, whether a feed has its version or not. */
  readonly pythons: readonly Presence[];
  /** By lower-case product id, of the feeds that the probe knew. */
  readonly presences: Readonly<Record<string, readonly Presence[]>>;
  readonly systemPackages: readonly string[];
  readonly pendingRestart?: readonly string[];
  /** Of Windows' own texts. */
  readonly language?: string;
}

/** The machine's value for a file. */
export function probeOf(
  machine: Machine,
  about: Pick<Probe, 'made' | 'zookit' | 'pythons'> & Partial<WindowsInventory>,
): Probe {
  const { platform, admin, environment, presences, systemPackages, pendingRestart, language } = machine;
  return {
    probe: 1,
    ...about,
    platform,
    admin,
    environment,
    presences: Object.fromEntries(presences),
    systemPackages: [...systemPackages].sort(),
    ...(pendingRestart ? { pendingRestart } : {}),
    ...(language === undefined ? {} : { language }),
  };
}

/** The machine that a probe tells of, for commands that work on this environment of it. */
export function machineOf(probe: Probe, environment: string): Machine {
  const { platform, admin, presences, systemPackages, pendingRestart, language } = probe;
  const here = Object.entries(presences).map(([id, found]) => {
    const seen = found.filter(({ place }) => place === 'machine' || place === environment);
    return [id, seen] as const;
  });
  return {
    platform,
    admin,
    environment: environment === probe.environment.directory ? probe.environment : { directory: environment },
    presences: new Map(here.filter(([, found]) => found.length > 0)),
    systemPackages: new Set(systemPackages),
    ...(pendingRestart ? { pendingRestart } : {}),
    ...(language === undefined ? {} : { language }),
  };
}

/** Reads a file of `zookit probe`, in any encoding that a shell writes. Throws USAGE with what is wrong in it. */
export async function readProbe(path: string): Promise<Probe> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw noProbe(path, `cannot be read: ${messageOf(error)}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(decodeText(bytes));
  } catch {
    throw noProbe(path, 'is no JSON');
  }
  const wrong = problemOf(value);
  if (wrong !== undefined) throw noProbe(path, wrong);
  return value as Probe;
}

type Check = readonly [field: keyof Probe, fits: (value: unknown) => boolean];

const checks: readonly Check[] = [
  ['made', isText],
  ['platform', isPlatform],
  ['admin', (value) => typeof value === 'boolean'],
  ['environment', isEnvironment],
  ['pythons', isPresences],
  ['presences', (value) => isRecord(value) && Object.values(value).every(isPresences)],
  ['systemPackages', isTexts],
  ['pendingRestart', (value) => value === undefined || isTexts(value)],
  ['language', (value) => value === undefined || isText(value)],
  ['features', (value) => value === undefined || isTexts(value)],
  ['vcRuntimes', (value) => value === undefined || (isRecord(value) && Object.values(value).every(isText))],
  ['policies', (value) => value === undefined || isPolicies(value)],
];

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value) || value['probe'] === undefined)
    return "is JSON, but not of `zookit probe`: it has no 'probe'";
  if (value['probe'] !== 1) return 'was made by a newer Zookit';
  const wrong = checks.find(([field, fits]) => !fits(value[field]));
  return wrong && `is damaged: '${wrong[0]}' is missing or not what it should be`;
}

function isPlatform(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { os, arch, osVersion, edition, core, libc } = value;
  return (
    ['windows', 'linux', 'macos'].includes(String(os)) &&
    ['x64', 'x86', 'arm64'].includes(String(arch)) &&
    isText(osVersion) &&
    [undefined, 'client', 'server'].includes(edition as undefined) &&
    [undefined, true, false].includes(core as undefined) &&
    (libc === undefined ||
      (isRecord(libc) && ['glibc', 'musl'].includes(String(libc['name'])) && isText(libc['version'])))
  );
}

function isPolicies(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { appLocker, executionPolicy } = value;
  return isTexts(appLocker) && (executionPolicy === undefined || isText(executionPolicy));
}

function isEnvironment(value: unknown): boolean {
  if (!isRecord(value) || !isText(value['directory'])) return false;
  const python = value['python'];
  return python === undefined || (isRecord(python) && isText(python['version']) && isText(python['path']));
}

function isPresences(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (each) =>
        isRecord(each) &&
        isText(each['version']) &&
        isText(each['place']) &&
        (each['path'] === undefined || isText(each['path'])),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function noProbe(path: string, problem: string): AppError {
  return new AppError('USAGE', `'${path}' is not a file of \`zookit probe\``, {
    details: [`It ${problem}`],
    hint: 'Run `zookit probe probe.json` on the machine that it is about, and give that file',
  });
}

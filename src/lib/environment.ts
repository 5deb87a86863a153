// Comes in: a folder. Goes out: the Python environment that it is or holds, what it was made with, what is installed in
// it. Reads files only (PEP 405, the dist-info folders of PEP 376 and 427); runs nothing.
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../errors.js';
import type { EnvironmentState } from '../types.js';
import { exists, readIfThere } from './files.js';

/**
 * The environment that a folder stands for: itself when it is one, `.venv` below it when it is a project, itself when
 * there is nothing yet. Throws USAGE for a file.
 */
export async function environmentOf(folder: string): Promise<string> {
  const directory = resolve(folder);
  if (await exists(join(directory, 'pyvenv.cfg'))) return directory;
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') throw notAFolder(directory);
    return [];
  });
  return names.length > 0 ? join(directory, '.venv') : directory;
}

function notAFolder(path: string): AppError {
  return new AppError('USAGE', `There can be no Python environment at '${path}'`, {
    details: ['Wanted a folder, or a place where one can be made', 'Found a file'],
    hint: 'Name the folder of a project, or one that does not exist yet: `--env DIR`',
  });
}

/** Whether a folder may give way to a new environment: it is one, however dead, or it is empty. */
export async function isReplaceable(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => undefined);
  if (!names) return false;
  // One that has lost its pyvenv.cfg is known by its interpreter, which may be a link that leads nowhere.
  const programs = await readdir(dirname(environmentPython(directory))).catch(() => []);
  const hasPython = programs.some((name) => name.startsWith('python'));
  return names.length === 0 || names.includes('pyvenv.cfg') || hasPython;
}

/** The interpreter inside an environment, whether it exists or not. */
export function environmentPython(directory: string, os = process.platform): string {
  return os === 'win32' ? join(directory, 'Scripts', 'python.exe') : join(directory, 'bin', 'python');
}

/** What an environment was made with; a dead one (its base interpreter is gone) has no python. */
export async function readEnvironment(directory: string): Promise<EnvironmentState> {
  const settings = await readIfThere(join(directory, 'pyvenv.cfg'));
  const version = settings && /^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)/m.exec(settings)?.[1];
  const path = environmentPython(directory);
  // `exists` follows links: a link to an interpreter that is gone does not count.
  if (!version || !(await exists(path))) return { directory };
  return { directory, python: { version, path } };
}

/** The base interpreter that an environment was made with (PEP 405's `home`), or undefined when it is gone. */
export async function basePythonOf(directory: string, os = process.platform): Promise<string | undefined> {
  const home = /^home\s*=\s*(.+)$/m
    .exec((await readIfThere(join(directory, 'pyvenv.cfg'))) ?? '')?.[1]
    ?.trim();
  if (home === undefined) return undefined;
  const path = join(home, os === 'win32' ? 'python.exe' : 'python3');
  return (await exists(path)) ? path : undefined;
}

/** A distribution that is installed. */
export interface Distribution {
  readonly version: string;
  /** The folder that its modules lie in. */
  readonly sitePackages: string;
  /** Its dist-info folder below that. */
  readonly folder: string;
}

/** Distributions of an environment by normalised name (PEP 503). */
export async function distributionsOf(directory: string): Promise<Map<string, Distribution>> {
  const distributions = new Map<string, Distribution>();
  for (const folder of await sitePackagesOf(directory)) {
    for (const name of await readdir(folder).catch(() => [])) {
      const match = /^(.+?)-([^-]+)\.dist-info$/.exec(name);
      // A folder without METADATA is what a killed installer left behind.
      if (!match || !(await exists(join(folder, name, 'METADATA')))) continue;
      const version = match[2] ?? '';
      distributions.set(normalName(match[1] ?? ''), { version, sitePackages: folder, folder: name });
    }
  }
  return distributions;
}

/** Versions of what is installed in an environment, by normalised name. */
export async function installedPackages(directory: string): Promise<Map<string, string>> {
  return new Map([...(await distributionsOf(directory))].map(([name, { version }]) => [name, version]));
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Where an environment's modules may lie, here or on Windows. */
export async function sitePackagesOf(directory: string): Promise<string[]> {
  const libraries = await readdir(join(directory, 'lib')).catch(() => []);
  const posix = libraries
    .filter((name) => name.startsWith('python3'))
    .map((name) => join(directory, 'lib', name, 'site-packages'));
  return [...posix, join(directory, 'Lib', 'site-packages')];
}

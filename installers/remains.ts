// Comes in: an environment and the wheels of packages that are no longer in it. Goes out: the environment without what an
// installer that was ended half-way has left of them. Goes by the wheels' own lists; touches no file of another package.
import { readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { unpack } from '../src/lib/archive.js';
import { distributionsOf, environmentPython, normalName, sitePackagesOf } from '../src/lib/environment.js';
import { exists, readIfThere, removeEmpty } from '../src/lib/files.js';

/**
 * Removes the dist-info folders of packages that never got their RECORD: pip and uv write it last, and refuse to act on a
 * package without one. Goes before anything else, with the folders into which pip moves what it is about to remove (`~…`).
 */
export async function removeHalfInfos(environment: string, names: readonly string[]): Promise<void> {
  const meant = new Set(names.map(normalName));
  for (const folder of await sitePackagesOf(environment)) {
    for (const entry of await readdir(folder).catch(() => [])) {
      const name = /^(.+?)-[^-]+\.dist-info$/.exec(entry)?.[1];
      const isHalf =
        name !== undefined && meant.has(normalName(name)) && !(await exists(join(folder, entry, 'RECORD')));
      if (isHalf || entry.startsWith('~')) await rm(join(folder, entry), { recursive: true, force: true });
    }
  }
}

/** Removes every file of a wheel that no installed package has on its list; `scratch` is a folder to be made and removed. */
export async function removeRemains(environment: string, wheel: string, scratch: string): Promise<void> {
  try {
    await unpack(wheel, scratch);
    const owned = await ownedFiles(environment);
    for (const folder of await sitePackagesOf(environment)) {
      for (const path of await placesOf(scratch, environment, folder)) {
        if (owned.has(path)) continue;
        await rm(path, { force: true });
        await removeBytecode(path);
        await removeEmpty(dirname(path), folder);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The wheel of a pin (`name==version`) among folders of kept ones. */
export async function keptWheel(pin: string, folders: readonly string[]): Promise<string | undefined> {
  const [name = '', version = ''] = pin.split('==');
  for (const folder of folders) {
    for (const file of await readdir(folder).catch(() => [])) {
      const [ofName = '', ofVersion] = file.split('-');
      if (file.endsWith('.whl') && normalName(ofName) === normalName(name) && ofVersion === version)
        return join(folder, file);
    }
  }
  return undefined;
}

/** Absolute paths of all files that installed packages have on their lists. */
async function ownedFiles(environment: string): Promise<Set<string>> {
  const owned = new Set<string>();
  for (const { sitePackages, folder } of (await distributionsOf(environment)).values()) {
    const record = (await readIfThere(join(sitePackages, folder, 'RECORD'))) ?? '';
    for (const [, quoted, plain = ''] of record.matchAll(/^(?:"((?:[^"]|"")+)"|([^",\r\n]+)),/gm))
      owned.add(resolve(sitePackages, quoted?.replaceAll('""', '"') ?? plain));
  }
  return owned;
}

/** Where the files of an unpacked wheel go (https://packaging.python.org/en/latest/specifications/binary-distribution-format/). */
async function placesOf(unpacked: string, environment: string, sitePackages: string): Promise<string[]> {
  const programs = dirname(environmentPython(environment));
  const folders: Readonly<Record<string, string>> = {
    purelib: sitePackages,
    platlib: sitePackages,
    scripts: programs,
    data: environment,
  };
  const places: string[] = [];
  for (const entry of await readdir(unpacked, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(unpacked.length + 1).replaceAll('\\', '/');
    const [, kind = '', rest = ''] = /^[^/]+\.data\/([a-z]+)\/(.+)$/.exec(name) ?? [];
    const folder = kind === '' ? sitePackages : folders[kind];
    if (folder !== undefined) places.push(join(folder, kind === '' ? name : rest));
    if (!/^[^/]+\.dist-info\/entry_points\.txt$/.test(name)) continue;
    for (const program of programsIn(await readFile(path, 'utf8')))
      places.push(join(programs, program), join(programs, `${program}.exe`));
  }
  return places;
}

/** https://packaging.python.org/en/latest/specifications/entry-points/#file-format */
function programsIn(entryPoints: string): string[] {
  const sections = entryPoints.split(/^\s*\[/m).filter((part) => /^(console|gui)_scripts\]/.test(part));
  return sections.flatMap((part) =>
    [...part.matchAll(/^\s*([^\s=#\][]+)\s*=/gm)].map(([, program = '']) => program),
  );
}

async function removeBytecode(path: string): Promise<void> {
  const stem = /([^/\\]+)\.py$/.exec(path)?.[1];
  if (stem === undefined) return;
  const folder = join(dirname(path), '__pycache__');
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith(`${stem}.`)) await rm(join(folder, name), { force: true });
  await removeEmpty(folder, dirname(path));
}

// Comes in: the folder that Zookit runs from, a clone or an installed package. Goes out: Zookit with all that it needs to
// run, as one tar.gz; the same Zookit gives the same bytes everywhere. Asks no package manager: package.json files tell.
import { readFile, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../errors.js';
import { exists, readIfThere } from '../lib/files.js';
import type { TarFile } from '../lib/tar-writer.js';
import { tarOf } from '../lib/tar-writer.js';

/** What of Zookit's own folder runs or must go along; tests and sources stay. */
const ownParts = [
  'dist/src',
  'dist/installers',
  'feed',
  'templates',
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

/** The folder inside the archive. */
const top = 'zookit';

interface Library {
  readonly name: string;
  readonly version: string;
  /** Where it lies. */
  readonly folder: string;
  /** Where it goes, below `top`. */
  readonly path: string;
}

/** `tool/zookit.tar.gz`; throws BUNDLE_INVALID when a library that Zookit needs is not there. */
export async function toolArchive(packageFolder: string): Promise<Buffer> {
  const own = await realpath(packageFolder);
  const files: TarFile[] = [];
  for (const part of ownParts)
    files.push(...(await filesIn(join(own, ...part.split('/')), `${top}/${part}`)));
  for (const { folder, path } of await librariesOf(own))
    files.push(...(await filesIn(folder, `${top}/${path}`)));
  // Not packed tighter: how tight differs between versions of zlib, and the same Zookit shall give the same bytes.
  const archive = gzipSync(tarOf(files), { level: 0 });
  // RFC 1952: a header without a time, of an unknown system.
  archive.fill(0, 4, 9);
  archive[9] = 255;
  return archive;
}

/** A library that goes along with Zookit. */
export interface ToolLibrary {
  readonly name: string;
  readonly version: string;
  /** As its package.json tells it; empty when it does not. */
  readonly license: string;
}

/** The libraries in `toolArchive`, each version once, sorted; throws BUNDLE_INVALID as that does. */
export async function toolLibraries(packageFolder: string): Promise<ToolLibrary[]> {
  const found = new Map<string, ToolLibrary>();
  for (const { name, version, folder } of await librariesOf(await realpath(packageFolder))) {
    const text = await readFile(join(folder, 'package.json'), 'utf8');
    const { license } = JSON.parse(text) as Record<string, unknown>;
    found.set(`${name}@${version}`, { name, version, license: typeof license === 'string' ? license : '' });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, library]) => library);
}

/**
 * Every production dependency, found as Node finds it: upwards from its user. Each lies at the top, or below its user where
 * another version lies on the way: the same places for the same versions, however a package manager has laid them out here.
 */
async function librariesOf(own: string): Promise<Library[]> {
  const taken = new Map<string, Library>();
  const users: { readonly folder: string; readonly path: string }[] = [{ folder: own, path: '' }];
  for (const user of users) {
    for (const { name, optional } of await dependenciesOf(user.folder)) {
      const folder = await locate(name, user.folder);
      if (folder === undefined) {
        if (optional) continue;
        throw new AppError('BUNDLE_INVALID', `The library '${name}' that Zookit needs is not in '${own}'`, {
          hint: 'Install Zookit anew, then make the bundle again',
        });
      }
      const version = await versionOf(folder);
      const nearest = placesFrom(user.path, name).find((place) => taken.has(place));
      if (nearest !== undefined && taken.get(nearest)?.version === version) continue;
      const path = nearest === undefined ? `node_modules/${name}` : placesFrom(user.path, name)[0];
      const library = { name, version, folder, path: path ?? '' };
      taken.set(library.path, library);
      users.push(library);
    }
  }
  return [...taken.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where Node looks for a library, the nearest first: below its user, and so on up to the top. */
function placesFrom(userPath: string, name: string): string[] {
  const places: string[] = [];
  for (
    let path = userPath;
    path !== '';
    path = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))
  )
    places.push(`${path}/node_modules/${name}`);
  return [...places, `node_modules/${name}`];
}

async function versionOf(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  return typeof version === 'string' ? version : '';
}

async function dependenciesOf(folder: string): Promise<{ name: string; optional: boolean }[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text) as Record<
    'dependencies' | 'optionalDependencies',
    Readonly<Record<string, string>> | undefined
  >;
  const names = new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies)]);
  // Types help developers only, and npm takes their newest ones: the same Zookit would differ from one day to the next.
  const needed = [...names].filter((name) => !name.startsWith('@types/'));
  return needed.sort().map((name) => ({ name, optional: name in optionalDependencies }));
}

async function locate(name: string, user: string): Promise<string | undefined> {
  for (let folder = user; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', ...name.split('/'));
    if (await exists(join(candidate, 'package.json'))) return realpath(candidate);
    if (folder === dirname(folder)) return undefined;
  }
}

const leftOut = /\.map$|\.d\.[cm]?ts$|\.tsbuildinfo$|\.pyc$/;
const foldersLeftOut = new Set(['node_modules', '__pycache__', '.git', '.github']);

/** A file, or the files below a folder; what only helps developers is left out. */
async function filesIn(path: string, name: string): Promise<TarFile[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    const text = await readIfThere(path);
    if (text === undefined || leftOut.test(name)) return [];
    return [{ path: name, content: await readFile(path), executable: name.endsWith('/main.cjs') }];
  }
  const files: TarFile[] = [];
  for (const entry of entries.filter((each) => each.isFile() || each.isDirectory())) {
    if (entry.isDirectory() && foldersLeftOut.has(entry.name)) continue;
    files.push(...(await filesIn(join(path, entry.name), `${name}/${entry.name}`)));
  }
  return files;
}

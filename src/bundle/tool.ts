// Comes in: the folder that Zookit runs from, a clone or an installed package. Goes out: Zookit with all that it needs to
// run, as one tar.gz; the same Zookit gives the same bytes everywhere. Asks no package manager: package.json files tell.
import { readFile, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AppError } from '../errors.js';
import { exists, isInside, readIfThere } from '../lib/files.js';
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
  for (const { name, folder } of await librariesOf(await realpath(packageFolder))) {
    const text = await readFile(join(folder, 'package.json'), 'utf8');
    const { version, license } = JSON.parse(text) as Record<string, unknown>;
    const [known, told] = [version, license].map((each) => (typeof each === 'string' ? each : ''));
    found.set(`${name}@${known}`, { name, version: known ?? '', license: told ?? '' });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, library]) => library);
}

/** Every production dependency once for each version that is in use, found as Node finds it: upwards from its user. */
async function librariesOf(own: string): Promise<Library[]> {
  const found = new Map<string, Library>();
  const taken = new Map<string, string>();
  const visit = async (user: string, userPath: string): Promise<void> => {
    for (const { name, optional } of await dependenciesOf(user)) {
      const folder = await locate(name, user);
      if (folder === undefined) {
        if (optional) continue;
        throw new AppError('BUNDLE_INVALID', `The library '${name}' that Zookit needs is not in '${own}'`, {
          hint: 'Install Zookit anew, then make the bundle again',
        });
      }
      if (found.has(folder)) continue;
      const path = placeOf(name, folder, own, userPath, taken);
      taken.set(path, folder);
      found.set(folder, { name, folder, path });
      await visit(folder, path);
    }
  };
  await visit(own, '');
  return [...found.values()];
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

/** Where it lies now, seen from Zookit's folder; one that was found above that folder goes into it. */
function placeOf(
  name: string,
  folder: string,
  own: string,
  userPath: string,
  taken: ReadonlyMap<string, string>,
): string {
  const inside = join(own, 'node_modules');
  if (isInside(inside, folder)) return relative(own, folder).split(sep).join('/');
  const shared = `node_modules/${name}`;
  return taken.has(shared) ? `${userPath}/${shared}` : shared;
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

// Comes in: skeleton folders, later ones laid over earlier ones, and values. Goes out: a folder of filled-in files.
// Knows no placeholder by name and no web framework.
import { chmod, copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { joinInside } from '../src/lib/files.js';
import type { Values } from '../src/lib/template.js';
import { fillIn, fillInPath } from '../src/lib/template.js';

/** Below these folders nobody but the owner reads: settings with passwords, keys, databases. */
const privateFolders = ['data'];
const forgotten = ['__pycache__', '.DS_Store', 'Thumbs.db'];

/** The path in a project of a file of a skeleton, whose names `fill` fills in; undefined for what is left out. */
export function projectPath(path: string, fill: (path: string) => string): string | undefined {
  const names = path.split('/');
  if (path.endsWith('.pyc') || names.some((name) => forgotten.includes(name))) return undefined;
  return fill(path).replace(/(^|\/)_gitignore$/, '$1.gitignore');
}

/** Writes every file of the skeletons to `target`, which is made; a later skeleton's file wins. */
export async function writeSkeleton(
  skeletons: readonly string[],
  target: string,
  values: Values,
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const skeleton of skeletons) {
    for (const path of await filesBelow(skeleton)) {
      const name = projectPath(path, (each) => fillInPath(each, values));
      if (name === undefined) continue;
      await writeOne(join(skeleton, path), joinInside(target, name), name, values);
    }
  }
}

async function writeOne(from: string, to: string, name: string, values: Values): Promise<void> {
  const isPrivate = privateFolders.some((folder) => name.startsWith(`${folder}/`));
  await mkdir(dirname(to), { recursive: true, mode: isPrivate ? 0o700 : 0o755 });
  const bytes = await readFile(from);
  if (bytes.includes(0)) await copyFile(from, to);
  else await writeFile(to, fillIn(bytes.toString('utf8'), name, values), { mode: 0o600 });
  await chmod(to, isPrivate ? 0o600 : name === 'manage.py' ? 0o755 : 0o644);
}

/** Paths of all files below a folder, relative, with `/`, sorted; empty when there is no such folder. */
async function filesBelow(folder: string, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

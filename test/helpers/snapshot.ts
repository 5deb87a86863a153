// Comes in: a folder. Goes out: what it holds as a value that can be compared and put back. Knows no product.
import { cpSync, existsSync, lstatSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './feed-xml.js';
import { tree } from './folder.js';

/** Hashes of files by path; folders and links are there too. */
export type Snapshot = Readonly<Record<string, string>>;

/** What lies below a folder, but for the paths that `left out` matches; empty when there is no folder. */
export function snapshot(folder: string, leftOut = /^$/): Snapshot {
  if (!existsSync(folder)) return {};
  const names = tree(folder).map((name) => name.split(' -> ')[0] ?? name);
  return Object.fromEntries(
    names.filter((name) => !leftOut.test(name)).map((name) => [name, contentOf(join(folder, name))]),
  );
}

/** What differs, a name each: `+` is there and should not be, `-` is missing, `!` is another. */
export function differences(found: Snapshot, wanted: Snapshot): string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].sort();
  return names
    .filter((name) => found[name] !== wanted[name])
    .map((name) => `${name in wanted ? (name in found ? '!' : '-') : '+'} ${name}`);
}

function contentOf(path: string): string {
  const information = lstatSync(path);
  if (information.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  return information.isDirectory() ? '/' : sha256(readFileSync(path));
}

/** Keeps copies of folders; what it returns puts them back as they were, at their old places. */
export function keepFolders(folders: readonly string[], shelf: string): () => void {
  const copies = folders.map((folder, index) => [folder, join(shelf, String(index))] as const);
  for (const [folder, copy] of copies) {
    rmSync(copy, { recursive: true, force: true });
    if (existsSync(folder)) cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  }
  return () => {
    for (const [folder, copy] of copies) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
      if (existsSync(copy)) cpSync(copy, folder, { recursive: true, verbatimSymlinks: true });
    }
  };
}

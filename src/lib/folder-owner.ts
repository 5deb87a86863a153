// Comes in: a folder of Linux or macOS, and who we are. Goes out: why what lies there may be somebody else's work. What root
// reads there decides what root runs. Changes nothing.
import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A sentence about the folder itself when another user than root owns it; undefined when there is none, or all is well. */
export async function foreignOwner(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  return found === undefined || found.uid === 0 ? undefined : `user ${found.uid} owns '${folder}'`;
}

/** The same, and of every folder above it, whose owners could put another one in its place. */
export async function foreignHands(folder: string): Promise<string | undefined> {
  const own = await stat(folder).catch(() => undefined);
  if (own && isOpen(own)) return `others may write into '${folder}'`;
  for (let path = await existing(folder); ; path = dirname(path)) {
    const found = await stat(path);
    if (found.uid !== 0) return `user ${found.uid} owns '${path}'`;
    if (isOpen(found) && !isSticky(found)) return `others may write into '${path}'`;
    if (path === dirname(path)) return undefined;
  }
}

/** The folder, or the next one above it that is there, without links. */
async function existing(folder: string): Promise<string> {
  return realpath(folder).catch(() => existing(dirname(folder)));
}

function isOpen({ mode, gid }: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0);
}

/** Others may add files there, but not take away or rename those of root. */
function isSticky({ mode }: Stats): boolean {
  return (mode & 0o1000) !== 0;
}

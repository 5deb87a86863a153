// A folder of its own for a test, gone when the test ends; and what a folder holds, as text.
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';

/** A new folder below the system's temporary one, removed after the test. */
export function temporaryFolder(context: EndsWith): string {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-test-'));
  // What was ended before it may be dying still, and write.
  atEnd(context, () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/**
 * Relative paths of all that lies below a folder, sorted, `/` between names; links as `name -> target`. What somebody takes
 * away meanwhile is not there.
 */
export function tree(folder: string): string[] {
  const names: string[] = [];
  const look = (entry: Dirent, place: string, before: string): void => {
    const [path, name] = [join(place, entry.name), `${before}${entry.name}`];
    names.push(entry.isSymbolicLink() ? `${name} -> ${readlinkSync(path)}` : name);
    if (entry.isDirectory())
      for (const each of readdirSync(path, { withFileTypes: true }))
        unlessGone(() => look(each, path, `${name}/`));
  };
  for (const each of readdirSync(folder, { withFileTypes: true })) unlessGone(() => look(each, folder, ''));
  return names.sort();
}

function unlessGone(look: () => void): void {
  try {
    look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

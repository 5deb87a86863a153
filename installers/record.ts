// Comes in: an environment and the packages that were put into it. Goes out: the files that are not as their wheels had
// them. Reads each package's RECORD; bytecode is not listed there and does not count. Repairs nothing.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { distributionsOf, normalName } from '../src/lib/environment.js';
import { readIfThere } from '../src/lib/files.js';

/** A sentence for each file of `packages` (`name==version`) that is missing or changed. */
export async function damagedFiles(environment: string, packages: readonly string[]): Promise<string[]> {
  const distributions = await distributionsOf(environment);
  const damaged: string[] = [];
  for (const pinned of packages) {
    const [name = '', version] = pinned.split('==');
    const found = distributions.get(normalName(name));
    if (!found) {
      damaged.push(`${pinned} is missing in '${environment}'`);
      continue;
    }
    const record = await readIfThere(join(found.sitePackages, found.folder, 'RECORD'));
    if (record === undefined || !found.folder.endsWith(`-${version ?? ''}.dist-info`)) {
      damaged.push(`${name}: wanted version ${version ?? ''}, found '${found.folder}'`);
      continue;
    }
    for (const [path, hash] of entriesOf(record)) {
      if ((await hashOf(join(found.sitePackages, path))) !== hash)
        damaged.push(join(found.sitePackages, path));
    }
  }
  return damaged;
}

/** Paths with their hashes; RECORD's own line and what was added later have none. A quoted path holds a comma. */
function entriesOf(record: string): [string, string][] {
  const lines = [...record.matchAll(/^(?:"((?:[^"]|"")+)"|([^,\r\n]+)),sha256=([A-Za-z0-9_-]+),/gm)];
  return lines.map(([, quoted, plain = '', hash = '']) => [quoted?.replaceAll('""', '"') ?? plain, hash]);
}

async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && createHash('sha256').update(bytes).digest('base64url');
}

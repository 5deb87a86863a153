// Comes in: a folder that somebody has named. Goes out: the folder, made with those above it, or words for what is in its
// way. Knows nothing of what goes into it.
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import { codeOf, diskError, exists } from './files.js';

/** What a path itself is wrong with, in whatever folder somebody may write. */
const impossible = ['ENOTDIR', 'EEXIST', 'ENOENT', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'];

/**
 * Makes a folder and those above it; one that is there stays as it is. `option` is what named it, for the hint. Throws USAGE
 * where no folder can be, NEEDS_ADMIN, DISK_FULL.
 */
export async function makeFolder(folder: string, option: string): Promise<void> {
  try {
    await makeWithParents(resolve(folder));
  } catch (error) {
    if (!impossible.includes(codeOf(error) ?? '')) throw diskError(error, folder);
    throw new AppError('USAGE', `No folder can be made at '${folder}'`, {
      cause: error,
      details: [messageOf(error)],
      hint: `Choose another place with \`${option}\``,
    });
  }
}

/** Node's own recursive form tries for ever where the folder above is there and takes nothing, as below /proc. */
export async function makeWithParents(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = codeOf(error);
    // A drive that is not there has nothing above it.
    if (code === 'ENOENT' && dirname(folder) !== folder && !(await exists(dirname(folder)))) {
      await makeWithParents(dirname(folder));
      await makeWithParents(folder);
    } else if (code !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

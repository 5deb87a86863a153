// Comes in: the folder that a project is to be made in. Goes out: nothing, or why it cannot be that folder. Looks, and
// changes nothing: packages would otherwise be installed below the folder before the template looks at it.
import { access, constants, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import { codeOf } from '../lib/files.js';

/** Refuses a folder that nobody could make or look into: USAGE for its name, NEEDS_ADMIN for its place. */
export async function refuseUnusable(project: string): Promise<void> {
  if (
    await stat(project).then(
      (found) => !found.isDirectory(),
      () => false,
    )
  )
    throw notUsable(project, 'Found a file');
  const code = await access(project, constants.R_OK | constants.X_OK).then(() => undefined, codeOf);
  if (code === 'ENOENT') await refuseUnwritable(project, dirname(project));
  else if (code === 'EACCES') throw notAllowed(project);
  else if (code !== undefined) throw notUsable(project, reasonOf(code));
}

/** Refuses a folder that has anything but an environment, or that is not ours to write; it need not exist. */
export async function refuseOccupied(project: string): Promise<void> {
  const names = await readdir(project).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw notUsable(project, messageOf(error), error);
  });
  if (names === undefined) return;
  const others = names.filter((name) => name !== '.venv');
  if (others.length === 0) return refuseUnwritable(project, project);
  throw new AppError('USAGE', `The folder '${project}' is not empty`, {
    details: [`Found ${others.slice(0, 5).join(', ')}`],
    hint: 'Name a folder that does not exist yet',
  });
}

/** `folder` or the next one above that exists must be ours to write. */
async function refuseUnwritable(project: string, folder: string): Promise<void> {
  const code = await access(folder, constants.W_OK | constants.X_OK).then(() => undefined, codeOf);
  if (code === 'ENOENT' && dirname(folder) !== folder) await refuseUnwritable(project, dirname(folder));
  else if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw notAllowed(project);
  else if (code !== undefined) throw notUsable(project, reasonOf(code));
}

function reasonOf(code: string): string {
  if (code === 'ENAMETOOLONG') return 'A name in it is too long';
  return code === 'ENOTDIR' ? 'Found a file in its path' : code;
}

function notUsable(project: string, reason: string, cause?: unknown): AppError {
  return new AppError('USAGE', `'${project}' is not a folder that can be used`, {
    cause,
    details: [reason],
    hint: 'Name a folder that does not exist yet',
  });
}

function notAllowed(project: string): AppError {
  return new AppError('NEEDS_ADMIN', `You may not make a project in '${project}'`, {
    hint: 'Name a folder of yours, or run the command as somebody who may write there',
  });
}

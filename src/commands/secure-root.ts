// Comes in: where everything is to lie. Goes out: folders that only we can write, or NEEDS_ADMIN with the reason: what lies
// there is run by administrators and by the web server, so it must not be another user's work (field note 1).
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { codeOf, diskError, exists } from '../lib/files.js';
import { foreignHands, foreignOwner } from '../lib/folder-owner.js';
import type { Sharing } from '../lib/windows-acl.js';
import { closeFolder, untrustedFolder } from '../lib/windows-acl.js';

export type RootContext = Pick<Context, 'paths' | 'run' | 'variables'>;

/** Makes and closes the machine's own folders; refuses those of others. Any root that was named is its user's own affair. */
export async function secureRoot(context: RootContext): Promise<void> {
  const { machineWide, programs, journal } = context.paths;
  const state = dirname(journal);
  if (process.platform === 'win32') {
    if (!machineWide) return;
    await secureWindowsFolders(context, [
      [programs, 'shared'],
      [state, 'private'],
    ]);
  } else if (process.getuid?.() === 0) {
    const reason = machineWide ? await foreignHands(state) : await foreignOwner(state);
    if (reason !== undefined)
      throw refused(state, reason, `chown -R root '${state}' && chmod go-w '${state}'`);
  }
}

/** Of Windows: those that are there are looked at, the others are made with their rights before anything lies in them. */
export async function secureWindowsFolders(
  context: Pick<RootContext, 'run' | 'variables'>,
  folders: readonly (readonly [path: string, sharing: Sharing])[],
): Promise<void> {
  const there = await Promise.all(folders.map(([folder]) => exists(folder)));
  const old = folders.filter((_, index) => there[index]).map(([folder]) => folder);
  const found = await untrustedFolder(context.run, context.variables, old);
  if (found) {
    const command = `icacls "${found.folder}" /setowner *S-1-5-32-544 /T, or remove it`;
    throw refused(found.folder, found.reason, command);
  }
  for (const [folder, sharing] of folders)
    if (!old.includes(folder)) await makeClosed(context, folder, sharing);
}

async function makeClosed(
  { run, variables }: Pick<RootContext, 'run' | 'variables'>,
  folder: string,
  sharing: Sharing,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder).catch((error: unknown) => {
    throw codeOf(error) === 'EEXIST'
      ? refused(folder, 'somebody else has just made it')
      : diskError(error, folder);
  });
  const trouble = await closeFolder(run, variables, folder, sharing);
  if (trouble === undefined && (await readdir(folder)).length === 0) return;
  await rmdir(folder).catch(() => undefined);
  throw refused(folder, trouble ?? 'somebody has put something into it while it was made');
}

function refused(folder: string, reason: string, command?: string): AppError {
  return new AppError('NEEDS_ADMIN', `'${folder}' cannot be trusted: ${reason}`, {
    details: ['What lies there would be run with the rights of an administrator'],
    hint:
      command === undefined
        ? 'Name another root with `--root DIR`'
        : `Look at what is in it, then: ${command}; or name another root with \`--root DIR\``,
  });
}

// WebPI's command `unzip`: a zip into a folder that the feed names. Comes in: the command. Goes out: the folder, filled; what
// the archive may hold is decided by src/lib/entry-names.ts. What else lies in the folder stays.
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, parse } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Job } from '../src/kind.js';
import { unpack } from '../src/lib/archive.js';
import { besideName, exists, renameStubborn } from '../src/lib/files.js';
import type { Variables } from '../src/lib/windows.js';
import type { InstallCommand } from '../src/types.js';
import { expanderFor } from './variables.js';

/** Unpacks beside the target; a new target is renamed, into an old one the files are copied. */
export async function runUnzip(job: Job, command: InstallCommand, environment: Variables): Promise<void> {
  const { product } = job.step;
  const expand = expanderFor(job, environment);
  const [archive, target] = [command.program, command.arguments].map((text) =>
    expand(text)
      .real.trim()
      .replace(/^"(.*)"$/, '$1'),
  ) as [string, string];
  if (!isAbsolute(target) || target.includes('%') || parse(target).root === target) {
    throw new AppError(
      'INSTALLER_FAILED',
      `The feed unpacks '${product}' into '${target}', which is no folder`,
      {
        details: ['Wanted an absolute path of known variables'],
        hint: 'Ask the owner of the feed for another targetDirectory',
      },
    );
  }
  job.progress(`Unpacking ${product}`);
  await mkdir(dirname(target), { recursive: true });
  const staging = besideName(target, 'staging');
  const isNew = !(await exists(target));
  await job.change({ kind: 'created', path: staging });
  if (isNew) await job.change({ kind: 'created', path: target });
  else await job.change({ kind: 'ran', command: ['unzip', archive, target] });
  try {
    await unpack(archive, staging, job.signal ? { signal: job.signal } : {});
    if (isNew) await renameStubborn(staging, target);
    else await cp(staging, target, { recursive: true, force: true });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

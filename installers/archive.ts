// Kind `archive`: unpacks the installer's file (zip or tar.gz) into the product's own folder. Comes in: the file from the
// cache. Goes out: the folder; a Python on Windows compiled and registered. What the archive may hold is decided by
// src/lib/entry-names.ts.
import { AppError } from '../src/errors.js';
import type { Change, InstallerKind, Job, Preview, PreviewRequest, StillOwn } from '../src/kind.js';
import { unpack } from '../src/lib/archive.js';
import { fileKey } from '../src/lib/file-key.js';
import { isSameFolder } from '../src/lib/iis-place.js';
import { isAdministrator } from '../src/lib/rights.js';
import type { Run } from '../src/lib/run.js';
import type { Variables } from '../src/lib/windows.js';
import { runAsAdministrator } from './iis/administration.js';
import type { UnpackedPython } from './python-registration.js';
import {
  compileCommand,
  placeRegistered,
  registrationCommands,
  registrationIn,
  registryKey,
  viewOf,
} from './python-registration.js';
import { productFolder, replaceFolder } from './staging.js';
import { targetFolder, windowsVariables } from './target.js';

/** What a test may put in place of the system. */
export interface ArchiveSurroundings {
  readonly environment: Variables;
  readonly isAdministrator: (run: Run) => Promise<boolean>;
}

/** The kind; `surroundings` are the system's but in tests. */
export function archiveKind(surroundings: ArchiveSurroundings): InstallerKind {
  return {
    name: 'archive',
    undoable: true,
    ownsFolder: true,
    preview: (request) => previewArchive(request, surroundings.environment),
    async apply(job) {
      const { installer, product } = job.step;
      if (installer?.action.kind !== 'archive') throw new Error('Not an archive installer');
      const file =
        installer.file && job.files.get(fileKey({ ...installer.file, urls: [installer.file.url] }));
      if (file === undefined)
        throw new AppError('INSTALLER_FAILED', `The installer of '${product}' names no file`, {
          hint: 'See what is wrong with its feed: `zookit feed check FEED`',
        });
      const { strip, into, register } = installer.action;
      const goal = productFolder(job.programs, product, into);
      job.progress(`Unpacking ${product}`);
      await replaceFolder(job, goal, (staging) =>
        unpack(file, staging, { strip, ...(job.signal ? { signal: job.signal } : {}) }),
      );
      const settles = register === 'python' && job.platform.os === 'windows';
      const leftToDo = settles ? await settle(job, goal, surroundings) : [];
      return { path: goal, ...(leftToDo.length > 0 ? { leftToDo } : {}) };
    },
    stillOwn: (changes, { run }) => withoutForeign(changes, run, surroundings.environment),
  };
}

export const archive = archiveKind({ environment: process.env, isAdministrator });

function previewArchive(request: PreviewRequest, environment: Variables): Preview {
  const { step, platform } = request;
  const action = step.installer?.action;
  if (action?.kind !== 'archive') return { commands: [], files: [] };
  const folder = targetFolder(request, action.into);
  if (action.register !== 'python' || platform.os !== 'windows') return { commands: [], files: [folder] };
  const python = { folder, version: step.version, arch: platform.arch };
  const registration = registrationCommands(python, windowsVariables(environment));
  return {
    commands: [
      { why: 'nobody but an administrator can write bytecode there later', command: compileCommand(folder) },
      ...registration.map(({ why, command, undo }) => ({ why, command, ...(undo ? { undo } : {}) })),
    ],
    files: [folder],
  };
}

/** Makes an unpacked Python one that Windows and its web server can work with; returns what it has not done. */
async function settle(job: Job, folder: string, surroundings: ArchiveSurroundings): Promise<string[]> {
  const { environment } = surroundings;
  const { step, platform, run, signal } = job;
  const python: UnpackedPython = { folder, version: step.version, arch: platform.arch };
  job.progress(`Compiling the library of ${step.product}`);
  // Without its bytecode a Python is slow to start, and works all the same.
  const [program, ...words] = compileCommand(folder);
  await run(program, words, signal ? { signal } : {});
  const name = `${step.product} ${step.version}`;
  if (!(await surroundings.isAdministrator(run)))
    return [`${name} is not registered with Windows: that needs administrator rights`];
  const place = { key: registryKey(python), view: viewOf(python.arch) };
  const other = await placeRegistered(place, run, environment);
  if (other !== undefined && !isSameFolder(other, folder))
    return [`${name} is not registered with Windows: '${place.key}' is there already and means '${other}'`];
  await runAsAdministrator(job, registrationCommands(python, environment));
  return [];
}

/** A key that means another folder by now is somebody else's, and stays. */
async function withoutForeign(changes: readonly Change[], run: Run, variables: Variables): Promise<StillOwn> {
  const own: Change[] = [];
  const kept: string[] = [];
  for (const change of changes) {
    const registration = registrationIn(change);
    const place = registration && (await placeRegistered(registration, run, variables));
    if (!registration || place === undefined || isSameFolder(place, registration.folder)) own.push(change);
    else kept.push(`'${registration.key}' stays: it means '${place}' by now`);
  }
  return { changes: own, kept };
}

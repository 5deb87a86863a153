// Kind `hosting`: what IIS must know before it can run Python sites: rights of our folders, the FastCGI program. Comes in: the
// plan's Python. Goes out: a server on which a site needs only its web.config. What is run stands in iis/hosting-commands.ts.
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, win32 } from 'node:path';
import { AppError } from '../src/errors.js';
import type { InstallerKind, Job, PreviewRequest } from '../src/kind.js';
import { exists } from '../src/lib/files.js';
import type { IisFacts } from '../src/lib/iis-facts.js';
import { appcmdProgram, askIis } from '../src/lib/iis-facts.js';
import { isSameFolder } from '../src/lib/iis-place.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram } from '../src/lib/windows.js';
import { runAsAdministrator } from './iis/administration.js';
import { freeBackup } from './iis/appcmd.js';
import { hostingPython, usualPrograms } from './iis/fast-cgi.js';
import { refuseShared } from './iis/refusals.js';
import type { HostingRequest } from './iis/hosting-commands.js';
import { hostingCommands, readFolders } from './iis/hosting-commands.js';
import { windowsVariables } from './target.js';
import { requireWindows } from './windows-only.js';

const backupName = 'zookit-hosting';

/** Where things are asked of; the system's but in tests. */
export interface HostingSurroundings {
  readonly environment: Variables;
  readonly read?: (path: string) => Promise<string | undefined>;
}

/** The kind. */
export function hostingKind(surroundings: HostingSurroundings): InstallerKind {
  const { environment } = surroundings;
  return {
    name: 'hosting',
    undoable: true,
    needsAdmin: true,
    runsOn: 'windows',
    preview(request) {
      const commands = hostingCommands(previewRequest(request, environment));
      return {
        commands: commands.map(({ why, command, undo }) => ({ why, command, ...(undo ? { undo } : {}) })),
        files: readFolders.map((name) => win32.join(request.programs, name)),
      };
    },
    async apply(job) {
      requireWindows(job, 'hosting');
      const { path, version } = interpreterOf(job);
      const facts = await factsOf(job, surroundings);
      if (job.sharedConfiguration !== true) refuseShared(facts);
      refuseFolder(job.programs);
      refuseFolder(win32.dirname(path));
      // They stay when the product goes: what lies in them is others'.
      for (const name of readFolders) await mkdir(join(job.programs, name), { recursive: true });
      const pythonMinor = minorOf(version);
      const folder = win32.dirname(path);
      const isOurs =
        isSameFolder(folder, hostingPython(job.programs, pythonMinor)) ||
        (await exists(join(job.programs, 'python', pythonMinor, 'python.exe')));
      const commands = hostingCommands({
        programs: job.programs,
        pythonMinor,
        ...(isOurs ? {} : { elsewhere: folder }),
        cores: String(availableParallelism()),
        backup: freeBackup(backupName, facts.backups),
        tools: toolsOf(environment),
      });
      await runAsAdministrator(job, commands);
      return isSameFolder(job.programs, usualPrograms) ? {} : { leftToDo: [elsewhere(job.programs)] };
    },
  };
}

export const hosting = hostingKind({ environment: process.env });

function toolsOf(variables: Variables): HostingRequest['tools'] {
  return {
    appcmd: appcmdProgram(variables),
    icacls: systemProgram(variables, 'icacls.exe'),
    cmd: systemProgram(variables, 'cmd.exe'),
  };
}

function previewRequest({ programs, interpreter }: PreviewRequest, environment: Variables): HostingRequest {
  const pythonMinor = minorOf(interpreter?.version ?? '3.13');
  const folder = win32.dirname(interpreter?.path ?? '');
  const isOurs = interpreter === undefined || isSameFolder(folder, hostingPython(programs, pythonMinor));
  return {
    programs,
    pythonMinor,
    ...(isOurs ? {} : { elsewhere: folder }),
    cores: '%NUMBER_OF_PROCESSORS%',
    backup: backupName,
    tools: toolsOf(windowsVariables(environment)),
  };
}

/** IIS expands no variable in a handler, so a site cannot follow a root that somebody has moved. */
function elsewhere(programs: string): string {
  return `web.config of sites names '${usualPrograms}', and this root is '${programs}': write that into each of them`;
}

function interpreterOf({ interpreter, step }: Job): NonNullable<Job['interpreter']> {
  if (interpreter) return interpreter;
  throw new AppError('PYTHON_FAILED', `'${step.product}' needs Python, which its feed does not depend on`, {
    hint: 'Ask the owner of the feed to add a dependency on Python',
  });
}

async function factsOf({ run }: Job, { environment, read }: HostingSurroundings): Promise<IisFacts> {
  try {
    return await askIis({ run, variables: environment, ...(read ? { read } : {}) });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'NO_INSTALLER')) throw error;
    throw new AppError('NO_INSTALLER', error.message, {
      details: [...error.details, 'Features of Windows that were just switched on may need a restart first'],
      hint: '`zookit install IISFeatures`; when it is there already, restart the machine',
      cause: error,
    });
  }
}

/** The link is made by cmd.exe, which reads these as its own; only names with blanks get quotes around them. */
function refuseFolder(folder: string): void {
  if (!/["%]/.test(folder) && (/\s/.test(folder) || !/[&|<>^()]/.test(folder))) return;
  throw new AppError('INSTALLER_FAILED', `IIS cannot be told of the folder '${folder}'`, {
    details: ['Wanted a path without % & | < > ^ ( )'],
    hint: 'Install that Python into another folder, or take it away: `zookit install Python` then brings one',
  });
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

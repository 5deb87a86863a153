// Comes in: where things lie on a server. Goes out: the commands by which its IIS can run Python sites, in their order, each with
// its reason and what takes it back: a page of an administrator's handbook with the names filled in. Pure; runs nothing.
import { win32 } from 'node:path';
import type { AdministratorCommand } from './administration.js';
import { item, noSuchThing, notKnownYet } from './appcmd.js';
import { fastCgiApplication, hostingPython } from './fast-cgi.js';

export interface HostingRequest {
  /** `C:\Program Files\Zookit`. */
  readonly programs: string;
  /** Of the Python that sites are to run under. */
  readonly pythonMinor: string;
  /** Its folder, when it is not Zookit's own. */
  readonly elsewhere?: string;
  /** So many processes at most for each pool. */
  readonly cores: string;
  /** A name that no copy of the configuration has yet. */
  readonly backup: string;
  /** Absolute paths. */
  readonly tools: { readonly appcmd: string; readonly icacls: string; readonly cmd: string };
}

/** IIS_IUSRS, to which every pool's account belongs; its name is in the language of Windows (field note 4). */
const poolAccounts = '*S-1-5-32-568';

/** What icacls takes for it: read and run, and so do things that come later. */
export const poolGrant = `${poolAccounts}:(OI)(CI)RX`;

/** Folders that pools read: the base Pythons, the shared environments, the worker and the starter. */
export const readFolders = ['python', 'environments', 'hosting'] as const;

/** Of the FastCGI program (field note 27); seconds but for the number of requests. */
const workerLimits = {
  instanceMaxRequests: '10000',
  activityTimeout: '600',
  requestTimeout: '600',
  signalBeforeTerminateSeconds: '15',
} as const;

/** Exit statuses are Windows' own: no such file (2), no such folder (3), exists already (183). */
const noSuchFile = [2, 3];
const existsAlready = [183];

/** All commands, in their order. */
export function hostingCommands(request: HostingRequest): AdministratorCommand[] {
  const { backup, tools } = request;
  return [
    {
      why: 'keep a copy of the whole configuration: `appcmd restore backup` brings it back; it stays',
      command: [tools.appcmd, 'add', 'backup', backup],
    },
    ...readFolders.flatMap((name) => readable(win32.join(request.programs, name), tools.icacls)),
    ...linkedPython(request),
    registration(request),
  ];
}

/** On NTFS what is moved into a folder keeps the rights of where it was made (field note 2). */
function readable(folder: string, icacls: string): AdministratorCommand[] {
  return [
    {
      why: 'what was unpacked elsewhere has the rights of that place: all inherit from this folder again',
      command: [icacls, folder, '/reset', '/T', '/C', '/Q'],
    },
    {
      why: 'the accounts of all application pools read and run what lies here, and what will',
      command: [icacls, folder, '/grant', poolGrant, '/Q'],
      undo: [icacls, folder, '/remove:g', poolAccounts, '/Q'],
      gone: noSuchFile,
    },
  ];
}

/** A Python of somebody else's: sites name one folder for each minor version, whoever brought it. */
function linkedPython({ programs, pythonMinor, elsewhere, tools }: HostingRequest): AdministratorCommand[] {
  if (elsewhere === undefined) return [];
  const folder = hostingPython(programs, pythonMinor);
  return [
    {
      why: 'the Python that is here already serves under the name that every web.config has',
      command: [tools.cmd, '/d', '/c', 'mklink', '/J', folder, elsewhere],
      // Takes away the link, never a folder with something in it.
      undo: [tools.cmd, '/d', '/c', 'rmdir', folder],
      gone: noSuchFile,
    },
  ];
}

function registration({ programs, pythonMinor, cores, tools }: HostingRequest): AdministratorCommand {
  const key = { ...fastCgiApplication(programs, pythonMinor) };
  const section = '-section:system.webServer/fastCgi';
  const edit = (sign: '+' | '-', values: Readonly<Record<string, string>>): readonly string[] => [
    ...[tools.appcmd, 'set', 'config', section, `/${sign}${item(values)}`, '/commit:apphost'],
  ];
  return {
    why: 'IIS starts our worker under our Python for sites of the fastcgi form: the very words of their handlers',
    command: edit('+', { ...key, maxInstances: cores, ...workerLimits }),
    already: existsAlready,
    undo: edit('-', key),
    gone: [...noSuchThing, ...notKnownYet],
  };
}

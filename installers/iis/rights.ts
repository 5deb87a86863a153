// Comes in: a site in IIS. Goes out: the icacls commands by which its pool reads the project, writes where a site writes, and
// nobody else sees its secrets. Pure; part of `siteCommands`. Groups by SID: their names are in the language of Windows.
// https://learn.microsoft.com/windows-server/administration/windows-commands/icacls
import { win32 } from 'node:path';
import type { AdministratorCommand } from './administration.js';
import type { SiteRequest } from './site.js';

// https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
const system = '*S-1-5-18';
const administrators = '*S-1-5-32-544';
const authenticatedUsers = '*S-1-5-11';

/** Exit statuses of icacls, which are Windows' own: no such file or folder (2, 3), no such account (1332). */
const noSuchFile = [2, 3];
const noSuchAccount = 1332;
const nothingThere = [...noSuchFile, noSuchAccount];
/** Windows hears of the account of a new pool a moment after IIS has the pool. */
const accountNotKnownYet = [noSuchAccount];

/** The account of a pool, which exists as long as the pool. */
export function poolAccount(pool: string): string {
  return `IIS AppPool\\${pool}`;
}

/** The rights of a site's folders, after its pool is there and before it starts. */
export function rightsCommands(request: SiteRequest): AdministratorCommand[] {
  const { folder, windowsAuthentication } = request;
  const at = (name: string): string => win32.join(folder, name);
  return [
    {
      why: 'what was moved or copied here has the rights of the place where it was made: all inherit from this folder again',
      command: [request.programs.icacls, folder, '/reset', '/T', '/C', '/Q'],
    },
    granted(request, folder, 'RX', 'the pool reads the project'),
    closed(request, at('data'), 'database and secrets are for the pool and administrators only'),
    granted(request, at('log'), 'M', 'the pool writes its logs'),
    granted(request, at('media'), 'M', 'the pool stores what visitors upload'),
    {
      why: 'the secret key is read by the pool and changed by administrators',
      command: [
        ...[request.programs.icacls, at('data\\secret.key'), '/inheritance:r', '/grant:r'],
        ...[`${system}:F`, `${administrators}:F`, `${poolAccount(request.pool)}:R`, '/Q'],
      ],
      already: noSuchFile,
      again: accountNotKnownYet,
    },
    ...(windowsAuthentication ? ['static', 'media'].map((name) => forVisitors(request, at(name))) : []),
  ];
}

function granted(request: SiteRequest, folder: string, right: 'RX' | 'M', why: string): AdministratorCommand {
  const { icacls } = request.programs;
  const account = poolAccount(request.pool);
  return {
    why,
    command: [icacls, folder, '/grant', `${account}:(OI)(CI)${right}`, '/Q'],
    again: accountNotKnownYet,
    undo: withdrawn(icacls, folder, account),
    gone: nothingThere,
  };
}

/** What it inherits is taken away, and stays so when the pool goes: a secret is never opened by an undo. */
function closed({ programs, pool }: SiteRequest, folder: string, why: string): AdministratorCommand {
  const account = poolAccount(pool);
  return {
    why,
    command: [
      ...[programs.icacls, folder, '/inheritance:r', '/grant:r'],
      ...[`${system}:(OI)(CI)F`, `${administrators}:(OI)(CI)F`, `${account}:(OI)(CI)M`, '/Q'],
    ],
    again: accountNotKnownYet,
    undo: withdrawn(programs.icacls, folder, account),
    gone: nothingThere,
  };
}

/** IIS opens a file as the visitor when it knows who that is. */
function forVisitors({ programs }: SiteRequest, folder: string): AdministratorCommand {
  return {
    why: 'a visitor with a Windows account reads static files as that account',
    command: [programs.icacls, folder, '/grant', `${authenticatedUsers}:(OI)(CI)RX`, '/Q'],
    undo: withdrawn(programs.icacls, folder, authenticatedUsers),
    gone: nothingThere,
  };
}

function withdrawn(icacls: string, folder: string, account: string): readonly string[] {
  return [icacls, folder, '/remove:g', account, '/T', '/C', '/Q'];
}

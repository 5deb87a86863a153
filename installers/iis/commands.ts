// Comes in: which project is to be which site, and what IIS has. Goes out: the commands that an administrator would type, in their
// order, each with its reason and what takes it back. Pure: a page of a handbook, with the names filled in. Runs nothing.
// https://learn.microsoft.com/iis/get-started/getting-started-with-iis/getting-started-with-appcmdexe
import type { IisFacts } from '../../src/lib/iis-facts.js';
import { applicationName, isSameFolder, isSameName } from '../../src/lib/iis-place.js';
import { accessCommands } from './access.js';
import { refuseSite } from './refusals.js';
import { rightsCommands } from './rights.js';
import type { AdministratorCommand } from './administration.js';
import { freeBackup, item, noSuchThing, notKnownYet, notRunning, runsAlready } from './appcmd.js';
import type { SiteRequest } from './site.js';
import { ownerVariable } from './site.js';

/** All commands, in their order; throws AppError for what IIS, or a good administrator, would not do. */
export function siteCommands(request: SiteRequest, facts: IisFacts): AdministratorCommand[] {
  refuseSite(request, facts);
  const isNewSite = !facts.sites.some(({ name }) => isSameName(name, request.place.site));
  return [
    backup(request, facts),
    ...poolCommands(request, facts),
    ...(isNewSite ? siteItself(request) : application(request, facts)),
    ...rightsCommands(request),
    ...accessCommands(request, facts),
    ...starting(request, isNewSite),
  ];
}

function backup({ place, programs }: SiteRequest, { backups }: IisFacts): AdministratorCommand {
  const name = `zookit-${applicationName(place)}`.replace(/[^A-Za-z0-9.]+/g, '-').replace(/-$/, '');
  return {
    why: 'keep a copy of the whole configuration: `appcmd restore backup` brings it back; it stays',
    command: [programs.appcmd, 'add', 'backup', freeBackup(name, backups)],
  };
}

/** The pool; nothing when it is there already and this site's own. */
function poolCommands(request: SiteRequest, facts: IisFacts): AdministratorCommand[] {
  const { pool, place, sqlite, programs } = request;
  if (facts.pools.some(({ name }) => isSameName(name, pool))) return [];
  const variables = {
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    ...siteHosts(request, facts),
    ...(request.windowsAuthentication ? { SITE_REMOTE_USER: '1' } : {}),
    [ownerVariable]: applicationName(place),
  };
  return [
    {
      why: 'one pool of 64-bit processes without .NET, for this site only: its own account, never asleep, with its own TEMP; it starts when all is ready',
      command: [
        ...[programs.appcmd, 'add', 'apppool', `/name:${pool}`, '/managedRuntimeVersion:'],
        ...['/enable32BitAppOnWin64:false', '/autoStart:false', '/startMode:AlwaysRunning'],
        ...['/processModel.setProfileEnvironment:true', '/processModel.idleTimeout:00:00:00'],
        ...(sqlite ? ['/recycling.disallowOverlappingRotation:true'] : []),
      ],
      undo: [programs.appcmd, 'delete', 'apppool', `/apppool.name:${pool}`],
      gone: noSuchThing,
    },
    {
      why: 'variables of its processes: text is UTF-8, logs are written at once, and whose pool it is',
      command: [
        ...[programs.appcmd, 'set', 'config', '-section:system.applicationHost/applicationPools'],
        ...Object.entries(variables).map(
          ([name, value]) => `/+${item({ name: pool })}.environmentVariables.${item({ name, value })}`,
        ),
        '/commit:apphost',
      ],
    },
  ];
}

/** The names that the site answers to; Django refuses all others. */
function siteHosts({ place, binding }: SiteRequest, { sites }: IisFacts): Record<string, string> {
  const site = sites.find(({ name }) => isSameName(name, place.site));
  const bindings = site?.bindings ?? (binding === undefined ? [] : [binding]);
  const hosts = new Set(bindings.map((each) => each.split(':').at(-1) ?? '').filter((host) => host !== ''));
  return hosts.size === 0 ? {} : { SITE_HOSTS: [...hosts].join(' ') };
}

/** A site of its own with the project as its root. */
function siteItself({ place, folder, pool, binding = '', programs }: SiteRequest): AdministratorCommand[] {
  return [
    {
      why: 'the site, not started before all is ready',
      command: [
        ...[programs.appcmd, 'add', 'site', `/name:${place.site}`, `/bindings:${binding}`],
        ...[`/physicalPath:${folder}`, '/serverAutoStart:false'],
      ],
      undo: [programs.appcmd, 'delete', 'site', `/site.name:${place.site}`],
      gone: noSuchThing,
    },
    {
      why: "the site's own application runs in the pool",
      command: [
        ...[programs.appcmd, 'set', 'app', `/app.name:${applicationName(place)}`],
        `/applicationPool:${pool}`,
      ],
    },
  ];
}

/** The project below a site that is there; nothing when it is there already. */
function application(
  { place, folder, pool, programs }: SiteRequest,
  facts: IisFacts,
): AdministratorCommand[] {
  const name = applicationName(place);
  if (facts.applications.some((each) => isSameName(each.name, name) && isSameFolder(each.folder, folder)))
    return [];
  return [
    {
      why: 'the project as an application of the site, in its pool',
      command: [
        ...[programs.appcmd, 'add', 'app', `/site.name:${place.site}`, `/path:${place.path}`],
        ...[`/physicalPath:${folder}`, `/applicationPool:${pool}`],
      ],
      undo: [programs.appcmd, 'delete', 'app', `/app.name:${name}`],
      gone: noSuchThing,
    },
  ];
}

/** Last, so that no visitor meets half a site; first to be taken back, so that no process holds its files. */
function starting({ place, pool, programs }: SiteRequest, isNewSite: boolean): AdministratorCommand[] {
  const { appcmd } = programs;
  const site = `/site.name:${place.site}`;
  return [
    {
      why: 'the pool starts with Windows',
      command: [appcmd, 'set', 'apppool', `/apppool.name:${pool}`, '/autoStart:true'],
    },
    ...(isNewSite
      ? [
          {
            why: 'the site starts with Windows',
            command: [appcmd, 'set', 'site', site, '/serverAutoStart:true'],
          },
        ]
      : []),
    {
      why: 'start the pool',
      command: [appcmd, 'start', 'apppool', `/apppool.name:${pool}`],
      already: runsAlready,
      again: notKnownYet,
      undo: [appcmd, 'stop', 'apppool', `/apppool.name:${pool}`],
      gone: notRunning,
    },
    ...(isNewSite
      ? [
          {
            why: 'start the site',
            command: [appcmd, 'start', 'site', site],
            already: runsAlready,
            again: notKnownYet,
            undo: [appcmd, 'stop', 'site', site],
            gone: notRunning,
          },
        ]
      : []),
  ];
}

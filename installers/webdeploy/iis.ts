// Comes in: an application's place in IIS and its folder. Goes out: what IIS says of the place, and the application there. The
// commands are appcmd's, as lists of words; what appcmd says is read by src/lib/iis-facts.ts. Knows no package.
import { win32 } from 'node:path';
import { AppError } from '../../src/errors.js';
import type { Job } from '../../src/kind.js';
import type { IisApplication, IisSite } from '../../src/lib/iis-facts.js';
import { appcmdProgram, askApplications, askIis } from '../../src/lib/iis-facts.js';
import type { SitePlace } from '../../src/lib/iis-place.js';
import {
  addressOf,
  applicationName,
  isSameFolder,
  isSameName,
  refuseProfile,
} from '../../src/lib/iis-place.js';
import type { Variables } from '../../src/lib/windows.js';
import type { AdministratorCommand } from '../iis/administration.js';
import { freeBackup, noSuchThing } from '../iis/appcmd.js';
import { refuseShared } from '../iis/refusals.js';

/** What IIS has at the place. */
export interface PlaceInIis {
  readonly place: SitePlace;
  readonly site: IisSite;
  readonly folder: string;
  /** The application that is there already. */
  readonly application?: IisApplication;
  /** Names of kept copies of the configuration. */
  readonly backups: readonly string[];
}

/**
 * Looks at the place; `folder` is what the user has named, else it lies below the site's. Throws USAGE for a site that IIS does not
 * have and for an application of somebody else, SITE_INVALID for a folder that no pool can read.
 */
export async function lookAtPlace(
  job: Pick<Job, 'run' | 'sharedConfiguration'>,
  place: SitePlace,
  folder: string,
  variables: Variables,
): Promise<PlaceInIis> {
  const facts = await askIis({ run: job.run, variables });
  if (job.sharedConfiguration !== true) refuseShared(facts);
  const { sites, applications, backups } = facts;
  const site = sites.find(({ name }) => isSameName(name, place.site));
  if (!site) throw noSite(place, sites);
  const named = { site: site.name, path: place.path };
  const application = applications.find(({ name }) => isSameName(name, applicationName(named)));
  const found = folder !== '' ? folder : (application?.folder ?? folderBelow(named, applications));
  if (application && !isSameFolder(application.folder, found)) throw taken(application, found);
  refuseProfile(found, facts.profiles);
  return { place: named, site, folder: found, backups, ...(application ? { application } : {}) };
}

/** The folder of the nearest application above, and the rest of the path in it. */
function folderBelow({ site, path }: SitePlace, applications: readonly IisApplication[]): string {
  const above = applications
    .filter((each) => isSameName(each.site, site))
    .map((each) => ({ ...each, way: each.name.slice(each.site.length).replace(/\/$/, '') }))
    .filter(({ way }) => `${path}/`.toLowerCase().startsWith(`${way}/`.toLowerCase()))
    .sort((one, other) => other.way.length - one.way.length)[0];
  if (above) return win32.join(above.folder, path.slice(above.way.length));
  throw new AppError('INSTALLER_FAILED', `IIS does not say where the files of '${site}' lie`, {
    hint: 'Name the folder with `--param PhysicalPath=DIR`',
  });
}

/** The application, after a copy of the configuration. */
export function addApplication(
  place: SitePlace,
  folder: string,
  backups: readonly string[],
  variables: Variables,
): AdministratorCommand[] {
  const appcmd = appcmdProgram(variables);
  const name = applicationName(place);
  const backup = `zookit-${name}`.replace(/[^A-Za-z0-9.]+/g, '-').replace(/-$/, '');
  return [
    {
      why: 'keep a copy of the whole configuration: `appcmd restore backup` brings it back; it stays',
      command: [appcmd, 'add', 'backup', freeBackup(backup, backups)],
    },
    {
      why: 'the package as an application of the site',
      command: [
        ...[appcmd, 'add', 'app', `/site.name:${place.site}`, `/path:${place.path}`],
        `/physicalPath:${folder}`,
      ],
      undo: [appcmd, 'delete', 'app', `/app.name:${name}`],
      gone: noSuchThing,
    },
  ];
}

/** Its pool, once it is there: it is IIS that chooses one. */
export async function poolOf(
  { run }: Pick<Job, 'run'>,
  place: SitePlace,
  variables: Variables,
): Promise<string> {
  const applications = await askApplications({ run, variables });
  const found = applications.find(({ name }) => isSameName(name, applicationName(place)));
  return found && found.pool !== '' ? found.pool : 'DefaultAppPool';
}

/** The address that a person opens: the start page of the application. */
export function startAddress({ place, site }: PlaceInIis, startPage: string | undefined): string | undefined {
  const address = addressOf(site.bindings, place.path);
  return address === undefined ? undefined : address + (startPage ?? '').replace(/^\/+/, '');
}

function noSite({ site }: SitePlace, sites: readonly IisSite[]): AppError {
  return new AppError('USAGE', `IIS has no site '${site}'`, {
    details: [`It has ${sites.map(({ name }) => `'${name}'`).join(', ') || 'none'}`],
    hint: 'Name one of them, for example `--param "AppPath=Default Web Site/blog"`',
  });
}

function taken({ name, folder }: IisApplication, wanted: string): AppError {
  return new AppError('USAGE', `'${name}' is an application of IIS already`, {
    details: [`Its folder is '${folder}'`, `Wanted '${wanted}'`],
    hint: 'Choose another name, for example `--param "AppPath=Default Web Site/blog2"`',
  });
}

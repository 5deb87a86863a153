// Comes in: an application's place in IIS and its folder. Goes out: what IIS says of the place, and the application there. The
// commands are appcmd's, as lists of words; what appcmd says is read by src/lib/iis-facts.ts. Knows no package.
import { win32 } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Job, PreviewCommand } from '../src/kind.js';
import type { IisApplication, IisSite } from '../src/lib/iis-facts.js';
import { appcmdProgram, askApplications, askSites, profilesFolder } from '../src/lib/iis-facts.js';
import type { SitePlace } from '../src/lib/iis-place.js';
import { addressOf, applicationName, isSameFolder, isSameName, refuseProfile } from '../src/lib/iis-place.js';
import { lastLines } from '../src/lib/run.js';
import type { Variables } from '../src/lib/windows.js';
import { noSuchThing } from './appcmd.js';

/** What IIS has at the place. */
export interface PlaceInIis {
  readonly place: SitePlace;
  readonly site: IisSite;
  readonly folder: string;
  /** The application that is there already. */
  readonly application?: IisApplication;
}

/**
 * Looks at the place; `folder` is what the user has named, else it lies below the site's. Throws USAGE for a site that IIS does not
 * have and for an application of somebody else, SITE_INVALID for a folder that no pool can read.
 */
export async function lookAtPlace(
  job: Pick<Job, 'run'>,
  place: SitePlace,
  folder: string,
  variables: Variables,
): Promise<PlaceInIis> {
  const asking = { run: job.run, variables };
  const sites = await askSites(asking);
  const site = sites.find(({ name }) => isSameName(name, place.site));
  if (!site) throw noSite(place, sites);
  const applications = await askApplications(asking);
  const named = { site: site.name, path: place.path };
  const application = applications.find(({ name }) => isSameName(name, applicationName(named)));
  const found = folder !== '' ? folder : (application?.folder ?? folderBelow(named, applications));
  if (application && !isSameFolder(application.folder, found)) throw taken(application, found);
  refuseProfile(found, profilesFolder(variables));
  return { place: named, site, folder: found, ...(application ? { application } : {}) };
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

/** The application itself. */
export function addApplication(
  place: SitePlace,
  folder: string,
  variables: Variables,
): PreviewCommand & { readonly gone: readonly number[] } {
  const appcmd = appcmdProgram(variables);
  return {
    command: [
      appcmd,
      'add',
      'app',
      `/site.name:${place.site}`,
      `/path:${place.path}`,
      `/physicalPath:${folder}`,
    ],
    undo: [appcmd, 'delete', 'app', `/app.name:${applicationName(place)}`],
    gone: noSuchThing,
  };
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

/** Tells the journal, then runs; throws INSTALLER_FAILED. */
export async function runCommand(
  job: Pick<Job, 'run' | 'change' | 'signal'>,
  { command, undo, gone }: PreviewCommand & { readonly gone?: readonly number[] },
): Promise<void> {
  const [program = '', ...args] = command;
  if (undo) await job.change({ kind: 'ran', command, undo, ...(gone ? { gone } : {}) });
  const result = await job.run(program, args, job.signal ? { signal: job.signal } : {});
  if (result.status === 0) return;
  throw new AppError('INSTALLER_FAILED', `'${win32.basename(program)}' ended with ${result.status}`, {
    details: [`Command: ${command.join(' ')}`, ...lastLines(result)],
    hint: 'Mend what it says and run the same command again',
  });
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

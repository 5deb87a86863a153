// Kind `webdeploy`: a Web Deploy package, as WebPI's applications are. Comes in: the package from the cache and the answers to its
// questions. Goes out: the application's folder with the answers in its files; on Windows an application of IIS with its
// rights. Databases are filled by nobody: what is left to do is told, with the file and the database.
import { isAbsolute, join, resolve, win32 } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Applied, InstallerKind, Job, PreviewRequest } from '../src/kind.js';
import { exists } from '../src/lib/files.js';
import { appcmdProgram } from '../src/lib/iis-facts.js';
import type { SitePlace } from '../src/lib/iis-place.js';
import { parseSitePlace } from '../src/lib/iis-place.js';
import { patternProblem } from '../src/lib/guarded-match.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram } from '../src/lib/windows.js';
import type { AdministratorCommand } from './iis/administration.js';
import { runAsAdministrator } from './iis/administration.js';
import { aclCommand } from './webdeploy/acl.js';
import type { PlaceInIis } from './webdeploy/iis.js';
import { addApplication, lookAtPlace, poolOf, startAddress } from './webdeploy/iis.js';
import { innerApplications } from './webdeploy/inner-applications.js';
import type { WebDeployPackage } from './webdeploy/package.js';
import { readPackage } from './webdeploy/package.js';
import type { PlacedProvider } from './webdeploy/providers.js';
import { insideApplication, leftOver, placeProviders } from './webdeploy/providers.js';
import { folderQuestion, questionsOf } from './webdeploy/questions.js';
import { unpackPackage } from './webdeploy/unpack.js';
import type { PackageValues } from './webdeploy/values.js';
import { packageValues, valueByTag } from './webdeploy/values.js';

/** The kind; `environment` and `isWindows` are the system's but in tests. */
export function webdeployKind(environment: Variables, isWindows: boolean): InstallerKind {
  return {
    name: 'webdeploy',
    undoable: true,
    ...(isWindows ? { needsAdmin: true } : {}),
    preview: (request) => preview(request, environment),
    async questions(step, files, about) {
      const { parameters } = await readPackage(step, files, about?.language);
      return about ? questionsOf(parameters, about) : [];
    },
    async apply(job) {
      const { installer } = job.step;
      if (installer?.action.kind !== 'webdeploy') throw new Error('Not a webdeploy installer');
      const found = await readPackage(job.step, job.files);
      const values = packageValues(found.parameters, new Map([...job.values, ...job.secrets]));
      const target = await targetOf(job, values, environment);
      const startPage = installer.action.startPage?.replace(/\p{Cc}/gu, '');
      return carryOut(job, found, values, target, environment, startPage);
    },
  };
}

export const webdeploy = webdeployKind(process.env, process.platform === 'win32');

/** Where the application goes. */
interface Target {
  readonly folder: string;
  readonly place: SitePlace;
  /** On Windows only. */
  readonly iis?: PlaceInIis;
}

async function targetOf(job: Job, values: PackageValues, environment: Variables): Promise<Target> {
  const place = placeOf(valueByTag(values, 'iisapp') ?? '');
  const named = namedFolder(job);
  if (job.platform.os === 'windows') {
    const iis = await lookAtPlace(job, place, named, environment);
    return { folder: iis.folder, place: iis.place, iis };
  }
  // Where there is no IIS to tell, a site's folder is one of ours.
  const mapped = join(job.programs, 'sites', place.site, ...place.path.split('/'));
  return { folder: named === '' ? mapped : named, place };
}

function namedFolder({ project, values }: Job): string {
  const named = values.get(folderQuestion)?.trim() ?? '';
  return named === '' ? (project ?? '') : resolve(named);
}

function placeOf(value: string): SitePlace {
  try {
    return parseSitePlace(value);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('USAGE', error.message, {
      details: error.details,
      hint: 'For example `--param "AppPath=Default Web Site/blog"`',
    });
  }
}

async function carryOut(
  job: Job,
  found: WebDeployPackage,
  values: PackageValues,
  { folder, place, iis }: Target,
  environment: Variables,
  startPage: string | undefined,
): Promise<Applied> {
  const unpacked = await unpackPackage(job, found, values, folder);
  const { placed, left } = placeProviders(found.providers, values);
  const toDo = [...unpacked.left, ...left, ...uncheckedValues(values)];
  const scripts = placed.filter(({ provider }) => !['iisapp', 'setacl'].includes(provider.name));
  if (iis) toDo.push(...(await configure(job, placed, values, iis, environment)));
  else toDo.push(...byHand(placed, values, folder));
  toDo.push(...innerApplications(placed, { folder, place }, iis && appcmdProgram(environment)));
  if (iis && unpacked.scriptFolder !== undefined)
    await runAsAdministrator(job, [closedFolder(unpacked.scriptFolder, environment)]);
  toDo.push(...scripts.map((each) => leftOver(each, values, unpacked.scripts.get(each.provider.path))));
  const runtime = placed
    .find(({ provider }) => provider.name === 'iisapp')
    ?.provider.attributes.get('managedruntimeversion');
  if (runtime)
    toDo.push(`See that the pool of '${place.site}${place.path}' runs .NET ${runtime.replace(/^v/i, '')}`);
  const open = iis ? startAddress(iis, startPage) : startPage && `/${startPage.replace(/^\/+/, '')}`;
  return { path: folder, ...(toDo.length > 0 ? { leftToDo: toDo } : {}), ...(open ? { open } : {}) };
}

/** Application and rights in IIS; returns what of it is left to do. */
async function configure(
  job: Job,
  placed: readonly PlacedProvider[],
  values: PackageValues,
  { place, folder, application, backups }: PlaceInIis,
  environment: Variables,
): Promise<string[]> {
  const icacls = systemProgram(environment, 'icacls.exe');
  job.progress(`Making ${job.step.product} an application of IIS`);
  if (job.step.from === undefined) await runAsAdministrator(job, [inheriting(folder, icacls)]);
  if (!application) await runAsAdministrator(job, addApplication(place, folder, backups, environment));
  const rules = placed.filter(({ provider }) => provider.name === 'setacl');
  const pool = rules.length > 0 ? await poolOf(job, place, environment) : '';
  const left: string[] = [];
  for (const each of rules) {
    const inside = insideOf(each, placed, values);
    const path = inside === undefined ? undefined : join(folder, inside);
    const command = path === undefined ? undefined : aclCommand(each.provider, path, icacls, pool);
    if (path === undefined)
      left.push(rightsByHand(each, each.provider.path, 'it lies outside of the application'));
    else if (!(await exists(path))) left.push(rightsByHand(each, path, 'it is not there'));
    else if (command && 'command' in command) await runAsAdministrator(job, [command]);
    else left.push(rightsByHand(each, path, command?.problem));
  }
  return left;
}

/** Where there is no IIS. */
function byHand(placed: readonly PlacedProvider[], values: PackageValues, folder: string): string[] {
  const application = placed.find(({ provider }) => provider.name === 'iisapp');
  return placed.flatMap((each) => {
    if (each === application) {
      const name = valueByTag(values, 'iisapp') ?? '';
      return [`Serve '${folder}' by a web server (${each.provider.spelled} '${name}')`];
    }
    if (each.provider.name !== 'setacl') return [];
    const inside = insideOf(each, placed, values);
    return [rightsByHand(each, inside === undefined ? each.provider.path : join(folder, inside))];
  });
}

function insideOf(
  each: PlacedProvider,
  placed: readonly PlacedProvider[],
  values: PackageValues,
): string | undefined {
  const content = placed.find(({ provider }) => provider.name === 'iisapp')?.provider.path ?? '';
  return insideApplication(each, valueByTag(values, 'iisapp') ?? '', content);
}

function rightsByHand({ provider }: PlacedProvider, path: string, problem?: string): string {
  const rights = provider.attributes.get('setaclaccess') ?? 'Read';
  const account = provider.attributes.get('setacluser') ?? "the application's pool";
  return `Give ${account} the right ${rights} on '${path}' (${provider.spelled})${problem === undefined ? '' : `: ${problem}`}`;
}

/** Rules of .NET that nobody can check here. */
function uncheckedValues({ values }: PackageValues): string[] {
  return values.flatMap(({ parameter: { name, rules } }) => {
    const problem = rules.pattern === undefined ? undefined : patternProblem(rules.pattern);
    return problem === undefined
      ? []
      : [`See that the value of '${name}' fits '${rules.pattern ?? ''}': ${problem}`];
  });
}

/** On NTFS what is moved keeps the rights of where it was made. It goes with its folder: there is nothing to undo. */
function inheriting(folder: string, icacls: string): AdministratorCommand {
  return {
    why: 'what was moved here has the rights of the place where it was made: all inherit from this folder again',
    command: [icacls, folder, '/reset', '/T', '/C', '/Q'],
  };
}

/** System and administrators only: an SQL script may hold a password. */
function closedFolder(folder: string, environment: Variables): AdministratorCommand {
  const grants = ['*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F'];
  return {
    why: 'scripts may hold passwords: they are for administrators only',
    command: [
      systemProgram(environment, 'icacls.exe'),
      folder,
      '/inheritance:r',
      '/grant:r',
      ...grants,
      '/Q',
    ],
  };
}

/** Before the package is there nobody knows its rights; the application is certain. */
function preview(
  { platform, project, programs, values }: PreviewRequest,
  environment: Variables,
): ReturnType<NonNullable<InstallerKind['preview']>> {
  const folder = values.get(folderQuestion) ?? project ?? '';
  if (platform.os !== 'windows')
    return { commands: [], files: [folder === '' ? join(programs, 'sites') : folder] };
  const answer = values.get('Application Path') ?? values.get('AppPath');
  const place = answer === undefined ? { site: 'SITE', path: '/APP' } : placeOf(answer);
  const known = folder === '' ? 'DIR' : isAbsolute(folder) ? folder : win32.resolve(folder);
  const commands = [
    inheriting(known, systemProgram(environment, 'icacls.exe')),
    ...addApplication(place, known, [], environment),
  ];
  return {
    commands: commands.map(({ command, undo }) => ({ command, ...(undo ? { undo } : {}) })),
    files: [known],
  };
}

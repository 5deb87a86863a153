// Looks at the IIS of this Windows for `zookit doctor`: its modules, what it says of one site's place, and who may read
// there. Comes in: a context, a site, a place. Goes out: facts. Asks appcmd, icacls and the registry; changes nothing.
import { createHash } from 'node:crypto';
import { win32 } from 'node:path';
import type { Registry } from '../../catalog/registry.js';
import { openRegistry } from '../../catalog/registry.js';
import type { Context } from '../../context.js';
import { messageOf } from '../../errors.js';
import { exists } from '../../lib/files.js';
import type { IisFacts } from '../../lib/iis-facts.js';
import { appcmdProgram, askApplications, askIis } from '../../lib/iis-facts.js';
import type { SitePlace } from '../../lib/iis-place.js';
import { applicationName, isSameFolder, isSameName, parseSitePlace } from '../../lib/iis-place.js';
import { lastLines } from '../../lib/run.js';
import { expandVariables, systemProgram } from '../../lib/windows.js';
import type { SiteFacts } from './site-facts.js';

export interface DoctorIisFacts {
  /** `Version 10.0`, as Windows' registry has it; absent where there is no IIS. */
  readonly version?: string;
  /** What IIS says of itself, or why it says nothing. */
  readonly iis?: IisFacts;
  readonly trouble?: string;
  /** Files of native modules that are there, by lower-case name. */
  readonly moduleFiles: ReadonlySet<string>;
  /** Of the Visual C++ runtime, 64 bits. */
  readonly vcRuntime?: string;
  readonly appcmd: string;
  readonly icacls: string;
  readonly site?: SiteFacts;
  /** The application that the site is. */
  readonly place?: SitePlace;
  /** What IIS says against the section of handlers at that place. */
  readonly handlersTrouble?: string;
  /** Folders that the pool must read, and whether any entry lets it. */
  readonly readable: readonly { readonly path: string; readonly allowed: boolean }[];
  /** Folders that it must write. */
  readonly writable: readonly { readonly path: string; readonly allowed: boolean }[];
  /** The program that web.config starts. */
  readonly program?: { readonly path: string; readonly trouble?: string };
}

export interface IisQuestion {
  /** `--iis`. */
  readonly place?: string;
  readonly site?: SiteFacts;
}

/** Asks Windows; a place that nobody named is found by the site's folder. Throws USAGE for what cannot be a place. */
export async function doctorIisFacts(context: Context, question: IisQuestion): Promise<DoctorIisFacts> {
  const { run, variables } = context;
  const named = question.place === undefined ? undefined : parseSitePlace(question.place);
  const registry = openRegistry(run, variables);
  const version = await installedVersion(registry);
  const [iis, moduleFiles, vcRuntime] = await Promise.all([
    version === undefined ? noServer : askServer(context),
    filesOfModules(variables),
    vcRuntimeVersion(registry),
  ]);
  const { site } = question;
  const place = named ?? placeOf(iis.iis, site?.directory);
  const general = {
    ...iis,
    moduleFiles,
    appcmd: appcmdProgram(variables),
    icacls: systemProgram(variables, 'icacls.exe'),
    readable: [],
    writable: [],
    ...(version === undefined ? {} : { version }),
    ...(vcRuntime === undefined ? {} : { vcRuntime }),
    ...(site === undefined ? {} : { site }),
    ...(place === undefined ? {} : { place }),
  };
  if (version === undefined || !site) return general;
  return { ...general, ...(await placeFacts(context, site, general.iis, place)) };
}

const noServer: Pick<DoctorIisFacts, 'iis' | 'trouble'> = {};

/** The folder of the application that was named; undefined when IIS knows none. Throws USAGE for what cannot be a place. */
export async function folderOfPlace(context: Context, named: string): Promise<string | undefined> {
  const place = applicationName(parseSitePlace(named));
  const applications = await askApplications(context).catch(() => []);
  return applications.find(({ name }) => isSameName(name, place))?.folder;
}

async function askServer({ run, variables }: Context): Promise<Pick<DoctorIisFacts, 'iis' | 'trouble'>> {
  try {
    return { iis: await askIis({ run, variables }) };
  } catch (error) {
    return { trouble: messageOf(error) };
  }
}

/** https://learn.microsoft.com/iis/install/installing-iis-7/discover-installed-components */
async function installedVersion(registry: Registry): Promise<string | undefined> {
  const key = await registry.key('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp', 64);
  return key?.values.find(({ name }) => name.toLowerCase() === 'versionstring')?.text;
}

/** https://learn.microsoft.com/cpp/windows/redistributing-visual-cpp-files */
async function vcRuntimeVersion(registry: Registry): Promise<string | undefined> {
  const path = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\x64';
  for (const view of [64, 32] as const) {
    const key = await registry.key(path, view);
    const value = (wanted: string): string =>
      key?.values.find(({ name }) => name.toLowerCase() === wanted)?.text ?? '';
    if (value('installed') === '1') return value('version').replace(/^v/, '');
  }
  return undefined;
}

async function filesOfModules(variables: Context['variables']): Promise<ReadonlySet<string>> {
  const names = ['httpplatformhandler.dll', 'iisfcgi.dll'];
  const there = await Promise.all(names.map((name) => exists(systemProgram(variables, `inetsrv\\${name}`))));
  return new Set(names.filter((_, index) => there[index]));
}

/** The application whose folder the site is. */
function placeOf(iis: IisFacts | undefined, directory: string | undefined): SitePlace | undefined {
  if (directory === undefined) return undefined;
  const found = iis?.applications.find(({ folder }) => isSameFolder(folder, directory));
  return found && parseSitePlace(found.name);
}

async function placeFacts(
  context: Context,
  site: SiteFacts,
  iis: IisFacts | undefined,
  place: SitePlace | undefined,
): Promise<Pick<DoctorIisFacts, 'handlersTrouble' | 'readable' | 'writable' | 'program'>> {
  const application = place && iis?.applications.find(({ name }) => isSameName(name, applicationName(place)));
  const program = programOf(context, site);
  const folders = [
    site.directory,
    ...(site.environment?.there === true ? [site.environment.directory] : []),
    ...(program === undefined ? [] : [win32.dirname(program)]),
  ];
  const written = site.folders.filter(({ state }) => state !== 'absent').map(({ name }) => name);
  const [handlers, readable, writable, started] = await Promise.all([
    place && handlersTrouble(context, place),
    Promise.all(
      (application ? folders : []).map((path) => readsThere(context, path, application?.pool ?? '')),
    ),
    Promise.all(
      (application ? written : []).map((name) =>
        writesThere(context, win32.join(site.directory, name), application?.pool ?? ''),
      ),
    ),
    program === undefined ? undefined : programFacts(context, program),
  ]);
  return {
    readable,
    writable,
    ...(handlers === undefined ? {} : { handlersTrouble: handlers }),
    ...(started === undefined ? {} : { program: started }),
  };
}

/** Only a Python is started: what else a stranger's web.config names, nobody has asked us to run. */
function programOf({ variables }: Context, { config }: SiteFacts): string | undefined {
  const named = config?.process?.program;
  const path = named === undefined ? '' : expandVariables(named, variables);
  return /^python[\d.]*(\.exe)?$/i.test(win32.basename(path)) ? path : undefined;
}

async function programFacts({ run }: Context, path: string): Promise<NonNullable<DoctorIisFacts['program']>> {
  const result = await run(path, ['-I', '-c', 'import ssl, socket']);
  if (result.status === 0) return { path };
  if (result.status === 127) return { path, trouble: 'it is not there' };
  return { path, trouble: lastLines(result, 1)[0] ?? `it ended with ${result.status}` };
}

/** appcmd reads web.config to answer, and refuses what is locked there. */
async function handlersTrouble({ run, variables }: Context, place: SitePlace): Promise<string | undefined> {
  const section = '-section:system.webServer/handlers';
  const result = await run(appcmdProgram(variables), ['list', 'config', applicationName(place), section]);
  if (result.status === 0 && !/^ERROR \(/m.test(result.stdout)) return undefined;
  return (result.stdout + result.stderr).replace(/\s+/g, ' ').trim() || `appcmd ended with ${result.status}`;
}

/** Groups that every pool belongs to: IIS_IUSRS, Users, Authenticated Users, Everyone. */
const poolGroups = ['S-1-5-32-568', 'S-1-5-32-545', 'S-1-5-11', 'S-1-1-0'];

/** The account of a pool is known by its name in lower case, hashed (S-1-5-82 and SHA-1 as five numbers). */
export function poolSid(pool: string): string {
  const digest = createHash('sha1').update(Buffer.from(pool.toLowerCase(), 'utf16le')).digest();
  return ['S-1-5-82', ...[0, 4, 8, 12, 16].map((offset) => digest.readUInt32LE(offset))].join('-');
}

/** Asked by SID: names of groups are in the language of Windows, and so are icacls's sentences, but not the path in them. */
async function readsThere(
  { run, variables }: Context,
  path: string,
  pool: string,
): Promise<{ readonly path: string; readonly allowed: boolean }> {
  const icacls = systemProgram(variables, 'icacls.exe');
  const answers = await Promise.all(
    [poolSid(pool), ...poolGroups].map((sid) => run(icacls, [path, '/findsid', `*${sid}`])),
  );
  const allowed = answers.some(({ status, stdout }) => status === 0 && namesPath(stdout, path));
  return { path, allowed };
}

/** A line that begins with the path is icacls's way of saying what went wrong there. */
function namesPath(output: string, path: string): boolean {
  const wanted = path.toLowerCase();
  return output
    .toLowerCase()
    .split(/\r?\n/)
    .some((line) => line.includes(wanted) && !line.trimStart().startsWith(`${wanted}:`));
}

/** `IIS APPPOOL\shop:(OI)(CI)(M)`: the name of a pool's account and the letters of rights are the same in any language. */
async function writesThere(
  { run, variables }: Context,
  path: string,
  pool: string,
): Promise<{ readonly path: string; readonly allowed: boolean }> {
  const { stdout } = await run(systemProgram(variables, 'icacls.exe'), [path]);
  const account = `iis apppool\\${pool.toLowerCase()}:`;
  const allowed = stdout.split(/\r?\n/).some((line) => {
    const at = line.toLowerCase().indexOf(account);
    return at >= 0 && /\((?:[A-Z]+,)*[MFW](?:,[A-Z]+)*\)\s*$/.test(line.slice(at));
  });
  return { path, allowed };
}

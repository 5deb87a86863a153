// Comes in: what appcmd and IIS's own files say of a server. Goes out: sites, pools, applications, modules and the state of
// sections, as one value. Asks and reads; changes nothing. Knows no product.
import { win32 } from 'node:path';
import { AppError } from '../errors.js';
import { readIfThere } from './files.js';
import type { Run } from './run.js';
import { lastLines } from './run.js';
import type { Variables } from './windows.js';
import { expandVariables, systemProgram, variableOf } from './windows.js';
import type { XmlElement } from './xml.js';
import { attribute, parseXml } from './xml.js';

export interface IisSite {
  readonly name: string;
  /** As appcmd writes them: `http/*:80:`. */
  readonly bindings: readonly string[];
}

export interface IisPool {
  readonly name: string;
  /** Variables that its processes get. */
  readonly variables: ReadonlyMap<string, string>;
  /** Absent where IIS does not run. */
  readonly isStarted?: boolean;
}

export interface IisApplication {
  /** `Default Web Site/shop`; `Default Web Site/` is a site's own. */
  readonly name: string;
  readonly site: string;
  readonly pool: string;
  /** Its folder, with variables filled in. */
  readonly folder: string;
}

export interface IisFacts {
  readonly sites: readonly IisSite[];
  readonly pools: readonly IisPool[];
  readonly applications: readonly IisApplication[];
  /** Names of the modules that are on. */
  readonly modules: readonly string[];
  /** Names of kept copies of the configuration. */
  readonly backups: readonly string[];
  /** The text of applicationHost.config; empty when it could not be read. */
  readonly configuration: string;
  /** Where the configuration really lies, on a server that shares it with others. */
  readonly sharedAt?: string;
  /** Where users' profiles lie: no pool can read them. */
  readonly profiles: string;
}

export interface AskIis {
  readonly run: Run;
  readonly variables: Variables;
  /** The text of a file, or undefined when there is none; the disk's but in tests. */
  readonly read?: (path: string) => Promise<string | undefined>;
}

/** The absolute path of IIS's own program for its configuration. */
export function appcmdProgram(variables: Variables): string {
  return systemProgram(variables, 'inetsrv\\appcmd.exe');
}

/** Where the profiles of a Windows lie: beside the one that all users share. */
export function profilesFolder(variables: Variables): string {
  return win32.dirname(variableOf(variables, 'PUBLIC') ?? 'C:\\Users\\Public');
}

/** Asks the server; throws NO_INSTALLER where there is no IIS, INSTALLER_FAILED for what cannot be read. */
export async function askIis(asking: AskIis): Promise<IisFacts> {
  const { variables, read = readIfThere } = asking;
  const folder = systemProgram(variables, 'inetsrv\\config');
  const [redirection, configuration] = [
    await read(win32.join(folder, 'redirection.config')),
    await read(win32.join(folder, 'applicationHost.config')),
  ];
  const sharedAt = redirection === undefined ? undefined : sharedFolder(redirection);
  return {
    sites: await askSites(asking),
    pools: await askPools(asking),
    applications: await askApplications(asking),
    modules: named(await list(asking, 'module'), 'MODULE.NAME'),
    backups: named(await list(asking, 'backup'), 'BACKUP.NAME'),
    configuration: configuration ?? '',
    ...(sharedAt === undefined ? {} : { sharedAt }),
    profiles: profilesFolder(variables),
  };
}

/** The sites of this server. */
export async function askSites(asking: AskIis): Promise<IisSite[]> {
  return (await list(asking, 'site')).map((each) => ({
    name: attribute(each, 'SITE.NAME') ?? '',
    bindings: (attribute(each, 'bindings') ?? '').split(',').filter((text) => text !== ''),
  }));
}

/** The application pools of this server. */
export async function askPools(asking: AskIis): Promise<IisPool[]> {
  return (await list(asking, 'apppool', '/config')).map(readPool);
}

/** The applications of this server, each with the folder of its own root. */
export async function askApplications(asking: AskIis): Promise<IisApplication[]> {
  const roots = (await list(asking, 'vdir')).filter((each) => attribute(each, 'path') === '/');
  return (await list(asking, 'app')).map((each) => {
    const name = attribute(each, 'APP.NAME') ?? '';
    const root = roots.find((other) => attribute(other, 'APP.NAME') === name);
    return {
      name,
      site: attribute(each, 'SITE.NAME') ?? '',
      pool: attribute(each, 'APPPOOL.NAME') ?? '',
      folder: expandVariables((root && attribute(root, 'physicalPath')) ?? '', asking.variables),
    };
  });
}

/** What `appcmd list` knows of one kind of things; its status is not 0 when there are none. */
async function list({ run, variables }: AskIis, what: string, ...more: string[]): Promise<XmlElement[]> {
  const program = appcmdProgram(variables);
  const result = await run(program, ['list', what, ...more, '/xml']);
  if (result.status === 127) {
    throw new AppError('NO_INSTALLER', 'IIS is not on this machine', {
      details: [`There is no '${program}'`],
      hint: '`zookit install PythonHostingPackage`',
    });
  }
  const start = result.stdout.indexOf('<');
  if ((result.stdout + result.stderr).trim() === '') return [];
  try {
    const all = parseXml(result.stdout.slice(Math.max(start, 0))).children;
    const error = all.find(({ name }) => name === 'ERROR');
    if (!error) return [...all];
    throw notRead(what, [attribute(error, 'message') ?? '']);
  } catch (error) {
    throw error instanceof AppError ? error : notRead(what, lastLines(result), error);
  }
}

function notRead(what: string, details: readonly string[], cause?: unknown): AppError {
  return new AppError('INSTALLER_FAILED', `IIS does not say what it has (\`appcmd list ${what}\`)`, {
    details,
    cause,
    hint: 'Mend what it says and run the same command again',
  });
}

function named(elements: readonly XmlElement[], key: string): string[] {
  return elements.flatMap((each) => attribute(each, key) ?? []);
}

function readPool(element: XmlElement): IisPool {
  const inside = element.children.flatMap(({ children }) => children);
  const variables = inside
    .filter(({ name }) => name === 'environmentVariables')
    .flatMap(({ children }) => children)
    .map((each) => [attribute(each, 'name') ?? '', attribute(each, 'value') ?? ''] as const);
  const name = attribute(element, 'APPPOOL.NAME') ?? '';
  const state = attribute(element, 'state')?.toLowerCase();
  return {
    name,
    variables: new Map(variables),
    ...(state === undefined ? {} : { isStarted: state === 'started' }),
  };
}

/** https://learn.microsoft.com/iis/manage/managing-your-configuration-settings/shared-configuration_264 */
function sharedFolder(text: string): string | undefined {
  const root = parseXml(text);
  const redirection = root.children.find(({ name }) => name === 'configurationRedirection');
  if (!redirection || attribute(redirection, 'enabled')?.toLowerCase() !== 'true') return undefined;
  return attribute(redirection, 'path') ?? '';
}

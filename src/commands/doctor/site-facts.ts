// Looks at a site for `zookit doctor`: what its web.config says, what its last deploy left, its folders and secrets. Comes
// in: a folder. Goes out: facts. Changes nothing; the application itself is asked by application.ts.
import { createHash } from 'node:crypto';
import { access, constants, readFile, readdir, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { AppError, messageOf } from '../../errors.js';
import { readText } from '../../lib/decode.js';
import { exists, readIfThere } from '../../lib/files.js';
import type { Site } from '../../site/site.js';
import { readSite, servedBy } from '../../site/site.js';
import { expandVariables } from '../../site/variables.js';
import type { SiteConfig } from '../../site/webconfig.js';
import type { ApplicationFacts } from './application.js';
import { applicationFacts } from './application.js';
import type { EnvironmentFacts } from './environment.js';
import { environmentFacts } from './environment.js';

export interface SiteFacts {
  readonly directory: string;
  readonly windows: boolean;
  /** Why web.config cannot be used; nothing below is known then. */
  readonly trouble?: { readonly message: string; readonly hint?: string };
  readonly config?: SiteConfig;
  /** IIS refuses `+` in addresses unless it is allowed. */
  readonly allowsDoubleEscaping: boolean;
  /** IIS hides every `bin` in an address unless its row is removed. */
  readonly hidesBin: boolean;
  /** Of web.config, expanded. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of the shell's own that a site reads, which a web server does not see. */
  readonly shellVariables: readonly string[];
  /** Files that the variables name and that are not there. */
  readonly missing: readonly string[];
  readonly environment?: EnvironmentFacts;
  readonly application?: ApplicationFacts;
  readonly deep?: ApplicationFacts;
  readonly deploy?: DeployFacts;
  readonly folders: readonly { readonly name: string; readonly state: 'writable' | 'read-only' | 'absent' }[];
  /** Files that everybody of this machine can read and nobody should. */
  readonly openSecrets: readonly { readonly path: string; readonly mode: number }[];
  /** Folders of plain files for which a worker is asked all the same. */
  readonly unserved: readonly string[];
}

export interface DeployFacts {
  /** The script that brings the site up to date, when there is one. */
  readonly script?: string;
  readonly record?: {
    readonly status: number;
    readonly time: string;
    /** Made on this machine for the script and the requirements as they are now. */
    readonly current: boolean;
    readonly machine: string;
  };
  readonly lastLines: readonly string[];
}

/** Looks at the site in `directory`. */
export async function siteFacts(context: Context, directory: string, deep: boolean): Promise<SiteFacts> {
  const windows = context.platform.os === 'windows';
  const nothing: SiteFacts = {
    directory,
    windows,
    allowsDoubleEscaping: false,
    hidesBin: true,
    variables: {},
    shellVariables: Object.keys(context.variables).filter((name) => /^SITE_[A-Z_]+$/.test(name)),
    missing: [],
    folders: [],
    openSecrets: [],
    unserved: [],
  };
  let site: Site;
  try {
    site = await readSite(directory);
  } catch (error) {
    const hint = error instanceof AppError ? error.hint : undefined;
    const details =
      error instanceof AppError && error.details.length > 0 ? `: ${error.details.join(', ')}` : '';
    return {
      ...nothing,
      trouble: { message: messageOf(error) + details, ...(hint === undefined ? {} : { hint }) },
    };
  }
  const { config } = site;
  const variables = expandVariables(config.variables, {
    directory: site.directory,
    windows,
    environment: context.variables,
    host: 'localhost',
    port: 80,
  });
  const text = (await readText(join(directory, 'web.config'))) ?? '';
  const [deploy, folders, openSecrets, unserved, missing] = await Promise.all([
    deployFacts(directory, variables),
    Promise.all(['data', 'log'].map((name) => folderState(directory, name))),
    windows ? [] : secretsOf(directory),
    unservedFolders(site, windows),
    missingFiles(directory, variables),
  ]);
  return {
    ...nothing,
    config,
    variables,
    allowsDoubleEscaping: /allowDoubleEscaping\s*=\s*["']true["']/i.test(text),
    hidesBin: !/<remove\s+segment\s*=\s*["']bin["']/i.test(text),
    deploy,
    folders,
    openSecrets,
    unserved,
    missing,
    ...(await pythonFacts(context, directory, variables, deep)),
  };
}

async function pythonFacts(
  { run, signal }: Context,
  directory: string,
  variables: Readonly<Record<string, string>>,
  deep: boolean,
): Promise<Pick<SiteFacts, 'environment' | 'application' | 'deep'>> {
  const requirements = (await readText(join(directory, 'requirements.txt'))) ?? '';
  const folder = resolve(directory, variables['VIRTUAL_ENV'] ?? '.venv');
  const environment = await environmentFacts(folder, requirements, run);
  if (environment.python === undefined || environment.trouble !== undefined) return { environment };
  const request = { python: environment.python.path, directory, variables, run, signal };
  const [application, more] = await Promise.all([
    applicationFacts({ ...request, deep: false }),
    deep ? applicationFacts({ ...request, deep: true }) : undefined,
  ]);
  return { environment, application, ...(more === undefined ? {} : { deep: more }) };
}

/** The note that the workers keep of a deploy (feed/packages/python-workers/zoodone.py). */
async function deployFacts(
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<DeployFacts> {
  const named = resolve(directory, variables['DEPLOY_FILE'] ?? 'deploy.py');
  const scripts = [named, named.replace(/\.py$/, '_done.py')];
  const there = await Promise.all(scripts.map(exists));
  const script = scripts.find((_, index) => there[index]);
  const log = resolve(directory, variables['DEPLOY_LOG'] ?? join('log', 'deploy.log'));
  const lines = ((await readIfThere(log).catch(() => '')) ?? '').trimEnd().split(/\r?\n/);
  const lastLines = lines.filter((line) => line.trim() !== '').slice(-3);
  const record = await readRecord(directory, script);
  return { lastLines, ...(script === undefined ? {} : { script }), ...(record ? { record } : {}) };
}

async function readRecord(directory: string, script: string | undefined): Promise<DeployFacts['record']> {
  try {
    const text = (await readIfThere(join(directory, 'data', 'deploy.json'))) ?? '';
    const note = JSON.parse(text) as Partial<Record<string, unknown>>;
    const { sha256, machine, status, time } = note;
    if (typeof status !== 'number') return undefined;
    const here = machine === hostname();
    const current = here && script !== undefined && sha256 === (await fingerprint(directory, script));
    return { status, time: textOf(time), current, machine: textOf(machine) };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The same bytes that the workers hash: each file with its length. */
async function fingerprint(directory: string, script: string): Promise<string> {
  const digest = createHash('sha256');
  for (const path of [script, join(directory, 'requirements.txt')]) {
    const content = await readFile(path).catch(() => Buffer.alloc(0));
    digest.update(`${content.length}\n`).update(content);
  }
  return digest.digest('hex');
}

async function folderState(directory: string, name: string): Promise<SiteFacts['folders'][number]> {
  const path = join(directory, name);
  if (!(await exists(path))) return { name, state: 'absent' };
  const writable = await access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return { name, state: writable ? 'writable' : 'read-only' };
}

/** What must not be read by everybody: the folder `data` keeps what lies in it, when it is closed itself. */
async function secretsOf(directory: string): Promise<SiteFacts['openSecrets']> {
  const data = join(directory, 'data');
  const isOpen = ((await stat(data).catch(() => undefined))?.mode ?? 0) & 0o001;
  const inside = isOpen ? await readdir(data).catch(() => []) : [];
  const paths = [join(directory, '.env'), ...inside.map((name) => join(data, name))];
  const found = await Promise.all(
    paths.map(async (path) => {
      const information = await stat(path).catch(() => undefined);
      const mode = (information?.mode ?? 0) & 0o777;
      return information?.isFile() === true && (mode & 0o004) !== 0 ? [{ path, mode }] : [];
    }),
  );
  return found.flat();
}

async function unservedFolders(site: Site, windows: boolean): Promise<string[]> {
  const found: string[] = [];
  for (const name of ['static', 'media'])
    if ((await exists(join(site.directory, name))) && servedBy(site, `/${name}/x`, windows) === 'worker')
      found.push(name);
  return found;
}

/** Modules and files that the worker would look for first. */
async function missingFiles(
  directory: string,
  variables: Readonly<Record<string, string>>,
): Promise<string[]> {
  const settings = variables['DJANGO_SETTINGS_MODULE'];
  const callable = variables['WSGI_APP'];
  const modules = [settings, callable?.split('.').slice(0, -1).join('.')].flatMap((name) =>
    name === undefined || /[\\/]/.test(name) ? [] : [name],
  );
  const missing: string[] = [];
  for (const name of modules) {
    const path = name.split('.').join('/');
    const places = [`${path}.py`, `${path}/__init__.py`].map((each) => exists(join(directory, each)));
    if (!(await Promise.all(places)).includes(true)) missing.push(`${path}.py`);
  }
  return missing;
}

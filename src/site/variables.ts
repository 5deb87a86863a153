// Comes in: a site's variables as web.config has them. Goes out: the environment of its worker, `%NAME%` expanded and
// Windows paths turned to this system's. Knows no file and no process.
// Rules: helicon-zoo c.3 and c.4; only Helicon's module did this, IIS does not, so we do it everywhere.
import { sameName } from './handlers.js';
import type { SiteVariable } from './webconfig.js';

/** What a value may refer to besides the variables above it. */
export interface VariableContext {
  /** The site's folder, absolute. */
  readonly directory: string;
  readonly windows: boolean;
  /** Of this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  readonly port: number;
}

/** Values that are lists of folders, `;` between them on Windows. */
const listNames = ['PATH', 'PYTHONPATH', 'NODE_PATH', 'GEM_PATH'];
/** Values that are one path. */
const pathNames = ['DEPLOY_FILE', 'DEPLOY_LOG', 'ERROR_LOG_DIR', 'VIRTUAL_ENV', 'APPDATA', 'TEMP', 'TMP'];
/** Module name, or on old sites a path: a path has a separator. */
const moduleNames = ['DJANGO_SETTINGS_MODULE', 'WSGI_APP'];
const otherNames = ['WATCH_FILE_CHANGES_MASK', 'WORKER_REQUEST_TIMEOUT', 'django.root'];
const knownNames = [...listNames, ...pathNames, ...moduleNames, ...otherNames];

const reference = /%([A-Za-z_][\w.()-]*)%/g;

/** The variables of Helicon's module, for the one application that a host serves: the root of its address. */
export function moduleVariables(context: VariableContext): Readonly<Record<string, string>> {
  const directory = context.directory.replace(/(?<=.)[\\/]+$/, '');
  return {
    APPL_PHYSICAL_PATH: directory,
    APPL_PHYSICAL_SHORT_PATH: directory,
    APPL_VIRTUAL_PATH: '',
    APPL_ID: '/LM/W3SVC/1/ROOT',
    APP_POOL_ID: 'zookit',
    INSTANCE_ID: '1',
    HOST: context.host,
    PORT: String(context.port),
  };
}

/**
 * Expands in order: a value sees the variables above it, then the module's, then the process's environment, without
 * regard to case. An unknown `%NAME%` stays as it is, except in lists of folders, where its entry is dropped (field
 * note 18). Names come out in one spelling: the environment's own, else the usual one, else as first written.
 */
export function expandVariables(
  variables: readonly SiteVariable[],
  context: VariableContext,
): Readonly<Record<string, string>> {
  const module = new Map(Object.entries(moduleVariables(context)).map(([key, value]) => [fold(key), value]));
  const outer = new Map<string, string>();
  for (const [key, value] of Object.entries(context.environment)) {
    if (value !== undefined) outer.set(fold(key), value);
  }
  const defined = new Map<string, { readonly name: string; readonly value: string }>();
  const lookup = (name: string): string | undefined =>
    defined.get(fold(name))?.value ?? module.get(fold(name)) ?? outer.get(fold(name));

  for (const variable of variables) {
    const name = defined.get(fold(variable.name))?.name ?? spelling(variable.name, context.environment);
    defined.set(fold(variable.name), {
      name,
      value: expandValue(name, variable.value, lookup, context.windows),
    });
  }
  return Object.fromEntries([...defined.values()].map(({ name, value }) => [name, value]));
}

function fold(name: string): string {
  return name.toLowerCase();
}

function spelling(name: string, environment: VariableContext['environment']): string {
  const known = (names: readonly string[]): string | undefined => names.find((each) => sameName(each, name));
  return known(Object.keys(environment)) ?? known(knownNames) ?? name;
}

function expandValue(
  name: string,
  text: string,
  lookup: (name: string) => string | undefined,
  windows: boolean,
): string {
  if (listNames.includes(name)) return expandList(text, lookup, windows);
  const value = expandText(text, lookup);
  return !windows && isPath(name, text) ? value.replaceAll('\\', '/') : value;
}

function isPath(name: string, text: string): boolean {
  if (pathNames.includes(name) || /^%APPL_PHYSICAL_(SHORT_)?PATH%/i.test(text)) return true;
  return moduleNames.includes(name) && /[\\/]/.test(text);
}

function expandText(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(reference, (whole, name: string) => lookup(name) ?? whole);
}

/** Entries that cannot exist here go: unknown references, empty ones (the current folder!), drives on POSIX. */
function expandList(text: string, lookup: (name: string) => string | undefined, windows: boolean): string {
  const entries = text
    .split(';')
    .map((entry) => expandText(entry.trim(), lookup))
    .filter((entry) => entry !== '' && entry.search(reference) === -1);
  if (windows) return entries.join(';');
  return entries
    .filter((entry) => !/^[A-Za-z]:[\\/]/.test(entry))
    .map((entry) => entry.replaceAll('\\', '/'))
    .join(':');
}

// Comes in: the root that the user names, or nothing. Goes out: where everything lies. Makes no folder.
// Defaults: what administrators share belongs to the machine; anybody else's lies in their own data folder (XDG).
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Paths {
  /** The default roots of all administrators: nobody else may have a hand in them. */
  readonly machineWide: boolean;
  /** Products' own folders: Pythons, the workers, environments. Read by the web server, written by us only. */
  readonly programs: string;
  readonly enginesFolder: string;
  readonly hosting: string;
  readonly defaultEnvironment: string;
  /** What only we read. */
  readonly journal: string;
  readonly lock: string;
  /** Hashes of installed files. */
  readonly manifests: string;
  readonly cache: string;
  readonly feedCache: string;
  readonly toolCache: string;
  /** What installers log. */
  readonly logs: string;
  readonly savedFeeds: string;
  readonly mirrors: string;
  readonly pythonMemory: string;
  /** What a bundle has left for later: its feed and files. */
  readonly bundle: string;
  /** What goes on after a restart of the machine. */
  readonly resume: string;
}

/**
 * The layout below a root. Without one: administrators share the machine's (on Windows programs and state have different homes
 * there), because services must read what they install; anybody else has one in their own data folder.
 */
export function pathsFor(root: string | undefined, isAdministrator: boolean): Paths {
  const { programs, state } =
    root === undefined ? defaultRoots(isAdministrator) : { programs: resolve(root), state: resolve(root) };
  return {
    machineWide: root === undefined && isAdministrator,
    programs,
    enginesFolder: join(programs, 'python'),
    hosting: join(programs, 'hosting'),
    defaultEnvironment: join(programs, 'environments', 'default'),
    journal: join(state, 'journal.jsonl'),
    lock: join(state, 'lock'),
    manifests: join(state, 'manifests'),
    cache: join(state, 'cache'),
    feedCache: join(state, 'cache', 'feeds'),
    toolCache: join(state, 'cache', 'tools'),
    logs: join(state, 'logs'),
    savedFeeds: join(state, 'feeds.json'),
    mirrors: join(state, 'mirrors.json'),
    pythonMemory: join(state, 'cache', 'pythons.json'),
    bundle: join(state, 'bundle'),
    resume: join(state, 'resume.json'),
  };
}

/** Where environments lie on a machine of another system: what its own `pathsFor` would say. */
export function foreignEnvironment(os: 'windows' | 'linux' | 'macos'): string {
  const names = [foreignPrograms(os), 'environments', 'default'];
  return names.join(os === 'windows' ? '\\' : '/');
}

/** Where products' own folders lie on a machine of another system: what its own `pathsFor` would say. */
export function foreignPrograms(os: 'windows' | 'linux' | 'macos'): string {
  if (os === 'windows') return 'C:\\Program Files\\Zookit';
  return os === 'linux' ? '/var/lib/zookit' : '~/.local/share/zookit';
}

function defaultRoots(isAdministrator: boolean): { programs: string; state: string } {
  const { ProgramW6432, ProgramFiles, ProgramData, LOCALAPPDATA, XDG_DATA_HOME } = process.env;
  if (process.platform === 'win32' && isAdministrator) {
    return {
      // A 32-bit Node is told another folder than the one that services look into.
      programs: join(ProgramW6432 ?? ProgramFiles ?? 'C:\\Program Files', 'Zookit'),
      state: join(ProgramData ?? 'C:\\ProgramData', 'Zookit'),
    };
  }
  const own =
    process.platform === 'win32'
      ? join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Zookit')
      : join(XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'zookit');
  const one = isAdministrator ? '/var/lib/zookit' : own;
  return { programs: one, state: one };
}

/** Files that a bundle has left, in the layout of the cache. */
export function keptFiles({ bundle }: Pick<Paths, 'bundle'>): string {
  return join(bundle, 'files');
}

/** Where this Zookit lies: a clone, or an installed package. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/** The feed that ships with Zookit. */
export const builtInFeed = join(packageFolder, 'feed', 'feed.xml');

/** Files that go into every bundle. */
export const bundleTemplate = join(packageFolder, 'templates', 'bundle');

/** Skeleton files that every project gets. */
export const sharedTemplate = join(packageFolder, 'templates', 'shared');

export const packageFile = join(packageFolder, 'package.json');

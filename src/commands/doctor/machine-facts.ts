// Looks at this machine for `zookit doctor`: its interpreters, room, proxies, rights, and what Windows says of itself.
// Comes in: a context. Goes out: facts, judged elsewhere. Writes nothing, waits for nobody longer than two seconds.
import { access, constants } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basePythonOf } from '../../lib/environment.js';
import type { Registry } from '../../catalog/registry.js';
import { openRegistry } from '../../catalog/registry.js';
import { findPythons } from '../../catalog/pythons.js';
import { registeredPythons } from '../../catalog/registered-pythons.js';
import { pendingRestart } from '../../catalog/windows-facts.js';
import type { Context } from '../../context.js';
import { isAdmin } from '../../context.js';
import { messageOf } from '../../errors.js';
import { freeBytes } from '../../lib/files.js';
import { programOnPath } from '../../lib/programs.js';
import { proxyFor } from '../../lib/proxy.js';
import type { OperatingSystem } from '../../types.js';
import type { PythonFacts } from './python.js';
import { askPython } from './python.js';

export interface FolderFacts {
  /** `root`, `temporary files`. */
  readonly name: string;
  readonly path: string;
  /** Bytes; absent where nobody tells. */
  readonly free?: number;
  readonly writable: boolean;
}

export interface ProxyFacts {
  /** The variable, or what of Windows' settings names it. */
  readonly name: string;
  /** Without user and password. */
  readonly address: string;
  /** Why it does not serve; absent when it answers. */
  readonly trouble?: string;
}

export interface WindowsFacts {
  /** Paths of more than 260 characters. */
  readonly longPaths: boolean;
  /** Why a restart is waited for. */
  readonly pendingRestart: readonly string[];
  /** The proxy of the Internet settings, which programs of the console do not look at. */
  readonly userProxy?: string;
}

export interface MachineFacts {
  readonly os: OperatingSystem;
  /** Of Node, as `v22.1.0`. */
  readonly node: string;
  readonly pythons: readonly PythonFacts[];
  readonly uv?: string;
  readonly folders: readonly FolderFacts[];
  readonly proxies: readonly ProxyFacts[];
  /** A file of SSL_CERT_FILE, and why it cannot be read. */
  readonly certificates?: { readonly file: string; readonly trouble?: string };
  readonly admin: boolean;
  readonly windows?: WindowsFacts;
}

/** Everything that is asked at once. */
export async function machineFacts(context: Context): Promise<MachineFacts> {
  const { platform, run, variables, paths } = context;
  const registry = platform.os === 'windows' ? openRegistry(run, variables) : undefined;
  const [pythons, uv, folders, proxies, certificates, admin, windows] = await Promise.all([
    pythonsHere(context, registry),
    uvVersion(context),
    Promise.all([folderFacts('root', paths.programs), folderFacts('temporary files', tmpdir())]),
    proxyFacts(variables),
    certificateFacts(variables['SSL_CERT_FILE']),
    isAdmin(context),
    registry === undefined ? undefined : windowsFacts(registry),
  ]);
  return {
    os: platform.os,
    node: process.version,
    pythons,
    folders,
    proxies,
    admin,
    ...(uv === undefined ? {} : { uv }),
    ...(certificates === undefined ? {} : { certificates }),
    ...(windows === undefined ? {} : { windows }),
  };
}

async function pythonsHere(context: Context, registry: Registry | undefined): Promise<PythonFacts[]> {
  const { run, paths, variables, signal } = context;
  const base = await basePythonOf(paths.defaultEnvironment);
  const found = await findPythons({
    run,
    enginesFolder: paths.enginesFolder,
    memoryFile: paths.pythonMemory,
    readOnly: true,
    searchPath: variables['PATH'] ?? variables['Path'] ?? '',
    registered: registry === undefined ? [] : await registeredPythons(registry),
    ...(base === undefined ? {} : { environmentBase: base }),
  });
  return Promise.all(found.map((python) => askPython(python, run, signal)));
}

async function uvVersion({ run, variables }: Context): Promise<string | undefined> {
  const path = await programOnPath('uv', variables['PATH'] ?? variables['Path'] ?? '');
  if (path === undefined) return undefined;
  const { stdout } = await run(path, ['--version']);
  return /\d+\.\d+\S*/.exec(stdout)?.[0];
}

async function folderFacts(name: string, path: string): Promise<FolderFacts> {
  const [free, writable] = await Promise.all([
    freeBytes(path),
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    ),
  ]);
  return { name, path, writable, ...(free === undefined ? {} : { free }) };
}

type Variables = Context['variables'];

/** What the variables name, whatever goes past it. */
async function proxyFacts(variables: Variables): Promise<ProxyFacts[]> {
  const everywhere = { ...variables, no_proxy: '', NO_PROXY: '' };
  const found = await Promise.all(['http', 'https'].map((each) => proxyOf(each, everywhere)));
  return found.flatMap((each) => each ?? []);
}

async function proxyOf(scheme: string, variables: Variables): Promise<ProxyFacts | undefined> {
  const name = `${scheme.toUpperCase()}_PROXY`;
  try {
    const proxy = proxyFor(new URL(`${scheme}://zookit.invalid/`), variables);
    if (proxy === undefined) return undefined;
    const { protocol, host, port } = proxy;
    const address = `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const trouble = await connectionTrouble(host, port);
    return { name, address, ...(trouble === undefined ? {} : { trouble }) };
  } catch (error) {
    return { name, address: '', trouble: messageOf(error) };
  }
}

/** Milliseconds that a machine of the same network has to say that it is there. */
const patience = 2000;

/** Why nobody listens there; undefined when somebody does. */
export function connectionTrouble(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const end = (trouble?: string): void => {
      socket.destroy();
      resolve(trouble);
    };
    socket.on('connect', () => end());
    socket.on('timeout', () => end(`no answer within ${patience / 1000} seconds`));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

async function certificateFacts(file: string | undefined): Promise<MachineFacts['certificates']> {
  if (file === undefined || file === '') return undefined;
  return access(file, constants.R_OK).then(
    () => ({ file }),
    (error: unknown) => ({ file, trouble: (error as NodeJS.ErrnoException).code ?? messageOf(error) }),
  );
}

const internetSettings = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';
const fileSystem = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\FileSystem';

/** https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation */
export async function windowsFacts(registry: Registry): Promise<WindowsFacts> {
  const [restart, files, internet] = await Promise.all([
    pendingRestart(registry),
    registry.key(fileSystem, 64),
    registry.key(internetSettings, 64),
  ]);
  const valueOf = (key: typeof files, wanted: string): string =>
    key?.values.find(({ name }) => name.toLowerCase() === wanted)?.text ?? '';
  const userProxy = valueOf(internet, 'proxyenable') === '1' ? valueOf(internet, 'proxyserver') : '';
  return {
    longPaths: valueOf(files, 'longpathsenabled') === '1',
    pendingRestart: restart,
    ...(userProxy === '' ? {} : { userProxy }),
  };
}

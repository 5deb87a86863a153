// Comes in: wheel files and an environment's interpreter. Goes out: packages in or out of the environment. The one place
// that knows the command lines of uv and pip for this; nothing here can reach an index.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '../src/errors.js';
import { basePythonOf, environmentPython } from '../src/lib/environment.js';
import { besideName } from '../src/lib/files.js';
import type { Run, RunResult } from '../src/lib/run.js';
import { lastLines } from '../src/lib/run.js';
import { addBytecode } from './bytecode.js';

export interface WheelFile {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly path: string;
}

export interface WheelTools {
  /** The environment. */
  readonly environment: string;
  readonly uv?: string;
  /** Base interpreters whose pip may serve. */
  readonly pipPythons: readonly string[];
  /** A wheel of pip, for an environment whose base has none. */
  readonly pipWheel?: string;
  readonly run: Run;
  readonly toolCache?: string;
  readonly progress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Installs wheels, and only these, with their bytecode. Throws PYTHON_FAILED. */
export async function installWheels(
  wheels: readonly WheelFile[],
  tools: WheelTools & { readonly reinstall?: boolean },
): Promise<void> {
  await inOwnFolder(tools, async (folder) => {
    const list = join(folder, 'requirements.txt');
    await writeFile(
      list,
      wheels.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join(''),
    );
    const fixed = [...onlyFiles, '--require-hashes', '-r', list];
    const links = wheels.flatMap(({ path }) => ['--find-links', dirname(path)]);
    await runInstaller(['install', ...fixed, ...links, ...(tools.reinstall ? [again(tools)] : [])], tools);
    await addBytecode(wheels, tools);
  });
}

const onlyFiles = ['--no-index', '--no-deps'];

/**
 * What installing packages comes to, for people: by uv, else by pip of `python`. The list of hashes and the folders of wheels,
 * which are made for the run, are named by what they hold: the packages.
 */
export function shownInstall(
  pins: readonly string[],
  target: string,
  tools: { readonly uv?: string; readonly python: string },
): { readonly command: readonly string[]; readonly undo: readonly string[] } {
  const names = pins.map((pin) => pin.split('==')[0] ?? pin);
  const words = (verb: string, rest: readonly string[]): readonly string[] =>
    tools.uv === undefined
      ? [tools.python, ...pipWords(verb, target, rest)]
      : [tools.uv, ...uvWords(verb, target, rest)];
  return { command: words('install', [...onlyFiles, ...pins]), undo: words('uninstall', names) };
}

/** pip and uv have different words for "although it is there". */
function again({ uv }: WheelTools): string {
  return uv === undefined ? '--force-reinstall' : '--reinstall';
}

/** A folder that is gone afterwards, or swept by the next run. */
export async function inOwnFolder<T>(
  { toolCache }: Pick<WheelTools, 'toolCache'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = besideName(join(toolCache ?? tmpdir(), 'wheels'), 'temporary');
  await mkdir(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Takes packages out; those that are not there are no matter. */
export async function removePackages(names: readonly string[], tools: WheelTools): Promise<void> {
  if (names.length > 0) await runInstaller(['uninstall', ...names], tools);
}

/** Puts earlier versions (`name==version`) back from folders of kept wheels. */
export async function restorePackages(
  pins: readonly string[],
  folders: readonly string[],
  tools: WheelTools,
): Promise<void> {
  if (pins.length === 0) return;
  const links = folders.flatMap((folder) => ['--find-links', folder]);
  await runInstaller(['install', '--no-index', '--no-deps', again(tools), ...links, ...pins], tools);
  await addBytecode(
    pins.map((pin) => ({ name: pin.split('==')[0] ?? pin })),
    tools,
  );
}

async function runInstaller(args: readonly string[], tools: WheelTools): Promise<void> {
  const { uv } = tools;
  // An installer that is ended leaves its temporary files behind.
  const result = await inOwnFolder(tools, (folder) => {
    const env = { TMPDIR: folder, TEMP: folder, TMP: folder };
    return uv === undefined ? runPip(args, tools, env) : runUv(uv, args, tools, env);
  });
  if (result.status === 0) return;
  throw new AppError(
    'PYTHON_FAILED',
    `${tools.uv === undefined ? 'pip' : 'uv'} could not ${args[0] ?? ''} packages`,
    {
      details: lastLines(result, 5),
      hint: 'Mend what it says and run the same command again; a damaged wheel is found by `zookit cache verify`',
    },
  );
}

function uvWords(verb: string, target: string, rest: readonly string[]): string[] {
  return ['pip', verb, '--python', target, ...rest];
}

function pipWords(verb: string, target: string, rest: readonly string[]): string[] {
  return ['-m', 'pip', '--python', target, ...verbWords(verb, rest)];
}

function verbWords(verb: string, rest: readonly string[]): string[] {
  const quiet = ['--isolated', '--quiet', '--no-input', '--disable-pip-version-check'];
  const flags = verb === 'uninstall' ? ['--yes'] : ['--no-warn-script-location', '--no-compile'];
  return [verb, ...quiet, ...flags, ...rest];
}

function runUv(
  uv: string,
  args: readonly string[],
  tools: WheelTools,
  env: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const [verb = '', ...rest] = args;
  return tools.run(uv, uvWords(verb, environmentPython(tools.environment), rest), {
    ...optionsOf(tools),
    env: {
      ...env,
      UV_OFFLINE: '1',
      UV_NO_CONFIG: '1',
      UV_NO_PROGRESS: '1',
      UV_PYTHON_DOWNLOADS: 'never',
      ...(tools.toolCache === undefined ? {} : { UV_CACHE_DIR: join(tools.toolCache, 'uv') }),
      // On NTFS a hard link shares the cache file's access list: the pool would get "access denied".
      ...(process.platform === 'win32' ? { UV_LINK_MODE: 'copy' } : {}),
    },
  });
}

/** pip of a base interpreter acts on the environment by `--python` (pip 22.3); the environment itself has no pip. */
async function runPip(
  args: readonly string[],
  tools: WheelTools,
  temporary: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const [verb = '', ...rest] = args;
  let last: RunResult | undefined;
  // The environment's own base first: a pip of another minor version may not run under this interpreter at all.
  const own = await basePythonOf(tools.environment);
  const target = environmentPython(tools.environment);
  const bases = new Set([...(own === undefined ? [] : [own]), ...tools.pipPythons]);
  const tries = [...bases].map((base) => [base, ...pipWords(verb, target, rest)]);
  // A wheel of pip runs itself, and under the environment's own Python it needs no `--python`.
  if (tools.pipWheel !== undefined)
    tries.push([target, join(tools.pipWheel, 'pip'), ...verbWords(verb, rest)]);
  for (const [program = '', ...words] of tries) {
    const result = await tools.run(program, words, {
      ...optionsOf(tools),
      env: {
        ...temporary,
        PYTHONUTF8: '1',
        PIP_ROOT_USER_ACTION: 'ignore',
        PYTHON_MANAGER_AUTOMATIC_INSTALL: 'false',
      },
    });
    if (!/No module named '?pip|no such option: --python/.test(result.stderr) && result.status !== 127)
      return result;
    last = result;
  }
  throw new AppError(
    'PYTHON_FAILED',
    'Cannot install Python packages: there is neither uv nor a pip of 22.3 or newer',
    {
      details: last ? lastLines(last, 1) : [],
      hint:
        process.platform === 'linux'
          ? 'Install one: `apt-get install python3-pip`'
          : 'Install one: `python -m ensurepip`',
    },
  );
}

function optionsOf(tools: WheelTools): { onLine?: (line: string) => void; signal?: AbortSignal } {
  return {
    ...(tools.progress ? { onLine: tools.progress } : {}),
    ...(tools.signal ? { signal: tools.signal } : {}),
  };
}

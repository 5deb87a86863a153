// Comes in: PATH, what the registry names and the folders where Zookit unpacks Pythons. Goes out: the CPython interpreters that really run, each
// with its version. Knows no product and no environment.
// Rules: PEP 394 for names; the stubs below WindowsApps and the `py` launcher are never run (they may install things).
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { isInside, readIfThere, writeWhole } from '../lib/files.js';
import type { Run } from '../lib/run.js';

export interface FoundPython {
  /** `3.12.1`. */
  readonly version: string;
  /** The base interpreter, links resolved. */
  readonly path: string;
}

export interface PythonSearch {
  readonly run: Run;
  /** The value of PATH. */
  readonly searchPath: string;
  /** Our own unpacked Pythons: `<folder>/3.13/python.exe` or `<folder>/3.13/bin/python3`. */
  readonly enginesFolder: string;
  /** Interpreters that Windows' registry names. */
  readonly registered?: readonly string[];
  /** A folder whose Pythons do not count: users' profiles, which services cannot read. */
  readonly outside?: string;
  /** What an interpreter must be built for, as `sysconfig.get_platform()` says: wheels for `win-amd64` serve no `win32`. */
  readonly builtFor?: string;
  /** The base of the environment that the command works on: it counts wherever it lies. */
  readonly environmentBase?: string;
  /** Remembers what an unchanged interpreter said: starting eight of them costs more than everything else. */
  readonly memoryFile: string;
  /** Nothing new is remembered: whoever only looks changes no file. */
  readonly readOnly?: boolean;
}

/** Every usable CPython 3 once, our own first, then in the order of PATH. */
export async function findPythons(search: PythonSearch): Promise<FoundPython[]> {
  const { outside } = search;
  const elsewhere = [...(search.registered ?? []), ...(await onPath(search.searchPath))];
  const candidates = [
    ...(await engines(search.enginesFolder)),
    ...elsewhere.filter((path) => outside === undefined || !isInside(outside, path)),
    ...(search.environmentBase === undefined ? [] : [search.environmentBase]),
  ];
  const paths = [...new Set(await Promise.all(candidates.map((path) => realpath(path).catch(() => path))))];
  const memory = await readMemory(search.memoryFile);
  const asked = await Promise.all(paths.map((path) => ask(path, memory, search.run)));
  const known = new Map(
    asked.flatMap(({ key, answer }) => (key === undefined ? [] : [[key, answer] as const])),
  );
  if (search.readOnly !== true && asked.some(({ key }) => key !== undefined && !memory.has(key)))
    await writeMemory(search.memoryFile, known);
  return asked.flatMap(({ path, answer }) => {
    const [version = '', builtFor] = answer.split(' ');
    const fits = search.builtFor === undefined || builtFor === search.builtFor;
    return version !== '' && fits ? [{ version, path }] : [];
  });
}

const interpreterName = /^python(3(\.\d+)?)?(\.exe)?$/i;

async function onPath(searchPath: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of new Set(searchPath.split(delimiter))) {
    // A folder that is relative is another one wherever zookit is started.
    if (!isAbsolute(folder) || /[\\/]Microsoft[\\/]WindowsApps/i.test(folder)) continue;
    const names = await namesIn(basename(folder) === 'shims' ? join(dirname(folder), 'versions') : folder);
    // pyenv's shims run only the versions that are switched on; the versions themselves lie beside them.
    if (basename(folder) === 'shims' && names.length > 0) {
      const bins = names.map((name) => join(dirname(folder), 'versions', name, 'bin', 'python3'));
      found.push(...(await existing(bins)));
    } else {
      found.push(...names.filter((name) => interpreterName.test(name)).map((name) => join(folder, name)));
    }
  }
  return found;
}

async function engines(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  return existing(
    names.flatMap((name) => [join(folder, name, 'python.exe'), join(folder, name, 'bin', 'python3')]),
  );
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => there[index]);
}

/** Says version and platform of an ordinary CPython; nothing for PyPy and for free-threaded builds, whose wheels differ. */
const question = [
  'import sys, sysconfig',
  'ok = sys.implementation.name == "cpython" and sys.version_info[0] == 3',
  'ok = ok and not sysconfig.get_config_var("Py_GIL_DISABLED") and sys.prefix == sys.base_prefix',
  'level = sys.version_info[3]',
  'tail = "" if level == "final" else {"alpha": "a", "beta": "b", "candidate": "rc"}[level] + str(sys.version_info[4])',
  'print(".".join(map(str, sys.version_info[:3])) + tail + " " + sysconfig.get_platform() if ok else "")',
].join('\n');

async function ask(
  path: string,
  memory: ReadonlyMap<string, string>,
  run: Run,
): Promise<{ path: string; key: string | undefined; answer: string }> {
  const information = await stat(path).catch(() => undefined);
  if (!information?.isFile()) return { path, key: undefined, answer: '' };
  const key = `${path}|${information.mtimeMs}|${information.size}`;
  const before = memory.get(key);
  if (before !== undefined && isAnswer(before)) return { path, key, answer: before };
  const result = await run(path, ['-I', '-S', '-c', question], {
    env: { PYTHON_MANAGER_AUTOMATIC_INSTALL: 'false' },
  });
  const answer = result.status === 0 ? result.stdout.trim() : '';
  return { path, key, answer: isAnswer(answer) ? answer : '' };
}

function isAnswer(text: string): boolean {
  return text === '' || /^3\.\d+\.\d+\S* \S+$/.test(text);
}

async function readMemory(file: string): Promise<Map<string, string>> {
  try {
    const text = await readIfThere(file);
    return new Map(Object.entries(JSON.parse(text ?? '{}') as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** A root that cannot be written to costs time, not the answer. */
async function writeMemory(file: string, memory: ReadonlyMap<string, string>): Promise<void> {
  await writeWhole(file, `${JSON.stringify(Object.fromEntries(memory), null, 1)}\n`).catch(() => undefined);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

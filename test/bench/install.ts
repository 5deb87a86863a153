// How long a Django project with Pillow and psycopg takes from warm caches, against uv and against venv and pip with the
// same wheels; all end with the same bytecode, which Zookit keeps and the others compile: a row tells what the first time
// costs. The deploy run (migrate, collectstatic) is no work of theirs and has a row of its own.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { basePythonOf, environmentPython } from '../../src/lib/environment.js';
import { programOnPath } from '../../src/lib/programs.js';
import type { Contestant, Measured, Row } from './measure.js';
import { median, race, table } from './measure.js';
import { must } from './must.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

/** Folders and programs of one run of the bench. */
interface Arena {
  readonly folder: string;
  readonly python: string;
  readonly uv: string;
  /** The pins that Zookit chose, as `requirements.txt`. */
  readonly pins: string;
  /** Holds exactly those wheels. */
  readonly wheels: string;
}

/** Prints the table and where Zookit's own time goes. */
export async function benchInstall(rounds: number): Promise<void> {
  const uv = await programOnPath('uv', process.env['PATH'] ?? '');
  if (uv === undefined) throw new Error('uv is not on PATH: there is nothing to measure against');
  const folder = mkdtempSync(join(tmpdir(), 'zookit-bench-'));
  try {
    const arena = await fillCaches(folder, uv);
    const own = [zookitNew(arena), zookitFirst(arena), zookitDeploy(arena)];
    const results = race([...own, uvInstall(arena), pipInstall(arena)], rounds);
    checkBytecode(arena);
    process.stdout.write(`${report(results)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A first project fetches all wheels into the cache; its pins and wheels are what the others install. */
async function fillCaches(folder: string, uv: string): Promise<Arena> {
  const project = join(folder, 'first');
  zookit(folder, newWords(project));
  const python = await basePythonOf(join(project, '.venv'));
  if (python === undefined) throw new Error('The first project has no base interpreter');
  const wheels = join(folder, 'wheels');
  mkdirSync(wheels);
  for (const path of readdirSync(join(folder, 'root', 'cache', 'files'), {
    recursive: true,
    encoding: 'utf8',
  }))
    if (path.endsWith('.whl'))
      symlinkSync(join(folder, 'root', 'cache', 'files', path), join(wheels, basename(path)));
  return { folder, python, uv, pins: join(project, 'requirements.txt'), wheels };
}

function newWords(project: string): string[] {
  const products = ['--database', 'postgresql', '--with', 'Pillow'];
  return ['new', 'DjangoProject', project, ...products, '--no-deploy', '--yes', '--verbose'];
}

function zookitNew({ folder }: Arena): Contestant {
  const project = join(folder, 'project');
  return {
    name: 'zookit new',
    prepare: () => rmSync(project, { recursive: true, force: true }),
    run: () => zookit(folder, newWords(project)),
  };
}

/** The same without bytecode in the cache. */
function zookitFirst({ folder }: Arena): Contestant {
  const project = join(folder, 'compiled');
  return {
    name: 'zookit new, nothing compiled yet',
    prepare: () => {
      rmSync(project, { recursive: true, force: true });
      rmSync(join(folder, 'root', 'cache', 'tools', 'bytecode'), { recursive: true, force: true });
    },
    run: () => zookit(folder, newWords(project)),
  };
}

function uvInstall({ folder, uv, python, pins, wheels }: Arena): Contestant {
  const environment = join(folder, 'by-uv');
  const env = { UV_CACHE_DIR: join(folder, 'uv-cache'), UV_NO_CONFIG: '1', UV_OFFLINE: '1' };
  const target = ['--python', environmentPython(environment)];
  const source = ['--no-index', '--find-links', wheels, '--no-deps', '-r', pins];
  return {
    name: 'uv venv, uv pip install',
    prepare: () => rmSync(environment, { recursive: true, force: true }),
    run: () => {
      must(uv, ['venv', '--python', python, environment], env);
      return must(uv, ['pip', 'install', '--compile-bytecode', ...target, ...source], env).stderr;
    },
  };
}

function pipInstall({ folder, python, pins, wheels }: Arena): Contestant {
  const environment = join(folder, 'by-pip');
  const source = ['--no-index', '--find-links', wheels, '--no-deps', '-r', pins];
  return {
    name: 'python -m venv, pip install',
    prepare: () => rmSync(environment, { recursive: true, force: true }),
    run: () => {
      must(python, ['-m', 'venv', environment]);
      return must(environmentPython(environment), ['-m', 'pip', 'install', ...source]).stderr;
    },
  };
}

/** The first deploy of a fresh project on SQLite. */
function zookitDeploy({ folder }: Arena): Contestant {
  const project = join(folder, 'deployed');
  return {
    name: 'zookit deploy (the first one)',
    prepare: () => {
      rmSync(project, { recursive: true, force: true });
      zookit(folder, ['new', 'DjangoProject', project, '--no-deploy', '--yes']);
    },
    run: () => zookit(folder, ['deploy', project]),
  };
}

/** Fails when the environments do not hold the same number of compiled files: then it was no race. */
function checkBytecode({ folder }: Arena): void {
  const [own, peer] = [join(folder, 'project', '.venv'), join(folder, 'by-uv')].map(
    (environment) =>
      readdirSync(environment, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.pyc'))
        .length,
  );
  if (own !== peer)
    throw new Error(`Zookit's environment has ${own ?? 0} compiled files, uv's has ${peer ?? 0}`);
}

function report(results: readonly Measured[]): string {
  const [own, first, deploy, uv, pip] = results.map(({ seconds }) => median(seconds)) as Medians;
  const names = results.map(({ name }) => name) as [string, string, string, string, string];
  const nearUv = own <= Math.max(1.5 * uv, uv + 0.4);
  const rows: Row[] = [
    { name: names[0], median: own },
    { name: names[3], median: uv, ratio: own / uv, goal: 'at most 1.50, or 0.4 s more', ok: nearUv },
    { name: names[4], median: pip, ratio: own / pip, goal: 'at most 0.25', ok: own <= pip / 4 },
    { name: names[1], median: first },
    { name: names[2], median: deploy },
  ];
  const steps = (results[0]?.said ?? '').split('\n').filter((line) => /\((\d+\.\d+ s|with .*)\)$/.test(line));
  return [table(rows), '', 'Where the time of zookit new goes:', ...steps].join('\n');
}

type Medians = [number, number, number, number, number];

/** Runs Zookit in the arena's own root; returns what it said. */
function zookit(folder: string, words: readonly string[]): string {
  return must(process.execPath, [program, ...words], { ZOOKIT_ROOT: join(folder, 'root') }).stderr;
}

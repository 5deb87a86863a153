// Comes in: wheels that were just put into an environment. Goes out: their bytecode beside them, compiled by the environment's
// own Python or, when another environment of that Python had the same wheel, taken from the cache. Knows neither uv nor pip.
// The pool identity of a web server cannot write it, so it must be there before the first request.
// Hash-checked files (PEP 552) hold wherever and whenever a site is copied; by file times they would not.
import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { besideName, codeOf, exists, readIfThere, renameStubborn } from '../src/lib/files.js';
import { distributionsOf, normalName, readEnvironment } from '../src/lib/environment.js';
import type { Run } from '../src/lib/run.js';

export interface BytecodeTools {
  readonly environment: string;
  readonly run: Run;
  /** A private folder that outlives the run; without one nothing is kept. */
  readonly toolCache?: string;
  readonly signal?: AbortSignal;
}

/** A wheel that is installed; the same hash has the same sources. */
export interface InstalledWheel {
  readonly name: string;
  /** Absent: its bytecode is not kept. */
  readonly sha256?: string;
}

/** An installed wheel, where its sources lie, and where its bytecode is kept. */
interface Sources {
  readonly sitePackages: string;
  /** Paths below site-packages, with `/`. */
  readonly files: readonly string[];
  readonly kept: string | undefined;
}

/** Sees to the bytecode of wheels. What cannot be compiled (a file for Python 2, say) is left alone, as pip does. */
export async function addBytecode(wheels: readonly InstalledWheel[], tools: BytecodeTools): Promise<void> {
  const python = (await readEnvironment(tools.environment)).python;
  if (!python) return;
  const { toolCache } = tools;
  const folder = toolCache === undefined ? undefined : join(toolCache, 'bytecode', python.version);
  const all = await sourcesOf(wheels, tools.environment, folder);
  const fresh: Sources[] = [];
  for (const sources of all) {
    if (sources.kept !== undefined && (await exists(sources.kept))) await restore(sources, sources.kept);
    else fresh.push(sources);
  }
  await compile(fresh, python.path, tools);
  const tag = `cpython-${python.version.split('.').slice(0, 2).join('')}`;
  for (const sources of fresh) if (sources.kept !== undefined) await keep(sources, sources.kept, tag);
}

/** The sources of each wheel, as its RECORD lists them (https://packaging.python.org/specifications/recording-installed-packages/). */
async function sourcesOf(
  wheels: readonly InstalledWheel[],
  environment: string,
  folder: string | undefined,
): Promise<Sources[]> {
  const found: Sources[] = [];
  const distributions = await distributionsOf(environment);
  for (const { name, sha256 } of wheels) {
    const distribution = distributions.get(normalName(name));
    if (!distribution) continue;
    const record = await readIfThere(join(distribution.sitePackages, distribution.folder, 'RECORD'));
    const files = [...(record ?? '').matchAll(/^([^",\r\n]+\.py),/gm)].map(([, path = '']) => path);
    const kept = folder === undefined || sha256 === undefined ? undefined : join(folder, sha256);
    const inside = files.filter((path) => !path.startsWith('../') && !path.startsWith('/'));
    found.push({ sitePackages: distribution.sitePackages, files: inside, kept });
  }
  return found;
}

/** Every core has its share, big files and small ones mixed; the lists go by standard input, which has no limit. */
async function compile(all: readonly Sources[], python: string, tools: BytecodeTools): Promise<void> {
  const paths = all.flatMap(({ sitePackages, files }) => files.map((path) => join(sitePackages, path)));
  const width = Math.min(availableParallelism(), Math.ceil(paths.length / 20));
  const shares = Array.from({ length: width }, (_, core) =>
    paths.filter((_path, index) => index % width === core),
  );
  const words = [
    '-I',
    '-X',
    'utf8',
    '-m',
    'compileall',
    '-qq',
    '--invalidation-mode',
    'checked-hash',
    '-i',
    '-',
  ];
  const signal = tools.signal ? { signal: tools.signal } : {};
  await Promise.all(shares.map((share) => tools.run(python, words, { input: share.join('\n'), ...signal })));
}

/** Puts what was compiled into the cache, whole or not at all. */
async function keep({ sitePackages, files }: Sources, kept: string, tag: string): Promise<void> {
  const staging = besideName(kept, 'bytecode');
  try {
    await mkdir(staging, { recursive: true });
    const compiled = files.map((path) => path.replace(/([^/]+)\.py$/, `__pycache__/$1.${tag}.pyc`));
    await linkAll(compiled, sitePackages, staging);
    if (!(await exists(kept))) await renameStubborn(staging, kept);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function restore({ sitePackages }: Sources, kept: string): Promise<void> {
  const entries = await readdir(kept, { recursive: true, encoding: 'utf8' });
  await linkAll(
    entries.filter((path) => path.endsWith('.pyc')),
    kept,
    sitePackages,
  );
}

/** Gives files a second name below another folder, or copies them where that cannot be; what is not there is left out. */
async function linkAll(paths: readonly string[], from: string, to: string): Promise<void> {
  const folders = new Set(paths.map((path) => dirname(join(to, path))));
  await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true })));
  await Promise.all(paths.map((path) => linkOne(join(from, path), join(to, path))));
}

async function linkOne(from: string, to: string): Promise<void> {
  try {
    // On NTFS a hard link shares the cache file's access list: the pool would get "access denied".
    await (process.platform === 'win32' ? copyFile(from, to) : link(from, to));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    // An older file of that name, or another disk. A link is taken away first: its other name lies in the cache.
    await rm(to, { force: true });
    await copyFile(from, to);
  }
}

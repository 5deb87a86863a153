// Looks at the Python environment of a site for `zookit doctor`: alive, at its own place, with what requirements.txt asks
// for. Comes in: folders. Goes out: facts. Starts its interpreter once; changes nothing.
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../../lib/run.js';
import { environmentPython, installedPackages, normalName, readEnvironment } from '../../lib/environment.js';
import { exists, readIfThere } from '../../lib/files.js';
import { matchesSpecifier } from '../../lib/specifier.js';

export interface EnvironmentFacts {
  readonly directory: string;
  readonly there: boolean;
  /** Its interpreter, when it is there at all. */
  readonly python?: { readonly version: string; readonly path: string };
  /** Why that does not start. */
  readonly trouble?: string;
  /** The folder that its scripts name, when that is another one: it was copied or moved. */
  readonly madeIn?: string;
  readonly requirements: RequirementFacts;
}

export interface RequirementFacts {
  /** How many packages are asked for. */
  readonly asked: number;
  /** `Django==5.2.1 (not there)`, `Pillow>=12 (11.0 is there)`. */
  readonly unmet: readonly string[];
}

/** Looks at `directory` for the site whose requirements these are. */
export async function environmentFacts(
  directory: string,
  requirements: string,
  run: Run,
): Promise<EnvironmentFacts> {
  const there = await exists(join(directory, 'pyvenv.cfg'));
  const { python } = await readEnvironment(directory);
  const asked = requirementsIn(requirements);
  const packages = there ? await installedPackages(directory) : new Map<string, string>();
  const facts = {
    directory,
    there,
    requirements: { asked: asked.length, unmet: asked.flatMap((each) => unmet(each, packages)) },
  };
  if (!there) return facts;
  const madeIn = await otherHome(directory);
  const trouble = python === undefined ? await absence(directory) : await startTrouble(python.path, run);
  return {
    ...facts,
    ...(python === undefined ? {} : { python }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(madeIn === undefined ? {} : { madeIn }),
  };
}

async function absence(directory: string): Promise<string> {
  const home = /^home\s*=\s*(.+)$/m.exec((await readIfThere(join(directory, 'pyvenv.cfg'))) ?? '')?.[1];
  return `'${environmentPython(directory)}' is gone${home === undefined ? '' : `, made by a Python in '${home.trim()}'`}`;
}

async function startTrouble(path: string, run: Run): Promise<string | undefined> {
  const { status, stderr } = await run(path, ['-I', '-c', 'import encodings'], {
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status === 0) return undefined;
  return `its Python does not start: ${stderr.trim().split(/\r?\n/).at(-1) ?? `status ${status}`}`;
}

/** Scripts of an environment hold its path (PEP 405 does not make it movable); `activate` is there in all of them. */
async function otherHome(directory: string): Promise<string | undefined> {
  for (const name of ['bin/activate', 'Scripts/activate.bat']) {
    const text = (await readIfThere(join(directory, ...name.split('/')))) ?? '';
    const named = [...text.matchAll(/VIRTUAL_ENV=(?:\$\(cygpath )?['"]?([^'"\r\n)$]+)/g)]
      .map((match) => match[1]?.trim() ?? '')
      .find((path) => /^(\/|[A-Za-z]:[\\/])/.test(path));
    if (named === undefined) continue;
    return (await samePlace(named, directory)) ? undefined : named;
  }
  return undefined;
}

async function samePlace(one: string, other: string): Promise<boolean> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  const [left, right] = await Promise.all([real(one), real(other)]);
  return left === right || (process.platform === 'win32' && left.toLowerCase() === right.toLowerCase());
}

interface Requirement {
  readonly name: string;
  /** `==5.2.1`, `>=3`. */
  readonly limits: readonly (readonly [operator: string, version: string])[];
}

const requirementLine = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;@#]*)$/;

/** The plain lines of a requirements.txt; options, addresses and lines for some platforms only are pip's to judge. */
export function requirementsIn(text: string): Requirement[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const plain = line
      .replace(/(^|\s)#.*$/, '')
      .replace(/\s--hash.*$|\\$/, '')
      .trim();
    const [, name, limits = ''] = requirementLine.exec(plain) ?? [];
    if (name === undefined) return [];
    const each = [...limits.matchAll(/(===|==|~=|!=|<=|>=|<|>)\s*([^\s,]+)/g)];
    return [{ name, limits: each.map((match) => [match[1] ?? '', match[2] ?? ''] as const) }];
  });
}

function unmet({ name, limits }: Requirement, packages: ReadonlyMap<string, string>): string[] {
  const wanted = `${name}${limits.map(([operator, version]) => operator + version).join(',')}`;
  const version = packages.get(normalName(name));
  if (version === undefined) return [`${wanted} (not there)`];
  const fits = limits.every(([operator, limit]) => matchesSpecifier(version, operator, limit) !== false);
  return fits ? [] : [`${wanted} (${version} is there)`];
}

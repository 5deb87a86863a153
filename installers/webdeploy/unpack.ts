// Comes in: a Web Deploy package and the values of its parameters. Goes out: the application's files and the package's other files
// (SQL, commands), filled in, in their folders. Everything is ready before anything has its final name.
import { chmod, cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Job } from '../../src/kind.js';
import { unpack } from '../../src/lib/archive.js';
import { besideName, exists, joinInside } from '../../src/lib/files.js';
import { moveInto, refuseOccupied } from './merge-folder.js';
import { productFolder, replaceFolder } from '../staging.js';
import { badPackage } from './document.js';
import { isForeignProvider } from './engines.js';
import type { WebDeployPackage } from './package.js';
import { substituteFiles } from './substitute.js';
import type { PackageValues } from './values.js';

export interface UnpackedPackage {
  /** Where files of providers lie that are not carried out, by their path in the package. */
  readonly scripts: ReadonlyMap<string, string>;
  /** The folder of those files; undefined when there are none. */
  readonly scriptFolder?: string;
  readonly left: readonly string[];
}

/** Fills the application's folder; throws USAGE for one that holds files of somebody else. */
export async function unpackPackage(
  job: Job,
  { path, providers }: WebDeployPackage,
  values: PackageValues,
  goal: string,
): Promise<UnpackedPackage> {
  await refuseOccupied(job, goal);
  await mkdir(dirname(goal), { recursive: true });
  const staging = besideName(goal, 'staging');
  await job.change({ kind: 'created', path: staging });
  try {
    job.progress(`Unpacking ${job.step.product}`);
    await unpack(path, staging, job.signal ? { signal: job.signal } : {});
    const content = await contentFolder(staging, providers.find(({ name }) => name === 'iisapp')?.path ?? '');
    job.progress(`Filling in the settings of ${job.step.product}`);
    const left = await substituteFiles(staging, values.values);
    const wanted = providers.filter(
      ({ name }) => !['iisapp', 'setacl', 'alias'].includes(name) && !isForeignProvider(name, values.engine),
    );
    const scripts = await moveScripts(
      job,
      staging,
      wanted.map((each) => each.path),
    );
    await moveInto(job, content, goal);
    return { ...scripts, left };
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The folder of the package that is the application: names are Windows', in any case. */
async function contentFolder(staging: string, path: string): Promise<string> {
  let folder = staging;
  for (const part of path.split('/')) {
    const names = await readdir(folder).catch(() => []);
    const name =
      names.find((each) => each === part) ?? names.find((each) => each.toLowerCase() === part.toLowerCase());
    if (name === undefined) throw noFolder(path);
    folder = joinInside(folder, name);
  }
  if (!(await stat(folder)).isDirectory()) throw noFolder(path);
  return folder;
}

/** What may hold passwords lies in the product's own folder, never below a site: only its owner reads it. */
async function moveScripts(
  job: Job,
  staging: string,
  paths: readonly string[],
): Promise<Pick<UnpackedPackage, 'scripts' | 'scriptFolder'>> {
  const inPackage: string[] = [];
  for (const path of new Set(paths)) {
    if (path === '' || /^[a-z]:|(^|\/)\.\.(\/|$)/i.test(path)) continue;
    if (await exists(joinInside(staging, path))) inPackage.push(path);
  }
  if (inPackage.length === 0) return { scripts: new Map() };
  const folder = productFolder(job.programs, job.step.product, '');
  await replaceFolder(job, folder, async (made) => {
    await mkdir(made, { mode: 0o700 });
    for (const path of inPackage) {
      const target = joinInside(made, path);
      await mkdir(dirname(target), { recursive: true });
      // Another disk than the application's, perhaps.
      await cp(join(staging, path), target, { recursive: true });
      await chmod(target, (await stat(target)).isDirectory() ? 0o700 : 0o600);
    }
  });
  return { scripts: new Map(inPackage.map((path) => [path, join(folder, path)])), scriptFolder: folder };
}

function noFolder(path: string): Error {
  return badPackage(`it has no folder '${path}'`, [
    "Wanted the folder that the iisApp of 'manifest.xml' names",
  ]);
}

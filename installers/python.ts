// Kind `python`: puts pinned packages into a Python environment, which is made when missing. Comes in: wheels from the
// cache. Goes out: packages installed from files only, by uv when there is one, else by an outer pip; no index is asked.
import { join } from 'node:path';
import { AppError } from '../src/errors.js';
import type { Applied, Change, InstallerKind, Job, Preview, PreviewRequest, UndoTools } from '../src/kind.js';
import { installedPackages, isReplaceable, normalName, readEnvironment } from '../src/lib/environment.js';
import { besideName, exists, renameStubborn } from '../src/lib/files.js';
import { lastLines } from '../src/lib/run.js';
import type { PackageChoice } from '../src/lib/wheel.js';
import { choosePackages } from '../src/lib/wheel.js';
import type { WheelFile } from './wheels.js';
import { damagedFiles } from './record.js';
import { keptWheel, removeHalfInfos, removeRemains } from './remains.js';
import { targetEnvironmentPython, targetPython } from './target.js';
import { inOwnFolder, installWheels, removePackages, restorePackages, shownInstall } from './wheels.js';

type ChosenPackage = PackageChoice['chosen'][number];

export const python: InstallerKind = {
  name: 'python',
  undoable: true,
  preview,
  async apply(job) {
    const [applied = {}] = await applyTogether([job]);
    return applied;
  },
  applyTogether,
  damage: (change) =>
    change.kind === 'packages' ? damagedFiles(change.environment, change.packages) : Promise.resolve([]),
  undo: (change, tools) => (change.kind === 'packages' ? undoPackages(change, tools) : Promise.resolve()),
};

/** The environment, when it has to be made, and its packages. */
function preview(request: PreviewRequest): Preview {
  const { step, platform, interpreter, environment, environmentThere, uv } = request;
  const action = step.installer?.action;
  if (action?.kind !== 'python') return { commands: [], files: [] };
  const version = interpreter?.version;
  const { chosen } =
    version === undefined ? { chosen: [] } : choosePackages(action.packages, { platform, version });
  const pins = chosen.map(({ package: { name, version: pinned } }) => `${name}==${pinned}`);
  const tools = { python: targetPython(request), ...(uv === undefined ? {} : { uv }) };
  return {
    commands: [
      ...(environmentThere ? [] : [{ command: [tools.python, ...venvWords(environment)] }]),
      ...(pins.length > 0 ? [shownInstall(pins, targetEnvironmentPython(request), tools)] : []),
    ],
    files: environmentThere ? [] : [environment],
  };
}

/** Without pip: ensurepip is missing on Debian, costs seconds elsewhere, and packages come through an outer pip or uv. */
function venvWords(environment: string): string[] {
  return ['-I', '-m', 'venv', '--without-pip', environment];
}

/** All packages in one run of the installer: each run looks through the whole environment and compiles what is new. */
async function applyTogether(jobs: readonly Job[]): Promise<Applied[]> {
  const [first] = jobs;
  if (!first) return [];
  const interpreter = await ensureEnvironment(first);
  const there = await installedPackages(first.environment);
  const wheels: WheelFile[] = [];
  for (const job of jobs) {
    const wanted = await announceChange(job, packagesOf(job, interpreter), there);
    for (const {
      package: { name, version },
    } of wanted)
      there.set(normalName(name), version);
    wheels.push(...wanted.map((each) => wheelOf(each, job)));
  }
  const versions = new Set(wheels.map(({ name }) => normalName(name)));
  if (versions.size < wheels.length)
    throw new AppError('PYTHON_FAILED', 'Two products want different versions of one package', {
      hint: 'See what is wrong with their feed: `zookit feed check FEED`',
    });
  if (wheels.length > 0) {
    first.progress(`Installing ${wheels.map(({ name, version }) => `${name}==${version}`).join(', ')}`);
    await installWheels(wheels, { ...first, reinstall: jobs.some(({ reinstall }) => reinstall) });
  }
  return jobs.map(({ environment }) => ({ path: environment }));
}

/** The packages of a product with their wheels for this machine; throws PYTHON_FAILED when one has none. */
function packagesOf(
  { step: { installer, product }, platform }: Job,
  interpreter: string,
): readonly ChosenPackage[] {
  if (installer?.action.kind !== 'python') throw new Error('Not a python installer');
  const { chosen, missing } = choosePackages(installer.action.packages, { platform, version: interpreter });
  if (missing.length === 0) return chosen;
  throw new AppError('PYTHON_FAILED', `'${product}' has no wheel for Python ${interpreter} here`, {
    details: missing.map(({ name, version }) => `${name} ${version}`),
    hint: 'Choose another Python with `--env DIR`, or ask the owner of the feed to pin its wheels',
  });
}

/** The environment's Python version; an environment that is dead is moved aside and made anew. */
async function ensureEnvironment(job: Job): Promise<string> {
  const alive = (await readEnvironment(job.environment)).python;
  if (alive) return alive.version;
  const base = job.interpreter;
  if (!base) {
    throw new AppError(
      'PYTHON_FAILED',
      `Cannot make the environment '${job.environment}': the plan has no Python`,
      {
        hint: 'Install one: `zookit install Python`',
      },
    );
  }
  if (await exists(job.environment)) {
    if (!(await isReplaceable(job.environment))) throw foreign(job.environment);
    const retired = besideName(job.environment, 'retired');
    await job.change({ kind: 'replaced', path: job.environment, retired });
    await renameStubborn(job.environment, retired);
  } else {
    await job.change({ kind: 'created', path: job.environment });
  }
  job.progress(`Making the environment ${job.environment}`);
  const result = await job.run(
    base.path,
    venvWords(job.environment),
    job.signal ? { signal: job.signal } : {},
  );
  if (result.status !== 0) {
    throw new AppError(
      'PYTHON_FAILED',
      `Python ${base.version} could not make the environment '${job.environment}'`,
      {
        details: lastLines(result),
        hint: `See why: \`"${base.path}" -m venv "${job.environment}"\`; or choose another folder with \`--env DIR\``,
      },
    );
  }
  return base.version;
}

/** Files of somebody are not ours to move away. */
function foreign(path: string): AppError {
  return new AppError('PYTHON_FAILED', `'${path}' is there and is no Python environment`, {
    hint: 'Move it away, or choose another folder with `--env DIR`',
  });
}

/** Tells the journal what is about to change; returns the packages that are not there in the wanted version. */
async function announceChange(
  job: Job,
  chosen: readonly ChosenPackage[],
  there: ReadonlyMap<string, string>,
): Promise<ChosenPackage[]> {
  const pinned = ({ package: { name, version } }: ChosenPackage): string => `${name}==${version}`;
  const versionThere = ({ package: { name } }: ChosenPackage): string | undefined =>
    there.get(normalName(name));
  const wanted = chosen.filter((each) => job.reinstall || versionThere(each) !== each.package.version);
  if (wanted.length === 0 && chosen.length > 0) return [];
  await job.change({
    kind: 'packages',
    environment: job.environment,
    packages: chosen.map(pinned),
    added: wanted.filter((each) => versionThere(each) === undefined).map(pinned),
    replaced: wanted.flatMap((each) => {
      const before = versionThere(each);
      return before === undefined || before === each.package.version
        ? []
        : [`${each.package.name}==${before}`];
    }),
  });
  return wanted;
}

function wheelOf({ package: { name, version }, file }: ChosenPackage, job: Job): WheelFile {
  const path = job.files.get(file.sha256);
  if (path === undefined)
    throw new AppError('PYTHON_FAILED', `The wheel '${file.name}' was not fetched`, {
      hint: 'Run the same command again',
    });
  return { name, version, sha256: file.sha256, path };
}

/** Takes out what was added, also what was added half; puts back what was replaced when its wheel is still kept. */
async function undoPackages(change: Extract<Change, { kind: 'packages' }>, tools: UndoTools): Promise<void> {
  const { environment, added, replaced } = change;
  const alive = (await readEnvironment(environment)).python;
  if (!alive) return;
  const names = [...added, ...replaced].map(nameOf);
  await removeHalfInfos(environment, names);
  const there = await installedPackages(environment);
  const wheels = { ...tools, environment };
  await removePackages(
    added.map(nameOf).filter((name) => there.has(normalName(name))),
    wheels,
  );
  const lost: string[] = [];
  for (const pin of replaced) if ((await damagedFiles(environment, [pin])).length > 0) lost.push(pin);
  await restorePackages(lost, tools.wheelFolders, wheels);
  const changed = new Set(names.map(normalName));
  await inOwnFolder(tools, async (folder) => {
    for (const pin of change.packages.filter((each) => changed.has(normalName(nameOf(each))))) {
      const wheel = await keptWheel(pin, tools.wheelFolders);
      if (wheel !== undefined) await removeRemains(environment, wheel, join(folder, 'wheel'));
    }
  });
}

function nameOf(pin: string): string {
  return pin.split('==')[0] ?? pin;
}

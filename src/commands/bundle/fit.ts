// Joins a bundle's index with this machine: whether it is for it, what the system itself must have, what of it can be
// installed. Tells all of it before anything is changed.
import { findPythons } from '../../catalog/pythons.js';
import type { VerifiedBundle } from '../../bundle/verify.js';
import type { BundleIndex, BundleTarget } from '../../bundle/layout.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { systemProgram } from '../../lib/windows.js';
import { compareVersions } from '../../lib/version.js';
import { newestEntry } from '../install.js';
import { openCatalog } from '../open-catalog.js';

/**
 * Throws NO_INSTALLER when the bundle is not for this machine, or when what its products need of the system is not there;
 * with products named one by one a missing Python is only told: they may not need it.
 */
export async function refuseUnfit(
  context: Context,
  { index, folder }: VerifiedBundle,
  named: boolean,
): Promise<void> {
  const target = targetFor(context, index);
  if (!target) {
    const { os, arch } = context.platform;
    throw new AppError('NO_INSTALLER', `The bundle '${folder}' is not for ${os}-${arch}`, {
      details: index.targets.map(({ name, python }) => `It is for ${name}, Python ${python}`),
      hint: `Make one: \`zookit bundle export PRODUCT --platform ${os}-${arch} --out DIR\``,
    });
  }
  refuseOldLibrary(context, target);
  const needs = index.needs.filter((each) => each.target === target.name);
  for (const { kind, name } of needs) {
    if (kind === 'system') context.terminal.say(`notice: The system itself must have '${name}'`);
    if (kind === 'python' && !(await hasPython(context, name))) missingPython(context, name, named);
  }
  await lookAtFeatures(
    context,
    needs.filter(({ kind }) => kind === 'feature').map(({ name }) => name),
  );
}

function targetFor({ platform }: Context, { targets }: BundleIndex): BundleTarget | undefined {
  const { os, arch, libc } = platform;
  return targets.find(
    ({ platform: other }) =>
      other.os === os && other.arch === arch && (other.libc?.name ?? 'glibc') === (libc?.name ?? 'glibc'),
  );
}

function refuseOldLibrary(
  { platform: { libc } }: Context,
  { platform: { libc: wanted } }: BundleTarget,
): void {
  if (!wanted?.version || !libc?.version || compareVersions(libc.version, wanted.version) >= 0) return;
  throw new AppError(
    'NO_INSTALLER',
    `The bundle is for systems with ${wanted.name} ${wanted.version} or newer`,
    {
      details: [`This system has ${libc.name} ${libc.version}`],
      hint: 'Make one for this machine: `zookit probe probe.json` here, `zookit bundle export --for probe.json` there',
    },
  );
}

async function hasPython({ paths, run, variables }: Context, name: string): Promise<boolean> {
  const minor = /\b3\.\d+/.exec(name)?.[0] ?? name;
  const found = await findPythons({
    run,
    searchPath: variables['PATH'] ?? variables['Path'] ?? '',
    enginesFolder: paths.enginesFolder,
    memoryFile: paths.pythonMemory,
    readOnly: true,
  });
  return found.some(({ version }) => version.startsWith(`${minor}.`));
}

function missingPython({ terminal }: Context, name: string, named: boolean): void {
  const minor = /\b3\.\d+/.exec(name)?.[0] ?? name;
  const message = `Python ${minor} is not on this machine, and the packages of the bundle are for it`;
  if (named) {
    terminal.warn(`notice: ${message}`);
    return;
  }
  throw new AppError('NO_INSTALLER', message, {
    hint: `Install it from the system's own media, for example with \`apt-get install python${minor}\`; or make a bundle with another \`--python\``,
  });
}

/** Features that are off are told; those that this Windows has been stripped of cannot be switched on without its media. */
async function lookAtFeatures(
  { platform, run, variables, terminal }: Context,
  names: readonly string[],
): Promise<void> {
  if (platform.os !== 'windows' || names.length === 0) return;
  const dism = systemProgram(variables, 'dism.exe');
  const off: string[] = [];
  const stripped: string[] = [];
  for (const name of names.filter((each) => /^[\w.-]+$/.test(each))) {
    const { stdout } = await run(dism, ['/online', '/english', '/get-featureinfo', `/featurename:${name}`]);
    const state = /^State : (.+?)\s*$/m.exec(stdout)?.[1];
    if (state === 'Disabled') off.push(name);
    if (/payload removed/i.test(state ?? '')) stripped.push(name);
  }
  if (off.length > 0) terminal.say(`notice: Features of Windows that will be switched on: ${off.join(', ')}`);
  if (stripped.length === 0) return;
  throw new AppError(
    'NO_INSTALLER',
    "Features of Windows that the bundle's products need are not on this machine",
    {
      details: stripped,
      hint: 'Switch them on from the media of this Windows: `dism /online /enable-feature /all /featurename:NAME /source:PATH`',
    },
  );
}

/** Asked products that are for this machine, but for those that need a folder of their own. */
export async function installableNames(context: Context, index: BundleIndex): Promise<string[]> {
  const catalog = await openCatalog(context);
  return askedFor(context, index).filter((id) => !isKind(newestEntry(catalog, id), ['template', 'iis']));
}

/** Says how to make a project of each template that was asked for. */
export async function tellTemplates(context: Context, index: BundleIndex): Promise<void> {
  const catalog = await openCatalog(context);
  for (const id of askedFor(context, index))
    if (isKind(newestEntry(catalog, id), ['template'])) context.terminal.say(`Next: zookit new ${id} DIR`);
}

function askedFor(context: Context, index: BundleIndex): string[] {
  const name = targetFor(context, index)?.name;
  return index.products
    .filter(({ asked, targets }) => asked && name !== undefined && targets.includes(name))
    .map(({ id }) => id);
}

function isKind(entry: ReturnType<typeof newestEntry>, kinds: readonly string[]): boolean {
  return entry?.installers.some(({ action }) => kinds.includes(action.kind)) ?? false;
}

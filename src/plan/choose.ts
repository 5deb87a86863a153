// Comes in: an entry and what a machine is and offers. Goes out: the installer to take there, or why there is none and
// what to type. The rules of WebPI's feeds and ours; knows no dependencies, no versions and what is installed.
import { AppError } from '../errors.js';
import { choosePackages } from '../lib/wheel.js';
import type {
  Entry,
  Installer,
  InstallerAction,
  Machine,
  PinnedPackage,
  Platform,
  SystemPackage,
} from '../types.js';
import { isWithin } from './needs.js';
import { architecturesFor, fitsPlatform, platformsOf } from './platform-fit.js';
import { platformName } from '../lib/platforms.js';

/** What the choice depends on; a Machine is one. */
export type ChooseFor = Pick<Machine, 'platform' | 'admin' | 'systemPackages'> & {
  /** `de`, `pt-br`; without it, and after it, the feed's own, then `en`. */
  readonly language?: string;
};

export type Choice = { readonly installer: Installer } | Misfit;

/** `reason` completes "cannot be installed here: ..."; `hint` is a command or an action to type. */
export interface Misfit {
  readonly reason: string;
  readonly hint?: string;
  /** It is for other systems altogether: nothing on this machine can change that. */
  readonly elsewhere?: boolean;
}

/**
 * The installer of an entry for a machine: the first in document order whose architecture, system and language fit
 * and which has all it needs. An installer for emulated architectures comes after all native ones.
 */
export function chooseInstaller(entry: Entry, machine: ChooseFor): Choice {
  if (entry.installers.length === 0) return { reason: 'its feed can only detect it, not install it' };
  const misfits: Misfit[] = [];
  for (const arch of architecturesFor(machine.platform)) {
    const fitting = entry.installers.filter((each) => fitsPlatform(each, machine.platform, arch));
    const spoken = inLanguage(fitting, machine.language, entry.defaultLanguage);
    if (fitting.length > 0 && spoken.length === 0) misfits.push(languageMisfit(fitting));
    for (const installer of spoken) {
      const misfit = misfitOf(installer.action, machine);
      if (!misfit) return { installer };
      misfits.push(misfit);
    }
  }
  return joined(misfits) ?? { reason: `it is only for ${systemsOf(entry.installers)}`, elsewhere: true };
}

/** The installers of the first language there is one of: the wanted one, its base, the feed's, English, none. */
function inLanguage(
  installers: readonly Installer[],
  language: string | undefined,
  feedLanguage: string | undefined,
): readonly Installer[] {
  const wanted = language?.toLowerCase();
  const base = wanted?.split('-')[0];
  for (const each of [wanted, base, feedLanguage, 'en']) {
    const found = installers.filter(({ languages }) => each !== undefined && languages.includes(each));
    if (found.length > 0) return found;
  }
  return installers.filter(({ languages }) => languages.length === 0);
}

function languageMisfit(installers: readonly Installer[]): Misfit {
  const languages = [...new Set(installers.flatMap((each) => each.languages))].sort();
  return {
    reason: `it is only in ${languages.join(', ')}`,
    hint: `Choose a language with \`--language ${languages[0] ?? 'en'}\``,
  };
}

function misfitOf(action: InstallerAction, machine: ChooseFor): Misfit | undefined {
  if (action.kind === 'system') return systemMisfit(action.packages, machine);
  if (action.kind === 'python') return packagesMisfit(action, machine.platform);
  return undefined;
}

const commands: Record<SystemPackage['manager'], string> = {
  apt: 'sudo apt-get install',
  dnf: 'sudo dnf install',
  apk: 'sudo apk add',
  pacman: 'sudo pacman -S',
  zypper: 'sudo zypper install',
  brew: 'brew install',
};

/** A package manager must offer all names, and may be used: as administrator, except Homebrew, which refuses root. */
function systemMisfit(packages: readonly SystemPackage[], machine: ChooseFor): Misfit | undefined {
  const offered = packages.filter(({ manager, names }) =>
    names.every((name) => machine.systemPackages.has(`${manager}:${name}`)),
  );
  if (offered.some(({ manager }) => (manager === 'brew' ? !machine.admin : machine.admin))) return undefined;
  const [first] = offered;
  if (!first) {
    const usual = packages.find(({ manager }) => (manager === 'brew') === (machine.platform.os === 'macos'));
    const name = (usual ?? packages[0])?.names[0] ?? 'it';
    return { reason: `no package manager of this machine offers ${name}` };
  }
  const command = `${commands[first.manager]} ${first.names.join(' ')}`;
  const rights = first.manager === 'brew' ? 'Homebrew does not run as root' : 'it needs administrator rights';
  return { reason: `${rights} (\`${command}\`)`, hint: `Run \`${command}\`, then try again` };
}

/** Asked in this order, so that one question usually does; what a plan takes in the end is a matter of its Python. */
const pythons = [13, 12, 14, 11, 10, 15, 9, 8, 16, 7, 6].map((minor) => `3.${String(minor)}.99`);

const verdicts = new WeakMap<readonly PinnedPackage[], Map<string, Misfit | undefined>>();

/** Packages fit a platform when there is a Python for which each has a wheel. */
function packagesMisfit(
  action: Extract<InstallerAction, { kind: 'python' }>,
  platform: Platform,
): Misfit | undefined {
  const known = verdicts.get(action.packages) ?? new Map<string, Misfit | undefined>();
  verdicts.set(action.packages, known);
  const { libc, osVersion } = platform;
  const key = [platformName(platform), osVersion, libc?.name, libc?.version, action.python].join(' ');
  if (!known.has(key)) known.set(key, findPackagesMisfit(action, platform));
  return known.get(key);
}

function findPackagesMisfit(
  action: Extract<InstallerAction, { kind: 'python' }>,
  platform: Platform,
): Misfit | undefined {
  let lacking: string | undefined;
  for (const version of pythons.filter((each) => action.python === '' || isWithin(each, action.python))) {
    const missing = missingPackages(action.packages, platform, version);
    if (missing.length === 0) return undefined;
    lacking ??= missing.join(', ');
  }
  return { reason: `${lacking ?? 'it'} has no package for ${platformName(platform)}` };
}

/**
 * What lacks a wheel for a Python: names with versions; empty = everything fits. A feed's marker that cannot be
 * evaluated is a misfit, told in words.
 */
export function missingPackages(
  packages: readonly PinnedPackage[],
  platform: Platform,
  version: string,
): readonly string[] {
  if (!/^3\.\d/.test(version)) return [`a package for Python ${version}`];
  try {
    const { missing } = choosePackages(packages, { platform, version });
    return missing.map((each) => `${each.name} ${each.version}`);
  } catch (error) {
    if (error instanceof AppError) return [error.message];
    throw error;
  }
}

function joined(misfits: readonly Misfit[]): Misfit | undefined {
  const [first] = misfits;
  if (!first) return undefined;
  const hint = misfits.find((each) => each.hint !== undefined)?.hint;
  const reason = [...new Set(misfits.map((each) => each.reason))].join('; ');
  return { reason, ...(hint === undefined ? {} : { hint }) };
}

function systemsOf(installers: readonly Installer[]): string {
  const systems = [...new Set(installers.flatMap(platformsOf))];
  const last = systems.pop() ?? '';
  return systems.length === 0 ? last : `${systems.join(', ')} or ${last}`;
}

// Comes in: the entries that a bundle needs, which of their installers for which target, and where their files lie inside.
// Goes out: the same entries with nothing else in them, every address relative to the bundle's feed. Pure.
import type {
  Dependency,
  Entry,
  Installer,
  InstallerAction,
  InstallerFile,
  OperatingSystem,
  PackageFile,
  Parameter,
  PayloadFile,
} from '../types.js';
import { isHttp } from '../lib/is-http.js';

/** An entry of the catalog and what a bundle takes of it. */
export interface Part {
  readonly entry: Entry;
  /** Ids of the installers that some target uses; without any it is only there to be found. */
  readonly installers: ReadonlySet<string>;
}

/** What the bundle holds. */
export interface Inside {
  /** Whether the bundle has a product of that id or alias. */
  readonly product: (id: string) => boolean;
  /** The address of a file, seen from the feed; undefined when it is not inside. */
  readonly file: (file: { readonly url: string; readonly sha256?: string }) => StoredFile | undefined;
  /** The address of a skeleton's folder, seen from the feed. */
  readonly folder: (address: string) => string | undefined;
  /** Addresses of the wheels by SHA-256, seen from the feed. */
  readonly wheels: ReadonlyMap<string, string>;
  readonly systems: ReadonlySet<OperatingSystem>;
  /** Another way of naming an installer's file than by its address. */
  readonly installerFile?: (file: InstallerFile) => InstallerFile;
  /** Answers by lower-case name of a parameter: what counts when the default brings what is not inside. */
  readonly answers: ReadonlyMap<string, string>;
}

export interface StoredFile {
  readonly url: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** An entry with what is inside. */
export function cutEntry({ entry, installers }: Part, inside: Inside): Entry {
  const { dependency, icon, link, ...rest } = entry;
  const needs = dependency && cutDependency(dependency, inside);
  return {
    ...rest,
    ...(needs ? { dependency: needs } : {}),
    ...(icon !== undefined && isHttp(icon) ? { icon } : {}),
    ...(link !== undefined && isHttp(link) ? { link } : {}),
    parameters: entry.parameters.map((parameter) => cutParameter(parameter, inside)),
    related: entry.related.filter(inside.product),
    updates: entry.updates.filter(inside.product),
    installers: entry.installers
      .filter(({ id }) => installers.has(id))
      .map((installer) => cutInstaller(installer, inside)),
  };
}

/** Without branches that cannot be had and without what only other systems need; undefined when nothing is left. */
function cutDependency(dependency: Dependency, inside: Inside): Dependency | undefined {
  if (dependency.os !== undefined && !inside.systems.has(dependency.os)) return undefined;
  if (dependency.kind === 'shared') return undefined;
  if (dependency.kind === 'product') return inside.product(dependency.id) ? dependency : undefined;
  const whole = dependency.of.filter((branch) => dependency.kind === 'all' || isWhole(branch, inside));
  const of = whole.flatMap((branch) => cutDependency(branch, inside) ?? []);
  const [only, ...more] = of;
  if (!only) return undefined;
  return more.length > 0 || dependency.os !== undefined ? { ...dependency, of } : only;
}

/** Whether a branch could be taken: all that it asks for on the targets' systems is inside. */
function isWhole(dependency: Dependency, inside: Inside): boolean {
  if (dependency.os !== undefined && !inside.systems.has(dependency.os)) return true;
  if (dependency.kind === 'shared') return true;
  if (dependency.kind === 'product') return inside.product(dependency.id);
  return dependency.kind === 'all'
    ? dependency.of.every((each) => isWhole(each, inside))
    : dependency.of.some((each) => isWhole(each, inside));
}

function cutParameter(parameter: Parameter, inside: Inside): Parameter {
  const choices = parameter.choices.filter(({ product }) => product === undefined || inside.product(product));
  if (choices.length === parameter.choices.length) return parameter;
  const { default: usual, ...rest } = parameter;
  const isThere = (value: string | undefined): boolean => choices.some((choice) => choice.value === value);
  const answer = inside.answers.get(parameter.name.toLowerCase());
  const value = [usual, answer, choices[0]?.value].find(isThere);
  return { ...rest, choices, ...(value === undefined ? {} : { default: value }) };
}

/** The choice of a language is made: whoever installs need not make it again. */
function cutInstaller(installer: Installer, inside: Inside): Installer {
  const { file, eulaUrl, ...rest } = installer;
  const eula = eulaUrl === undefined || isHttp(eulaUrl) ? eulaUrl : inside.file({ url: eulaUrl })?.url;
  return {
    ...rest,
    languages: [],
    ...(file ? { file: cutFile(file, inside) } : {}),
    ...(eula === undefined ? {} : { eulaUrl: eula }),
    action: cutAction(installer.action, inside),
  };
}

function cutFile({ url, relativeUrl, sha1, sha256 }: InstallerFile, inside: Inside): InstallerFile {
  const address = url === '' ? (relativeUrl ?? '') : url;
  const stored = inside.file({ url: address, ...(sha256 === undefined ? {} : { sha256 }) });
  if (!stored) throw new Error(`'${address}' was not put into the bundle`);
  const { url: inBundle, bytes: size, sha256: found } = stored;
  const cut = { url: inBundle, size, ...(sha1 === undefined ? {} : { sha1 }), sha256: found };
  return inside.installerFile?.(cut) ?? cut;
}

function cutAction(action: InstallerAction, inside: Inside): InstallerAction {
  switch (action.kind) {
    case 'payload':
    case 'script':
      return { ...action, files: action.files.map((file) => cutPayload(file, inside)) };
    case 'python': {
      const packages = action.packages
        .map((each) => ({ ...each, files: each.files.flatMap((file) => cutWheel(file, inside)) }))
        .filter(({ files }) => files.length > 0);
      return { ...action, packages };
    }
    case 'template': {
      if (action.href === undefined) return action;
      // A skeleton that comes as an archive names a folder inside of it.
      return { ...action, href: inside.folder(action.href) ?? lastName(action.href) };
    }
    default:
      return action;
  }
}

function cutWheel(file: PackageFile, { wheels }: Inside): PackageFile[] {
  const url = wheels.get(file.sha256);
  return url === undefined ? [] : [{ ...file, url }];
}

function cutPayload({ url, path, sha256 }: PayloadFile, inside: Inside): PayloadFile {
  const stored = inside.file({ url, ...(sha256 === undefined ? {} : { sha256 }) });
  if (!stored) throw new Error(`'${path}' was not put into the bundle`);
  return { url: stored.url, path, sha256: stored.sha256 };
}

function lastName(address: string): string {
  return address.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
}

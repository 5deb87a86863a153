// Comes in: an `installer` element. Goes out: one Installer with its limits, file and licence. The file that knows
// WebPI's elements below `installer` (webpi-feed 3) that are not actions. Compares nothing with the machine.
import type { XmlElement } from '../lib/xml.js';
import type { Architecture, CLibrary, Installer, OperatingSystem, OsList, PlatformRule } from '../types.js';
import { readAction } from './action.js';
import { resolveRelative } from './address.js';
import { additions, attributeOf, child, children, textAt, textOf, warn } from './element.js';
import type { Reading } from './element.js';
import { readAddress, readInstallerFile } from './file.js';
import { readOsList } from './os.js';

const systems: readonly string[] = ['windows', 'linux', 'macos'] satisfies OperatingSystem[];
const architectures: readonly string[] = ['x64', 'x86', 'arm64'] satisfies Architecture[];
/** Other makers' words for an architecture; null = any. */
const otherNames: ReadonlyMap<string, Architecture | null> = new Map([
  ...(['amd64', 'x86_64', 'x86-64', 'win64'] as const).map((name) => [name, 'x64'] as const),
  ...(['i386', 'ia32', 'win32'] as const).map((name) => [name, 'x86'] as const),
  ...(['any', 'anycpu', 'neutral', 'msil'] as const).map((name) => [name, null] as const),
]);
const libraries: readonly string[] = ['glibc', 'musl'] satisfies CLibrary[];
const booleans: readonly string[] = ['true', 'false'];

/** All installers of an entry that somebody could use, in document order. */
export function readInstallers(reading: Reading, entry: XmlElement): Installer[] {
  const lists = children(entry, 'installers');
  const direct = children(entry, 'installer');
  for (const each of direct) warn(reading, each, "installer outside of 'installers'");
  for (const stray of lists.flatMap((list) => children(list, 'filesize')))
    warn(reading, stray, "'fileSize' outside of an installerFile is ignored");
  const all = [...lists.flatMap((list) => children(list, 'installer')), ...direct];
  const limits = { osList: readOsList(reading, entry), architectures: readArchitectures(reading, entry) };
  return all.flatMap((element, index) => readInstaller(reading, element, index + 1, limits) ?? []);
}

/** What an entry says for those of its installers that say nothing themselves. */
interface Limits {
  readonly osList: OsList | undefined;
  readonly architectures: Architecture[] | undefined;
}

/** One installer; undefined, with a warning, when it has no usable action or is for nothing that we know. */
function readInstaller(
  reading: Reading,
  element: XmlElement,
  position: number,
  limits: Limits,
): Installer | undefined {
  const action = readAction(reading, element);
  const platforms = readPlatforms(reading, element);
  const fitting = child(element, 'architectures')
    ? readArchitectures(reading, element)
    : limits.architectures;
  if (!action || !platforms || !fitting) {
    warn(reading, element, 'installer that cannot be used is left out');
    return undefined;
  }
  const file = readInstallerFile(reading, element);
  if (!file && (action.kind === 'archive' || (action.kind === 'template' && !action.href))) {
    warn(reading, element, 'installer without the installerFile that it needs is left out');
    return undefined;
  }
  const osList = readOsList(reading, element) ?? limits.osList;
  return {
    id: textAt(reading, element, 'id') ?? String(position),
    action,
    languages: readTexts(reading, element, 'languageid').map((language) => language.toLowerCase()),
    architectures: fitting,
    ...(osList ? { osList } : {}),
    platforms,
    ...(file ? { file } : {}),
    ...readPages(reading, element),
    logFiles: readLogFiles(reading, element),
    ...readManners(reading, element),
  };
}

function readPages(reading: Reading, element: XmlElement): Pick<Installer, 'eulaUrl' | 'helpLink'> {
  const eulaUrl =
    readAddress(reading, element, 'eulaurl') ??
    readAddress(reading, element, 'relativeeulaurl', resolveRelative);
  const helpLink = textAt(reading, element, 'helplink');
  return { ...(eulaUrl ? { eulaUrl } : {}), ...(helpLink ? { helpLink } : {}) };
}

/** How the installer behaves: whether it shows windows, and what WebPI opened at the end. */
function readManners(reading: Reading, element: XmlElement): Pick<Installer, 'showsUi' | 'postFinish'> {
  const showsUi = /^true$/i.test(textAt(reading, element, 'showsui') ?? '');
  const command = children(element, 'postfinish').flatMap((list) => children(list, 'command'))[0];
  const path = command && textAt(reading, command, 'path');
  const description = (command && textAt(reading, command, 'description')) ?? '';
  return { ...(showsUi ? { showsUi } : {}), ...(path ? { postFinish: { path, description } } : {}) };
}

function readLogFiles(reading: Reading, element: XmlElement): string[] {
  const lists = children(element, 'logfiles');
  return lists.flatMap((list) =>
    readTexts(reading, list, 'location').map((text) => {
      const location = text.replace(/%Program Files%/gi, '%ProgramFiles%');
      if (location !== text) warn(reading, list, "'%Program Files%' is taken as %ProgramFiles%");
      return location;
    }),
  );
}

/** `<architectures><x64/></architectures>`; undefined when none of those that are named is one of ours. */
function readArchitectures(reading: Reading, element: XmlElement): Architecture[] | undefined {
  const named = child(element, 'architectures')?.children ?? [];
  const known = named.map(({ name }) => architectureOf(name.toLowerCase()));
  if (known.includes(null)) return [];
  const ours = known.filter((each) => typeof each === 'string');
  if (ours.length < named.length) warn(reading, element, 'unknown architecture');
  return named.length > 0 && ours.length === 0 ? undefined : [...new Set(ours)];
}

function architectureOf(name: string): Architecture | null | undefined {
  return architectures.includes(name) ? (name as Architecture) : otherNames.get(name);
}

/** `<zk:platform/>`; undefined when none of those that are written can be read. */
function readPlatforms(reading: Reading, element: XmlElement): PlatformRule[] | undefined {
  const written = additions(element, 'platform');
  const rules = written.flatMap((each) => readPlatform(reading, each) ?? []);
  return written.length > 0 && rules.length === 0 ? undefined : rules;
}

function readPlatform(reading: Reading, element: XmlElement): PlatformRule | undefined {
  const limits = [
    ['os', systems],
    ['arch', architectures],
    ['libc', libraries],
    ['native', booleans],
  ] as const;
  const rule = limits.flatMap(([name, known]) => {
    const value = attributeOf(element, name)?.toLowerCase();
    return value ? [{ name, value, known: known.includes(value) }] : [];
  });
  const unknown = rule.find((limit) => !limit.known);
  if (unknown) warn(reading, element, `unknown ${unknown.name} '${unknown.value}'`);
  if (unknown) return undefined;
  const told = rule.filter(({ name }) => name !== 'native').map(({ name, value }) => [name, value] as const);
  const native = rule.some(({ name, value }) => name === 'native' && value === 'true');
  return { ...Object.fromEntries(told), ...(native ? { native } : {}) };
}

function readTexts(reading: Reading, parent: XmlElement, name: string): string[] {
  return children(parent, name)
    .map((each) => textOf(reading, each))
    .filter((text) => text !== '');
}

// Comes in: the text of applicationHost.config, a section, an application. Goes out: whether the section is locked there, and
// what the file says for just this place: what is needed to unlock one place and to take exactly that back. Pure.
// https://learn.microsoft.com/iis/get-started/planning-for-security/how-to-use-locking-in-iis-configuration
import type { SitePlace } from './iis-place.js';
import { applicationName } from './iis-place.js';
import type { XmlElement } from './xml.js';
import { attribute, parseXml } from './xml.js';

export interface SectionState {
  /** A web.config of the place may not have the section: the site would answer 500.19. */
  readonly locked: boolean;
  /** The section's attributes in a `location` of just this place; absent when there is none. */
  readonly stated?: ReadonlyMap<string, string>;
}

/** Locked on a server as Windows sets it up; what counts when its file cannot be read. */
const usuallyLocked = [/\/handlers$/, /\/authentication\//];

/** The state of a section, named in full (`system.webServer/handlers`), at a place. Throws XmlError. */
export function sectionState(configuration: string, section: string, place: SitePlace): SectionState {
  if (configuration === '') return { locked: usuallyLocked.some((pattern) => pattern.test(section)) };
  const root = parseXml(configuration);
  const way = waysTo(place);
  const own = way.at(-1);
  let locked = isDeniedByDefault(root, section);
  let stated: ReadonlyMap<string, string> | undefined;
  for (const each of way) {
    for (const location of locationsOf(root, each)) {
      const found = descend(location, section.split('/'));
      if (!found) continue;
      locked = lockOf(location) ?? locked;
      if (each === own) stated = new Map(found.attributes.map(({ name, value }) => [name, value]));
    }
  }
  return { locked, ...(stated === undefined ? {} : { stated }) };
}

/** The server, the site, and each folder down to the place, as `location` paths in lower case. */
function waysTo(place: SitePlace): string[] {
  const names = applicationName(place)
    .toLowerCase()
    .split('/')
    .filter((name) => name !== '');
  return ['', ...names.map((_, index) => names.slice(0, index + 1).join('/'))];
}

function locationsOf(root: XmlElement, path: string): XmlElement[] {
  return root.children.filter(({ name, attributes }) => {
    if (name !== 'location') return false;
    const own = attributes.find((each) => each.name === 'path')?.value ?? '';
    return own.toLowerCase().replace(/\/$/, '').replace(/^\.$/, '') === path;
  });
}

function descend(element: XmlElement, names: readonly string[]): XmlElement | undefined {
  let current: XmlElement | undefined = element;
  for (const name of names) current = current?.children.find((each) => each.name === name);
  return current;
}

/** What a `location` says of the places below it; undefined when it leaves that to those above. */
function lockOf(location: XmlElement): boolean | undefined {
  const mode = attribute(location, 'overrideMode')?.toLowerCase();
  if (mode === 'allow' || mode === 'deny') return mode === 'deny';
  const older = attribute(location, 'allowOverride')?.toLowerCase();
  return older === undefined ? undefined : older === 'false';
}

function isDeniedByDefault(root: XmlElement, section: string): boolean {
  const names = section.split('/');
  const last = names.pop() ?? '';
  let groups = root.children.filter(({ name }) => name === 'configSections');
  for (const name of names) {
    groups = groups
      .flatMap(({ children }) => children)
      .filter((each) => each.name === 'sectionGroup' && attribute(each, 'name') === name);
  }
  const found = groups
    .flatMap(({ children }) => children)
    .find((each) => each.name === 'section' && attribute(each, 'name') === last);
  return (found && attribute(found, 'overrideModeDefault'))?.toLowerCase() === 'deny';
}

// Comes in: elements of a web.config. Goes out: the sections of one place, children, attributes, numbers.
// Keeps IIS's case rules: names of elements and attributes count letter for letter, keys inside them do not.
// Knows no handler and no variable.
import { AppError } from '../errors.js';
import { attribute, parseXml, XmlError, type XmlElement } from '../lib/xml.js';

/** What a web.config says about one folder: itself (path '') or one that a `<location>` names. */
export interface ConfigScope {
  /** Below the web.config's own folder, with `/`; '' is that folder. */
  readonly path: string;
  readonly webServers: readonly XmlElement[];
  readonly appSettings: readonly XmlElement[];
}

/** SITE_INVALID for one line of a configuration file. */
export function invalidLine(file: string, line: number, wanted: string, found: string): AppError {
  return new AppError('SITE_INVALID', `Cannot use line ${line} of '${file}'`, {
    details: [`Wanted ${wanted}`, `Found ${found}`],
    hint: `Correct the file and start the site again with \`zookit serve\``,
  });
}

/** The document element `<configuration>`; SITE_INVALID when the text is not well-formed or is something else. */
export function readConfiguration(text: string, file: string): XmlElement {
  const root = parse(text, file);
  if (root.name !== 'configuration') {
    throw invalidLine(file, root.line, 'the element <configuration>', `<${root.name}>`);
  }
  return root;
}

function parse(text: string, file: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw invalidLine(file, error.line, 'well-formed XML', error.message);
  }
}

/**
 * Sections by the folder that they are for, the file's own folder first. `<location path=".">` is that folder too;
 * its attribute `inheritInChildApplications` says nothing about the site itself.
 */
export function scopesOf(
  configuration: XmlElement,
  file: string,
): readonly [own: ConfigScope, ...below: ConfigScope[]] {
  const parts = [
    { path: '', parent: configuration },
    ...children(configuration, 'location', file).map((location) => ({
      path: folderOf(attribute(location, 'path') ?? ''),
      parent: location,
    })),
  ];
  const scope = (path: string): ConfigScope => {
    const parents = parts.filter((part) => part.path === path).map((part) => part.parent);
    return {
      path,
      webServers: descendants(parents, ['system.webServer'], file),
      appSettings: descendants(parents, ['appSettings'], file),
    };
  };
  const below = new Set(parts.map((part) => part.path).filter((path) => path !== ''));
  return [scope(''), ...[...below].map(scope)];
}

function folderOf(path: string): string {
  return path
    .split(/[\\/]+/)
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}

/** Children of that exact name; one that differs only in case is an error, as in IIS (500.19). */
export function children(parent: XmlElement, name: string, file: string): readonly XmlElement[] {
  return parent.children.filter((child) => {
    if (child.name === name) return true;
    if (child.name.toLowerCase() === name.toLowerCase()) {
      throw invalidLine(file, child.line, `<${name}>, in these letters`, `<${child.name}>`);
    }
    return false;
  });
}

/** Children along a path of names, from several parents at once. */
export function descendants(
  parents: readonly XmlElement[],
  path: readonly string[],
  file: string,
): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (found, name) => found.flatMap((parent) => children(parent, name, file)),
    parents,
  );
}

/** An attribute that must be there and must not be empty. */
export function requiredAttribute(element: XmlElement, name: string, file: string): string {
  const value = attribute(element, name);
  if (value) return value;
  const found = value === undefined ? otherAttributes(element) : 'an empty one';
  throw invalidLine(file, element.line, `an attribute '${name}' of <${element.name}>`, found);
}

function otherAttributes(element: XmlElement): string {
  return element.attributes.map((each) => `'${each.name}'`).join(', ') || 'no attribute';
}

/** An attribute that is an unsigned 32-bit number when it is there. */
export function numberAttribute(element: XmlElement, name: string, fallback: number, file: string): number {
  const value = attribute(element, name);
  if (value === undefined) return fallback;
  if (/^\d{1,10}$/.test(value) && Number(value) <= 0xffff_ffff) return Number(value);
  throw invalidLine(file, element.line, `a number from 0 to 4294967295 in '${name}'`, `'${value}'`);
}

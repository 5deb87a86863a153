// Comes in: the bytes of a Web Deploy package's parameters.xml. Goes out: its parameters, as they are written: texts of the
// asked culture, tags in lower case, rules, places. Asks nothing, fills in nothing. Format: webpi-feed, section 7, and
// https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd569084(v=ws.10)
import type { XmlElement } from '../../src/lib/xml.js';
import { badPackage, childrenOf, readDocument, valueOf } from './document.js';

export interface PackageParameter {
  readonly name: string;
  /** The question. */
  readonly title: string;
  readonly description: string;
  /** May name other parameters as `{Other Name}`. */
  readonly default?: string;
  /** Lower case. */
  readonly tags: readonly string[];
  readonly rules: ValueRules;
  /** Where the value goes. */
  readonly entries: readonly ParameterEntry[];
  readonly line: number;
}

/** Web Deploy's `parameterValidation`. */
export interface ValueRules {
  readonly allowEmpty: boolean;
  /** Values that it may have; blanks count. */
  readonly choices?: readonly string[];
  /** A regular expression of .NET that must fit somewhere. */
  readonly pattern?: string;
}

/** One place, or several, for a value. */
export interface ParameterEntry {
  /** Lower case: `providerpath`, `textfile`, `xmlfile`, `textfileposition`, or what nobody knows. */
  readonly type: string;
  /** A regular expression: of a provider's name, or of a file's path. */
  readonly scope: string;
  /** A regular expression, an XPath, or `line;column;length`. */
  readonly match: string;
}

/** The parameters in their order; of two with one name the first one counts. Throws INSTALLER_FAILED. */
export function readParameters(bytes: Buffer, language = 'en'): PackageParameter[] {
  const root = readDocument(bytes, 'parameters.xml');
  if (root.name.toLowerCase() !== 'parameters')
    throw badPackage(`its 'parameters.xml' is none`, ['Wanted the element parameters', `Found ${root.name}`]);
  const parameters = new Map<string, PackageParameter>();
  for (const element of childrenOf(root, 'parameter')) {
    const parameter = readParameter(element, language);
    const key = parameter.name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, parameter);
  }
  return [...parameters.values()];
}

function readParameter(element: XmlElement, language: string): PackageParameter {
  const name = valueOf(element, 'name')?.trim() ?? '';
  if (name === '')
    throw badPackage(`line ${element.line} of its 'parameters.xml' has a parameter without a name`);
  const fallback = valueOf(element, 'defaultvalue');
  return {
    name,
    title: textOf(element, 'friendlyname', language) ?? name,
    description: textOf(element, 'description', language) ?? '',
    ...(fallback === undefined ? {} : { default: fallback }),
    tags: listOf(valueOf(element, 'tags')),
    rules: readRules(element),
    entries: childrenOf(element, 'parameterentry').map(readEntry),
    line: element.line,
  };
}

/** The child for the culture, then for its language, then the attribute, then a child without a culture. */
function textOf(element: XmlElement, name: string, language: string): string | undefined {
  const children = childrenOf(element, name);
  const cultured = (wanted: string): string | undefined =>
    children.find((each) => (valueOf(each, 'culture') ?? '').toLowerCase() === wanted)?.text;
  const culture = language.toLowerCase();
  const found = [
    cultured(culture),
    cultured(culture.split('-')[0] ?? culture),
    valueOf(element, name),
    cultured(''),
  ];
  return found.find((text) => text !== undefined && text.trim() !== '')?.trim();
}

function readRules(element: XmlElement): ValueRules {
  const kinds = new Set<string>();
  let text = '';
  for (const each of childrenOf(element, 'parametervalidation')) {
    listOf(valueOf(each, 'type')).forEach((kind) => kinds.add(kind));
    text = valueOf(each, 'validationstring') ?? text;
  }
  const allowEmpty = kinds.has('allowempty');
  if (kinds.has('boolean')) return { allowEmpty, choices: ['True', 'False'] };
  if (kinds.has('enumeration')) return { allowEmpty, choices: text.split(',').filter((each) => each !== '') };
  return { allowEmpty, ...(kinds.has('regularexpression') && text !== '' ? { pattern: text } : {}) };
}

function readEntry(element: XmlElement): ParameterEntry {
  return {
    type: (valueOf(element, 'type') ?? valueOf(element, 'kind') ?? '').trim().toLowerCase(),
    scope: valueOf(element, 'scope') ?? '',
    match: valueOf(element, 'match') ?? '',
  };
}

/** A comma list, any case, blanks around. */
function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
}

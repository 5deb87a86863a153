// Comes in: a `discoveryHint` element. Goes out: the tree of probes that it describes, references unresolved. The file
// that knows the elements of WebPI's hints (webpi-feed 2.3) and our three. Probes nothing.
import { groupCount } from '../lib/guarded-match.js';
import type { XmlElement } from '../lib/xml.js';
import type { DiscoveryHint } from '../types.js';
import { additionNamespace, attributeOf, maximumDepth, textAt, textOf, warn } from './element.js';
import type { Reading } from './element.js';

type Registry = Extract<DiscoveryHint, { kind: 'registry' }>;

/** The only arguments a hint may pass: listing products must not be able to do more than ask for a version. */
const asksForVersion = /^(-{0,2}version|-v)$/i;

/** What cannot be read is never found: left out of an `and`, it would make the rest of it say "installed". */
const never: DiscoveryHint = { kind: 'any', of: [] };

/** The tree below a `discoveryHint`; undefined when it is empty, which means: never found (no slip). */
export function readHint(reading: Reading, element: XmlElement, depth = 0): DiscoveryHint | undefined {
  if (depth > maximumDepth) {
    warn(reading, element, `hints are nested deeper than ${maximumDepth} levels`);
    return never;
  }
  const idref = attributeOf(element, 'idref');
  if (idref) return { kind: 'shared', id: idref };
  const of = readProbes(reading, element, depth);
  if (of.length > 1) warn(reading, element, 'several conditions in one discoveryHint, all must hold');
  return of.length > 1 ? { kind: 'all', of } : of[0];
}

function readProbes(reading: Reading, element: XmlElement, depth: number): DiscoveryHint[] {
  return element.children.flatMap((child) => {
    if (child.namespace === additionNamespace) return readAddition(reading, child) ?? [];
    return readProbe(reading, child, depth) ?? [];
  });
}

function readProbe(reading: Reading, element: XmlElement, depth: number): DiscoveryHint | undefined {
  switch (element.name.toLowerCase()) {
    case 'discoveryhint':
      return readHint(reading, element, depth + 1) ?? never;
    case 'and':
      return readGroup(reading, element, 'all', depth + 1);
    case 'or':
      return readGroup(reading, element, 'any', depth + 1);
    case 'not':
      return readNegation(reading, element, depth + 1);
    case 'registry':
      return readRegistry(reading, element);
    case 'file':
      return readFile(reading, element);
    case 'msiproductcode':
      return readCode(reading, element, 'msiProduct');
    case 'msipatchcode':
      return readCode(reading, element, 'msiPatch');
    default:
      return undefined;
  }
}

function readGroup(reading: Reading, element: XmlElement, kind: 'all' | 'any', depth: number): DiscoveryHint {
  if (depth > maximumDepth) return never;
  const [first, ...more] = readProbes(reading, element, depth);
  if (!first) warn(reading, element, `'${element.name}' without a hint in it`);
  return more.length > 0 && first ? { kind, of: [first, ...more] } : (first ?? never);
}

function readNegation(reading: Reading, element: XmlElement, depth: number): DiscoveryHint {
  const of = readGroup(reading, element, 'all', depth);
  return of === never ? never : { kind: 'not', of };
}

function readRegistry(reading: Reading, element: XmlElement): DiscoveryHint {
  const keyPath = textAt(reading, element, 'keypath')?.replace(/\\+$/, '');
  if (!keyPath) {
    warn(reading, element, 'registry hint without a keyPath');
    return never;
  }
  return { kind: 'registry', keyPath, values: readPairs(reading, element), ...readLimits(reading, element) };
}

/** Several name and value pairs in one `registry` are a slip of real feeds, read in their order: all must fit. */
function readPairs(reading: Reading, element: XmlElement): Registry['values'] {
  const pairs: { name?: string; text?: string }[] = [];
  let open: { name?: string; text?: string } | undefined;
  for (const child of element.children) {
    const name = child.name.toLowerCase();
    if (name !== 'valuename' && name !== 'valuevalue') continue;
    const text = textOf(reading, child);
    if (name === 'valuename' || !open) pairs.push((open = {}));
    if (name === 'valuevalue') {
      open.text = text;
      open = undefined;
    } else if (text !== '') open.name = text;
  }
  if (pairs.length > 1) warn(reading, element, 'several values in one registry hint, all must fit');
  return pairs;
}

function readFile(reading: Reading, element: XmlElement): DiscoveryHint {
  const path = textAt(reading, element, 'filepath');
  if (!path) {
    warn(reading, element, 'file hint without a filePath');
    return never;
  }
  return { kind: 'file', path, ...readLimits(reading, element) };
}

function readLimits(
  reading: Reading,
  element: XmlElement,
): Pick<Registry, 'minimumVersion' | 'maximumVersion'> {
  const slip = textAt(reading, element, 'minimalversion');
  if (slip) warn(reading, element, "'minimalVersion' is taken as minimumVersion");
  const minimumVersion = textAt(reading, element, 'minimumversion') ?? slip;
  const maximumVersion = textAt(reading, element, 'maximumversion');
  return { ...(minimumVersion ? { minimumVersion } : {}), ...(maximumVersion ? { maximumVersion } : {}) };
}

function readCode(reading: Reading, element: XmlElement, kind: 'msiProduct' | 'msiPatch'): DiscoveryHint {
  const code = textOf(reading, element);
  if (code === '') warn(reading, element, `empty ${element.name}`);
  return code === '' ? never : { kind, code };
}

function readAddition(reading: Reading, element: XmlElement): DiscoveryHint | undefined {
  const name = element.name.toLowerCase();
  if (name === 'python') {
    const range = attributeOf(element, 'range');
    return { kind: 'python', ...(range ? { range } : {}) };
  }
  if (name === 'pythonpackage') {
    const distribution = attributeOf(element, 'name');
    if (!distribution) warn(reading, element, "'zk:pythonPackage' without a name");
    return distribution ? { kind: 'pythonPackage', name: distribution } : never;
  }
  return name === 'command' ? readCommand(reading, element) : never;
}

function readCommand(reading: Reading, element: XmlElement): DiscoveryHint {
  const program = attributeOf(element, 'program') ?? '';
  const words = (attributeOf(element, 'arguments') ?? '').split(/\s+/).filter((word) => word !== '');
  const match = attributeOf(element, 'match') ?? '';
  const problem = problemOfCommand(program, words, match);
  if (problem) warn(reading, element, `'zk:command' ${problem}, it is never found`);
  return problem ? never : { kind: 'command', program, arguments: words, match };
}

function problemOfCommand(program: string, words: readonly string[], match: string): string | undefined {
  if (!/^[\w.+-]+$/.test(program)) return 'needs the plain name of a program';
  if (!words.every((word) => asksForVersion.test(word)))
    return 'may pass only what asks for a version (--version, -version, version, -V)';
  try {
    const groups = groupCount(match);
    return groups === 1 ? undefined : `needs one group in its match, not ${groups}`;
  } catch {
    return 'has a match that is no regular expression';
  }
}

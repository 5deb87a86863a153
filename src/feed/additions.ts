// Comes in: a part of a feed's tree. Goes out: warnings for what stands in our namespace and is not one of our additions.
// The one list of their names, parents and attributes; what they mean is known by the readers (and feed/README.md).
import type { XmlElement } from '../lib/xml.js';
import { additionNamespace, maximumDepth, warn } from './element.js';
import type { Reading } from './element.js';

interface Shape {
  /** Spelling that the documentation uses. */
  readonly name: string;
  /** Lower case. */
  readonly parents: readonly string[];
  /** Lower case. */
  readonly attributes: readonly string[];
}

const elements = shapes([
  ['alias', 'entry', ''],
  ['recommended', 'entry', ''],
  ['environment', 'entry', ''],
  ['license', 'entry', ''],
  ['parameter', 'entry', 'name type title default tags when'],
  ['choice', 'parameter', 'value title product range'],
  ['sha256', 'installerfile', ''],
  ['platform', 'installer', 'os arch libc native'],
  ['archive', 'installer', 'strip into register'],
  ['payload', 'installer', 'into'],
  ['file', 'payload script package', 'href path name size sha256'],
  ['pythonPackages', 'installer', 'python'],
  ['package', 'pythonpackages', 'name version marker'],
  ['template', 'installer', 'href'],
  ['script', 'installer', ''],
  ['run', 'script', ''],
  ['undo', 'script', ''],
  ['argument', 'run undo', ''],
  ['system', 'installer', ''],
  ['packages', 'system', 'manager names'],
  ['hosting', 'installer', ''],
  ['iis', 'installer', ''],
  ['nothing', 'installer', ''],
  ['python', 'discoveryhint', 'range'],
  ['pythonPackage', 'discoveryhint', 'name'],
  ['command', 'discoveryhint', 'program arguments match'],
]);

const attributes = shapes([
  ['range', 'productid', ''],
  ['os', 'dependency', ''],
]);

/** Warns of every addition below `top` that nobody would read: unknown, misspelled or in the wrong place. */
export function warnOfUnknownAdditions(reading: Reading, top: XmlElement): void {
  visit(reading, top, 0);
}

function visit(reading: Reading, element: XmlElement, depth: number): void {
  if (depth > maximumDepth * 3) return;
  checkAttributes(reading, element);
  for (const child of element.children) {
    if (child.namespace === additionNamespace) checkElement(reading, child, element);
    visit(reading, child, depth + 1);
  }
}

function checkElement(reading: Reading, element: XmlElement, parent: XmlElement): void {
  const shape = elements.get(element.name.toLowerCase());
  if (!shape) warn(reading, element, `unknown addition 'zk:${element.name}'`);
  else if (!shape.parents.includes(parent.name.toLowerCase()))
    warn(reading, element, `'zk:${shape.name}' has no meaning inside '${parent.name}'`);
}

function checkAttributes(reading: Reading, element: XmlElement): void {
  const ours = element.namespace === additionNamespace;
  const known = ours ? elements.get(element.name.toLowerCase())?.attributes : undefined;
  for (const { name, namespace } of element.attributes) {
    if (ours && known && namespace === '' && !known.includes(name.toLowerCase()))
      warn(reading, element, `unknown attribute '${name}' of 'zk:${element.name}'`);
    if (!ours && namespace === additionNamespace) checkAttribute(reading, element, name);
  }
}

function checkAttribute(reading: Reading, element: XmlElement, name: string): void {
  const shape = attributes.get(name.toLowerCase());
  if (!shape?.parents.includes(element.name.toLowerCase()))
    warn(reading, element, `attribute 'zk:${name}' has no meaning on '${element.name}'`);
}

function shapes(rows: readonly (readonly [string, string, string])[]): ReadonlyMap<string, Shape> {
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  return new Map(
    rows.map(([name, parents, known]) => [
      name.toLowerCase(),
      { name, parents: words(parents), attributes: words(known) },
    ]),
  );
}

// Comes in: a `dependency` element. Goes out: the AND/OR tree of what it names, references unresolved. The file that
// knows the elements of WebPI's dependency trees (webpi-feed 2.2). Knows neither products nor whether they exist.
import type { XmlElement } from '../lib/xml.js';
import type { Dependency, OperatingSystem } from '../types.js';
import { additionAttribute, attributeOf, children, maximumDepth, textOf, warn } from './element.js';
import type { Reading } from './element.js';

const systems: readonly string[] = ['windows', 'linux', 'macos'] satisfies OperatingSystem[];

/** The tree below a `dependency`; undefined, with a warning, when there is nothing in it. */
export function readDependency(reading: Reading, element: XmlElement, depth = 0): Dependency | undefined {
  if (depth > maximumDepth) {
    warn(reading, element, `dependencies are nested deeper than ${maximumDepth} levels`);
    return undefined;
  }
  const os = readSystem(reading, element);
  const idref = attributeOf(element, 'idref');
  if (idref) return { kind: 'shared', id: idref, ...(os ? { os } : {}) };
  const branches = readBranches(reading, element, depth);
  const [only] = branches;
  if (branches.length > 1) {
    warn(reading, element, 'several conditions in one dependency, all are taken as needed');
    return { kind: 'all', of: branches, ...(os ? { os } : {}) };
  }
  if (!only) warn(reading, element, 'dependency without a product');
  return only && os ? limited(only, os) : only;
}

/** The `dependency`s of an element, together: a second one is a slip, all of them are needed. */
export function readDependencies(reading: Reading, parent: XmlElement): Dependency | undefined {
  const found = children(parent, 'dependency').flatMap((each) => readDependency(reading, each) ?? []);
  return found.length > 1 ? { kind: 'all', of: found } : found[0];
}

function readBranches(reading: Reading, element: XmlElement, depth: number): Dependency[] {
  return element.children.flatMap((child) => {
    const name = child.name.toLowerCase();
    if (name === 'productid') return readProduct(reading, child) ?? [];
    if (name === 'dependency') return readDependency(reading, child, depth + 1) ?? [];
    if (name === 'and' || name === 'or') return readGroup(reading, child, depth + 1) ?? [];
    return [];
  });
}

function readGroup(reading: Reading, element: XmlElement, depth: number): Dependency | undefined {
  if (depth > maximumDepth) return undefined;
  const of = readBranches(reading, element, depth);
  if (of.length === 0) warn(reading, element, `'${element.name}' without a dependency in it`);
  if (of.length < 2) return of[0];
  return { kind: element.name.toLowerCase() === 'and' ? 'all' : 'any', of };
}

function readProduct(reading: Reading, element: XmlElement): Dependency | undefined {
  const id = textOf(reading, element);
  if (id === '') {
    warn(reading, element, 'empty productId in a dependency');
    return undefined;
  }
  const range = additionAttribute(element, 'range');
  return { kind: 'product', id, ...(range ? { range } : {}) };
}

function readSystem(reading: Reading, element: XmlElement): OperatingSystem | undefined {
  const os = additionAttribute(element, 'os')?.toLowerCase();
  if (os === undefined || systems.includes(os)) return os as OperatingSystem | undefined;
  warn(reading, element, `unknown system '${os}', the dependency is taken as needed everywhere`);
  return undefined;
}

function limited(dependency: Dependency, os: OperatingSystem): Dependency {
  return dependency.os === undefined ? { ...dependency, os } : { kind: 'all', of: [dependency], os };
}

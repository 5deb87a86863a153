// Comes in: `osList` and `os` elements. Goes out: rules over Windows versions, references unresolved. The file that
// knows WebPI's elements for systems (webpi-feed 3). Compares nothing with the machine.
import type { XmlElement } from '../lib/xml.js';
import type { OsList, OsRule } from '../types.js';
import { attributeOf, child, children, maximumDepth, textAt, warn } from './element.js';
import type { Reading } from './element.js';

const versionParts = ['osmajorversion', 'osminorversion', 'spmajorversion', 'spminorversion'];

/** The systems an installer is for, or all installers of an entry, as lists of version 2 could say it; undefined = any. */
export function readOsList(reading: Reading, parent: XmlElement): OsList | undefined {
  const [list, ...more] = [
    ...children(parent, 'oslist'),
    ...children(parent, 'supportedoses').map(innerList),
  ];
  if (!list) return undefined;
  if (more.length > 0) warn(reading, list, 'several osLists, only the first one counts');
  const idref = attributeOf(list, 'idref');
  if (idref) return { idref };
  const rules = readOsRules(reading, list);
  return rules.length > 0 ? { rules } : undefined;
}

function innerList(supported: XmlElement): XmlElement {
  return child(supported, 'oslist') ?? supported;
}

/** The rules of an `osList` (or of `oses`); any of them is enough. */
export function readOsRules(reading: Reading, list: XmlElement, depth = 0): OsRule[] {
  if (depth > maximumDepth) return [];
  return children(list, 'os').flatMap((os) => {
    const nested = child(os, 'oslist');
    if (!nested) return readOsRule(reading, os);
    warn(reading, os, 'osList inside an os, its rules are taken');
    return readOsRules(reading, nested, depth + 1);
  });
}

/** One `os`: a reference, or limits and editions. */
export function readOsRule(reading: Reading, os: XmlElement): OsRule {
  const idref = attributeOf(os, 'idref');
  const minimum = readVersion(reading, child(os, 'minimumversion') ?? child(os, 'minimalversion'));
  const maximum = readVersion(reading, child(os, 'maximumversion'));
  return {
    ...(idref ? { idref } : {}),
    ...(minimum ? { minimum } : {}),
    ...(maximum ? { maximum } : {}),
    types: child(os, 'ostypes')?.children.map((type) => type.name) ?? [],
  };
}

/** Dotted, as far as parts are written: a maximum of `6.1` is the whole of 6.1. */
function readVersion(reading: Reading, element: XmlElement | undefined): string | undefined {
  if (!element) return undefined;
  const [plain] = /^\d+(\.\d+){0,3}$/.exec(element.text) ?? [];
  const parts = versionParts.map((name, index) => textAt(reading, element, name) ?? plain?.split('.')[index]);
  const last = parts.findLastIndex((part) => part !== undefined);
  const written = parts.slice(0, last + 1).map((part) => part ?? '0');
  if (written.length > 0 && written.every((part) => /^\d+$/.test(part))) return written.join('.');
  warn(reading, element, `'${element.name}' is no version of Windows and is ignored`);
  return undefined;
}

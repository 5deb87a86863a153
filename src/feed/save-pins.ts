// Comes in: the text of a feed file and a pinned closure. Goes out: the text with the closure in the right entry, every
// other byte as it was. Touches no file itself.
import { AppError } from '../errors.js';
import { normalName } from '../lib/environment.js';
import { parseXml, XmlError, type XmlElement } from '../lib/xml.js';
import { additionNamespace } from './element.js';
import { closureXml } from './pin-xml.js';
import type { PinnedClosure } from './pin.js';
import type { Requirement } from './requirement.js';
import { placeElements, type PlacedElement } from './tag-positions.js';

/** The same element twice: as the parser reads it, and where its text is. */
interface Located {
  readonly read: XmlElement;
  readonly placed: PlacedElement;
}

/**
 * Puts a closure in place of the `pythonPackages` element of the entry with that version whose hint names the
 * distribution, or whose productId is its name. Throws AppError FEED_INVALID for a file that is not well-formed or
 * has no such element.
 */
export function savePins(feedText: string, closure: PinnedClosure): string {
  const root = locate(feedText);
  const entry = descendants(root, 'entry').find((each) => isEntryOf(each, closure.requirement));
  const target = entry && descendants(entry, 'pythonPackages').find(isOurs);
  if (!target) throw noPlace(closure.requirement, entry !== undefined);
  const { start, end, prefix } = target.placed;
  const lineStart = feedText.lastIndexOf('\n', start) + 1;
  const indent = /^[ \t]*/.exec(feedText.slice(lineStart, start))?.[0] ?? '';
  const lineEnd = feedText.includes('\r\n') ? '\r\n' : '\n';
  const xml = closureXml(closure, indent, prefix).replace(/\n/g, lineEnd);
  return feedText.slice(0, start) + xml + feedText.slice(end);
}

function locate(feedText: string): Located {
  try {
    return { read: parseXml(feedText), placed: placeElements(feedText) };
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new AppError('FEED_INVALID', `The feed cannot be read: line ${error.line}: ${error.message}`, {
      cause: error,
      hint: 'Repair the file and look at it with `zookit feed check FEED`',
    });
  }
}

function isEntryOf(entry: Located, { name, version }: Requirement): boolean {
  if (childText(entry, 'version') !== version) return false;
  const hinted = descendants(entry, 'pythonPackage')
    .filter(isOurs)
    .flatMap(({ read }) => read.attributes.filter((each) => each.name === 'name').map((each) => each.value));
  const names = [...hinted, childText(entry, 'productId') ?? ''];
  return names.some((each) => normalName(each) === normalName(name));
}

function childText(element: Located, name: string): string | undefined {
  return childrenOf(element).find(({ read }) => read.name.toLowerCase() === name.toLowerCase())?.read.text;
}

function descendants(element: Located, name: string): readonly Located[] {
  return childrenOf(element).flatMap((child) => [
    ...(child.read.name.toLowerCase() === name.toLowerCase() ? [child] : []),
    ...descendants(child, name),
  ]);
}

function childrenOf({ read, placed }: Located): readonly Located[] {
  return read.children.flatMap((child, index) => {
    const place = placed.children[index];
    return place ? [{ read: child, placed: place }] : [];
  });
}

function isOurs({ read }: Located): boolean {
  return read.namespace === additionNamespace;
}

function noPlace({ name, version }: Requirement, hasEntry: boolean): AppError {
  return new AppError('FEED_INVALID', `The feed has no place for the pins of '${name} ${version}'`, {
    details: [
      hasEntry
        ? 'Its entry has no zk:pythonPackages element'
        : 'No entry of that version names the distribution in a zk:pythonPackage hint or as its productId',
    ],
    hint: 'Add an entry with an empty `<zk:pythonPackages/>` in an installer, then run the command again',
  });
}

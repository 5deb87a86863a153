// Comes in: elements of an XML tree. Goes out: their children, attributes and texts, found the way WebPI's feeds need it:
// names in any case, the Atom namespace in any spelling. Knows no element of a feed by name.
import type { FeedWarning } from '../types.js';
import type { XmlElement } from '../lib/xml.js';

/** The namespace of everything that WebPI's format does not have; a parser of WebPI ignores what is in it. */
export const additionNamespace = 'urn:zookit:feed:1';

/** Trees of hints and dependencies deeper than this are cut: real ones have five levels. */
export const maximumDepth = 64;

/** What the readers of one document share: where they are, and the warnings that they add to. */
export interface Reading {
  /** As the warnings name the feed. */
  readonly address: string;
  /** What relative addresses are relative to: the address, or the one that a redirect led to. */
  readonly base: string;
  /** The entry that is being read. */
  readonly entry?: string;
  /** Texts of a culture by resource name, which come before the inline ones. */
  readonly strings?: ReadonlyMap<string, string>;
  readonly warnings: FeedWarning[];
}

/** Adds a warning that names the place of `element`. */
export function warn(reading: Reading, element: XmlElement, message: string): void {
  const { address, entry } = reading;
  reading.warnings.push({ address, line: element.line, ...(entry ? { entry } : {}), message });
}

/** Whether an element is WebPI's: not one of our additions, and not from a stranger's namespace. */
export function isWebpi(child: XmlElement, parent: XmlElement): boolean {
  if (child.namespace === additionNamespace) return false;
  if (child.namespace === '' || child.namespace === parent.namespace) return true;
  return /^https?:\/\/www\.w3\.org\/2005\/atom\/?$/i.test(child.namespace);
}

/** WebPI's children of that name; `name` in lower case. */
export function children(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((each) => each.name.toLowerCase() === name && isWebpi(each, parent));
}

/** WebPI's first child of that name; `name` in lower case. */
export function child(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((each) => each.name.toLowerCase() === name && isWebpi(each, parent));
}

/** Our own children of that name; `name` in lower case. */
export function additions(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter(
    (each) => each.namespace === additionNamespace && each.name.toLowerCase() === name,
  );
}

/** Our own first child of that name; `name` in lower case. */
export function addition(parent: XmlElement, name: string): XmlElement | undefined {
  return additions(parent, name)[0];
}

/** An attribute without prefix, by its lower-case name; on our own elements our prefix is accepted too. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  const ours = element.namespace === additionNamespace;
  const found = element.attributes.find(
    (each) =>
      each.name.toLowerCase() === name &&
      (each.namespace === '' || (ours && each.namespace === additionNamespace)),
  );
  return found?.value.trim();
}

/** One of our attributes on one of WebPI's elements. */
export function additionAttribute(element: XmlElement, name: string): string | undefined {
  const found = element.attributes.find(
    (each) => each.namespace === additionNamespace && each.name.toLowerCase() === name,
  );
  return found?.value.trim();
}

/** The text of an element; of the same element inside it when it was written twice, a slip of real feeds. */
export function textOf(reading: Reading, element: XmlElement): string {
  let innermost = element;
  for (let inner; innermost.text === '' && (inner = child(innermost, element.name.toLowerCase()));)
    innermost = inner;
  if (innermost !== element) warn(reading, element, `'${element.name}' stands inside itself`);
  return innermost.text;
}

/** The text of a child; undefined when it is not there or empty. */
export function textAt(reading: Reading, parent: XmlElement, name: string): string | undefined {
  const found = child(parent, name);
  return found ? textOf(reading, found) || undefined : undefined;
}

/** A text for people: in the reading's culture when it has one, line breaks as spaces. */
export function captionOf(reading: Reading, element: XmlElement | undefined): string {
  if (!element) return '';
  const resource = attributeOf(element, 'resourcename');
  const localised = resource ? reading.strings?.get(resource.toLowerCase()) : undefined;
  return (localised ?? textOf(reading, element)).replace(/\s+/g, ' ').trim();
}

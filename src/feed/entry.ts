// Comes in: an `entry` element. Goes out: one Entry, or a warning why it is none. The file that knows the elements below
// `entry` (webpi-feed 2, 2.1); trees, installers and parameters have files of their own. Resolves no reference.
import { nameProblem } from '../lib/file-name.js';
import type { XmlElement } from '../lib/xml.js';
import type { Entry, Incompatibility } from '../types.js';
import { warnOfUnknownAdditions } from './additions.js';
import { resolveAddress } from './address.js';
import { readDependencies } from './dependency.js';
import { addition, additions, attributeOf, captionOf, child, children, textOf, warn } from './element.js';
import type { Reading } from './element.js';
import { readHint } from './hint.js';
import { readInstallers } from './installer.js';
import { readParameters } from './parameter.js';

/** WebPI's flags: empty elements whose presence counts (webpi-feed 2). */
const flagNames = [
  'searchExclude',
  'noUpgrade',
  'external',
  'summaryExclude',
  'iisChoice',
  'webMatrixChoice',
  'sqlDbChoice',
  'mySqlDbChoice',
  'sqlceDbChoice',
  'sql',
  'mysql',
  'sqlce',
];

/** Ids stand on command lines (`Django@5.2,Pillow`) and name folders. */
function isUsableId(id: string): boolean {
  return !/[\\/,@]|^.{129,}$/.test(id) && id !== '.' && nameProblem(id) === undefined;
}

/** One entry; undefined, with a warning, when it has no usable productId. */
export function readEntry(feed: Reading, element: XmlElement): Entry | undefined {
  const productId = readProductId(feed, element);
  if (!productId) return undefined;
  const reading: Reading = { ...feed, entry: productId };
  warnOfUnknownAdditions(reading, element);
  // Some lists keep the descriptive half of an entry in a wrapper of its own.
  const metadata = child(element, 'metadata');
  const field = (name: string): XmlElement | undefined =>
    child(element, name) ?? (metadata && child(metadata, name));
  return {
    productId,
    version: captionOf(reading, field('version')),
    ...readDescription(reading, field, productId),
    keywords: readKeywords(reading, field('keywords')),
    aliases: textsOf(reading, additions(element, 'alias')),
    recommended: addition(element, 'recommended') !== undefined,
    environment: addition(element, 'environment') !== undefined,
    flags: flagNames.filter((name) => field(name.toLowerCase()) !== undefined),
    parameters: readParameters(reading, element),
    ...readNeeds(reading, element),
    related: readIds(reading, element, 'related', 'relatedproduct'),
    updates: readIds(reading, element, 'updates'),
    incompatibilities: readIncompatibilities(reading, element),
    installers: readInstallers(reading, element),
    line: element.line,
  };
}

/** Lower-case ids of the products that this one says it is an update of (`isUpdateOf`, the inverse of `updates`). */
export function readUpdateOf(feed: Reading, element: XmlElement): string[] {
  return readIds(feed, element, 'isupdateof').map((id) => id.toLowerCase());
}

function readProductId(feed: Reading, element: XmlElement): string | undefined {
  const [first, ...more] = children(element, 'productid');
  const id = first && textOf(feed, first);
  if (!id) warn(feed, element, 'entry without a productId is left out');
  else if (!isUsableId(id))
    warn(feed, element, `entry with the unusable productId '${id.slice(0, 128)}' is left out`);
  else if (more.length > 0) warn({ ...feed, entry: id }, element, 'several productIds, the first one counts');
  return id && isUsableId(id) ? id : undefined;
}

type Description = Pick<
  Entry,
  | 'title'
  | 'summary'
  | 'longSummary'
  | 'author'
  | 'link'
  | 'license'
  | 'published'
  | 'family'
  | 'icon'
  | 'terms'
>;

function readDescription(
  reading: Reading,
  field: (name: string) => XmlElement | undefined,
  productId: string,
): Description {
  const nested = (parent: string, name: string): string => {
    const found = field(parent);
    return found ? captionOf(reading, child(found, name)) : '';
  };
  const link = readLink(reading, field('link'));
  const optional = {
    published: captionOf(reading, field('published')),
    family: captionOf(reading, field('productfamily')),
    icon: resolveAddress(reading.base, nested('images', 'icon')) ?? '',
    terms: nested('terms', 'termstext'),
  };
  return {
    title: captionOf(reading, field('title')) || productId,
    summary: captionOf(reading, field('summary')),
    longSummary: captionOf(reading, field('longsummary')),
    author: nested('author', 'name'),
    ...(link ? { link } : {}),
    ...Object.fromEntries(Object.entries(optional).filter(([, text]) => text !== '')),
  };
}

function readLink(reading: Reading, element: XmlElement | undefined): string | undefined {
  return element && resolveAddress(reading.base, attributeOf(element, 'href') ?? element.text);
}

function readNeeds(reading: Reading, element: XmlElement): Pick<Entry, 'dependency' | 'hint' | 'license'> {
  const dependency = readDependencies(reading, element);
  const [first, ...more] = children(element, 'discoveryhint');
  if (more.length > 0) warn(reading, element, 'several discoveryHints, the first one counts');
  const hint = first && readHint(reading, first);
  const license = addition(element, 'license')?.text;
  return {
    ...(dependency ? { dependency } : {}),
    ...(hint ? { hint } : {}),
    ...(license ? { license } : {}),
  };
}

function readKeywords(reading: Reading, element: XmlElement | undefined): string[] {
  return element ? textsOf(reading, children(element, 'keywordid')) : [];
}

/** Ids below a list, directly or each in a wrapper; two ids in one wrapper (a slip) are both taken. */
function readIds(reading: Reading, entry: XmlElement, list: string, wrapper?: string): string[] {
  return children(entry, list).flatMap((found) => {
    const wrappers = wrapper ? children(found, wrapper) : [];
    const direct = found.children.length === 0 && found.text !== '' ? [found.text] : [];
    const ids = [found, ...wrappers].flatMap((each) => textsOf(reading, children(each, 'productid')));
    return [...direct, ...ids];
  });
}

function readIncompatibilities(reading: Reading, entry: XmlElement): Incompatibility[] {
  return children(entry, 'incompatibilities').flatMap((list) => [
    ...children(list, 'incompatibleproduct').flatMap((each) => {
      const message = captionOf(reading, child(each, 'errormessage'));
      const ids = textsOf(reading, children(each, 'productid'));
      return ids.map((id): Incompatibility => ({ kind: 'product', id, message }));
    }),
    ...children(list, 'incompatibleprocess').flatMap((each) => {
      const message = captionOf(reading, child(each, 'errormessage'));
      const names = textsOf(reading, children(each, 'processname'));
      return names.map((name): Incompatibility => ({ kind: 'process', name, message }));
    }),
  ]);
}

function textsOf(reading: Reading, elements: readonly XmlElement[]): string[] {
  return elements.map((each) => textOf(reading, each)).filter((text) => text !== '');
}

// Comes in: the text of a feed and its address. Goes out: one Feed with everything absolute and warnings for what is
// wrong, or FEED_INVALID. The file that knows the elements directly below `feed` (webpi-feed 1). Loads nothing.
import { AppError } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import { typedWord } from '../lib/quote.js';
import type { XmlElement } from '../lib/xml.js';
import { XmlError, parseXml } from '../lib/xml.js';
import type { Entry, Feed } from '../types.js';
import { warnOfUnknownAdditions } from './additions.js';
import { resolveAddress, resolveRelative } from './address.js';
import { readDependency } from './dependency.js';
import { attributeOf, captionOf, child, children, textAt, warn } from './element.js';
import type { Reading } from './element.js';
import { readEntry, readUpdateOf } from './entry.js';
import { readHint } from './hint.js';
import { readOsRule, readOsRules } from './os.js';
import { readResourceFiles } from './resources.js';
import { readTabs } from './tab.js';

export interface ParseOptions {
  /** The address that answered, when a redirect led there: what relative addresses are relative to. */
  readonly base?: string;
  /** Texts of a culture by lower-case resource name (see resources.ts). */
  readonly strings?: ReadonlyMap<string, string>;
}

/**
 * Reads a feed in WebPI's format with our additions; `address` is a URL or an absolute path. Throws AppError
 * FEED_INVALID, with the line, when the text is not well-formed XML or not a feed; all else is a warning.
 */
export function parseFeed(text: string, address: string, options: ParseOptions = {}): Feed {
  const root = parseDocument(text, address);
  const { strings } = options;
  const reading: Reading = {
    address,
    base: options.base ?? address,
    ...(strings ? { strings } : {}),
    warnings: [],
  };
  for (const part of root.children)
    if (part.name.toLowerCase() !== 'entry') warnOfUnknownAdditions(reading, part);
  const entries = readEntries(reading, root);
  const updated = textAt(reading, root, 'updated');
  const language = readDefaultLanguage(reading, root);
  return {
    address,
    title: captionOf(reading, child(root, 'title')) || withoutCredentials(address),
    ...(updated ? { updated } : {}),
    entries,
    ...readShared(reading, root),
    keywords: readKeywords(reading, root),
    tabs: readTabs(reading, root),
    enclosures: readEnclosures(reading, root),
    ...(language ? { defaultLanguage: language } : {}),
    resources: readResourceFiles(reading, root),
    warnings: reading.warnings.sort((left, right) => left.line - right.line),
  };
}

function parseDocument(text: string, address: string): XmlElement {
  const hint = `Check the file with an XML editor, then type \`zookit feed check ${typedWord(withoutCredentials(address))}\``;
  try {
    const root = parseXml(text);
    if (root.name.toLowerCase() === 'feed') return root;
    throw new AppError('FEED_INVALID', `'${withoutCredentials(address)}' is not a feed`, {
      details: [`line ${root.line}: the root element is '${root.name}', not 'feed'`],
      hint: root.name.toLowerCase() === 'html' ? 'Check the address: a web page is there, not a feed' : hint,
    });
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new AppError(
      'FEED_INVALID',
      `Feed '${withoutCredentials(address)}' cannot be read at line ${error.line}`,
      {
        details: [`line ${error.line}: ${error.message}`],
        hint,
        cause: error,
      },
    );
  }
}

function readEntries(reading: Reading, root: XmlElement): Entry[] {
  const elements = children(root, 'entry');
  const entries = elements.flatMap((element) => readEntry(reading, element) ?? []);
  const updates = elements.flatMap((element) => {
    const targets = readUpdateOf(reading, element);
    const id = targets.length > 0 ? textAt(reading, element, 'productid') : undefined;
    return id ? targets.map((target) => ({ id, target })) : [];
  });
  if (updates.length === 0) return entries;
  return entries.map((entry) => {
    const own = updates
      .filter((each) => each.target === entry.productId.toLowerCase())
      .map((each) => each.id);
    return own.length > 0 ? { ...entry, updates: [...entry.updates, ...own] } : entry;
  });
}

type Shared = Pick<Feed, 'hints' | 'dependencies' | 'osLists' | 'oses'>;

function readShared(reading: Reading, root: XmlElement): Shared {
  return {
    hints: readById(reading, root, 'discoveryhints', 'discoveryhint', (each) => readHint(reading, each)),
    dependencies: readById(reading, root, 'dependencies', 'dependency', (each) =>
      readDependency(reading, each),
    ),
    osLists: readById(reading, root, 'oslists', 'oslist', (each) => readOsRules(reading, each)),
    oses: readById(reading, root, 'oses', 'os', (each) => readOsRule(reading, each)),
  };
}

/** Rules by lower-case id; of two with one id the first one counts. */
function readById<T>(
  reading: Reading,
  root: XmlElement,
  list: string,
  name: string,
  read: (element: XmlElement) => T | undefined,
): Map<string, T> {
  const found = new Map<string, T>();
  for (const element of children(root, list).flatMap((each) => children(each, name))) {
    const id = attributeOf(element, 'id')?.toLowerCase();
    const rule = read(element);
    if (!id) warn(reading, element, `shared ${element.name} without an id`);
    else if (found.has(id)) warn(reading, element, `shared ${element.name} '${id}' is there twice`);
    else if (rule !== undefined) found.set(id, rule);
  }
  return found;
}

function readKeywords(reading: Reading, root: XmlElement): Map<string, string> {
  const elements = children(root, 'keywords').flatMap((list) => children(list, 'keyword'));
  const pairs = elements.flatMap((element): [string, string][] => {
    const id = attributeOf(element, 'id');
    return id ? [[id, captionOf(reading, element) || id]] : [];
  });
  return new Map(pairs);
}

/** Where both addresses are written the relative one is taken: it is right wherever the folder was moved to. */
function readEnclosures(reading: Reading, root: XmlElement): string[] {
  const links = children(root, 'link').filter((each) => /^enclosure$/i.test(attributeOf(each, 'rel') ?? ''));
  return links.flatMap((link) => {
    const relative = resolveRelative(reading.base, attributeOf(link, 'relativehref') ?? '');
    const address = relative ?? resolveAddress(reading.base, attributeOf(link, 'href') ?? '');
    if (!address) warn(reading, link, 'enclosure without an address');
    return address ?? [];
  });
}

function readDefaultLanguage(reading: Reading, root: XmlElement): string | undefined {
  const languages = children(root, 'languages').flatMap((list) => children(list, 'language'));
  const chosen = languages.find((each) => /^true$/i.test(attributeOf(each, 'default') ?? ''));
  return chosen && textAt(reading, chosen, 'languageid')?.toLowerCase();
}

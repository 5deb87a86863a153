// Comes in: a feed's list of resource files, or the text of one. Goes out: where the texts of a culture are, and the
// texts by name. Resource files are in the form of .NET's .resx (webpi-feed 1.2). Loads nothing.
import { AppError } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import type { XmlElement } from '../lib/xml.js';
import { XmlError, parseXml } from '../lib/xml.js';
import { resolveAddress } from './address.js';
import { attributeOf, child, children, textAt } from './element.js';
import type { Reading } from './element.js';

/** Addresses of resource files by lower-case culture (`de`, `pt-br`); a culture without one has its texts inline. */
export function readResourceFiles(reading: Reading, root: XmlElement): Map<string, string> {
  const elements = children(root, 'resourceslist').flatMap((list) => children(list, 'resources'));
  const pairs = elements.flatMap((element): [string, string][] => {
    const culture = textAt(reading, element, 'culture')?.toLowerCase();
    const address = resolveAddress(reading.base, textAt(reading, element, 'url') ?? '');
    return culture && address ? [[culture, address]] : [];
  });
  return new Map(pairs);
}

/** The file for a language: the culture itself (`pt-br`), else its language (`pt`); undefined = the inline texts. */
export function resourceFileFor(files: ReadonlyMap<string, string>, language: string): string | undefined {
  const culture = language.toLowerCase().replaceAll('_', '-');
  return files.get(culture) ?? files.get(culture.split('-')[0] ?? culture);
}

/** The texts of a resource file by lower-case name. Throws AppError FEED_INVALID, with the line. */
export function parseResources(text: string, address: string): Map<string, string> {
  try {
    const pairs = children(parseXml(text), 'data').flatMap((data): [string, string][] => {
      const name = attributeOf(data, 'name');
      const value = child(data, 'value')?.text;
      return name && value ? [[name.toLowerCase(), value]] : [];
    });
    return new Map(pairs);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new AppError(
      'FEED_INVALID',
      `Texts '${withoutCredentials(address)}' cannot be read at line ${error.line}`,
      {
        details: [`line ${error.line}: ${error.message}`],
        hint: 'Ask the owner of the feed, or leave `--language` out',
        cause: error,
      },
    );
  }
}

// Comes in: the bytes of one of a Web Deploy package's XML files. Goes out: its root element; and attributes by name in any
// case, as Web Deploy reads them. Knows neither manifest nor parameters.
import { AppError } from '../../src/errors.js';
import type { XmlElement } from '../../src/lib/xml.js';
import { XmlError, parseXml } from '../../src/lib/xml.js';
import { decodeText } from './text-encoding.js';

const ownersHint = 'Ask the owner of the feed for another package';

/** The root of an XML file; throws INSTALLER_FAILED, with the line. */
export function readDocument(bytes: Buffer, file: string): XmlElement {
  const text = decodeText(bytes)?.text;
  if (text === undefined) throw badPackage(`its '${file}' holds no text`);
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError)
      throw badPackage(`its '${file}' is no XML that can be read`, [`Line ${error.line}: ${error.message}`]);
    throw error;
  }
}

/** The value of an attribute, by lower-case name; of two spellings the first one counts. */
export function valueOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((each) => each.name.toLowerCase() === name)?.value;
}

/** Children of that lower-case name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((each) => each.name.toLowerCase() === name);
}

/** `reason` is the end of a sentence. */
export function badPackage(reason: string, details: readonly string[] = []): AppError {
  return new AppError('INSTALLER_FAILED', `The Web Deploy package cannot be used: ${reason}`, {
    details,
    hint: ownersHint,
  });
}

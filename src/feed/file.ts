// Comes in: elements that name files (`installerFile`, `zk:file`). Goes out: absolute addresses with sizes and hashes.
// A hash that is none is dropped with a warning, so the file counts as one without a hash. Fetches nothing.
import type { XmlElement } from '../lib/xml.js';
import type { InstallerFile, PayloadFile } from '../types.js';
import { fileNameOf, pathInside, resolveAddress, resolveRelative } from './address.js';
import { addition, additions, attributeOf, child, textAt, warn } from './element.js';
import type { Reading } from './element.js';

/** The `installerFile` of an installer, when it has a usable one. */
export function readInstallerFile(reading: Reading, installer: XmlElement): InstallerFile | undefined {
  const element = child(installer, 'installerfile');
  if (!element) return undefined;
  const url = readAddress(reading, element, 'installerurl', resolveAddress);
  const relativeUrl = readAddress(reading, element, 'relativeinstallerurl', resolveRelative);
  if (!url && !relativeUrl) {
    warn(reading, element, 'installerFile without an address');
    return undefined;
  }
  const size = readKilobytes(reading, element);
  const sha1 = readHash(reading, element, textAt(reading, element, 'sha1'), 40);
  const sha256 = readHash(reading, element, addition(element, 'sha256')?.text, 64);
  return {
    url: url ?? '',
    ...(relativeUrl ? { relativeUrl } : {}),
    ...(size === undefined ? {} : { size }),
    ...(sha1 ? { sha1 } : {}),
    ...(sha256 ? { sha256 } : {}),
  };
}

/** The address in a child element, absolute; `name` in lower case. */
export function readAddress(
  reading: Reading,
  parent: XmlElement,
  name: string,
  resolve: typeof resolveAddress = resolveAddress,
): string | undefined {
  const text = textAt(reading, parent, name);
  if (text === undefined) return undefined;
  const address = resolve(reading.base, text);
  if (address === undefined) warn(reading, parent, `'${text}' is no address`);
  return address;
}

/** The `zk:file`s of a payload or script; undefined, with a warning, when one of them cannot be used. */
export function readPayloadFiles(reading: Reading, parent: XmlElement): PayloadFile[] | undefined {
  const files = additions(parent, 'file').map((element) => readPayloadFile(reading, element));
  return files.every((file) => file !== undefined) ? files : undefined;
}

function readPayloadFile(reading: Reading, element: XmlElement): PayloadFile | undefined {
  const url = resolveAddress(reading.base, attributeOf(element, 'href') ?? '');
  const path = url && pathInside(attributeOf(element, 'path') ?? fileNameOf(url));
  if (!path) {
    warn(reading, element, "'zk:file' needs an href, and a path that stays inside the product's folder");
    return undefined;
  }
  const sha256 = readHash(reading, element, attributeOf(element, 'sha256'), 64);
  return { url, path, ...(sha256 ? { sha256 } : {}) };
}

/** Lower-case hex of that many digits, or undefined. */
export function readHash(
  reading: Reading,
  element: XmlElement,
  text: string | undefined,
  digits: number,
): string | undefined {
  if (!text) return undefined;
  const hash = text.toLowerCase();
  if (hash.length === digits && /^[0-9a-f]+$/.test(hash)) return hash;
  warn(reading, element, `hash '${text}' has not ${digits} hex digits and is ignored`);
  return undefined;
}

/** Feeds state KB; some write bytes, so nobody relies on it. */
function readKilobytes(reading: Reading, element: XmlElement): number | undefined {
  const text = textAt(reading, element, 'filesize');
  if (text === undefined) return undefined;
  const kilobytes = Number(text.replaceAll(',', ''));
  if (Number.isFinite(kilobytes) && kilobytes >= 0) return Math.round(kilobytes * 1024);
  warn(reading, element, `fileSize '${text}' is no number and is ignored`);
  return undefined;
}

// Comes in: the bytes of a file that people or their programs wrote. Goes out: its text, by byte order mark, for XML also by
// the encoding that its first line declares, else as UTF-8. Knows nothing of what is in the file.
import { readBytesIfThere } from './files.js';

/** https://www.w3.org/TR/xml/#charencoding: names as XML allows them, looked for in the first line only. */
const declaration = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/;

/** The text of an XML file; bytes that the encoding does not have become U+FFFD. */
export function decodeXml(bytes: Uint8Array): string {
  const wide = wideText(bytes) ?? wideTag(bytes);
  if (wide !== undefined) return wide;
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const label = declaration.exec(start)?.[1] ?? 'utf-8';
  return decoderFor(label).decode(bytes);
}

/** A declared UTF-16 without its byte order mark cannot be: the declaration itself was readable as ASCII. */
function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(/^utf-?16/i.test(label) ? 'utf-8' : label);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** The text of any other file, without its mark: UTF-8, or UTF-16 as Windows PowerShell's `>` and Notepad write it. */
export function decodeText(bytes: Uint8Array): string {
  return wideText(bytes) ?? new TextDecoder('utf-8').decode(bytes);
}

/** The text of such a file, or undefined when there is none; throws NEEDS_ADMIN where it may not be read. */
export async function readText(path: string): Promise<string | undefined> {
  const bytes = await readBytesIfThere(path);
  return bytes && decodeText(bytes);
}

/** Without a mark, a first `<` in two bytes tells as much (https://www.w3.org/TR/xml/#sec-guessing). */
function wideTag(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0 && bytes[1] === 0x3c) return new TextDecoder('utf-16be').decode(bytes);
  return undefined;
}

function wideText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return undefined;
}

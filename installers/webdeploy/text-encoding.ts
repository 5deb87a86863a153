// Comes in: a file's bytes. Goes out: its text, and a way to write other text as the file was written: same encoding, same
// mark at its beginning. Guesses no encoding: what is no UTF is kept byte by byte.

export interface DecodedText {
  readonly text: string;
  /** Undefined when the encoding has no room for a character of `text`. */
  readonly encode: (text: string) => Buffer | undefined;
}

/** The text of a file; undefined for one that holds no text. */
export function decodeText(bytes: Buffer): DecodedText | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return littleEndian(bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return bigEndian(bytes.subarray(2));
  if (bytes.includes(0)) return undefined;
  const mark =
    bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(0, 3) : Buffer.alloc(0);
  const body = bytes.subarray(mark.length);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return { text, encode: (changed) => Buffer.concat([mark, Buffer.from(changed, 'utf8')]) };
  } catch {
    const encode = (changed: string): Buffer | undefined =>
      /^[\u0000-\u00ff]*$/.test(changed) ? Buffer.from(changed, 'latin1') : undefined;
    return { text: bytes.toString('latin1'), encode };
  }
}

function littleEndian(body: Buffer): DecodedText {
  return {
    text: body.toString('utf16le'),
    encode: (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
  };
}

function bigEndian(body: Buffer): DecodedText {
  const whole = body.subarray(0, body.length - (body.length % 2));
  return {
    text: Buffer.from(whole).swap16().toString('utf16le'),
    encode: (text) => Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]),
  };
}

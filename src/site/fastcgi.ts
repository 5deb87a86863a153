// Comes in: records and pairs. Goes out: bytes; and records again, from any split of a byte stream. No sockets, no requests.
// Source: FastCGI Specification 1.0, sections 3.3 (records), 3.4 (name-value pairs), 5 and 8 (types, constants).

/** Record types that a responder and its web server use. */
export const recordType = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  parameters: 4,
  standardInput: 5,
  standardOutput: 6,
  standardError: 7,
} as const;

/** A record without its padding. */
export interface FcgiRecord {
  /** One of recordType, or a number that this version does not know. */
  readonly type: number;
  /** 1 to 65535; 0 for records about the connection. */
  readonly requestId: number;
  /** At most 65535 bytes, without padding. */
  readonly content: Buffer;
}

/** A name and a value; text becomes UTF-8, bytes stay as they are. */
export type FcgiPair = readonly [name: string, value: string | Uint8Array];

/** The stream is not FastCGI. */
export class FcgiError extends Error {}

const headerLength = 8;
const maximumContent = 65535;
/** Keeps records of a stream aligned to 8 bytes without padding. */
const streamChunk = 65528;
const responder = 1;
const keepConnection = 1;

/** One record, padded to a multiple of 8 bytes as the specification recommends; RangeError when it is too long. */
export function encodeRecord(record: FcgiRecord): Buffer {
  const { length } = record.content;
  if (length > maximumContent) throw new RangeError(`a record holds 65535 bytes, not ${length}`);
  const padding = (8 - (length % 8)) % 8;
  const bytes = Buffer.alloc(headerLength + length + padding);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt8(record.type, 1);
  bytes.writeUInt16BE(record.requestId, 2);
  bytes.writeUInt16BE(length, 4);
  bytes.writeUInt8(padding, 6);
  record.content.copy(bytes, headerLength);
  return bytes;
}

/** A piece of a stream (parameters, input, output) as records; an empty piece would end the stream, so it gives none. */
export function encodeStream(type: number, requestId: number, content: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const records: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += streamChunk) {
    records.push(encodeRecord({ type, requestId, content: bytes.subarray(start, start + streamChunk) }));
  }
  return records;
}

/** The empty record that ends a stream. */
export function encodeStreamEnd(type: number, requestId: number): Buffer {
  return encodeRecord({ type, requestId, content: Buffer.alloc(0) });
}

/** Opens a request to a responder that keeps its connection afterwards. */
export function encodeBegin(requestId: number): Buffer {
  const content = Buffer.from([0, responder, keepConnection, 0, 0, 0, 0, 0]);
  return encodeRecord({ type: recordType.beginRequest, requestId, content });
}

/** Asks the application to stop working on a request; it still ends it. */
export function encodeAbort(requestId: number): Buffer {
  return encodeRecord({ type: recordType.abortRequest, requestId, content: Buffer.alloc(0) });
}

/** What an endRequest record says, any protocol status but 0 being a refusal; FcgiError when it is shorter than 8 bytes. */
export function decodeEnd(content: Buffer): {
  readonly applicationStatus: number;
  readonly protocolStatus: number;
} {
  if (content.length < 8) throw new FcgiError('an endRequest record is too short');
  return { applicationStatus: content.readUInt32BE(0), protocolStatus: content.readUInt8(4) };
}

/** Pairs as one block of bytes: lengths under 128 in one byte, others in four with the top bit set. */
export function encodePairs(pairs: Iterable<FcgiPair>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of pairs) {
    const nameBytes = Buffer.from(name);
    const valueBytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
    parts.push(encodeLength(nameBytes.length), encodeLength(valueBytes.length), nameBytes, valueBytes);
  }
  return Buffer.concat(parts);
}

function encodeLength(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((length | 0x8000_0000) >>> 0);
  return bytes;
}

/**
 * Takes a byte stream piece by piece and returns the records that became complete. FcgiError for another version
 * than 1: the other side speaks something else, and nothing after it can be read.
 */
export function createRecordDecoder(): (piece: Buffer) => readonly FcgiRecord[] {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const records: FcgiRecord[] = [];
    let position = 0;
    while (bytes.length - position >= headerLength) {
      const version = bytes.readUInt8(position);
      if (version !== 1) throw new FcgiError(`FastCGI version 1 was expected, found ${version}`);
      const start = position + headerLength;
      const end = start + bytes.readUInt16BE(position + 4);
      const next = end + bytes.readUInt8(position + 6);
      if (next > bytes.length) break;
      records.push({
        type: bytes.readUInt8(position + 1),
        requestId: bytes.readUInt16BE(position + 2),
        content: bytes.subarray(start, end),
      });
      position = next;
    }
    rest = bytes.subarray(position);
    return records;
  };
}

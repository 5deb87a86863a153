// Comes in: a stream of bytes and how long it was said to be. Goes out: the same stream, never longer; an error when it
// is shorter, so that a connection is broken instead of a reader kept waiting. Knows no HTTP.
import { Transform } from 'node:stream';

/** The stream ended before its announced length. */
export class BodyTooShort extends Error {}

/** The stream is longer than is allowed. */
export class BodyTooLong extends Error {
  /** Bytes. */
  readonly limit: number;

  constructor(limit: number) {
    super(`more than ${limit} bytes`);
    this.limit = limit;
  }
}

/** Passes exactly `length` bytes: cuts what is too much, fails with BodyTooShort at a premature end. */
export function exactLength(length: number): Transform {
  let left = length;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      const part = piece.subarray(0, left);
      left -= part.length;
      done(null, part.length === 0 ? undefined : part);
    },
    flush(done) {
      done(left === 0 ? null : new BodyTooShort(`${left} of ${length} bytes are missing`));
    },
  });
}

/** Passes at most `limit` bytes, then fails with BodyTooLong. */
export function atMost(limit: number): Transform {
  let left = limit;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      left -= piece.length;
      if (left < 0) done(new BodyTooLong(limit));
      else done(null, piece);
    },
  });
}

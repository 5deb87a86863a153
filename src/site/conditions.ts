// Comes in: a request's conditional and range headers, and facts about a file. Goes out: which status and which bytes.
// Pure. Source: RFC 9110 sections 13 (conditional requests) and 14 (ranges).

/** What a file's answer depends on. */
export interface Representation {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** With its quotes; strong. */
  readonly etag: string;
}

/** The request's headers that matter here; names in lower case. */
export type ConditionHeaders = Readonly<
  Partial<
    Record<
      'if-match' | 'if-none-match' | 'if-modified-since' | 'if-unmodified-since' | 'if-range' | 'range',
      string
    >
  >
>;

/** How to answer; `start` and `end` (inclusive) are the bytes to send. */
export type FileAnswer =
  | { readonly status: 200 }
  | { readonly status: 206; readonly start: number; readonly end: number }
  | { readonly status: 304 | 412 | 416 };

/** The answer to GET or HEAD; the order of the checks is that of RFC 9110 section 13.2.2. */
export function evaluateConditions(headers: ConditionHeaders, file: Representation): FileAnswer {
  if (headers['if-match'] !== undefined) {
    if (!matches(headers['if-match'], file.etag)) return { status: 412 };
  } else if (changedSince(headers['if-unmodified-since'], file)) return { status: 412 };
  if (headers['if-none-match'] !== undefined) {
    if (matches(headers['if-none-match'], file.etag)) return { status: 304 };
  } else if (changedSince(headers['if-modified-since'], file) === false) return { status: 304 };
  if (headers.range === undefined || !rangeHolds(headers['if-range'], file)) return { status: 200 };
  return readRange(headers.range, file.size);
}

/** The date as HTTP writes it: whole seconds. */
export function httpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

/** A weak tag of ours never existed, but a proxy may have made it weak on the way: compared without `W/`. */
function matches(list: string, etag: string): boolean {
  return list.trim() === '*' || list.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

/** Undefined when there is no date, or none that can be read: then the header is not there. */
function changedSince(date: string | undefined, file: Representation): boolean | undefined {
  const since = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(since) ? undefined : Math.floor(file.modified / 1000) * 1000 > since;
}

function rangeHolds(condition: string | undefined, file: Representation): boolean {
  if (condition === undefined) return true;
  const text = condition.trim();
  return text.endsWith('"') ? text === file.etag : text === httpDate(file.modified);
}

/** One range; several, or what is no range of bytes, are answered with the whole file, as the RFC allows. */
function readRange(text: string, size: number): FileAnswer {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(text);
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '' && last === '') return { status: 200 };
  if (first === '') {
    const count = Math.min(Number(last), size);
    return count === 0 ? { status: 416 } : { status: 206, start: size - count, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return { status: 200 };
  if (start >= size) return { status: 416 };
  return { status: 206, start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

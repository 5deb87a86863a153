// Comes in: the bytes that an application writes, from the first on. Goes out: HTTP status and headers, and where the
// body begins. Source: RFC 3875 section 6 (CGI responses). Trusts nothing: what would break HTTP is refused or dropped.

/** Status line and headers of an application's answer. */
export interface ResponseHead {
  readonly status: number;
  /** May be empty; then the usual one stands in. */
  readonly reason: string;
  /** In order; `Set-Cookie` may come several times. Without hop-by-hop headers and `Status`. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What is known after some bytes. */
export type HeadProgress =
  | { readonly kind: 'more' }
  | { readonly kind: 'head'; readonly head: ResponseHead; readonly rest: Buffer }
  | { readonly kind: 'garbage'; readonly problem: string };

const maximumHead = 64 * 1024;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 section 7.6.1: about one connection only, and each connection here is our own. */
export const hopByHopHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Takes pieces until the empty line after the headers; lines may end in CR LF or LF. */
export function createHeadReader(): (piece: Buffer) => HeadProgress {
  let seen: Buffer = Buffer.alloc(0);
  return (piece) => {
    seen = seen.length === 0 ? piece : Buffer.concat([seen, piece]);
    const end = endOfHead(seen);
    if (!end) {
      if (seen.length <= maximumHead) return { kind: 'more' };
      return { kind: 'garbage', problem: `its headers are longer than ${maximumHead} bytes` };
    }
    return parseHead(seen.toString('latin1', 0, end.head), seen.subarray(end.body));
  };
}

function endOfHead(bytes: Buffer): { readonly head: number; readonly body: number } | undefined {
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
    const lineIsEmpty = at === 0 || (at === 1 && bytes[0] === 13);
    if (lineIsEmpty) return { head: 0, body: at + 1 };
    if (bytes[at + 1] === 10) return { head: at, body: at + 2 };
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return { head: at, body: at + 3 };
  }
  return undefined;
}

function parseHead(text: string, rest: Buffer): HeadProgress {
  const headers: (readonly [string, string])[] = [];
  for (const line of text === '' ? [] : text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = line.slice(colon + 1).trim();
    if (!token.test(name)) return { kind: 'garbage', problem: `'${printable(line)}' is not a header` };
    if (hasControls(value)) {
      return { kind: 'garbage', problem: `the header '${name}' holds a control character` };
    }
    headers.push([name, value]);
  }
  if (headers.length === 0) return { kind: 'garbage', problem: 'it has no headers' };
  return headOf(headers, rest);
}

function headOf(headers: readonly (readonly [string, string])[], rest: Buffer): HeadProgress {
  const first = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const line = first('status') ?? (first('location') === undefined ? '200 OK' : '302 Found');
  const match = /^([2-5]\d\d)(?:\s+(.*))?$/.exec(line);
  if (!match) return { kind: 'garbage', problem: `'${printable(line)}' is not a status from 200 to 599` };
  const lengths = new Set(valuesOf(headers, 'content-length'));
  if (lengths.size > 1 || [...lengths].some((length) => !/^\d{1,15}$/.test(length))) {
    return { kind: 'garbage', problem: 'its Content-Length is not one number' };
  }
  const kept = headers.filter(([name], index) => {
    const folded = name.toLowerCase();
    if (folded === 'status' || hopByHopHeaders.has(folded)) return false;
    // The same length said twice would reach the browser twice.
    return (
      folded !== 'content-length' || headers.findIndex(([each]) => each.toLowerCase() === folded) === index
    );
  });
  return { kind: 'head', head: { status: Number(match[1]), reason: match[2] ?? '', headers: kept }, rest };
}

function valuesOf(headers: readonly (readonly [string, string])[], wanted: string): readonly string[] {
  return headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

/** The text is Latin-1: one character for each byte. */
function hasControls(value: string): boolean {
  return /[^\t -~\x80-\xff]/.test(value);
}

function printable(text: string): string {
  return text.slice(0, 60).replace(/[^ -~]/g, '?');
}

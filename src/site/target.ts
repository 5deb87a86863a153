// Comes in: the request target of an HTTP request line. Goes out: its path, decoded and without `.` and `..`, and its
// query; or why it cannot be one. Knows no file and no site.

/** Where a request goes. */
export interface RequestTarget {
  /** As on the request line, without scheme and host. */
  readonly uri: string;
  /** Encoded, without the query. */
  readonly rawPath: string;
  /** Without `?`. */
  readonly query: string;
  /** Begins with `/`, percent-decoded, dot segments resolved: bytes, since applications decode for themselves. */
  readonly bytes: Buffer;
  /** The same as UTF-8 text; bytes that are none become U+FFFD. */
  readonly path: string;
}

/**
 * Reads an origin-form or absolute-form target (RFC 9112 section 3.2). Undefined when it is neither, has a broken
 * percent-encoding, a NUL, or climbs above the root.
 */
export function readTarget(target: string): RequestTarget | undefined {
  const uri = target.startsWith('/') ? target : (/^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? '*');
  const full = uri === '' || uri.startsWith('?') ? `/${uri}` : uri;
  if (!full.startsWith('/')) return undefined;
  const [withoutFragment = ''] = full.split('#');
  const mark = withoutFragment.indexOf('?');
  const rawPath = mark === -1 ? withoutFragment : withoutFragment.slice(0, mark);
  const decoded = decodePercent(rawPath);
  const bytes = decoded && removeDotSegments(decoded);
  if (!bytes || bytes.includes(0)) return undefined;
  return {
    uri: full,
    rawPath,
    query: mark === -1 ? '' : withoutFragment.slice(mark + 1),
    bytes,
    path: bytes.toString('utf8'),
  };
}

/** Text of one byte per character, as HTTP delivers it, to bytes; undefined when a `%` has no two digits behind it. */
function decodePercent(text: string): Buffer | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const decoded = text.replace(/%(..)/g, (_whole, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}

/** RFC 3986 section 5.2.4, after decoding, so that `%2e%2e` and `..%2f` climb no further than `..` does. */
function removeDotSegments(bytes: Buffer): Buffer | undefined {
  const segments = bytes.toString('latin1').slice(1).split('/');
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..' && kept.pop() === undefined) return undefined;
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (last) kept.push('');
  }
  return Buffer.from(`/${kept.join('/')}`, 'latin1');
}

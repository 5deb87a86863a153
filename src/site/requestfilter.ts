// Comes in: what a request says about itself, and a site's limits. Goes out: undefined, or the status that IIS's request
// filtering would answer. Looks at no body; who reads a body counts it.
import type { RequestTarget } from './target.js';
import type { SiteConfig } from './webconfig.js';

/** A request that is not let through, as IIS names it (field note 13). */
export interface FilteredRequest {
  readonly status: 404 | 413;
  /** For the log: `404.8, hidden segment 'data'`. */
  readonly reason: string;
}

/** The body is longer than `maxAllowedContentLength`. */
export function tooLong(limit: number): FilteredRequest {
  return { status: 413, reason: `413.1, the body is longer than maxAllowedContentLength (${limit} bytes)` };
}

/** Checks segments, lengths of path and query, and the announced length of the body. */
export function filterRequest(
  config: Pick<SiteConfig, 'hiddenSegments' | 'limits'>,
  target: RequestTarget,
  contentLength: number | undefined,
): FilteredRequest | undefined {
  const { maxAllowedContentLength, maxQueryString, maxUrl } = config.limits;
  const hidden = hiddenSegment(config.hiddenSegments, target.path);
  if (hidden !== undefined) return { status: 404, reason: `404.8, hidden segment '${hidden}'` };
  if (target.rawPath.length > maxUrl) {
    return { status: 404, reason: `404.14, the address is longer than maxUrl (${maxUrl})` };
  }
  if (target.query.length > maxQueryString) {
    return { status: 404, reason: `404.15, the query is longer than maxQueryString (${maxQueryString})` };
  }
  if (contentLength !== undefined && contentLength > maxAllowedContentLength) {
    return tooLong(maxAllowedContentLength);
  }
  return undefined;
}

/** The first segment that is hidden, compared without case, as Windows would open it. */
function hiddenSegment(hidden: readonly string[], path: string): string | undefined {
  const names = new Set(hidden.map((segment) => segment.toLowerCase()));
  return path
    .toLowerCase()
    .split(/[\\/]/)
    .map((segment) => segment.replace(/[. ]+$/, ''))
    .find((segment) => names.has(segment));
}

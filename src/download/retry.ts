// Comes in: a failed try. Goes out: whether another one is worth it, and after which pause. Pure.
import { AppError } from '../errors.js';
import { codeOf } from '../lib/files.js';
import type { HttpResponse } from '../lib/http.js';

/** A server answered, but not with the file. */
export class StatusError extends AppError {
  readonly status: number;
  /** Milliseconds that the server asks to wait; undefined when it does not. */
  readonly retryAfter: number | undefined;

  constructor(url: string, product: string, response: Pick<HttpResponse, 'status' | 'header'>) {
    super('DOWNLOAD_FAILED', `Cannot fetch '${url}' for '${product}'`, {
      details: [`The server answered ${response.status} instead of 200`],
      hint:
        response.status === 401 || response.status === 403 || response.status === 407
          ? 'The server or a proxy wants to know who you are: check the address and `HTTPS_PROXY`'
          : 'Check the address in a browser; a feed of yours may need a newer one',
    });
    this.status = response.status;
    this.retryAfter = parseRetryAfter(response.header('retry-after'), Date.now());
  }
}

/** The file came whole, and is another one than the feed describes. */
export class Rejected extends AppError {
  constructor(product: string, url: string, algorithm: string, wanted: string, found: string) {
    super('HASH_MISMATCH', `The file for '${product}' is not the one that the feed describes`, {
      details: [`From ${url}`, `Wanted ${algorithm} ${wanted}`, `Found  ${algorithm} ${found}`],
      hint: 'Do not use the file; ask the owner of the feed, or take a newer feed',
    });
  }
}

const transientStatuses = [408, 416, 425, 429];
/** Asking again does not change a certificate, a circle, a refused downgrade or a name that does not exist. */
const finalCauses = /CERT|SIGNED|SIGNATURE|ALTNAME|ERR_REDIRECTED|ENOTFOUND|ENOENT|EISDIR/;

/** Only a server's or the network's trouble is worth another try; a "no" is not. */
export function isWorthRetrying(error: unknown): boolean {
  if (error instanceof StatusError) return error.status >= 500 || transientStatuses.includes(error.status);
  if (!(error instanceof AppError) || error.code !== 'DOWNLOAD_FAILED' || error.cause === undefined)
    return false;
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return !finalCauses.test(`${codeOf(error.cause) ?? ''} ${cause}`);
}

const firstPause = 500;
const longestPause = 30_000;
/** A server may ask for more patience than an administrator has at night. */
const longestAsked = 120_000;

/** Milliseconds before try number `failed` + 1: doubled each time, or what the server asks for. */
export function pauseBefore(failed: number, error: unknown): number {
  const asked = error instanceof StatusError ? error.retryAfter : undefined;
  if (asked !== undefined) return Math.min(asked, longestAsked);
  return Math.min(firstPause * 2 ** (failed - 1), longestPause);
}

/** Seconds, or a date (RFC 9110, section 10.2.3), as milliseconds from `now`. */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

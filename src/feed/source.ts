// Comes in: an absolute address. Goes out: the text behind it, from the server, the kept copy or the disk, and what the
// user should know about that. Does not know what the text means, so keeping it is a second step of the caller.
import { readFile, stat } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { AppError, messageOf } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import { decodeXml } from '../lib/decode.js';
import type { Http, HttpResponse } from '../lib/http.js';
import type { Copy } from './feed-cache.js';
import { keepCopy, readCopy } from './feed-cache.js';
import { isHttp } from '../lib/is-http.js';

export interface SourceDeps {
  readonly http: Http;
  /** Where copies of feeds are kept; made when needed. */
  readonly cacheDirectory: string;
  /** No network at all. */
  readonly offline: boolean;
  readonly signal?: AbortSignal;
}

export interface Source {
  readonly text: string;
  /** What relative addresses in it are relative to. */
  readonly base: string;
  /** A sentence for the user when this is not what the server has now. */
  readonly notice?: string;
  /** Keeps it for the next time; to be called once the text proved to be a feed. */
  keep(): Promise<void>;
}

/** Larger ones are refused: the largest real list has 2.5 MB. */
const maximumBytes = 64 * 1024 * 1024;
/** Milliseconds without a byte after which a server is taken for gone. */
const stallTimeout = 30_000;

/**
 * Reads what is behind a URL or an absolute path. Throws AppError FEED_UNREACHABLE, OFFLINE_MISS, FEED_INVALID (too
 * large) or INTERRUPTED.
 */
export async function readSource(address: string, deps: SourceDeps): Promise<Source> {
  if (!isHttp(address)) return sourceOf(await readPath(address), address);
  const copy = await readCopy(deps.cacheDirectory, address);
  if (!deps.offline) return fetchSource(address, copy, deps);
  if (copy) return sourceOfCopy(copy, `Offline, feed '${withoutCredentials(address)}': ${ageOf(copy)}`);
  throw new AppError('OFFLINE_MISS', `No copy of feed '${withoutCredentials(address)}' is kept`, {
    hint: 'Type the command once without `--offline`; when a bundle is the main feed, first `zookit feed remove bundle`',
  });
}

async function fetchSource(address: string, copy: Copy | undefined, deps: SourceDeps): Promise<Source> {
  try {
    const headers = copy ? conditions(copy) : {};
    const options = { headers, ...(deps.signal ? { signal: deps.signal } : {}) };
    const response = await deps.http.get(address, options);
    if (response.status === 304 && copy) {
      response.body.destroy();
      return { ...sourceOfCopy(copy), keep: () => keepAnswer(deps, address, response, copy.bytes, copy) };
    }
    if (response.status !== 200) throw refusal(address, response);
    const bytes = await readBody(response, address);
    return { ...sourceOf(bytes, response.url), keep: () => keepAnswer(deps, address, response, bytes) };
  } catch (error) {
    if (deps.signal?.aborted) throw new AppError('INTERRUPTED', 'Stopped while fetching', { cause: error });
    if (error instanceof AppError && error.code !== 'DOWNLOAD_FAILED') throw error;
    if (!copy) throw unreachable(address, messageOf(error), error);
    return sourceOfCopy(copy, `Cannot reach feed '${withoutCredentials(address)}' now: ${ageOf(copy)}`);
  }
}

function conditions(copy: Copy): Record<string, string> {
  const { etag, lastModified } = copy.facts;
  return {
    ...(etag ? { 'If-None-Match': etag } : {}),
    ...(lastModified ? { 'If-Modified-Since': lastModified } : {}),
  };
}

async function keepAnswer(
  deps: SourceDeps,
  address: string,
  response: HttpResponse,
  bytes: Uint8Array,
  before?: Copy,
): Promise<void> {
  const etag = response.header('etag') ?? before?.facts.etag;
  const lastModified = response.header('last-modified') ?? before?.facts.lastModified;
  await keepCopy(deps.cacheDirectory, bytes, {
    address,
    base: before?.facts.base ?? response.url,
    ...(etag ? { etag } : {}),
    ...(lastModified ? { lastModified } : {}),
    checked: new Date().toISOString(),
  });
}

/** Reads a body to its end; a server that sends too much or nothing any more is cut off. */
async function readBody(response: HttpResponse, address: string): Promise<Uint8Array> {
  const { body } = response;
  const parts: Buffer[] = [];
  let bytes = 0;
  const stalled = setTimeout(() => body.destroy(new Error('the server stopped sending')), stallTimeout);
  try {
    for await (const part of body) {
      const buffer = part as Buffer;
      stalled.refresh();
      bytes += buffer.length;
      if (bytes > maximumBytes) throw tooLarge(address);
      parts.push(buffer);
    }
  } finally {
    clearTimeout(stalled);
    body.destroy();
  }
  return Buffer.concat(parts);
}

async function readPath(path: string): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.size > maximumBytes) throw tooLarge(path);
    // Devices and pipes have no end, or none that comes soon.
    if (!found.isFile() && !found.isDirectory()) throw new Error('it is no file, but a device or a pipe');
    return await readFile(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('FEED_UNREACHABLE', `Cannot read feed '${path}'`, {
      details: [messageOf(error)],
      hint: 'Check the path; `zookit feed list` shows the feeds that are saved',
      cause: error,
    });
  }
}

function sourceOf(bytes: Uint8Array, base: string): Source {
  return { text: decodeXml(bytes), base, keep: () => Promise.resolve() };
}

function sourceOfCopy(copy: Copy, notice?: string): Source {
  return { ...sourceOf(copy.bytes, copy.facts.base), ...(notice ? { notice } : {}) };
}

/** What a status other than 200 means: gone for good, or (a plain error) worth the copy that is kept. */
function refusal(address: string, { status, body }: HttpResponse): Error {
  body.destroy();
  const words = `the server answered with status ${status} ${STATUS_CODES[status] ?? ''}`.trim();
  const passing = status >= 500 || [408, 425, 429].includes(status);
  return passing ? new Error(words) : unreachable(address, words);
}

function unreachable(address: string, reason: string, cause?: unknown): AppError {
  const { details = [], hint } = cause instanceof AppError ? cause : {};
  return new AppError('FEED_UNREACHABLE', `Cannot fetch feed '${withoutCredentials(address)}'`, {
    details: details.length > 0 ? details : [reason],
    hint: hint ?? hintFor(reason),
    ...(cause === undefined ? {} : { cause }),
  });
}

const statusHints: readonly (readonly [RegExp, string])[] = [
  [
    / 40[13] /,
    'If it wants a name and a password, put them into the address: `https://USER:PASSWORD@HOST/PATH`',
  ],
  [
    / 407 /,
    'The proxy wants a name and a password: set `HTTP_PROXY` and `HTTPS_PROXY` to http://USER:PASSWORD@HOST:PORT',
  ],
  [/ (404|410) /, 'Check the address: its server has nothing there'],
  [/ (5\d\d|429) /, 'Try again later; the trouble is on the side of the server'],
];

function hintFor(reason: string): string {
  return statusHints.find(([pattern]) => pattern.test(reason))?.[1] ?? 'Check the address and the network';
}

function tooLarge(address: string): AppError {
  return new AppError(
    'FEED_INVALID',
    `Feed '${withoutCredentials(address)}' is refused: it is larger than 64 MB`,
    {
      hint: 'Check that the address is that of a feed',
    },
  );
}

function ageOf(copy: Copy): string {
  return `a copy of ${ageInWords(Date.now() - Date.parse(copy.facts.checked))} is used`;
}

/** A span in its largest whole unit, `3 hours ago`; `milliseconds` below a minute are "less than a minute ago". */
export function ageInWords(milliseconds: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const unit = units.find(([, length]) => milliseconds >= length);
  if (!unit) return 'less than a minute ago';
  const count = Math.floor(milliseconds / unit[1]);
  return `${count} ${unit[0]}${count === 1 ? '' : 's'} ago`;
}

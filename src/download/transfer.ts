// Comes in: one file that is wanted and its addresses. Goes out: its path in the cache. Decides what is tried again, what
// is continued and what is begun anew; nothing gets a final name before its hash is right. Knows no product.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError, messageOf } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import { codeOf, diskError } from '../lib/files.js';
import type { Http, HttpResponse } from '../lib/http.js';
import { takeLock } from '../lib/lock.js';
import type { FileRequest } from '../types.js';
import type { Cache } from './cache.js';
import type { Partial } from './partial.js';
import { dropPartial, findPartial, lockOf, openPartial } from './partial.js';
import type { Hashes } from './receive.js';
import { hashStart, newHashes, receive } from './receive.js';
import { Rejected, StatusError, isWorthRetrying, pauseBefore } from './retry.js';

export type UrlRequest = Extract<FileRequest, { kind: 'url' }>;

export interface TransferTools {
  readonly http: Http;
  readonly cache: Cache;
  readonly signal?: AbortSignal;
  /** Called with the bytes of each piece as it arrives. */
  readonly received?: (bytes: number) => void;
  /** Milliseconds without a byte after which a transfer counts as dead; 60 s unless said. */
  readonly idleLimit?: number;
  /** Waits before a further try; tests do not. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  readonly say?: (text: string) => void;
}

/** Tries without a single new byte between them. */
const triesWithoutProgress = 5;

/** Fetches a file, once for all runs on this cache; throws DOWNLOAD_FAILED, HASH_MISMATCH, DISK_FULL, INTERRUPTED. */
export async function transfer(request: UrlRequest, tools: TransferTools): Promise<string> {
  const { cache, signal } = tools;
  const release = await takeLock(lockOf(cache.partial, request), {
    waiting: (holder) => tools.say?.(`${request.name}: ${holder}`),
    ...(signal ? { signal } : {}),
  });
  try {
    const kept = request.sha256 === undefined ? undefined : await cache.find(request.sha256.toLowerCase());
    return kept ?? (await fromAnyAddress(request, tools));
  } finally {
    await release();
  }
}

async function fromAnyAddress(request: UrlRequest, tools: TransferTools): Promise<string> {
  let failure: unknown;
  for (const url of request.urls) {
    try {
      return await fromAddress(request, url, tools);
    } catch (error) {
      if (error instanceof AppError && ['INTERRUPTED', 'DISK_FULL'].includes(error.code)) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function fromAddress(request: UrlRequest, url: string, tools: TransferTools): Promise<string> {
  const wait =
    tools.wait ??
    ((milliseconds) => pause(milliseconds, undefined, tools.signal ? { signal: tools.signal } : {}));
  let failed = 0;
  let sizeBefore = (await findPartial(tools.cache.partial, request)).size;
  for (let rejected = 0; ;) {
    try {
      return await attempt(request, url, tools);
    } catch (error) {
      const { size } = await findPartial(tools.cache.partial, request);
      failed = size > sizeBefore ? 1 : failed + 1;
      sizeBefore = size;
      // A wrong hash may come from a proxy or from a file that changed between two parts: once more, from the start.
      if (error instanceof Rejected && rejected++ === 0) continue;
      if (!isWorthRetrying(error) || failed >= triesWithoutProgress)
        throw diskError(error, tools.cache.partial);
      tools.say?.(`${withoutCredentials(url)}: ${messageOf(error)}; trying again`);
      await wait(pauseBefore(failed, error)).catch(() => undefined);
      if (tools.signal?.aborted)
        throw new AppError('INTERRUPTED', 'Stopped while downloading', { cause: error });
    }
  }
}

async function attempt(request: UrlRequest, url: string, tools: TransferTools): Promise<string> {
  const partial = await findPartial(tools.cache.partial, request);
  const hashes = newHashes(request.sha256 === undefined && request.sha1 !== undefined);
  const path = localPath(url);
  if (path === undefined) await fetchRest(request, url, partial, hashes, tools);
  else await copyFrom(path, request, partial, hashes, tools);
  const sha256 = hashes.sha256.digest('hex');
  const sha1 = hashes.sha1?.digest('hex');
  try {
    check(request, url, sha256, sha1);
  } catch (error) {
    await dropPartial(partial);
    throw error;
  }
  const kept = await tools.cache.keep(partial.path, sha256, request.name);
  await dropPartial(partial);
  return kept;
}

async function fetchRest(
  request: UrlRequest,
  url: string,
  partial: Partial,
  hashes: Hashes,
  tools: TransferTools,
): Promise<void> {
  const asked = resumable(request, url, partial);
  const response = await tools.http.get(url, {
    headers: asked.headers,
    ...(tools.signal ? { signal: tools.signal } : {}),
  });
  const start = startOf(response, asked.from);
  if (start === undefined) {
    response.body.destroy();
    // 416: what is there is longer than the file, so it is of another one.
    if (response.status === 416) await dropPartial(partial);
    throw new StatusError(withoutCredentials(url), request.product, response);
  }
  await store(response.body, partial, start, { url, ...validatorOf(response) }, hashes, tools, url);
}

/** Asks for the rest when it is sure to be of the same file: by its validator, else because the whole is hashed. */
function resumable(
  request: UrlRequest,
  url: string,
  partial: Partial,
): { from: number; headers: Record<string, string> } {
  const { size, origin } = partial;
  const hashed = request.sha256 !== undefined || request.sha1 !== undefined;
  const validator = origin?.url === withoutCredentials(url) ? origin.validator : undefined;
  if (size === 0 || (validator === undefined && !hashed)) return { from: 0, headers: {} };
  return {
    from: size,
    headers: { Range: `bytes=${size}-`, ...(validator === undefined ? {} : { 'If-Range': validator }) },
  };
}

/** Where the answer begins; undefined when it is none. A server that ignores ranges answers 200 from the start. */
function startOf(response: HttpResponse, asked: number): number | undefined {
  if (response.status === 200) return 0;
  if (response.status !== 206) return undefined;
  const start = Number(/^bytes (\d+)-/.exec(response.header('content-range') ?? '')?.[1] ?? -1);
  return start === asked ? asked : undefined;
}

/** RFC 9110, 13.1.5: only a strong tag may stand in If-Range. */
function validatorOf(response: HttpResponse): { validator?: string } {
  const tag = response.header('etag');
  if (tag !== undefined && !tag.startsWith('W/')) return { validator: tag };
  const date = response.header('last-modified');
  return date === undefined ? {} : { validator: date };
}

async function copyFrom(
  path: string,
  request: UrlRequest,
  partial: Partial,
  hashes: Hashes,
  tools: TransferTools,
): Promise<void> {
  const information = await stat(path).catch((cause: unknown) => {
    throw new AppError('DOWNLOAD_FAILED', `Cannot read '${path}' for '${request.product}'`, {
      cause,
      details: [messageOf(cause)],
      hint: 'Check that the file or share can be reached from here',
    });
  });
  if (!information.isFile())
    throw new AppError('DOWNLOAD_FAILED', `'${path}' for '${request.product}' is not a file`, {
      hint: 'See what is wrong with its feed: `zookit feed check FEED`',
    });
  await store(
    createReadStream(path, { highWaterMark: 1024 * 1024 }),
    partial,
    0,
    { url: path },
    hashes,
    tools,
    path,
  );
}

async function store(
  body: Parameters<typeof receive>[0],
  partial: Partial,
  start: number,
  origin: { url: string; validator?: string },
  hashes: Hashes,
  tools: TransferTools,
  url: string,
): Promise<void> {
  const file = await openPartial(partial, start, origin);
  try {
    await hashStart(partial.path, start, hashes);
    await receive(body, file, start, hashes, {
      idleLimit: tools.idleLimit ?? 60_000,
      ...(tools.received ? { received: tools.received } : {}),
    });
  } catch (error) {
    if (tools.signal?.aborted)
      throw new AppError('INTERRUPTED', 'Stopped while downloading', { cause: error });
    if (['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS'].includes(codeOf(error) ?? ''))
      throw diskError(error, partial.path);
    throw new AppError('DOWNLOAD_FAILED', `The transfer of '${withoutCredentials(url)}' broke off`, {
      cause: error,
      details: [messageOf(error)],
      hint: 'Run the same command again: it goes on where this one stopped',
    });
  } finally {
    body.destroy();
    await file.close();
  }
}

function check(request: UrlRequest, url: string, sha256: string, sha1: string | undefined): void {
  const algorithm = request.sha256 === undefined ? 'sha1' : 'sha256';
  const wanted = (request.sha256 ?? request.sha1)?.toLowerCase();
  const found = algorithm === 'sha256' ? sha256 : sha1;
  if (wanted !== undefined && wanted !== found) {
    throw new Rejected(request.product, withoutCredentials(url), algorithm, wanted, found ?? 'nothing');
  }
}

/** The path behind a file URL or an absolute path; undefined for http and https. Throws DOWNLOAD_FAILED for `file://host/` here. */
export function localPath(url: string): string | undefined {
  if (/^https?:/i.test(url)) return undefined;
  if (!/^file:/i.test(url)) return url;
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new AppError('DOWNLOAD_FAILED', `'${withoutCredentials(url)}' is no file of this machine`, {
      details: [messageOf(error)],
      hint: 'A file URL has three strokes, `file:///srv/mirror/`; see `zookit feed mirror`',
      cause: error,
    });
  }
}

// Comes in: one file that is wanted and its addresses. Goes out: its path in the cache. Hashes while it streams; nothing
// gets a final name before size and hash are right. Knows no product.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { AppError, messageOf } from '../errors.js';
import { codeOf, diskError } from '../lib/files.js';
import type { Http } from '../lib/http.js';
import { withoutCredentials } from '../lib/http.js';
import type { FileRequest } from '../types.js';
import type { Cache } from './cache.js';

export type UrlRequest = Extract<FileRequest, { kind: 'url' }>;

export interface TransferTools {
  readonly http: Http;
  readonly cache: Cache;
  readonly signal?: AbortSignal;
  /** Called with the bytes of each piece as it arrives. */
  readonly received?: (bytes: number) => void;
}

const tries = 3;
const firstPause = 500;

/** Fetches a file; throws DOWNLOAD_FAILED, HASH_MISMATCH or DISK_FULL. Tries a failing server three times. */
export async function transfer(request: UrlRequest, tools: TransferTools): Promise<string> {
  let failure: unknown;
  for (const url of request.urls) {
    for (let attempt = 0; attempt < tries; attempt++) {
      if (attempt > 0) await new Promise((wake) => setTimeout(wake, firstPause * 4 ** (attempt - 1)));
      try {
        return await transferOnce(request, url, tools);
      } catch (error) {
        if (error instanceof AppError && error.code === 'INTERRUPTED') throw error;
        failure = error;
        if (!isWorthRetrying(error)) break;
      }
    }
  }
  throw failure;
}

async function transferOnce(request: UrlRequest, url: string, tools: TransferTools): Promise<string> {
  const body = await open(url, request.product, tools);
  await mkdir(tools.cache.partial, { recursive: true });
  const temporary = join(tools.cache.partial, `${randomBytes(8).toString('hex')}.part`);
  try {
    const sums = await stream(body, temporary, url, tools);
    check(request, url, sums);
    return await tools.cache.keep(temporary, sums.sha256, request.name);
  } catch (error) {
    await rm(temporary, { force: true });
    throw diskError(error, temporary);
  }
}

async function open(url: string, product: string, tools: TransferTools): Promise<Readable> {
  const path = localPath(url);
  if (path !== undefined) {
    const information = await stat(path).catch((cause: unknown) => {
      throw new AppError('DOWNLOAD_FAILED', `Cannot read '${path}' for '${product}'`, {
        cause,
        details: [messageOf(cause)],
      });
    });
    if (!information.isFile())
      throw new AppError('DOWNLOAD_FAILED', `'${path}' for '${product}' is not a file`);
    return createReadStream(path);
  }
  const response = await tools.http.get(url, tools.signal ? { signal: tools.signal } : {});
  if (response.status === 200) return response.body;
  response.body.destroy();
  throw new HttpStatusError(url, product, response.status);
}

/** Only a server's trouble is worth a second try; its "no" is not. */
class HttpStatusError extends AppError {
  readonly status: number;

  constructor(url: string, product: string, status: number) {
    super('DOWNLOAD_FAILED', `Cannot fetch '${withoutCredentials(url)}' for '${product}'`, {
      details: [`The server answered ${status} instead of 200`],
      hint: 'Check the address in a browser; a feed of yours may need a newer one',
    });
    this.status = status;
  }
}

function isWorthRetrying(error: unknown): boolean {
  if (error instanceof HttpStatusError) return error.status >= 500 || error.status === 429;
  if (error instanceof AppError)
    return error.code === 'DOWNLOAD_FAILED' && error.cause !== undefined && codeOf(error.cause) !== 'ENOENT';
  return false;
}

interface Sums {
  readonly sha256: string;
  readonly sha1: string;
}

async function stream(body: Readable, target: string, url: string, tools: TransferTools): Promise<Sums> {
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sha256.update(chunk);
      sha1.update(chunk);
      tools.received?.(chunk.length);
      done(null, chunk);
    },
  });
  try {
    await pipeline(
      body,
      hashing,
      createWriteStream(target, { flags: 'wx' }),
      tools.signal ? { signal: tools.signal } : {},
    );
  } catch (error) {
    if (tools.signal?.aborted)
      throw new AppError('INTERRUPTED', 'Stopped while downloading', { cause: error });
    if (['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS'].includes(codeOf(error) ?? '')) throw error;
    throw new AppError('DOWNLOAD_FAILED', `The transfer of '${withoutCredentials(url)}' broke off`, {
      cause: error,
      hint: 'Run the same command again',
    });
  }
  return { sha256: sha256.digest('hex'), sha1: sha1.digest('hex') };
}

function check(request: UrlRequest, url: string, sums: Sums): void {
  const [algorithm, wanted, found] =
    request.sha256 === undefined
      ? (['sha1', request.sha1, sums.sha1] as const)
      : (['sha256', request.sha256, sums.sha256] as const);
  if (wanted === undefined || wanted.toLowerCase() === found) return;
  throw new AppError(
    'HASH_MISMATCH',
    `The file for '${request.product}' is not the one that the feed describes`,
    {
      details: [
        `From ${withoutCredentials(url)}`,
        `Wanted ${algorithm} ${wanted.toLowerCase()}`,
        `Found  ${algorithm} ${found}`,
      ],
      hint: 'Do not use the file; ask the owner of the feed, or take a newer feed',
    },
  );
}

/** The path behind a file URL or an absolute path; undefined for http and https. */
export function localPath(url: string): string | undefined {
  if (/^https?:/i.test(url)) return undefined;
  return /^file:/i.test(url) ? fileURLToPath(url) : url;
}

// Comes in: a decoded path below a folder that is served as files, and a request. Goes out: the file, or nothing when
// there is none that a visitor may have. Knows no web.config and no worker.
import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exactLength } from './bodylength.js';
import { evaluateConditions, httpDate, type ConditionHeaders, type Representation } from './conditions.js';
import { mediaTypeOf } from './mediatypes.js';

/** An open file that may be shown; close it, or send it, which closes it. */
export interface StaticFile extends Representation {
  readonly name: string;
  readonly handle: FileHandle;
}

/** Code, settings and databases: never sent, wherever they lie. */
const privateNames =
  /\.(py[a-z]?|config|env|php|asp|aspx|cshtml|(sqlite3?|db3?|mdb|accdb)(-(journal|wal|shm))?)$/i;
/** Absent on Windows. A pipe that nobody writes to would block; a link put here after realpath must not be followed. */
const posixFlags: Partial<Record<'O_NOFOLLOW' | 'O_NONBLOCK', number>> = constants;
const privateFolders = ['data', 'log'];

/**
 * Opens the file for a path that begins with `/`. Undefined when there is none, or when its real place (links
 * resolved) is outside the site, hidden by a dot, in `data` or `log`, or of a private kind.
 */
export async function openStaticFile(siteDirectory: string, path: string): Promise<StaticFile | undefined> {
  const segments = path.split('/').slice(1);
  if (!segments.every(isPlain)) return undefined;
  try {
    const place = await realpath(join(siteDirectory, ...segments));
    const inside = relative(await realpath(siteDirectory), place).split(sep);
    // The real name counts: on Windows `WEB~1.CON` opens web.config, anywhere a link may have another name.
    if (!inside.every(isPlain) || isPrivate(inside)) return undefined;
    return await openFile(place);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'EACCES', 'EPERM'].includes(codeOf(error))) {
      return undefined;
    }
    throw error;
  }
}

/** Excludes empty and dot names, and what Windows reads as something else: drives, streams, other separators. */
function isPlain(segment: string): boolean {
  return segment !== '' && !segment.startsWith('.') && !/[\\:\0]|[. ]$/.test(segment);
}

function isPrivate(segments: readonly string[]): boolean {
  const [first = ''] = segments;
  return privateFolders.includes(first.toLowerCase()) || privateNames.test(segments.at(-1) ?? '');
}

async function openFile(place: string): Promise<StaticFile | undefined> {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = posixFlags;
  const handle = await open(place, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  const facts = await handle.stat({ bigint: true }).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  if (!facts.isFile()) {
    await handle.close();
    return undefined;
  }
  const etag = `"${facts.mtimeNs.toString(36)}-${facts.size.toString(36)}"`;
  return { name: place, handle, size: Number(facts.size), modified: Number(facts.mtimeMs), etag };
}

/** Answers GET and HEAD with the file, as conditions and range ask; closes it. Rejects when the visitor leaves. */
export async function sendStaticFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: StaticFile,
): Promise<void> {
  try {
    const answer = evaluateConditions(conditionsOf(request), file);
    const [start, end] = answer.status === 206 ? [answer.start, answer.end] : [0, file.size - 1];
    const length = end - start + 1;
    response.writeHead(answer.status, {
      ...fileHeaders(file),
      ...(answer.status === 200 || answer.status === 206
        ? { 'Content-Type': mediaTypeOf(file.name), 'Content-Length': length }
        : {}),
      ...(answer.status === 206 ? { 'Content-Range': `bytes ${start}-${end}/${file.size}` } : {}),
      ...(answer.status === 416 ? { 'Content-Range': `bytes */${file.size}`, 'Content-Length': 0 } : {}),
      ...(answer.status === 412 ? { 'Content-Length': 0 } : {}),
    });
    const withBody = answer.status === 200 || answer.status === 206;
    if (!withBody || length === 0 || request.method === 'HEAD') response.end();
    else {
      const bytes = file.handle.createReadStream({ start, end, autoClose: false });
      await pipeline(bytes, exactLength(length), response);
    }
  } finally {
    await file.handle.close();
  }
}

function fileHeaders(file: StaticFile): Record<string, string> {
  return {
    ETag: file.etag,
    'Last-Modified': httpDate(file.modified),
    'Accept-Ranges': 'bytes',
    'X-Content-Type-Options': 'nosniff',
  };
}

function conditionsOf(request: IncomingMessage): ConditionHeaders {
  const { headers } = request;
  const names = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];
  // Ranges are for GET alone (RFC 9110, 14.2).
  if (request.method === 'GET') names.push('if-range', 'range');
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

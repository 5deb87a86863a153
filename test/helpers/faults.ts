// Routes of a server that misbehaves, each in one way. Comes in: the file it should send. Goes out: a Route.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from './server.js';
import { status } from './server.js';

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A decent server: ranges, If-Range, an entity tag. */
export function ranged(file: Buffer, tag = '"one"'): Route {
  return (request, response) => {
    const start = startOf(request, tag);
    const headers = { ETag: tag, 'Accept-Ranges': 'bytes' };
    if (start >= file.length && start > 0) {
      response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
      return;
    }
    if (start === 0) response.writeHead(200, { ...headers, 'Content-Length': file.length });
    else
      response.writeHead(206, {
        ...headers,
        'Content-Length': file.length - start,
        'Content-Range': rangeOf(start, file),
      });
    response.end(file.subarray(start));
  };
}

/** Sends `bytes` more bytes of the file at each request, then cuts the connection. */
export function cutting(file: Buffer, bytes: number, tag = '"one"'): Route {
  return (request, response) => {
    const start = startOf(request, tag);
    const rest = file.length - start;
    const headers = { ETag: tag, 'Content-Length': rest };
    response.writeHead(
      start === 0 ? 200 : 206,
      start === 0 ? headers : { ...headers, 'Content-Range': rangeOf(start, file) },
    );
    if (rest <= bytes) response.end(file.subarray(start));
    else response.write(file.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
  };
}

/** Sends half of what is asked for, then nothing, for ever. */
export function stalling(file: Buffer): Route {
  return (_, response) => {
    response.writeHead(200, { 'Content-Length': file.length });
    response.write(file.subarray(0, file.length / 2));
  };
}

/** Cuts the first request half-way; ignores ranges in all. */
export function rangeless(file: Buffer): Route {
  let first = true;
  return (_, response) => {
    response.writeHead(200, { 'Content-Length': file.length });
    if (first)
      response.write(file.subarray(0, file.length / 2), () => setTimeout(() => response.destroy(), 20));
    else response.end(file);
    first = false;
  };
}

/** The first request gets half of the old file, all others the new one under a new tag. */
export function changing(before: Buffer, after: Buffer): Route {
  const old = cutting(before, before.length / 2, '"old"');
  const fresh = ranged(after, '"new"');
  let first = true;
  return (request, response) => {
    const route = first ? old : fresh;
    first = false;
    return route(request, response);
  };
}

/** Says that more, or less, will come than does. */
export function lying(file: Buffer, more: number): Route {
  return (_, response) => {
    response.writeHead(200, { 'Content-Length': file.length + more });
    if (more < 0) response.end(file.subarray(0, file.length + more));
    else response.write(file, () => setTimeout(() => response.destroy(), 20));
  };
}

/** No length is said, and something follows the file. */
export function garbageAfter(file: Buffer): Route {
  return (_, response) => void response.writeHead(200).end(Buffer.concat([file, Buffer.from('garbage')]));
}

/** Answers with a status `times` times, then decently. */
export function busyAtFirst(
  file: Buffer,
  code: number,
  times: number,
  headers: Readonly<Record<string, string>> = {},
): Route {
  const decent = ranged(file);
  let left = times;
  return (request: IncomingMessage, response: ServerResponse) =>
    left-- > 0 ? status(code, headers)(request, response) : decent(request, response);
}

/** Leads to another path; to its own it is a circle. */
export function redirecting(to: string): Route {
  return (_, response) => void response.writeHead(302, { Location: to }).end();
}

function startOf(request: IncomingMessage, tag: string): number {
  const condition = request.headers['if-range'];
  if (typeof condition === 'string' && condition !== tag) return 0;
  return Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

function rangeOf(start: number, file: Buffer): string {
  return `bytes ${start}-${file.length - 1}/${file.length}`;
}

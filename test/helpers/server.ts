// Comes in: routes as functions. Goes out: a real HTTP server on loopback and a free port that counts what it is asked,
// and ends with its test. Knows nothing of what is served.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';

/** Answers one request; it may stall, cut or lie as it likes. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface TestServer {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly address: string;
  /** Every request, oldest first, as `GET /path?query`. */
  readonly requests: readonly string[];
  /** How often a path was asked for, whatever its query. */
  count(path: string): number;
  /** Adds or replaces a route. */
  route(path: string, answer: Route): void;
  /** Ends it, with all connections that are still open; twice is once. */
  close(): Promise<void>;
}

/** Starts a server; routes by path, without query. A path that has none is answered with 404, an error of a route with 500. */
export async function startServer(
  test: EndsWith,
  routes: Readonly<Record<string, Route>> = {},
): Promise<TestServer> {
  const answers = new Map(Object.entries(routes));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = pathOf(request.url ?? '/');
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const answer = answers.get(path) ?? status(404);
    Promise.resolve(answer(request, response)).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  atEnd(test, close);
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    count: (path) => requests.filter((request) => pathOf(request.split(' ')[1] ?? '') === path).length,
    route: (path, answer) => void answers.set(path, answer),
    close,
  };
}

/** A route that sends this body, with these headers. */
export function send(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Route {
  return (_, response) => void response.writeHead(200, headers).end(body);
}

/** A route that sends a status and nothing else. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Route {
  return (_, response) => void response.writeHead(code, headers).end();
}

/** A route that sends this body with its ETag, and 304 to whoever has it already. */
export function sendTagged(body: string, etag: string): Route {
  return (request, response) => {
    const known = request.headers['if-none-match'] === etag;
    if (known) response.writeHead(304, { ETag: etag }).end();
    else response.writeHead(200, { ETag: etag }).end(body);
  };
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? url;
}

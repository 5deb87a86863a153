// Comes in: files of a site and a worker script. Goes out: the site served on loopback until the test ends, its log, and
// requests to it, byte for byte where it matters.
import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { startHost, type Host, type HostOptions } from '../../src/site/host.js';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';
import { makeSite, pythonProgram } from './site.js';

/** A served site and what a test does with it. */
export interface RunningSite {
  readonly directory: string;
  readonly host: Host;
  /** `host: text` and `worker: text`. */
  readonly log: readonly string[];
  /** Resolves when a line of the log fits, after so many that did; never rejects. */
  readonly logged: (pattern: RegExp, earlier?: number) => Promise<string>;
  readonly get: (path: string, options?: RequestOptions) => Promise<Answer>;
  /** Sends bytes as they are, resolves with all that comes back until the connection closes. */
  readonly raw: (text: string) => Promise<string>;
}

/** GET without a body unless said; a body without Content-Length is sent chunked. */
export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Buffer | AsyncIterable<Buffer>;
}

/** A whole answer; the body as Latin-1, one character for each byte. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Serves the files as a site until the test ends. */
export async function serveSite(
  context: EndsWith,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Pick<HostOptions, 'workerScript'> & Partial<HostOptions>,
): Promise<RunningSite> {
  const directory = await makeSite(context, files);
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const host = await startHost({
    directory,
    python: pythonProgram,
    port: 0,
    ...options,
    log: ({ source, text }) => {
      log.push(`${source}: ${text}`);
      for (const wake of [...waiting]) wake();
    },
  });
  atEnd(context, () => host.close());
  const logged = async (pattern: RegExp, earlier = 0): Promise<string> => {
    for (;;) {
      const line = log.filter((each) => pattern.test(each))[earlier];
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
      });
    }
  };
  return {
    directory,
    host,
    log,
    logged,
    get: (path, request = {}) => send(host.url, path, request),
    raw: (text) => sendRaw(host.url, text),
  };
}

function send(url: string, path: string, options: RequestOptions): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        hostname,
        port,
        path,
        method: options.method ?? 'GET',
        headers: { ...options.headers },
        agent: false,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(pieces).toString('latin1');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    request.on('error', reject);
    void writeBody(request, options.body).catch(reject);
  });
}

async function writeBody(request: ClientRequest, body: RequestOptions['body']): Promise<void> {
  if (body instanceof Buffer) request.write(body);
  else if (body) {
    for await (const piece of body) {
      if (!request.write(piece)) await new Promise<void>((resolve) => request.once('drain', () => resolve()));
    }
  }
  request.end();
}

function sendRaw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => (answer += piece));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

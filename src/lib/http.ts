// Comes in: an address and headers. Goes out: status, headers and a stream, after proxies and redirects. The only file that
// knows axios. Never turns a status into an exception; knows no cache, no hash, no feed.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { AxiosResponse } from 'axios';
import { AppError, messageOf } from '../errors.js';
import { withoutCredentials } from './credentials.js';
import { codeOf } from './files.js';
import { proxyFor } from './proxy.js';

export interface HttpResponse {
  readonly status: number;
  /** The address that answered, after redirects. */
  readonly url: string;
  /** A header's value by any case, or undefined. */
  readonly header: (name: string) => string | undefined;
  readonly body: Readable;
}

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Http {
  /** Rejects with AppError DOWNLOAD_FAILED when there is no answer at all; any status is an answer. */
  readonly get: (url: string, options?: HttpOptions) => Promise<HttpResponse>;
}

const maximumRedirects = 10;
const answerTimeout = 30_000;

export interface HttpSettings {
  readonly userAgent: string;
  /** A PEM file of certificate authorities beside the built-in ones (`SSL_CERT_FILE`, as curl and pip know it). */
  readonly certificates?: string;
}

/** HTTP for this run. */
export function createHttp(settings: HttpSettings): Http {
  const { certificates } = settings;
  let agent: Agent | undefined;
  const ask = async (address: URL, { headers, signal }: HttpOptions): Promise<AxiosResponse<Readable>> => {
    // Loaded by the first request: most commands ask nobody, and axios takes longer to load than they to run.
    const { default: axios } = await import('axios');
    if (certificates !== undefined) agent ??= agentFor(certificates);
    return axios.get<Readable>(address.href, {
      responseType: 'stream',
      // Bytes are hashed as they were published: nothing may be unpacked on the way.
      decompress: false,
      headers: { 'User-Agent': settings.userAgent, 'Accept-Encoding': 'identity', ...headers },
      maxRedirects: 0,
      timeout: answerTimeout,
      validateStatus: () => true,
      proxy: proxyFor(address, process.env) ?? false,
      ...(agent ? { httpsAgent: agent } : {}),
      ...(signal ? { signal } : {}),
    });
  };
  return {
    async get(url, options = {}) {
      try {
        let address = new URL(url);
        for (let hop = 0; ; hop++) {
          const response = await ask(address, options);
          const next = redirection(response, address);
          if (!next) return answerOf(response, address);
          response.data.destroy();
          if (hop >= maximumRedirects) throw new Redirected(`it is redirected more than ${hop} times`);
          address = next;
        }
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw options.signal?.aborted ? interrupted(error) : noAnswer(url, error);
      }
    },
  };
}

function answerOf(response: AxiosResponse<Readable>, address: URL): HttpResponse {
  return {
    status: response.status,
    url: address.href,
    header: (name) => headerOf(response, name),
    body: response.data,
  };
}

/** A way that is not followed; asking again does not change it. */
class Redirected extends Error {
  readonly code = 'ERR_REDIRECTED';
}

/** Where a redirect leads; throws for one that is not followed. Each hop has its own proxy, and no other host's password. */
function redirection(response: AxiosResponse<Readable>, from: URL): URL | undefined {
  const location = headerOf(response, 'location');
  if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return undefined;
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (next === undefined) {
    response.data.destroy();
    throw new Redirected('it is redirected to what is no address');
  }
  if (next.protocol === 'https:' || next.protocol === from.protocol) return next;
  response.data.destroy();
  // Whoever listens could answer instead.
  throw new Redirected(
    `it is redirected from ${from.protocol.slice(0, -1)} to ${next.protocol.slice(0, -1)}`,
  );
}

function agentFor(file: string): Agent {
  try {
    return new Agent({ keepAlive: true, ca: [...rootCertificates, readFileSync(file, 'utf8')] });
  } catch (error) {
    throw new AppError('USAGE', `The certificates of SSL_CERT_FILE cannot be read from '${file}'`, {
      cause: error,
      hint: 'Name a file that can be read, or take the variable away',
    });
  }
}

function interrupted(cause: unknown): AppError {
  return new AppError('INTERRUPTED', 'Stopped while fetching', { cause });
}

/** What the usual reasons mean for the person at the keyboard. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/,
    'Check the address, the network, and the proxy in `HTTP_PROXY` or `HTTPS_PROXY`',
  ],
  [/CERT|SIGNATURE|ALTNAME|SSL|TLS/i, "Name your company's certificates with `SSL_CERT_FILE=FILE.pem`"],
  [/ERR_REDIRECTED/, 'Check the address, or tell its owner: it leads in a circle, or from https to http'],
];

function noAnswer(url: string, error: unknown): AppError {
  const reason = withoutCredentials(messageOf(error));
  const hint = hints.find(([pattern]) => pattern.test(`${codeOf(error) ?? ''} ${reason}`))?.[1];
  return new AppError('DOWNLOAD_FAILED', `Cannot fetch '${withoutCredentials(url)}'`, {
    cause: error,
    details: [reason === '' ? (codeOf(error) ?? 'no answer') : reason],
    ...(hint === undefined ? {} : { hint }),
  });
}

function headerOf(response: AxiosResponse<Readable>, name: string): string | undefined {
  const value: unknown = response.headers[name.toLowerCase()];
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.join(', ') : (value as string);
}

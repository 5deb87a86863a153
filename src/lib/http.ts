// Comes in: an address and headers. Goes out: status, headers and a stream. The only file that knows axios, which also
// brings proxies (HTTP_PROXY, HTTPS_PROXY by CONNECT, NO_PROXY) and redirects. Never turns a status into an exception;
// knows no cache, no hash, no feed.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { AppError, messageOf } from '../errors.js';
import { withoutCredentials } from './credentials.js';
import { codeOf } from './files.js';

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
  const agent = settings.certificates === undefined ? undefined : agentFor(settings.certificates);
  return {
    async get(url, options = {}) {
      // Loaded by the first request: most commands ask nobody, and axios takes longer to load than they to run.
      const { default: axios } = await import('axios');
      try {
        const response = await axios.get<Readable>(url, {
          responseType: 'stream',
          // Bytes are hashed as they were published: nothing may be unpacked on the way.
          decompress: false,
          headers: { 'User-Agent': settings.userAgent, 'Accept-Encoding': 'identity', ...options.headers },
          maxRedirects: maximumRedirects,
          beforeRedirect: refuseDowngrade(url),
          timeout: answerTimeout,
          validateStatus: () => true,
          ...(agent ? { httpsAgent: agent } : {}),
          ...(options.signal ? { signal: options.signal } : {}),
        });
        return {
          status: response.status,
          url: finalAddress(response, url),
          header: (name) => headerOf(response, name),
          body: response.data,
        };
      } catch (error) {
        throw options.signal?.aborted ? interrupted(error) : noAnswer(url, error);
      }
    },
  };
}

/** A secure address may not lead to an open one: whoever listens could answer instead. */
function refuseDowngrade(from: string): NonNullable<AxiosRequestConfig['beforeRedirect']> {
  return (next: { protocol?: string }) => {
    if (from.startsWith('https:') && next.protocol === 'http:')
      throw new Error('it is redirected from https to http');
  };
}

function agentFor(file: string): Agent {
  try {
    return new Agent({ keepAlive: true, ca: [...rootCertificates, readFileSync(file, 'utf8')] });
  } catch (error) {
    throw new AppError('USAGE', `The certificates of SSL_CERT_FILE cannot be read from '${file}'`, {
      cause: error,
    });
  }
}

function interrupted(cause: unknown): AppError {
  return new AppError('INTERRUPTED', 'Stopped while fetching', { cause });
}

/** What the usual reasons mean for the person at the keyboard. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'The name is not known here: check the address, the network and `HTTPS_PROXY`'],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/,
    'Nobody answers there: check the address, the network and `HTTPS_PROXY`',
  ],
  [/CERT|SIGNATURE|ALTNAME|SSL|TLS/i, "Name your company's certificates with `SSL_CERT_FILE=FILE.pem`"],
  [/ERR_FR_TOO_MANY_REDIRECTS/, 'Ask the owner of the address: it leads in a circle'],
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

function finalAddress(response: AxiosResponse<Readable>, asked: string): string {
  const request = response.request as { res?: { responseUrl?: string } } | undefined;
  return request?.res?.responseUrl ?? asked;
}

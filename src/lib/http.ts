// Comes in: an address and headers. Goes out: status, headers and a stream. The only file that knows axios.
// Follows redirects within a limit; never turns a status into an exception; knows no cache, no hash, no feed.
import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import axios from 'axios';
import { AppError, messageOf } from '../errors.js';

export interface HttpResponse {
  readonly status: number;
  /** The address that answered, after redirects. */
  readonly url: string;
  /** A header's value by any case, or undefined. */
  header(name: string): string | undefined;
  readonly body: Readable;
}

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Http {
  /** Rejects with AppError DOWNLOAD_FAILED when there is no answer at all; any status is an answer. */
  get(url: string, options?: HttpOptions): Promise<HttpResponse>;
}

const maximumRedirects = 10;
const connectTimeout = 30_000;

/** HTTP for this run; `userAgent` tells servers who asks. */
export function createHttp(userAgent: string): Http {
  return {
    async get(url, options = {}) {
      try {
        const response: AxiosResponse<Readable> = await axios.get<Readable>(url, {
          responseType: 'stream',
          // Bytes are hashed as they were published: nothing may be unpacked on the way.
          decompress: false,
          headers: { 'User-Agent': userAgent, 'Accept-Encoding': 'identity', ...options.headers },
          maxRedirects: maximumRedirects,
          timeout: connectTimeout,
          validateStatus: () => true,
          ...(options.signal ? { signal: options.signal } : {}),
        });
        return {
          status: response.status,
          url: finalAddress(response, url),
          header: (name) => headerOf(response, name),
          body: response.data,
        };
      } catch (error) {
        if (options.signal?.aborted)
          throw new AppError('INTERRUPTED', 'Stopped while fetching', { cause: error });
        throw new AppError('DOWNLOAD_FAILED', `Cannot fetch '${withoutCredentials(url)}'`, {
          cause: error,
          details: [withoutCredentials(messageOf(error))],
        });
      }
    },
  };
}

/** An address as it may be shown: user name and password taken out. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\w+:\/\/)[^/\s@]*@/g, '$1');
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

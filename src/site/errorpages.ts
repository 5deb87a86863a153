// Comes in: a request that cannot be answered, and why. Goes out: a short page with a reference number for the visitor,
// the reasons for the log. Details reach a browser only when the host was told so and nobody forwarded the request.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request without an answer. */
export interface Failure {
  readonly status: number;
  /** For the log, and for the page when details are shown; may name paths. */
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who hears the reason. */
export interface FailureOptions {
  readonly showErrors: boolean;
  readonly log: (text: string) => void;
}

const sentences: Readonly<Record<number, readonly [title: string, text: string]>> = {
  400: ['Bad request', 'This request could not be understood.'],
  404: ['Not found', 'There is nothing at this address.'],
  405: ['Method not allowed', 'This address can only be read.'],
  413: ['Too large', 'What was sent is larger than this site accepts.'],
  500: ['Error', 'This request could not be answered.'],
  502: ['Error', 'The application gave no usable answer.'],
  503: ['Please wait', 'The site is starting or busy. Please try again in a moment.'],
};

/** Sends the page, or breaks the connection when an answer is under way already. */
export function sendFailure(
  request: IncomingMessage,
  response: ServerResponse,
  failure: Failure,
  options: FailureOptions,
): void {
  const reference = randomBytes(4).toString('hex');
  const where = `${request.method ?? ''} ${printable(request.url ?? '')}`;
  options.log(`${reference} ${failure.status} ${where}: ${failure.reason}`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const details = options.showErrors && !isForwarded(request) ? failure.reason : '';
  const page = Buffer.from(pageOf(failure.status, reference, details, request.method === 'GET'));
  response.writeHead(failure.status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': page.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...failure.headers,
  });
  response.end(page);
}

/** Names begin so; the workers look for the same (zooenviron.py). */
const proxyHeaders = ['forwarded', 'x-forwarded', 'x-real-ip', 'via'];

/** Behind a proxy on the same host every visitor looks local (field note 52). */
function isForwarded(request: IncomingMessage): boolean {
  return Object.keys(request.headers).some((name) =>
    proxyHeaders.some((beginning) => name.startsWith(beginning)),
  );
}

function pageOf(status: number, reference: string, details: string, mayReload: boolean): string {
  const [title, text] = sentences[status] ?? ['Error', 'This request could not be answered.'];
  const reload = status === 503 && mayReload ? '<meta http-equiv="refresh" content="2">' : '';
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">${reload}<title>${title}</title></head>`,
    `<body><h1>${title}</h1><p>${text}</p>`,
    details === '' ? '' : `<pre>${escapeHtml(details)}</pre>`,
    `<p><small>${status}, reference ${reference}</small></p></body></html>\n`,
  ].join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One line of the log stays one line. */
function printable(text: string): string {
  return text.slice(0, 200).replace(/[^ -~]/g, '?');
}

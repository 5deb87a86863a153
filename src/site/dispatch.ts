// Comes in: an HTTP request to a site. Goes out: a file, the worker's answer, or a short error page.
// Decides who answers; starts and stops nothing.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../errors.js';
import { sendFailure, type Failure } from './errorpages.js';
import { forwardRequest } from './forward.js';
import { filterRequest } from './requestfilter.js';
import { servedBy, type Site } from './site.js';
import { SlotRefused } from './slots.js';
import { openStaticFile, sendStaticFile } from './staticfiles.js';
import { readTarget, type RequestTarget } from './target.js';
import type { Workers } from './workers.js';

/** What answers stand on at this moment. */
export interface Surroundings {
  readonly site: Site;
  /** Absent while the host starts. */
  readonly workers: Workers | undefined;
  readonly windows: boolean;
  readonly showErrors: boolean;
  readonly log: (text: string) => void;
}

/** Milliseconds for the rest of a body that nobody wants. */
const drainLimit = 30_000;

/** Answers one request; never rejects. */
export async function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  around: Surroundings,
): Promise<void> {
  const failure = await answer(request, response, around).catch((error: unknown): Failure => ({
    status: 500,
    reason: messageOf(error),
  }));
  if (failure) {
    sendFailure(request, response, failure, around);
  }
  drain(request);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { site, workers, windows }: Surroundings,
): Promise<Failure | undefined> {
  const target = readTarget(request.url ?? '');
  if (!target) return { status: 400, reason: 'the address cannot be decoded' };
  if ((request.headersDistinct.host?.length ?? 0) > 1) return { status: 400, reason: 'more than one Host' };
  const announced = request.headers['content-length'];
  const filtered = filterRequest(
    site.config,
    target,
    announced === undefined ? undefined : Number(announced),
  );
  if (filtered) return filtered;
  if (servedBy(site, target.path, windows) === 'files') return answerFile(request, response, site, target);
  return forwardRequest(request, response, target, {
    documentRoot: site.directory,
    bodyLimit: site.config.limits.maxAllowedContentLength,
    begin: (parameters, signal) =>
      workers?.begin(parameters, signal) ?? Promise.reject(new SlotRefused('no worker')),
  });
}

async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  site: Site,
  target: RequestTarget,
): Promise<Failure | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, reason: 'a file', headers: { Allow: 'GET, HEAD' } };
  }
  const file = await openStaticFile(site.directory, target.path);
  if (!file) return { status: 404, reason: 'no such file' };
  await sendStaticFile(request, response, file).catch((error: unknown) => {
    // The visitor left, or the file shrank: either way the connection says it.
    if (!response.headersSent) throw error;
  });
  return undefined;
}

/** Reads the rest of a body, so that a visitor who sends first and reads later gets the answer; not for ever. */
function drain(request: IncomingMessage): void {
  const { socket } = request;
  if (request.complete || request.destroyed || socket.destroyed) return;
  const timer = setTimeout(() => request.destroy(), drainLimit);
  // After the answer the request is not told any more that its connection closed.
  const stop = (): void => {
    clearTimeout(timer);
    request.off('close', stop);
    socket.off('close', stop);
  };
  request.once('close', stop);
  socket.once('close', stop);
  request.resume();
}

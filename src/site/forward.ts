// Comes in: an HTTP request for the application. Goes out: the worker's answer, streamed; or a failure to be told.
// Bodies flow both ways with backpressure. Knows no files, no process, no web.config but its limits.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.js';
import { atMost, BodyTooLong, exactLength } from './bodylength.js';
import type { Exchange, ExchangeEnd } from './connection.js';
import type { Failure } from './errorpages.js';
import { encodePairs } from './fastcgi.js';
import { cgiParameters } from './parameters.js';
import { tooLong } from './requestfilter.js';
import { createHeadReader, type HeadProgress, type ResponseHead } from './response.js';
import { SlotRefused } from './slots.js';
import type { RequestTarget } from './target.js';

/** Milliseconds: a dying process closes its connections one by one, and the next try must not take the next of them. */
const repeatPause = 100;

/** What a site gives to the requests that its worker answers. */
export interface ForwardOptions {
  readonly documentRoot: string;
  /** Bytes of a body whose length was not announced. */
  readonly bodyLimit: number;
  /** Begins a request on a worker's connection; rejects with SlotRefused. */
  readonly begin: (parameters: Buffer, signal: AbortSignal) => Promise<Exchange>;
}

/** Answers the request, or returns why not; `undefined` also when the visitor left. */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget,
  options: ForwardOptions,
): Promise<Failure | undefined> {
  const { left: signal, forget } = watchVisitor(request, response);
  const { 'content-length': announced, 'transfer-encoding': coding } = request.headers;
  const contentLength = announced === undefined ? undefined : Number(announced);
  const { documentRoot } = options;
  const parameters = encodePairs(cgiParameters(request, target, { documentRoot, contentLength }));
  const hasBody = contentLength !== undefined || coding !== undefined;
  // A worker that restarts may take a request with it: what changes nothing is asked once more.
  const mayRepeat = !hasBody && ['GET', 'HEAD'].includes(request.method ?? '');
  try {
    for (let last = !mayRepeat; ; last = true) {
      const exchange = await options.begin(parameters, signal);
      const body = hasBody ? bodyOf(request, response, options.bodyLimit) : undefined;
      const failure = await answer(exchange, body, request, response, signal);
      if (failure === undefined || signal.aborted) return undefined;
      if (last || !(await wasLostUntouched(exchange))) return failure;
      await sleep(repeatPause);
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof SlotRefused) return refusalOf(error);
    throw error;
  } finally {
    forget();
  }
}

interface Visitor {
  /** Aborted when the connection closes before the request or its answer is whole. */
  readonly left: AbortSignal;
  /** Stop watching. */
  readonly forget: () => void;
}

function watchVisitor(request: IncomingMessage, response: ServerResponse): Visitor {
  const left = new AbortController();
  const answerClosed = (): void => {
    if (!response.writableFinished) left.abort();
  };
  // After its answer a request is not told that its connection closed; the socket is, but it lives for many requests.
  const socketClosed = (): void => {
    if (!request.complete) left.abort();
  };
  const { socket } = request;
  response.once('close', answerClosed);
  socket.once('close', socketClosed);
  return { left: left.signal, forget: () => void socket.off('close', socketClosed) };
}

/** Asked for with `Expect: 100-continue`, a body is only called for when somebody reads it. */
function bodyOf(request: IncomingMessage, response: ServerResponse, limit: number): Transform {
  if (request.headers.expect !== undefined) response.writeContinue();
  return atMost(limit);
}

/** How the exchange ended, if it has: a worker may still be busy with what we gave up. */
function endOf(exchange: Exchange): Promise<ExchangeEnd | undefined> {
  return Promise.race([exchange.ended, Promise.resolve(undefined)]);
}

async function wasLostUntouched(exchange: Exchange): Promise<boolean> {
  const end = await endOf(exchange);
  return end?.kind === 'lost' && end.bytes === 0;
}

async function answer(
  exchange: Exchange,
  body: Transform | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const abort = (): void => exchange.abort();
  signal.addEventListener('abort', abort);
  body?.once('error', abort);
  try {
    if (signal.aborted) abort();
    if (body) request.pipe(body).pipe(exchange.input);
    else exchange.input.end();
    const progress = await readHead(exchange.output);
    if (progress.kind === 'head') {
      await sendAnswer(progress.head, exchange.output, request, response);
      return undefined;
    }
    if (body?.errored instanceof BodyTooLong) return tooLong(body.errored.limit);
    return failureOf(progress, await endOf(exchange));
  } catch (error) {
    return { status: 502, reason: `the answer broke off: ${messageOf(error)}` };
  } finally {
    // Does nothing when the worker has ended the request by itself.
    exchange.abort();
    signal.removeEventListener('abort', abort);
    if (body) request.unpipe(body);
  }
}

/** Reads until the headers are complete; what follows them is put back. */
async function readHead(output: Readable): Promise<HeadProgress> {
  const read = createHeadReader();
  for (;;) {
    const piece = output.read() as Buffer | null;
    if (piece) {
      const progress = read(piece);
      if (progress.kind === 'head' && progress.rest.length > 0) output.unshift(progress.rest);
      if (progress.kind !== 'more') return progress;
    } else if (output.readableEnded || output.destroyed) return { kind: 'more' };
    else await new Promise<void>((resolve) => whenSomething(output, resolve));
  }
}

function whenSomething(output: Readable, resolve: () => void): void {
  const events = ['readable', 'end', 'close', 'error'];
  const settle = (): void => {
    for (const event of events) output.off(event, settle);
    resolve();
  };
  for (const event of events) output.on(event, settle);
}

async function sendAnswer(
  head: ResponseHead,
  output: Readable,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = head.headers.flatMap(([name, value]) => [name, value]);
  response.writeHead(head.status, head.reason || undefined, headers);
  const announced = head.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  if (request.method === 'HEAD' || head.status === 204 || head.status === 304) {
    response.end();
    await finished(output.resume());
    return;
  }
  // The first piece may come much later than the headers, as with server-sent events.
  response.flushHeaders();
  await (announced === undefined
    ? pipeline(output, response)
    : pipeline(output, exactLength(Number(announced)), response));
}

function failureOf(progress: HeadProgress, end: ExchangeEnd | undefined): Failure {
  if (progress.kind === 'garbage')
    return { status: 502, reason: `the application's answer: ${progress.problem}` };
  if (end?.kind === 'refused') {
    const reason = `the worker refused the request (protocol status ${end.protocolStatus})`;
    return { status: 503, reason, headers: { 'Retry-After': '2' } };
  }
  if (end?.kind === 'lost') return { status: 502, reason: 'the worker went away before it answered' };
  return { status: 502, reason: 'the application ended without an answer' };
}

function refusalOf(error: SlotRefused): Failure | undefined {
  if (error.refusal === 'stopped') return undefined;
  return { status: 503, reason: error.message, headers: { 'Retry-After': '2' } };
}

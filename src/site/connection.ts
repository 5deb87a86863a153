// Comes in: a socket that a worker opened. Goes out: one request at a time, as a writable input and a readable output
// with backpressure both ways. Speaks FastCGI; knows no HTTP, no queue, no process.
import type { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import {
  createRecordDecoder,
  decodeEnd,
  encodeAbort,
  encodeBegin,
  encodeStream,
  encodeStreamEnd,
  FcgiError,
  recordType,
  type FcgiRecord,
} from './fastcgi.js';

/** A request that a worker is busy with. */
export interface Exchange {
  /** The request's body goes here; ending it ends the body. What comes after the answer is thrown away. */
  readonly input: Writable;
  /** CGI headers and body; fails when the worker is lost, or says that what it sent is not whole. */
  readonly output: Readable;
  /** How it ended; never rejects. */
  readonly ended: Promise<ExchangeEnd>;
  /** Nobody waits any more: asks the worker to stop; the connection stays busy until the worker has. */
  abort(): void;
}

/** How a request to a worker ended. */
export type ExchangeEnd =
  /** The status is not 0 when the answer broke off. */
  | { readonly kind: 'done'; readonly applicationStatus: number }
  /** The worker did not take the request: 1 it cannot multiplex, 2 overloaded, 3 unknown role. */
  | { readonly kind: 'refused'; readonly protocolStatus: number }
  /** The connection broke, after so many bytes of output. */
  | { readonly kind: 'lost'; readonly bytes: number };

/** What a connection tells its owner. */
export interface ConnectionListener {
  /** Free for the next request. */
  idle(connection: WorkerConnection): void;
  closed(connection: WorkerConnection): void;
  /** Text that the application wrote to its error stream. */
  errorText(text: string): void;
}

interface Running {
  readonly requestId: number;
  readonly output: Readable;
  readonly finish: (end: ExchangeEnd) => void;
  bytes: number;
  discard: boolean;
}

/** One connection of a worker; it serves one request at a time and is kept open. */
export class WorkerConnection {
  readonly #socket: Socket;
  readonly #listener: ConnectionListener;
  readonly #decode = createRecordDecoder();
  #running: Running | undefined;
  #lastId = 0;
  #open = true;

  constructor(socket: Socket, listener: ConnectionListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.on('data', (piece: Buffer) => this.#take(piece));
    // An error is always followed by close, which tells everything that the owner must know.
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#lost());
  }

  /** Open, and no request runs. */
  get idle(): boolean {
    return this.#open && this.#running === undefined;
  }

  /** Begins a request; the pairs are encoded already. Only on an idle connection. */
  start(parameters: Buffer): Exchange {
    if (!this.idle) throw new Error('the connection is busy or closed');
    const requestId = (this.#lastId % 65535) + 1;
    this.#lastId = requestId;
    let finish: (end: ExchangeEnd) => void = () => undefined;
    const ended = new Promise<ExchangeEnd>((resolve) => (finish = resolve));
    const output = new Readable({ read: () => void this.#socket.resume() });
    // Told to whoever reads; between two readers it must not end the process.
    output.on('error', () => undefined);
    const running: Running = { requestId, output, finish, bytes: 0, discard: false };
    this.#running = running;
    this.#send([
      encodeBegin(requestId),
      ...encodeStream(recordType.parameters, requestId, parameters),
      encodeStreamEnd(recordType.parameters, requestId),
    ]);
    return {
      input: this.#inputOf(running),
      output,
      ended,
      abort: () => this.#abort(running),
    };
  }

  /** Closes it now; a running request is lost. */
  close(): void {
    this.#socket.destroy();
  }

  #inputOf(running: Running): Writable {
    const { requestId } = running;
    return new Writable({
      write: (piece: Buffer, _encoding, done) => {
        if (this.#running !== running || running.discard) done();
        else if (this.#send(encodeStream(recordType.standardInput, requestId, piece))) done();
        else this.#whenDrained(running, done);
      },
      final: (done) => {
        if (this.#running === running && !running.discard) {
          this.#send([encodeStreamEnd(recordType.standardInput, requestId)]);
        }
        done();
      },
    });
  }

  /** Waits for the socket, or for the end of the request, whichever is first. */
  #whenDrained(running: Running, done: () => void): void {
    const socket = this.#socket;
    const settle = (): void => {
      socket.off('drain', settle);
      running.output.off('close', settle);
      done();
    };
    socket.once('drain', settle);
    running.output.once('close', settle);
  }

  #send(records: readonly Buffer[]): boolean {
    this.#socket.cork();
    let room = true;
    for (const record of records) room = this.#socket.write(record);
    this.#socket.uncork();
    return room;
  }

  #abort(running: Running): void {
    if (this.#running !== running || running.discard) return;
    running.discard = true;
    this.#send([encodeAbort(running.requestId)]);
    running.output.destroy();
    this.#socket.resume();
  }

  #take(piece: Buffer): void {
    try {
      for (const record of this.#decode(piece)) this.#handle(record);
    } catch (error) {
      if (!(error instanceof FcgiError)) throw error;
      this.#listener.errorText(`A worker's connection is closed: ${error.message}`);
      this.#socket.destroy();
    }
  }

  #handle(record: FcgiRecord): void {
    const running = this.#running;
    if (running?.requestId !== record.requestId) return;
    if (record.type === recordType.standardOutput) {
      running.bytes += record.content.length;
      if (running.discard || record.content.length === 0) return;
      if (!running.output.push(record.content)) this.#socket.pause();
    } else if (record.type === recordType.standardError) {
      if (record.content.length > 0) this.#listener.errorText(record.content.toString('utf8'));
    } else if (record.type === recordType.endRequest) {
      const { applicationStatus, protocolStatus } = decodeEnd(record.content);
      this.#running = undefined;
      if (applicationStatus === 0) running.output.push(null);
      else running.output.destroy(new Error('the application broke off'));
      this.#socket.resume();
      running.finish(
        protocolStatus === 0 ? { kind: 'done', applicationStatus } : { kind: 'refused', protocolStatus },
      );
      this.#listener.idle(this);
    }
  }

  #lost(): void {
    this.#open = false;
    const running = this.#running;
    this.#running = undefined;
    if (running) {
      running.finish({ kind: 'lost', bytes: running.bytes });
      running.output.destroy(running.discard ? undefined : new Error('the worker went away'));
    }
    this.#listener.closed(this);
  }
}

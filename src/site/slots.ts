// Comes in: connections of workers, and requests that want one. Goes out: requests begun on free connections, first
// come, first served, within limits of number and time. Knows no process, no HTTP, no bytes.
import type { Exchange, WorkerConnection } from './connection.js';

/** Why a request got no connection. */
export type Refusal =
  /** No worker is there, and none is expected soon. */
  | 'no worker'
  /** Too many requests wait already. */
  | 'queue full'
  /** It waited its time. */
  | 'waited too long'
  /** The visitor left, or the host closes. */
  | 'stopped';

/** A request got no connection. */
export class SlotRefused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, why = '') {
    super(why === '' ? refusal : `${refusal}: ${why}`);
    this.refusal = refusal;
  }
}

/** Limits of the queue. */
export interface SlotLimits {
  /** Requests that may wait at once. */
  readonly waiting: number;
  /** Milliseconds that each may wait. */
  readonly patience: number;
}

interface Waiting {
  /** Begins the request at once: a connection handed out idle could be handed out twice. */
  readonly accept: (connection: WorkerConnection) => void;
  readonly refuse: (refusal: Refusal) => void;
}

/** The connections of all workers, and who waits for one. */
export class Slots {
  readonly #limits: SlotLimits;
  readonly #connections = new Set<WorkerConnection>();
  readonly #queue = new Set<Waiting>();
  #expecting = false;
  #whyNot = 'it has not connected yet';
  #closed = false;

  constructor(limits: SlotLimits) {
    this.#limits = limits;
  }

  /** Connections that are open, busy or not. */
  get size(): number {
    return this.#connections.size;
  }

  /** A new connection, or one that became free. */
  offer(connection: WorkerConnection): void {
    this.#connections.add(connection);
    const [first] = this.#queue;
    if (first && connection.idle) first.accept(connection);
  }

  /** A connection that is closed. */
  remove(connection: WorkerConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0 && !this.#expecting) this.#refuseAll('no worker');
  }

  /** A worker will connect soon: requests wait for it. */
  expect(): void {
    this.#expecting = true;
  }

  /** No worker will connect soon: who waits for one is refused, with this reason. */
  giveUp(why: string): void {
    this.#expecting = false;
    this.#whyNot = why;
    if (this.#connections.size === 0) this.#refuseAll('no worker');
  }

  /** Begins a request on an idle connection, at once or when one is free; rejects with SlotRefused. */
  begin(parameters: Buffer, signal: AbortSignal): Promise<Exchange> {
    if (this.#closed || signal.aborted) return Promise.reject(new SlotRefused('stopped'));
    const free = [...this.#connections].find((connection) => connection.idle);
    if (free) return Promise.resolve(free.start(parameters));
    if (this.#connections.size === 0 && !this.#expecting) {
      return Promise.reject(new SlotRefused('no worker', this.#whyNot));
    }
    if (this.#queue.size >= this.#limits.waiting) return Promise.reject(new SlotRefused('queue full'));
    return this.#wait(parameters, signal);
  }

  /** Refuses who waits and closes every connection. */
  close(): void {
    this.#closed = true;
    this.#refuseAll('stopped');
    for (const connection of this.#connections) connection.close();
  }

  #wait(parameters: Buffer, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        this.#queue.delete(waiting);
      };
      const waiting: Waiting = {
        accept: (connection) => {
          leave();
          resolve(connection.start(parameters));
        },
        refuse: (refusal) => {
          leave();
          reject(new SlotRefused(refusal, refusal === 'no worker' ? this.#whyNot : ''));
        },
      };
      const stop = (): void => waiting.refuse('stopped');
      const timer = setTimeout(() => waiting.refuse('waited too long'), this.#limits.patience);
      signal.addEventListener('abort', stop);
      this.#queue.add(waiting);
    });
  }

  #refuseAll(refusal: Refusal): void {
    for (const waiting of [...this.#queue]) waiting.refuse(refusal);
  }
}

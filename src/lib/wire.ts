// Comes in: an address. Goes out: a connection to read exact numbers of bytes from and to write to. Ends by itself when the
// other side is silent for too long. Knows no protocol.
import type { Socket } from 'node:net';
import { connect } from 'node:net';

export interface Wire {
  /** Waits for that many bytes; rejects when the connection ends before. */
  readonly read: (count: number) => Promise<Buffer>;
  readonly write: (bytes: Buffer) => void;
  readonly end: () => void;
}

export interface WireSettings {
  readonly server: string;
  readonly port: number;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which it counts as silent: ETIMEDOUT. */
  readonly patience: number;
}

/** No answer of a server to somebody who signs in is longer. */
const longest = 64 * 1024;

/** Connects; rejects with the system's error. */
export function openWire({ server, port, signal, patience }: WireSettings): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server, port });
    const stop = (): void => void socket.destroy(new Error('interrupted'));
    signal.addEventListener('abort', stop, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', stop));
    socket.setTimeout(patience, () =>
      socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    const wire = wireOn(socket);
    socket.once('connect', () => resolve(wire));
    socket.once('error', reject);
  });
}

function wireOn(socket: Socket): Wire {
  let kept = Buffer.alloc(0);
  let failure: Error | undefined;
  let serve = (): void => undefined;
  const end = (error: Error): void => {
    failure ??= error;
    serve();
  };
  socket.on('data', (bytes: Buffer) => {
    kept = Buffer.concat([kept, bytes]);
    if (kept.length > longest) socket.destroy(new Error('it speaks something else'));
    serve();
  });
  socket.on('error', end);
  socket.on('close', () => end(new Error('the connection was closed')));
  const read = (count: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      serve = () => {
        if (count > longest) reject(new Error('it speaks something else'));
        else if (kept.length >= count) {
          const bytes = kept.subarray(0, count);
          kept = kept.subarray(count);
          serve = () => undefined;
          resolve(bytes);
        } else if (failure) reject(failure);
      };
      serve();
    });
  return { read, write: (bytes) => void socket.write(bytes), end: () => void socket.destroy() };
}

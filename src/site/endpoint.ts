// Comes in: nothing. Goes out: a private place where workers connect to us: a Unix socket in a folder of mode 0700, on
// Windows a named pipe with a name that cannot be guessed. Knows no FastCGI.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, messageOf } from '../errors.js';
import { diskError } from '../lib/files.js';

/** A listening place for one worker; own it until close. */
export interface Endpoint {
  /** What the worker's option `--connect` takes: `unix:PATH` or `pipe:NAME`. */
  readonly argument: string;
  /** Stops listening and removes the socket; connections that are open stay. */
  close(): Promise<void>;
}

/** The kernel's limit of a socket's path is 104 bytes on macOS, 108 on Linux. */
const maximumSocketPath = 100;

/** Listens until close; each connection goes to `accept`. Throws USAGE, or what a full or closed disk is, without a place. */
export async function openEndpoint(accept: (socket: Socket) => void, windows: boolean): Promise<Endpoint> {
  const server = createServer({ noDelay: true }, accept);
  const place = windows ? pipePlace() : await socketPlace();
  const close = async (): Promise<void> => {
    server.close();
    if (place.folder !== undefined) await rm(place.folder, { recursive: true, force: true });
  };
  try {
    server.listen(place.path);
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw noPlace(place.path, error);
  }
  return { argument: place.argument, close };
}

interface ListeningPlace {
  readonly path: string;
  readonly argument: string;
  readonly folder?: string;
}

function pipePlace(): ListeningPlace {
  const name = `zookit-${randomBytes(16).toString('hex')}`;
  return { path: `\\\\.\\pipe\\${name}`, argument: `pipe:${name}` };
}

async function socketPlace(): Promise<ListeningPlace> {
  // Room for `/zookit-XXXXXX/worker`; a long TMPDIR gives way to /tmp.
  const parent = Buffer.byteLength(tmpdir()) + 24 > maximumSocketPath ? '/tmp' : tmpdir();
  const folder = await mkdtemp(join(parent, 'zookit-')).catch((error: unknown) => {
    throw noPlace(parent, error);
  });
  const path = join(folder, 'worker');
  return { path, argument: `unix:${path}`, folder };
}

function noPlace(path: string, error: unknown): unknown {
  const known = diskError(error, path);
  if (known instanceof AppError) return known;
  return new AppError('USAGE', `The connection to the worker cannot be made in '${path}'`, {
    details: [messageOf(error)],
    hint: 'Name a folder for temporary files in TMPDIR that is there',
    cause: error,
  });
}

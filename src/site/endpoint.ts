// Comes in: nothing. Goes out: a private place where workers connect to us: a Unix socket in a folder of mode 0700, on
// Windows a named pipe with a name that cannot be guessed. Knows no FastCGI.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A listening place for one worker; own it until close. */
export interface Endpoint {
  /** What the worker's option `--connect` takes: `unix:PATH` or `pipe:NAME`. */
  readonly argument: string;
  /** Stops listening and removes the socket; connections that are open stay. */
  close(): Promise<void>;
}

/** The kernel's limit of a socket's path is 104 bytes on macOS, 108 on Linux. */
const maximumSocketPath = 100;

/** Listens until close; each connection goes to `accept`. */
export async function openEndpoint(accept: (socket: Socket) => void, windows: boolean): Promise<Endpoint> {
  const server = createServer({ noDelay: true }, accept);
  const place = windows ? pipePlace() : await socketPlace();
  server.listen(place.path);
  await once(server, 'listening');
  return {
    argument: place.argument,
    async close() {
      server.close();
      if (place.folder !== undefined) await rm(place.folder, { recursive: true, force: true });
    },
  };
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
  const folder = await mkdtemp(join(parent, 'zookit-'));
  const path = join(folder, 'worker');
  return { path, argument: `unix:${path}`, folder };
}

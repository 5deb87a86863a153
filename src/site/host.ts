// Comes in: a site's folder, a Python, a port. Goes out: a running web server: files and the worker's answers.
// Joins the parts of this folder; deploy and watching are the worker's own business.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError, messageOf } from '../errors.js';
import { dispatch, type Surroundings } from './dispatch.js';
import { readSite, type Site } from './site.js';
import type { VariableContext } from './variables.js';
import { workerCommand } from './workercommand.js';
import { startWorkers, type Workers } from './workers.js';

/** Which site, where, and who hears of it. */
export interface HostOptions {
  /** The site's folder, with its web.config. */
  readonly directory: string;
  /** The interpreter that workers are started with. */
  readonly python: string;
  /** Absolute path of zoofcgi.py. */
  readonly workerScript: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** To listen on; 127.0.0.1 unless said. */
  readonly address?: string;
  /** Requests that the worker serves at once; 4 unless said. */
  readonly connections?: number;
  /** Reasons of failures in the browser, not only in the log. */
  readonly showErrors?: boolean;
  /** For the workers, over web.config's variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** One line of the host's, or of a worker's output. */
  readonly log: (line: HostLogLine) => void;
  /** Closes the host. */
  readonly signal?: AbortSignal;
}

/** One line for the log; a worker's is what it printed. */
export interface HostLogLine {
  readonly source: 'host' | 'worker';
  readonly text: string;
}

/** A site that runs. */
export interface Host {
  /** `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** The first worker connected; rejects with PYTHON_FAILED when the first start failed (further ones follow). */
  readonly ready: Promise<void>;
  /** Finishes what runs, within limits, and ends the worker; may be called again. */
  close(): Promise<void>;
}

const windows = process.platform === 'win32';
/** As many as IIS queues for one pool; each waits as long as Helicon Zoo let a request run. */
const slotLimits = { waiting: 1000, patience: 30_000 };
/** Milliseconds for running requests, and again for the worker, when the host closes. */
const stopLimit = 5000;

/** Serves a site until close. SITE_INVALID for its web.config, USAGE when the port or a temporary folder cannot be had. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { directory, python, workerScript, showErrors = false, connections = 4, environment = {} } = options;
  const log = (text: string): void => options.log({ source: 'host', text });
  const state: { site: Site; workers?: Workers } = { site: await readSite(directory) };
  const reread = async (): Promise<Site> => (state.site = await readSite(directory).catch(explain(log)));
  const server = createHttpServer(() => ({ workers: undefined, ...state, windows, showErrors, log }));
  const listening = await listen(server, options);
  const settings = { python, workerScript, connections, showErrors, environment };
  const workers = await startWorkers({
    command: async (connect) => workerCommand(await reread(), connect, settings, listening),
    windows,
    limits: slotLimits,
    stopLimit,
    log: (source, text) => options.log({ source, text }),
  }).catch((error: unknown) => {
    // A server that goes on to listen would keep the process alive, with nothing behind it.
    server.close();
    server.closeAllConnections();
    throw error;
  });
  state.workers = workers;
  // Deploy may have made folders with a web.config of their own.
  void workers.ready.then(reread).catch(() => undefined);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(server, workers));
  if (options.signal?.aborted) await close();
  options.signal?.addEventListener('abort', () => void close(), { once: true });
  return { url: `http://${listening.host}:${listening.port}/`, ready: workers.ready, close };
}

function createHttpServer(surroundings: () => Surroundings): Server {
  // An upload may take as long as it takes; headers may not.
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000 });
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void dispatch(request, response, surroundings());
  server.on('request', listener);
  server.on('checkContinue', listener);
  return server;
}

async function listen(server: Server, options: HostOptions): Promise<Omit<VariableContext, 'directory'>> {
  const address = options.address ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, address, options.port)));
    server.listen(options.port, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    windows,
    environment: process.env,
    host: address.includes(':') ? `[${address}]` : address,
    port,
  };
}

function listenError(error: NodeJS.ErrnoException, address: string, port: number): AppError {
  const reason = error.code === 'EADDRINUSE' ? 'it is in use' : messageOf(error);
  return new AppError('USAGE', `Cannot listen on port ${port} of '${address}'`, {
    details: [reason],
    hint: 'Choose another port with `--port 8081`, or let the system choose with `--port 0`',
    cause: error,
  });
}

/** Tells the log what is wrong with a web.config that changed; the worker's next start tries again. */
function explain(log: (text: string) => void): (error: unknown) => never {
  return (error) => {
    if (error instanceof AppError) log([error.message, ...error.details].join('; '));
    throw error;
  };
}

async function closeAll(server: Server, workers: Workers): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const killer = setTimeout(() => server.closeAllConnections(), stopLimit);
  await closed;
  clearTimeout(killer);
  await workers.stop();
}

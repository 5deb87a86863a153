// Comes in: how to start a worker, limits. Goes out: something that takes requests, whatever processes stand behind it.
// Joins endpoint, process, connections and queue; more than one process would be started here. Knows no HTTP.
import { AppError } from '../errors.js';
import { WorkerConnection, type Exchange } from './connection.js';
import { openEndpoint } from './endpoint.js';
import { Slots, type SlotLimits } from './slots.js';
import { Worker, type WorkerCommand, type WorkerExit } from './worker.js';

/** What a site's Python side needs. */
export interface WorkersOptions {
  /** The command, given the value of `--connect`; asked before every start. */
  readonly command: (connect: string) => Promise<WorkerCommand>;
  readonly windows: boolean;
  readonly limits: SlotLimits;
  readonly stopLimit: number;
  readonly log: (source: 'host' | 'worker', text: string) => void;
}

/** The Python side of a site. */
export interface Workers {
  /** Settled once: a worker connected, or the first start failed (AppError PYTHON_FAILED with its last lines). */
  readonly ready: Promise<void>;
  /** Begins a request; rejects with SlotRefused. */
  begin(parameters: Buffer, signal: AbortSignal): Promise<Exchange>;
  /** Closes connections and ends processes; settled when all are gone. */
  stop(): Promise<void>;
}

/** Starts the site's worker. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { log, windows } = options;
  const slots = new Slots(options.limits);
  const readiness = createReadiness();
  const endpoint = await openEndpoint((socket) => {
    worker.connected();
    readiness.succeed();
    // Should its connections close, it restarts: requests wait for that until a start fails.
    slots.expect();
    const connection = new WorkerConnection(socket, {
      idle: (each) => slots.offer(each),
      closed: (each) => slots.remove(each),
      errorText: (text) => log('worker', text.trimEnd()),
    });
    slots.offer(connection);
  }, windows);
  const worker = new Worker({
    command: () => options.command(endpoint.argument),
    windows,
    stopLimit: options.stopLimit,
    onLine: (line) => log('worker', line),
    onExit: (exit) => {
      log('host', `The worker ended (${exit.reason}); next start in ${exit.pause / 1000} s`);
      if (exit.soon) slots.expect();
      else slots.giveUp([exit.reason, ...exit.lines.slice(-1)].join(', '));
      if (exit.failed) readiness.fail(failureOf(exit));
    },
  });
  return {
    ready: readiness.promise,
    begin: (parameters, signal) => slots.begin(parameters, signal),
    async stop() {
      readiness.fail(new AppError('INTERRUPTED', 'The host was closed before a worker was ready'));
      slots.close();
      await worker.stop();
      await endpoint.close();
    },
  };
}

function failureOf(exit: WorkerExit): AppError {
  return new AppError('PYTHON_FAILED', "The site's Python worker could not start", {
    details: [exit.reason, ...exit.lines],
    hint: 'Correct what the lines above say; `zookit deploy` brings environment, packages and database up to date',
  });
}

interface Readiness {
  readonly promise: Promise<void>;
  succeed(): void;
  fail(error: AppError): void;
}

function createReadiness(): Readiness {
  let succeed: () => void = () => undefined;
  let fail: (error: AppError) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  // Whoever does not wait for readiness must not be ended by its failure.
  promise.catch(() => undefined);
  return { promise, succeed: () => succeed(), fail: (error) => fail(error) };
}

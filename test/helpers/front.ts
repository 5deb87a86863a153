// Comes in: a web server's program and configuration, a worker's command line. Goes out: running processes on loopback
// that end with the test, and plain HTTP to them. Nothing of the system's own servers is touched.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';

/** A program's path; web servers often lie in folders that only root has on PATH. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Tests that run at the same time begin to look at different places, and none finds a port that it had before. */
let nextPort = 10_000 + ((process.pid * 37) % 20_000);

/**
 * A port of loopback that is free now. Of those below 32768, which a system gives to nobody by itself: another program
 * would get it otherwise before the one that it is for.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 2000; tries++) {
    const port = nextPort++;
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no port is free');
}

/** Starts a process that ends with the test; `output` is what it said so far. */
export function startProcess(
  context: EndsWith,
  program: string,
  args: readonly string[],
  cwd: string,
): { readonly output: () => string; readonly ended: () => boolean } {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  atEnd(context, async () => {
    child.kill('SIGTERM');
    await closed;
  });
  return { output: () => text, ended: () => child.exitCode !== null || child.signalCode !== null };
}

export interface Asking {
  readonly method?: string;
  readonly body?: Buffer;
}

/** Sends a request; resolves when the headers are there. */
export function ask(port: number, path: string, options: Asking = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path,
      method: options.method ?? 'GET',
      agent: false,
      headers: options.body ? { 'Content-Length': options.body.length } : {},
    });
    outgoing.on('response', resolve).on('error', reject).end(options.body);
  });
}

/** The whole body as text. Rejects when the connection breaks off before its end. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('latin1');
}

/** Asks until the server and the worker behind it answer 200; fails at once when a process has ended. */
export async function untilReady(
  port: number,
  processes: readonly ReturnType<typeof startProcess>[],
): Promise<void> {
  for (;;) {
    const dead = processes.find((process) => process.ended());
    if (dead) throw new Error(`a process ended: ${dead.output()}`);
    const response = await ask(port, '/').catch(() => undefined);
    response?.resume();
    if (response?.statusCode === 200) return;
    await pause(50);
  }
}

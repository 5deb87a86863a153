// Goes out: an HTTP proxy on loopback that passes on what it is asked (by full address, or through CONNECT), remembers it,
// and wants a name and a password if told so. Reaches loopback only: any name leads to the tests' own servers.
import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';

export interface Proxy {
  readonly port: number;
  /** `GET http://…` and `CONNECT host:port`, oldest first. */
  readonly asked: readonly string[];
}

export interface ProxySettings {
  /** `name:password`; without it everybody may. */
  readonly user?: string;
  /** Answers every request with this status. */
  readonly status?: number;
}

/** Starts a proxy that ends with the test. */
export async function startProxy(context: EndsWith, settings: ProxySettings = {}): Promise<Proxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const refusal = (incoming: IncomingMessage): number | undefined => {
    const wanted = settings.user && `Basic ${Buffer.from(settings.user).toString('base64')}`;
    if (wanted !== undefined && incoming.headers['proxy-authorization'] !== wanted) return 407;
    return settings.status;
  };
  const server = createServer((incoming, answer) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const refused = refusal(incoming);
    if (refused !== undefined) {
      answer.writeHead(refused).end();
      return;
    }
    const { port, pathname, search } = new URL(incoming.url ?? '');
    const further = request(
      { host: '127.0.0.1', port, path: pathname + search, headers: incoming.headers },
      (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      },
    );
    further.on('error', () => answer.writeHead(502).end());
    further.end();
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url ?? ''}`);
    const refused = refusal(incoming);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\n\r\n`);
      return;
    }
    const further = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      further.pipe(socket).pipe(further);
    });
    sockets.add(further);
    [further, socket].forEach((each) =>
      each.on('error', () => [further, socket].forEach((end) => end.destroy())),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  atEnd(context, () => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((closed) => server.close(closed));
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

// Requests to a worker and back, over real sockets, with a small stand-in for the worker (test/fixtures/site).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { serveSite, type RunningSite } from '../helpers/host.js';
import { httpPlatformConfig, repository } from '../helpers/site.js';

const workerScript = join(repository, 'test', 'fixtures', 'site', 'standin_worker.py');
const limits =
  '<security><requestFiltering><requestLimits maxAllowedContentLength="400000000"/></requestFiltering></security>';
const config = httpPlatformConfig(
  { PYTHONPATH: '%APPL_PHYSICAL_PATH%\\lib;%PYTHONPATH%', PORT_SEEN: '%PORT%' },
  limits,
);

interface Echo {
  readonly parameters: Readonly<Record<string, string>>;
  readonly length: number;
  readonly body: string;
  readonly environment: Readonly<Record<string, string>>;
}

describe('forwardRequest', { skip: process.platform === 'win32' }, () => {
  const cleanups: (() => unknown)[] = [];
  let site: RunningSite;
  before(async () => {
    const context = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
    site = await serveSite(
      context,
      { 'web.config': config },
      { workerScript, environment: { EXTRA: 'yes' }, connections: 2 },
    );
    await site.host.ready;
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  const echo = async (...request: Parameters<RunningSite['get']>): Promise<Echo> => {
    const answer = await site.get(...request);
    assert.equal(answer.status, 200);
    return JSON.parse(answer.body) as Echo;
  };

  it('passes CGI variables and headers, and no header that poses as something else', async () => {
    const { port } = new URL(site.host.url);
    const { parameters } = await echo('/a%20b/%C3%A4?q=%20', {
      headers: {
        Host: 'shop.example:99',
        Proxy: 'http://evil.example',
        'X-Many': ['1', '2'],
        Cookie: ['a=1', 'b=2'],
        X_User: 'evil',
        Connection: 'close, X-Hop',
        'X-Hop': 'gone',
        TE: 'trailers',
      },
    });
    assert.equal(parameters['PATH_INFO'], Buffer.from('/a b/ä').toString('latin1'));
    assert.deepEqual(
      [
        'REQUEST_METHOD',
        'REQUEST_URI',
        'SCRIPT_NAME',
        'QUERY_STRING',
        'SERVER_NAME',
        'SERVER_PORT',
        'HTTPS',
      ].map((name) => parameters[name]),
      ['GET', '/a%20b/%C3%A4?q=%20', '', 'q=%20', 'shop.example', port, 'off'],
    );
    assert.equal(parameters['REMOTE_ADDR'], '127.0.0.1');
    assert.equal(parameters['DOCUMENT_ROOT'], site.directory);
    const headers = Object.entries(parameters).filter(([name]) => name.startsWith('HTTP_'));
    assert.deepEqual(Object.fromEntries(headers), {
      HTTP_HOST: 'shop.example:99',
      HTTP_X_MANY: '1, 2',
      HTTP_COOKIE: 'a=1; b=2',
    });
  });

  it("gives the worker the site's variables and its folder", async () => {
    const { environment } = await echo('/');
    assert.equal(environment['PYTHONPATH'], join(site.directory, 'lib'));
    assert.equal(environment['PORT_SEEN'], new URL(site.host.url).port);
    assert.equal(environment['APPL_PHYSICAL_PATH'], site.directory);
    assert.equal(environment['EXTRA'], 'yes');
    assert.ok(site.log.includes(`worker: begins in ${site.directory}`));
  });

  it('passes bodies: announced, chunked, waiting for 100 Continue', async () => {
    const body = Buffer.alloc(300_000, 'ab');
    const announced = await echo('/post', {
      method: 'POST',
      headers: { 'Content-Type': 'text/x', 'Content-Length': '300000' },
      body,
    });
    assert.equal(announced.length, 300_000);
    assert.equal(announced.parameters['CONTENT_LENGTH'], '300000');
    assert.equal(announced.parameters['CONTENT_TYPE'], 'text/x');
    assert.equal(announced.parameters['HTTP_CONTENT_TYPE'], undefined);
    const chunked = await echo('/put', { method: 'PUT', body });
    assert.equal(chunked.length, 300_000);
    assert.equal(chunked.parameters['CONTENT_LENGTH'], '');
    const raw =
      'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\nok';
    assert.match(await site.raw(raw), /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  });

  it('does not hold a large body or answer in memory', async () => {
    const size = 200 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024, 'x');
    async function* body(): AsyncGenerator<Buffer> {
      for (let sent = 0; sent < size; sent += piece.length) yield piece;
    }
    const before = process.memoryUsage.rss();
    let highest = before;
    const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 20);
    const answer = await site.get('/upload', {
      method: 'POST',
      headers: { 'Content-Length': String(size) },
      body: body(),
    });
    clearInterval(timer);
    assert.equal((JSON.parse(answer.body) as Echo).length, size);
    assert.ok(highest - before < size / 2, `${highest - before} bytes more`);
  });

  it('holds the worker back while a visitor reads slowly', async () => {
    const [response] = (await once(httpGet(`${site.host.url}big`), 'response')) as [IncomingMessage];
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What was read ahead on the way: far less than the 32 MiB of the answer.
    assert.ok(response.socket.bytesRead < 8 * 1024 * 1024, `${response.socket.bytesRead} bytes`);
    let length = 0;
    for await (const piece of response) length += (piece as Buffer).length;
    assert.equal(length, 512 * 65536);
  });

  it('keeps repeated headers, status and reason; no body for HEAD and 204', async () => {
    const cookies = await site.raw('GET /cookies HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(cookies, /^HTTP\/1\.1 204 None\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n/);
    assert.match(cookies, /\r\n\r\n$/);
    const head = await site.raw('HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    assert.match(head, /Content-Length: \d+\r\n/);
    assert.match(head, /\r\n\r\n$/);
  });

  it('takes an answer that comes before the body is read, and the connection stays usable', async () => {
    const body = Buffer.alloc(5_000_000, 'x');
    for (let round = 0; round < 4; round += 1) {
      const answer = await site.get('/early', {
        method: 'POST',
        headers: { 'Content-Length': String(body.length) },
        body,
      });
      assert.deepEqual([answer.status, answer.body], [403, 'early']);
    }
    assert.equal((await echo('/after')).length, 0);
  });

  for (const [path, status] of [
    ['/garbage', 502],
    ['/silent', 502],
    ['/refuse', 503],
  ] as const) {
    it(`answers ${status} to ${path}, with a reference that the log has`, async () => {
      const answer = await site.get(path);
      assert.equal(answer.status, status);
      const reference = /reference ([0-9a-f]{8})/.exec(answer.body)?.[1];
      assert.ok(
        reference !== undefined &&
          site.log.some((line) => line.includes(`${reference} ${status} GET ${path}`)),
      );
      assert.doesNotMatch(answer.body, /Traceback/);
    });
  }

  it('breaks the connection when an answer breaks off or is shorter than announced', async () => {
    await assert.rejects(site.get('/broken'), /aborted|socket hang up/);
    await assert.rejects(site.get('/short'), /aborted|socket hang up/);
    assert.equal((await site.get('/long')).body, 'much');
  });

  it('writes the error stream to the log', async () => {
    assert.equal((await site.get('/errors')).body, 'fine');
    await site.logged(/^worker: said on the error stream$/);
  });

  it('aborts a request whose visitor leaves, and uses the connection again', async () => {
    for (let round = 0; round < 3; round += 1) {
      const request = httpGet(`${site.host.url}stream`);
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await once(response, 'data');
      request.on('error', () => undefined);
      request.destroy();
    }
    await site.logged(/aborted while writing/);
    await echo('/still-there');
  });

  for (const path of ['/x', '/eager']) {
    it(`aborts a body that breaks off at ${path}`, async () => {
      const before = (words: string): number => site.log.filter((line) => line.includes(words)).length;
      const [begun, earlier] = [before(`reads ${path}`), before('aborted while reading')];
      const socket = connect(Number(new URL(site.host.url).port), '127.0.0.1');
      socket.resume().write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf`);
      await site.logged(new RegExp(`reads ${path}$`), begun);
      socket.destroy();
      await site.logged(/aborted while reading/, earlier);
      await echo('/still-there');
    });
  }

  it('lets requests wait for a free connection', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => site.get('/slow')));
    assert.deepEqual(
      answers.map((each) => each.body),
      Array.from({ length: 6 }, () => 'slow'),
    );
  });

  it('asks a dying worker again when nothing is changed by it, and waits for one that restarts', async () => {
    assert.equal((await site.get('/again')).status, 502);
    await echo('/after-again');
    await site.logged(/exit status 0/);
    const posted = await site.get('/die', {
      method: 'POST',
      headers: { 'Content-Length': '1' },
      body: Buffer.from('x'),
    });
    assert.equal(posted.status, 502);
    await site.logged(/exit status 7.*0\.5 s/);
    await echo('/after-die');
  });

  it('refuses targets that cannot be decoded, and two hosts', async () => {
    for (const request of [
      'GET /a%00 HTTP/1.1\r\nHost: a',
      'GET /../a HTTP/1.1\r\nHost: a',
      'GET / HTTP/1.1\r\nHost: a\r\nHost: b',
    ]) {
      assert.match(await site.raw(`${request}\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400 /);
    }
  });
});

// The ways to the network: proxies, certificates of a company, redirects that must not be followed, no network at all. What
// does not work is told in words that help, and no password is among them.
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { makeCertificates, withoutOpenssl } from '../helpers/certificates.js';
import { redirecting } from '../helpers/faults.js';
import { archiveXml, entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { startProxy } from '../helpers/proxy.js';
import type { Route } from '../helpers/server.js';
import { send, startServer } from '../helpers/server.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

const zip = makeZip([{ name: 'file.txt', content: 'content' }]);
const feed = (address: string): string =>
  feedXml(entryXml('Demo', '1', { installers: archiveXml(address, zip) }));
const install = (address: string): string[] => ['install', 'Demo', '--main-feed', address];
const secret = 'p@ss:w%rd';
const asUser = `boss:${encodeURIComponent(secret)}@`;

interface Secure {
  readonly port: number;
  readonly requests: string[];
  readonly authority: string;
}

/** An https server by our own authority. */
async function secureServer(context: TestContext, routes: Readonly<Record<string, Route>>): Promise<Secure> {
  const { authority, key, certificate } = makeCertificates(temporaryFolder(context), 'feeds.test');
  const requests: string[] = [];
  const server = createServer({ key, cert: certificate }, (request, response) => {
    requests.push(request.url ?? '');
    const route = routes[request.url ?? ''];
    if (route) void route(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests, authority };
}

describe('proxies', { concurrency: 1 }, () => {
  test('HTTP goes through HTTP_PROXY, with its user', async (context) => {
    const server = await serveFeed(context, feed('demo.zip'), { 'demo.zip': zip });
    const proxy = await startProxy(context, { user: `boss:${secret}` });
    const zookit = zookitWorld(context, { env: { HTTP_PROXY: `http://${asUser}127.0.0.1:${proxy.port}` } });
    const port = new URL(server.address).port;
    const ran = await zookit.run([...install(`http://feeds.test:${port}/feed.xml`), '--verbose']);
    assertDone(ran);
    assert.deepEqual(proxy.asked, [
      `GET http://feeds.test:${port}/feed.xml`,
      `GET http://feeds.test:${port}/demo.zip`,
    ]);
    assert.doesNotMatch(ran.stderr, /boss|p@ss|p%40ss/);
  });

  test(
    'HTTPS goes through HTTPS_PROXY by CONNECT, certificates are the server’s',
    { skip: withoutOpenssl },
    async (context) => {
      const server = await secureServer(context, {
        '/feed.xml': send(feed('demo.zip')),
        '/demo.zip': send(zip),
      });
      const proxy = await startProxy(context, { user: `boss:${secret}` });
      const env = { HTTPS_PROXY: `http://${asUser}127.0.0.1:${proxy.port}`, SSL_CERT_FILE: server.authority };
      const zookit = zookitWorld(context, { env });
      assertDone(await zookit.run(install(`https://feeds.test:${server.port}/feed.xml`)));
      assert.deepEqual([...new Set(proxy.asked)], [`CONNECT feeds.test:${server.port}`]);
      assert.deepEqual(server.requests, ['/feed.xml', '/demo.zip']);
    },
  );

  test('NO_PROXY goes straight', async (context) => {
    const server = await serveFeed(context, feed('demo.zip'), { 'demo.zip': zip });
    const proxy = await startProxy(context);
    const address = `http://127.0.0.1:${proxy.port}`;
    const zookit = zookitWorld(context, { env: { http_proxy: address, no_proxy: 'other.test,127.0.0.1' } });
    assertDone(await zookit.run(install(server.feed)));
    assert.deepEqual(proxy.asked, []);
  });

  const wrong: readonly (readonly [
    what: string,
    says: RegExp,
    proxy: (context: TestContext) => Promise<string>,
  ])[] = [
    ['nobody listens', /nobody answers \([^]*`HTTPS_PROXY`/, async () => `http://${asUser}127.0.0.1:9`],
    [
      'a wrong password',
      /407[^]*The proxy wants a name and a password/,
      async (context) =>
        `http://${asUser}127.0.0.1:${(await startProxy(context, { user: 'other:one' })).port}`,
    ],
    [
      'a proxy that fails',
      /502/,
      async (context) => `http://${asUser}127.0.0.1:${(await startProxy(context, { status: 502 })).port}`,
    ],
    ['no address at all', /proxy/i, async () => `http://${asUser}:x:y`],
  ];
  for (const scheme of ['http', 'https'])
    for (const [what, says, proxy] of wrong)
      test(`${scheme}: ${what}`, async (context) => {
        const address = await proxy(context);
        const zookit = zookitWorld(context, { env: { HTTP_PROXY: address, HTTPS_PROXY: address } });
        const ran = await zookit.run([...install(`${scheme}://feeds.test:1/feed.xml`), '--verbose']);
        if (what === 'no address at all') assertFails(ran, 2, 'USAGE', says);
        else assertFails(ran, 4, 'FEED_UNREACHABLE', says);
        assert.doesNotMatch(ran.stderr, /boss|p@ss|p%40ss|w%rd|w%25rd/);
      });
});

describe('certificates', { concurrency: 1, skip: withoutOpenssl }, () => {
  test('of an unknown authority are refused, with what to do', async (context) => {
    const server = await secureServer(context, { '/feed.xml': send(feed('demo.zip')) });
    const ran = await zookitWorld(context).run(install(`https://127.0.0.1:${server.port}/feed.xml`));
    assertFails(ran, 4, 'FEED_UNREACHABLE', /SSL_CERT_FILE=/);
    assert.deepEqual(server.requests, []);
  });

  test('SSL_CERT_FILE that is not there is told', async (context) => {
    const zookit = zookitWorld(context, { env: { SSL_CERT_FILE: '/none.pem' } });
    assertFails(
      await zookit.run(install('https://127.0.0.1:9/feed.xml')),
      2,
      'USAGE',
      /SSL_CERT_FILE.*none\.pem/,
    );
  });

  test('a name that is not the server’s is refused', async (context) => {
    const server = await secureServer(context, { '/feed.xml': send(feed('demo.zip')) });
    const proxy = await startProxy(context);
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, SSL_CERT_FILE: server.authority };
    const ran = await zookitWorld(context, { env }).run(
      install(`https://other.test:${server.port}/feed.xml`),
    );
    assertFails(ran, 4, 'FEED_UNREACHABLE', /altnames|other\.test/);
    assert.deepEqual(server.requests, []);
  });

  test('a redirect from https to http is refused, for feeds and for files', async (context) => {
    const open = await startServer(context, { '/feed.xml': send(feed('demo.zip')), '/demo.zip': send(zip) });
    const server = await secureServer(context, {
      '/open.xml': redirecting(`${open.address}/feed.xml`),
      '/feed.xml': send(feed('demo.zip')),
      '/demo.zip': redirecting(`${open.address}/demo.zip`),
    });
    const zookit = zookitWorld(context, { env: { SSL_CERT_FILE: server.authority } });
    const base = `https://localhost:${server.port}`;
    assertFails(await zookit.run(install(`${base}/open.xml`)), 4, 'FEED_UNREACHABLE', /from https to http/);
    assertFails(await zookit.run(install(`${base}/feed.xml`)), 4, 'DOWNLOAD_FAILED', /from https to http/);
    assert.deepEqual(open.requests, []);
  });
});

test('a circle of redirects ends, for feeds and for files', async (context) => {
  const server = await startServer(context, {
    '/circle.xml': redirecting('/circle.xml'),
    '/feed.xml': send(feed('circle.zip')),
    '/circle.zip': redirecting('/round.zip'),
    '/round.zip': redirecting('/circle.zip'),
  });
  const zookit = zookitWorld(context);
  assertFails(await zookit.run(install(`${server.address}/circle.xml`)), 4, 'FEED_UNREACHABLE', /redirect/);
  assertFails(
    await zookit.run(install(`${server.address}/feed.xml`)),
    4,
    'DOWNLOAD_FAILED',
    /circle|redirect/,
  );
  assert.ok(server.requests.length < 40, `${server.requests.length} requests`);
});

test('--offline asks nobody, and takes what is kept', async (context) => {
  const server = await serveFeed(context, feed('demo.zip'), { 'demo.zip': zip });
  const zookit = zookitWorld(context);
  const words = [...install(server.feed), '--offline'];
  assertFails(await zookit.run(words), 4, 'OFFLINE_MISS', /without `--offline`/);
  assertDone(await zookit.run(['list', '--main-feed', server.feed]));
  assertFails(await zookit.run(words), 4, 'OFFLINE_MISS', /demo\.zip for Demo/);
  assertDone(await zookit.run(install(server.feed)));
  assertDone(await zookit.run(['uninstall', 'Demo', '--main-feed', server.feed]));
  const before = server.requests.length;
  assertDone(await zookit.run(words));
  assert.equal(server.requests.length, before);
});

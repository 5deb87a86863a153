// Wrong uses: feeds that are not there, are no feeds, or may not be had; proxies that do not pass anything on.
import { writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeCertificates, withoutOpenssl } from '../../helpers/certificates.js';
import { entryXml, feedXml } from '../../helpers/feed-xml.js';
import { startProxy } from '../../helpers/proxy.js';
import type { Route } from '../../helpers/server.js';
import { send, startServer, status } from '../../helpers/server.js';
import type { Given, Place, WrongUse } from '../../helpers/wrong-uses.js';

const good = feedXml(entryXml('Extra', '1'));

/** A feed on a server that answers so; mended, it is a feed. */
function served(answer: Route): (place: Place) => Promise<Given> {
  return async ({ test }) => {
    const server = await startServer(test, { '/feed.xml': answer });
    return {
      values: { feed: `${server.address}/feed.xml` },
      mend: () => server.route('/feed.xml', send(good)),
    };
  };
}

/** Too long for a name, so that no server of names has to be asked. */
const nowhere = 'feeds-of-a-name-that-is-longer-than-the-63-letters-that-names-may-have.test';

/** Every row asks for one more feed. */
const row = (about: string, answer: Route, rest: Pick<WrongUse, 'code'> & Partial<WrongUse>): WrongUse => ({
  type: 'list --feed {feed}',
  about,
  names: "'{feed}'",
  given: served(answer),
  ...rest,
});

const huge: Route = (_, response) => {
  const part = Buffer.alloc(1024 * 1024, 0x20);
  const more = (): void => {
    if (!response.destroyed) response.write(part, () => setImmediate(more));
  };
  more();
};

const round: Route = (_, response) => void response.writeHead(302, { Location: '/feed.xml' }).end();

export const wrongFeeds: readonly WrongUse[] = [
  row('gone', status(404), { code: 'FEED_UNREACHABLE' }),
  row('not without a password', status(401), { code: 'FEED_UNREACHABLE' }),
  row('forbidden', status(403), { code: 'FEED_UNREACHABLE' }),
  row('in trouble', status(500), { code: 'FEED_UNREACHABLE' }),
  row('closed for now', status(503), { code: 'FEED_UNREACHABLE' }),
  row('redirected in a circle', round, { code: 'FEED_UNREACHABLE' }),
  row(
    'cut off',
    (_, response) =>
      void response.writeHead(200, { 'Content-Length': '900' }).write('<feed', () => response.destroy()),
    {
      code: 'FEED_UNREACHABLE',
    },
  ),
  row('a page', send('<html><body>Sign in</body></html>'), { code: 'FEED_INVALID' }),
  row('JSON', send('{"products": []}'), { code: 'FEED_INVALID' }),
  row('empty', send(''), { code: 'FEED_INVALID' }),
  row('never ending', huge, { code: 'FEED_INVALID' }),
  row('not well-formed', send(good.replace('</summary>', '</sumary>')), { code: 'FEED_INVALID' }),
  row('half of it', send(good.slice(0, 250)), { code: 'FEED_INVALID' }),
  row('with entities', send(good.replace('<feed', '<!DOCTYPE feed [<!ENTITY a "b">]>\n<feed')), {
    code: 'FEED_INVALID',
  }),
  { type: 'list --feed none.xml', code: 'FEED_UNREACHABLE', names: 'none.xml' },
  { type: 'list --feed .', code: 'FEED_UNREACHABLE', names: '{work}' },
  {
    type: 'list --feed ftp://127.0.0.1/feed.xml',
    code: 'USAGE',
    names: 'ftp://127.0.0.1/feed.xml',
    then: 'list',
  },
  {
    type: 'list --feed http://127.0.0.1:1/feed.xml',
    about: 'nobody listens there',
    code: 'FEED_UNREACHABLE',
    names: 'http://127.0.0.1:1/feed.xml',
    then: 'list',
  },
  {
    type: 'list --feed http://anna:geheim@127.0.0.1:1/feed.xml',
    about: 'a password in it',
    code: 'FEED_UNREACHABLE',
    names: 'http://127.0.0.1:1/feed.xml',
    then: 'list',
  },
  {
    type: `list --feed http://${nowhere}/feed.xml`,
    about: 'a name that nobody has',
    env: { NO_PROXY: '*' },
    code: 'FEED_UNREACHABLE',
    names: nowhere,
    then: 'list',
  },
  {
    ...row('never fetched before', send(good), { code: 'OFFLINE_MISS' }),
    type: 'list --feed {feed} --offline',
    then: 'list --feed {feed}',
  },
  { type: 'feed add', code: 'USAGE', names: 'feed add', where: { URL: '{beside}/feed.xml' } },
  { type: 'feed remove', code: 'USAGE', names: 'feed remove' },
  { type: 'feed remove http://127.0.0.1:1/none.xml', code: 'USAGE', names: 'http://127.0.0.1:1/none.xml' },
  {
    type: 'feed add {feed}',
    about: 'twice',
    code: 'USAGE',
    names: "'{feed}'",
    given: async (place) => {
      const { values } = await served(send(good))(place);
      await place.type(`feed add ${values?.['feed'] ?? ''}`);
      return values ? { values } : {};
    },
    then: '{hint}',
  },
  {
    type: 'list',
    about: 'a saved feed is gone',
    code: 'FEED_UNREACHABLE',
    names: "'{feed}'",
    given: async (place) => {
      const server = await startServer(place.test, { '/feed.xml': send(good) });
      const feed = `${server.address}/feed.xml`;
      await place.type(`feed add ${feed}`);
      server.route('/feed.xml', status(404));
      return { values: { feed } };
    },
  },
  {
    type: 'list',
    about: 'the list of saved feeds is damaged',
    code: 'FEED_INVALID',
    names: 'feeds.json',
    given: async ({ zookit, type }) => {
      const feed = join(zookit.work, 'extra.xml');
      writeFileSync(feed, good);
      await type(`feed add ${feed}`);
      writeFileSync(join(zookit.root, 'feeds.json'), '{');
      return { mend: () => writeFileSync(join(zookit.root, 'feeds.json'), '[]') };
    },
  },
  {
    type: 'feed check none.xml',
    code: 'FEED_UNREACHABLE',
    names: 'none.xml',
    then: 'feed check {beside}/feed.xml',
    ends: 'FEED_INVALID',
  },
  { type: 'feed check {beside}/feed.xml', code: 'FEED_INVALID', names: 'error', then: 'help feeds' },
  { type: 'feed keygen', code: 'USAGE', names: 'keygen' },
  {
    type: 'feed keygen signing.key',
    about: 'there is one',
    code: 'USAGE',
    names: 'signing.key',
    given: ({ write }) => {
      write('signing.key', 'a key');
      return undefined;
    },
    then: 'feed keygen other.key',
  },
  { type: 'feed pin', code: 'USAGE', names: 'feed pin', then: 'feed --help' },
  { type: 'feed pin Pillow', code: 'USAGE', names: "'Pillow'", then: 'feed --help' },
  { type: 'feed pin Pillow==1.0 --python 2.7', code: 'USAGE', names: "'2.7'", then: 'feed --help' },
  { type: 'feed pin Pillow==1.0', about: 'no uv', code: 'PYTHON_FAILED', names: 'uv', then: 'feed --help' },
  { type: 'feed mirror one', code: 'USAGE', names: 'feed mirror', then: 'feed mirror' },
  {
    type: 'list --feed {feed}',
    about: 'a certificate of nobody known',
    skip: withoutOpenssl,
    code: 'FEED_UNREACHABLE',
    names: "'{feed}'",
    given: async ({ test, beside }) => {
      const { authority, key, certificate } = makeCertificates(beside);
      const server = createTlsServer({ key, cert: certificate }, (_, response) => response.end(good));
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      test.after(() => void server.close());
      const { port } = server.address() as AddressInfo;
      return { values: { feed: `https://127.0.0.1:${port}/feed.xml`, authority } };
    },
    then: 'list',
  },
  {
    type: 'list --feed https://feeds.example.com/feed.xml',
    about: 'SSL_CERT_FILE is none',
    env: { SSL_CERT_FILE: '{work}/none.pem' },
    code: 'USAGE',
    names: '{work}/none.pem',
    then: 'help environment',
  },
  {
    type: 'list --feed http://feeds.example.com/feed.xml',
    about: 'a proxy that is gone',
    env: { HTTP_PROXY: 'http://127.0.0.1:1' },
    code: 'FEED_UNREACHABLE',
    names: 'http://feeds.example.com/feed.xml',
    then: 'list',
  },
  {
    type: 'list --feed http://feeds.example.com/feed.xml',
    about: 'a proxy that wants a name',
    env: { HTTP_PROXY: 'http://127.0.0.1:{port}' },
    code: 'FEED_UNREACHABLE',
    names: 'http://feeds.example.com/feed.xml',
    given: async ({ test }) => ({
      values: { port: String((await startProxy(test, { user: 'anna:geheim' })).port) },
    }),
    then: 'list',
  },
  {
    type: 'list --feed http://feeds.example.com/feed.xml',
    about: 'a proxy that is no address',
    env: { HTTP_PROXY: 'proxy:none:80' },
    code: 'USAGE',
    names: 'HTTP_PROXY',
    then: 'help environment',
  },
];

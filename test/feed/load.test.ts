// Feeds from a real server, from disk and from the kept copies.
import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { AppError } from '../../src/errors.js';
import { decodeText, decodeXml } from '../../src/lib/decode.js';
import type { LoadDeps } from '../../src/feed/load.js';
import { loadFeeds } from '../../src/feed/load.js';
import { ageInWords } from '../../src/feed/source.js';
import { createHttp } from '../../src/lib/http.js';
import { feedFixturePath } from '../helpers/feeds.js';
import { temporaryFolder } from '../helpers/folder.js';
import { send, sendTagged, startServer, status } from '../helpers/server.js';

function depsFor(test: TestContext, about: Partial<LoadDeps> = {}): LoadDeps {
  return {
    http: createHttp({ userAgent: 'test' }),
    cacheDirectory: join(temporaryFolder(test), 'copies'),
    offline: false,
    ...about,
  };
}

function feedText(title: string, ...enclosures: readonly string[]): string {
  const links = enclosures.map((href) => `<link rel="enclosure" href="${href}"/>`);
  return `<feed xmlns="http://www.w3.org/2005/Atom"><title>${title}</title>${links.join('')}</feed>`;
}

function titles(loaded: Awaited<ReturnType<typeof loadFeeds>>): string[] {
  return loaded.feeds.map((feed) => feed.title);
}

test('a path, a file URL and a URL', async (context) => {
  const path = feedFixturePath('bad-cycle.xml');
  const server = await startServer(context, { '/feed.xml': send(feedText('from the web')) });
  const addresses = [path, pathToFileURL(feedFixturePath('webpi.xml')).href, `${server.address}/feed.xml`];
  const loaded = await loadFeeds(addresses, depsFor(context));
  assert.deepEqual(titles(loaded), [
    'A needs B, which needs C, which needs A',
    'Every WebPI element once',
    'from the web',
  ]);
  assert.equal(loaded.feeds[0]?.address, path);
  assert.deepEqual(loaded.notices, []);
});

test('enclosures come depth first, each once, also when they name each other', async (context) => {
  const server = await startServer(context, {
    '/a.xml': send(feedText('a', 'sub/b.xml', 'd.xml')),
    '/sub/b.xml': send(feedText('b', 'c.xml', '../a.xml')),
    '/sub/c.xml': send(feedText('c', 'b.xml')),
    '/d.xml': send(feedText('d', 'sub/c.xml')),
    '/e.xml': send(feedText('e')),
  });
  const addresses = ['/a.xml', '/e.xml', '/a.xml'].map((path) => server.address + path);
  assert.deepEqual(titles(await loadFeeds(addresses, depsFor(context))), ['a', 'b', 'c', 'd', 'e']);
  assert.equal(server.requests.length, 5);
});

test(
  'what has no end is no feed and no part of one',
  { skip: process.platform === 'win32' },
  async (context) => {
    const path = join(temporaryFolder(context), 'feed.xml');
    await writeFile(path, feedText('whole', '/dev/zero', '.', '/dev/null'));
    const { feeds, notices } = await loadFeeds([path], depsFor(context));
    assert.equal(feeds.length, 1);
    assert.deepEqual(
      notices.map((notice) => /is missing: (.*)$/.exec(notice)?.[1]),
      ['it is no file, but a device or a pipe', 'it is a folder', 'it is no file, but a device or a pipe'],
    );
    await assert.rejects(
      loadFeeds(['/dev/zero'], depsFor(context)),
      ({ code, details }: AppError) => code === 'FEED_UNREACHABLE' && /device/.test(details.join()),
    );
  },
);

test('a feed of very many parts, and one of very large ones, is cut off with one sentence', async (context) => {
  const folder = temporaryFolder(context);
  const names = Array.from({ length: 300 }, (_, index) => `part${index}.xml`);
  await Promise.all(names.map((name) => writeFile(join(folder, name), feedText(name))));
  const many = join(folder, 'many.xml');
  await writeFile(many, feedText('many', ...names));
  const first = await loadFeeds([many], depsFor(context));
  assert.equal(first.feeds.length, 200);
  assert.deepEqual(first.notices, [
    `More than 200 feeds: '${join(folder, 'part199.xml')}' and 100 more are left out`,
  ]);
  const large = names.slice(0, 10);
  const text = feedText('large').replace('<title>', `${' '.repeat(9_000_000)}<title>`);
  await Promise.all(large.map((name) => writeFile(join(folder, name), text)));
  const second = await loadFeeds([many], depsFor(context));
  assert.equal(second.feeds.filter(({ title }) => title === 'large').length, 8);
  assert.match(
    second.notices[0] ?? '',
    /part8\.xml'.* is missing: the feeds before it have more than 64 million/,
  );
});

test('enclosures are relative to where a redirect led', async (context) => {
  const server = await startServer(context, {
    '/link': status(302, { Location: '/feeds/main.xml' }),
    '/feeds/main.xml': sendTagged(feedText('main', 'sub.xml'), '"1"'),
    '/feeds/sub.xml': send(feedText('sub')),
  });
  const deps = depsFor(context);
  const first = await loadFeeds([`${server.address}/link`], deps);
  assert.deepEqual(titles(first), ['main', 'sub']);
  assert.equal(first.feeds[0]?.address, `${server.address}/link`);
  assert.deepEqual(titles(await loadFeeds([`${server.address}/link`], { ...deps, offline: true })), [
    'main',
    'sub',
  ]);
});

test('a dead, a broken and a foreign enclosure are notices', async (context) => {
  const server = await startServer(context, {
    '/a.xml': send(feedText('a', 'gone.xml', 'page.xml', '\\\\server\\share\\feed.xml', 'b.xml')),
    '/page.xml': send('<html><p>moved</html>'),
    '/b.xml': send(feedText('b')),
  });
  const loaded = await loadFeeds([`${server.address}/a.xml`], depsFor(context));
  assert.deepEqual(titles(loaded), ['a', 'b']);
  assert.equal(loaded.notices.length, 3);
  for (const name of ['gone.xml', 'page.xml', '\\\\server\\share\\feed.xml'])
    assert.ok(
      loaded.notices.some((notice) => notice.includes(name)),
      name,
    );
});

test('a feed that names ever new parts comes to an end', async (context) => {
  const server = await startServer(context);
  for (let index = 0; index < 300; index++)
    server.route(`/${index}.xml`, send(feedText(String(index), `${index + 1}.xml`)));
  const loaded = await loadFeeds([`${server.address}/0.xml`], depsFor(context));
  assert.equal(loaded.feeds.length, 200);
  assert.equal(loaded.notices.length, 1);
});

test('an unchanged feed is not sent again', async (context) => {
  const sent: (string | undefined)[] = [];
  const server = await startServer(context, {
    '/tagged.xml': sendTagged(feedText('tagged'), '"v1"'),
    '/dated.xml': (request, response) => {
      sent.push(request.headers['if-modified-since']);
      const date = 'Mon, 02 Nov 2026 10:00:00 GMT';
      if (request.headers['if-modified-since'] === date) response.writeHead(304).end();
      else response.writeHead(200, { 'Last-Modified': date }).end(feedText('dated'));
    },
  });
  const deps = depsFor(context);
  const addresses = [`${server.address}/tagged.xml`, `${server.address}/dated.xml`];
  for (let round = 0; round < 3; round++)
    assert.deepEqual(titles(await loadFeeds(addresses, deps)), ['tagged', 'dated']);
  assert.deepEqual(sent, [undefined, 'Mon, 02 Nov 2026 10:00:00 GMT', 'Mon, 02 Nov 2026 10:00:00 GMT']);
  server.route('/tagged.xml', sendTagged(feedText('changed'), '"v2"'));
  assert.deepEqual(titles(await loadFeeds(addresses, deps)), ['changed', 'dated']);
});

test('the kept copy is used when the network is down, with a notice', async (context) => {
  const server = await startServer(context, { '/feed.xml': send(feedText('kept')) });
  const address = `${server.address}/feed.xml`;
  const deps = depsFor(context);
  await loadFeeds([address], deps);
  server.route('/feed.xml', status(503));
  const busy = await loadFeeds([address], deps);
  await server.close();
  const gone = await loadFeeds([address], deps);
  for (const loaded of [busy, gone]) {
    assert.deepEqual(titles(loaded), ['kept']);
    assert.deepEqual(loaded.notices, [
      `Cannot reach feed '${address}' now: a copy of less than a minute ago is used`,
    ]);
  }
});

test('offline asks nobody', async (context) => {
  const server = await startServer(context, { '/feed.xml': send(feedText('kept')) });
  const deps = depsFor(context);
  const offline = { ...deps, offline: true };
  await assert.rejects(loadFeeds([`${server.address}/feed.xml`], offline), { code: 'OFFLINE_MISS' });
  await loadFeeds([`${server.address}/feed.xml`], deps);
  const loaded = await loadFeeds([`${server.address}/feed.xml`], offline);
  assert.deepEqual(titles(loaded), ['kept']);
  assert.equal(loaded.notices.length, 1);
  assert.equal(server.requests.length, 1);
});

test('what cannot be fetched is told with its status and a hint', async (context) => {
  const server = await startServer(context, { '/secret.xml': status(403), '/busy.xml': status(503) });
  const deps = depsFor(context);
  const cases = [
    [`${server.address}/secret.xml`, '403 Forbidden'],
    [`${server.address}/missing.xml`, '404 Not Found'],
    [`${server.address}/busy.xml`, '503 Service Unavailable'],
    [join(deps.cacheDirectory, 'missing.xml'), 'there is no such file'],
  ] as const;
  for (const [address, words] of cases)
    await assert.rejects(loadFeeds([address], deps), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'FEED_UNREACHABLE');
      assert.ok(
        error.message.includes(address) && error.details.join().includes(words),
        error.details.join(),
      );
      return error.hint !== undefined;
    });
});

test('a kept copy does not hide that a feed is gone', async (context) => {
  const server = await startServer(context, { '/feed.xml': send(feedText('kept')) });
  const deps = depsFor(context);
  await loadFeeds([`${server.address}/feed.xml`], deps);
  server.route('/feed.xml', status(410));
  await assert.rejects(loadFeeds([`${server.address}/feed.xml`], deps), { code: 'FEED_UNREACHABLE' });
});

test('what is no feed is refused and does not take the place of the copy', async (context) => {
  const server = await startServer(context, { '/feed.xml': send(feedText('kept')) });
  const deps = depsFor(context);
  const address = `${server.address}/feed.xml`;
  await loadFeeds([address], deps);
  server.route('/feed.xml', send('<html><body>Please log in</body></html>'));
  await assert.rejects(loadFeeds([address], deps), { code: 'FEED_INVALID' });
  assert.deepEqual(titles(await loadFeeds([address], { ...deps, offline: true })), ['kept']);
});

test('an answer that breaks off is no feed', async (context) => {
  const server = await startServer(context, {
    '/feed.xml': (_, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('<feed>', () => response.destroy());
    },
  });
  const deps = depsFor(context);
  await assert.rejects(loadFeeds([`${server.address}/feed.xml`], deps), { code: 'FEED_UNREACHABLE' });
});

test('a feed over 64 MB is refused, and not read to its end', async (context) => {
  const megabyte = Buffer.alloc(1024 * 1024, ' ');
  let sent = 0;
  const server = await startServer(context, {
    '/feed.xml': async (_, response) => {
      response.writeHead(200);
      for (; sent < 500 && !response.destroyed; sent++)
        await new Promise((flushed) => response.write(megabyte, flushed));
      response.end();
    },
  });
  await assert.rejects(loadFeeds([`${server.address}/feed.xml`], depsFor(context)), {
    code: 'FEED_INVALID',
  });
  assert.ok(sent < 200, `${sent} MB were sent`);
});

test('a copy that was torn is none', async (context) => {
  const server = await startServer(context, { '/feed.xml': send(feedText('kept')) });
  const deps = depsFor(context);
  await loadFeeds([`${server.address}/feed.xml`], deps);
  const names = await readdir(deps.cacheDirectory);
  const text = names.find((name) => name.endsWith('.xml')) ?? '';
  assert.equal(await readFile(join(deps.cacheDirectory, text), 'utf8'), feedText('kept'));
  assert.equal(names.length, 3, 'text, facts, and the feed as it was read');
  await writeFile(join(deps.cacheDirectory, text), feedText('half'));
  const offline = loadFeeds([`${server.address}/feed.xml`], { ...deps, offline: true });
  await assert.rejects(offline, { code: 'OFFLINE_MISS' });
});

test('texts of the asked language are loaded from beside the feed', async (context) => {
  const directory = temporaryFolder(context);
  await mkdir(join(directory, 'texts'));
  await copyFile(feedFixturePath('webpi.xml'), join(directory, 'webpi.xml'));
  await copyFile(feedFixturePath('texts-de.xml'), join(directory, 'texts', 'de.xml'));
  const addresses = [join(directory, 'webpi.xml')];
  const title = async (language: string): Promise<string | undefined> => {
    const { feeds, notices } = await loadFeeds(addresses, depsFor(context, { language }));
    assert.deepEqual(notices, []);
    return feeds[0]?.entries[0]?.title;
  };
  assert.deepEqual(
    [await title('de-AT'), await title('en'), await title('fr')],
    ['Tagebuch', 'Blog', 'Blog'],
  );
  await rm(join(directory, 'texts', 'de.xml'));
  const missing = await loadFeeds(addresses, depsFor(context, { language: 'de' }));
  assert.equal(missing.feeds[0]?.entries[0]?.title, 'Blog');
  assert.equal(missing.notices.length, 1);
});

test('stopping is neither an error of the feed nor a reason for the copy', async (context) => {
  const stop = new AbortController();
  const server = await startServer(context, { '/feed.xml': () => stop.abort() });
  const deps = depsFor(context, { signal: stop.signal });
  await assert.rejects(loadFeeds([`${server.address}/feed.xml`], deps), { code: 'INTERRUPTED' });
});

test('encodings by byte order mark and by declaration', () => {
  const text = '<?xml version="1.0" encoding="utf-16"?><feed>ä</feed>';
  assert.equal(decodeXml(Buffer.from(`\uFEFF${text}`, 'utf16le')), text);
  assert.equal(decodeXml(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()), text);
  assert.equal(decodeXml(Buffer.from(text, 'utf16le')), text, 'without a mark');
  assert.equal(decodeXml(Buffer.from(text, 'utf16le').swap16()), text, 'without a mark, the other way round');
  const latin = '<?xml version="1.0" encoding="ISO-8859-1"?><feed>ä</feed>';
  assert.equal(decodeXml(Buffer.from(latin, 'latin1')), latin);
  assert.equal(decodeXml(Buffer.from('<feed>ä</feed>')), '<feed>ä</feed>');
  assert.equal(decodeXml(Buffer.from('<?xml version="1.0" encoding="none"?><a/>')).length, 41);
  for (const bytes of [
    Buffer.from('\uFEFFä'),
    Buffer.from('\uFEFFä', 'utf16le'),
    Buffer.from([0xfe, 0xff, 0, 0xe4]),
  ])
    assert.equal(decodeText(bytes), 'ä');
});

test('ages in words', () => {
  const hour = 3_600_000;
  const expected = ['less than a minute ago', '1 minute ago', '3 hours ago', '2 days ago'];
  assert.deepEqual([0, 61_000, 3.5 * hour, 50 * hour].map(ageInWords), expected);
});

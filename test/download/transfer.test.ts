import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCache } from '../../src/download/cache.js';
import { parseRetryAfter } from '../../src/download/retry.js';
import type { TransferTools, UrlRequest } from '../../src/download/transfer.js';
import { transfer } from '../../src/download/transfer.js';
import { createHttp } from '../../src/lib/http.js';
import * as faults from '../helpers/faults.js';
import { temporaryFolder } from '../helpers/folder.js';
import type { Route, TestServer } from '../helpers/server.js';
import { startServer } from '../helpers/server.js';
import { smallDisks, withoutDisks } from '../helpers/small-disk.js';

const file = randomBytes(3_000_000);
const http = createHttp({ userAgent: 'zookit-test' });

interface World {
  readonly server: TestServer;
  readonly request: UrlRequest;
  readonly tools: TransferTools;
  readonly pauses: number[];
  readonly folder: string;
}

async function world(context: TestContext, route: Route, hashed = true): Promise<World> {
  const server = await startServer(context, { '/file.bin': route });
  const folder = temporaryFolder(context);
  const pauses: number[] = [];
  return {
    server,
    folder,
    pauses,
    request: {
      kind: 'url',
      product: 'Demo',
      name: 'file.bin',
      urls: [`${server.address}/file.bin`],
      ...(hashed ? { sha256: faults.sha256(file) } : {}),
    },
    tools: {
      http,
      cache: openCache(folder),
      wait: async (milliseconds) => void pauses.push(milliseconds),
    },
  };
}

async function arrives({ request, tools }: World): Promise<void> {
  assert.deepEqual(readFileSync(await transfer(request, tools)), file);
}

test('a file arrives under its hash and name, and nothing half-made is left', async (context) => {
  const it = await world(context, faults.ranged(file));
  await arrives(it);
  assert.deepEqual(readdirSync(join(it.folder, 'files')), [faults.sha256(file)]);
  assert.deepEqual(readdirSync(join(it.folder, 'partial')), []);
});

test('a redirect to what is no address is told at once, and the connection let go', async (context) => {
  let closed: Promise<unknown> = Promise.resolve();
  const it = await world(context, (_, response) => {
    closed = once(response, 'close');
    response.writeHead(302, { Location: 'http://[nowhere' }).write('a body that does not end');
  });
  await assert.rejects(transfer(it.request, it.tools), (error: { code?: string; details?: string[] }) => {
    assert.equal(error.code, 'DOWNLOAD_FAILED');
    assert.deepEqual(error.details, ['it is redirected to what is no address']);
    return true;
  });
  assert.equal(it.server.requests.length, 1);
  await closed;
});

test('a file URL of another machine is told in words', async (context) => {
  if (process.platform === 'win32') {
    context.skip('it is a share there');
    return;
  }
  const it = await world(context, faults.ranged(file));
  const request = { ...it.request, urls: ['file://server/share/file.bin'] };
  await assert.rejects(transfer(request, it.tools), {
    code: 'DOWNLOAD_FAILED',
    message: /no file of this machine/,
  });
});

test('a server that cuts is asked for the rest, as long as something comes', async (context) => {
  const it = await world(context, faults.cutting(file, 400_000));
  await arrives(it);
  assert.ok(it.server.requests.length >= 8, `${it.server.requests.length} requests`);
});

test('a server that stalls is given up after a while, with what to do', async (context) => {
  const it = await world(context, faults.stalling(file));
  await assert.rejects(
    transfer(it.request, { ...it.tools, idleLimit: 300 }),
    (error: { code?: string; message: string; hint?: string }) => {
      assert.equal(error.code, 'DOWNLOAD_FAILED');
      assert.match(error.hint ?? '', /same command again/);
      return true;
    },
  );
  assert.deepEqual(it.pauses, [500, 1000, 2000, 4000].slice(0, it.pauses.length));
});

test('a server that ignores ranges is read from the start again', async (context) => {
  await arrives(await world(context, faults.rangeless(file)));
});

test('a file that changes half-way is never put together from two', async (context) => {
  await arrives(await world(context, faults.changing(randomBytes(3_000_000), file)));
});

test('a length that is a lie ends in an error, never in half a file', async (context) => {
  for (const [more, code] of [
    [-1000, 'HASH_MISMATCH'],
    [1000, 'DOWNLOAD_FAILED'],
  ] as const) {
    const it = await world(context, faults.lying(file, more));
    await assert.rejects(transfer(it.request, it.tools), { code });
    assert.deepEqual(
      readdirSync(it.folder).filter((name) => name === 'files'),
      [],
    );
  }
});

test('a wrong file is told with both hashes, tried once more, and not kept', async (context) => {
  const it = await world(context, faults.garbageAfter(file));
  await assert.rejects(
    transfer(it.request, it.tools),
    (error: { code?: string; details?: readonly string[] }) => {
      assert.equal(error.code, 'HASH_MISMATCH');
      assert.match(error.details?.join('\n') ?? '', new RegExp(`Wanted sha256 ${faults.sha256(file)}`));
      return true;
    },
  );
  assert.equal(it.server.requests.length, 2);
  assert.deepEqual(readdirSync(join(it.folder, 'partial')), []);
});

test('a busy server is asked again after the pause that it names', async (context) => {
  const it = await world(context, faults.busyAtFirst(file, 503, 2, { 'Retry-After': '7' }));
  await arrives(it);
  assert.deepEqual(it.pauses, [7000, 7000]);
  const limited = await world(context, faults.busyAtFirst(file, 429, 3));
  await arrives(limited);
  assert.deepEqual(limited.pauses, [500, 1000, 2000]);
});

test('a "no" and a circle are final', async (context) => {
  const it = await world(context, faults.ranged(file));
  const missing = { ...it.request, urls: [`${it.server.address}/nothing`] };
  await assert.rejects(transfer(missing, it.tools), { code: 'DOWNLOAD_FAILED' });
  assert.equal(it.server.count('/nothing'), 1);
  it.server.route('/circle', faults.redirecting('/circle'));
  const circle = { ...it.request, urls: [`${it.server.address}/circle`] };
  await assert.rejects(transfer(circle, it.tools), { code: 'DOWNLOAD_FAILED' });
  assert.ok(it.server.count('/circle') <= 12);
});

test('the second address serves when the first does not', async (context) => {
  const it = await world(context, faults.ranged(file));
  const request = { ...it.request, urls: [`${it.server.address}/nothing`, ...it.request.urls] };
  assert.deepEqual(readFileSync(await transfer(request, it.tools)), file);
});

test('without a hash only a validator allows to go on', async (context) => {
  const it = await world(context, faults.cutting(file, 1_000_000), false);
  await arrives(it);
  const other = await world(context, faults.rangeless(file), false);
  await arrives(other);
});

test('a killed transfer goes on where it stopped', async (context) => {
  const it = await world(context, faults.cutting(file, 1_000_000));
  const aborted = new AbortController();
  let received = 0;
  const stopping = {
    ...it.tools,
    signal: aborted.signal,
    received: (bytes: number) => {
      received += bytes;
      if (received > 1_500_000) aborted.abort();
    },
  };
  await assert.rejects(transfer(it.request, stopping), { code: 'INTERRUPTED' });
  let more = 0;
  await transfer(it.request, {
    ...it.tools,
    received: (bytes) => {
      more += bytes;
    },
  });
  assert.ok(more < file.length - 900_000, `${more} bytes were fetched again`);
});

test('file addresses and paths are copied and checked too', async (context) => {
  const it = await world(context, faults.ranged(file));
  const path = join(it.folder, 'share.bin');
  writeFileSync(path, file);
  assert.deepEqual(readFileSync(await transfer({ ...it.request, urls: [path] }, it.tools)), file);
  await assert.rejects(transfer({ ...it.request, sha256: '0'.repeat(64), urls: [path] }, it.tools), {
    code: 'HASH_MISMATCH',
  });
  await assert.rejects(
    transfer({ ...it.request, sha256: '1'.repeat(64), urls: [join(it.folder, 'none')] }, it.tools),
    { code: 'DOWNLOAD_FAILED' },
  );
});

test('eight processes fetch one file once', async (context) => {
  const it = await world(context, faults.ranged(file));
  const helper = fileURLToPath(new URL('../helpers/transfer-once.js', import.meta.url));
  const children = Array.from({ length: 8 }, () => fork(helper, [JSON.stringify(it.request), it.folder]));
  const statuses = await Promise.all(children.map((child) => new Promise((end) => child.once('exit', end))));
  assert.deepEqual(statuses, Array(8).fill(0));
  assert.equal(it.server.count('/file.bin'), 1);
});

test(
  'a full disk is DISK_FULL, and the same call succeeds with room',
  { skip: withoutDisks },
  async (context) => {
    const it = await world(context, faults.ranged(file));
    const folder = join(temporaryFolder(context), 'disk');
    const disk = smallDisks(context)(folder, 1024);
    const tools = { ...it.tools, cache: openCache(folder) };
    await assert.rejects(transfer(it.request, tools), { code: 'DISK_FULL' });
    disk.resize(8192);
    assert.deepEqual(readFileSync(await transfer(it.request, tools)), file);
  },
);

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(parseRetryAfter('5', now), 5000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:00:09 GMT', now), 9000);
  assert.equal(parseRetryAfter('soon', now), undefined);
});

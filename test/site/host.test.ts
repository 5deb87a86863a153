// A site with our real worker, end to end: application, files, deploy, restarts, stopping.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src/errors.js';
import { startHost } from '../../src/site/host.js';
import { serveSite, type RunningSite } from '../helpers/host.js';
import {
  httpPlatformConfig,
  makeSite,
  pythonProgram,
  repository,
  staticFolderConfig,
} from '../helpers/site.js';

const workerScript = join(repository, 'feed', 'packages', 'python-workers', 'zoofcgi.py');
const wsgi = `
import hashlib, json, os

VERSION = 'first'


def application(environ, start_response):
    body, length, digest = environ['wsgi.input'], 0, hashlib.sha256()
    for piece in iter(lambda: body.read(65536), b''):
        length += len(piece)
        digest.update(piece)
    names = ('REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'HTTP_PROXY', 'wsgi.url_scheme')
    answer = {name: environ.get(name) for name in names}
    answer.update(version=VERSION, pid=os.getpid(), length=length, digest=digest.hexdigest())
    text = json.dumps(answer).encode()
    if environ['PATH_INFO'] == '/raise':
        raise RuntimeError('a secret reason')
    start_response('200 OK', [('Content-Type', 'application/json'), ('Content-Length', str(len(text)))])
    return [text]
`;
const variables = {
  PYTHONPATH: '%APPL_PHYSICAL_PATH%;%PYTHONPATH%',
  WSGI_APP: 'wsgi.application',
  ERROR_LOG_DIR: 'log',
  WATCH_FILE_CHANGES_MASK: '*.py',
};
const files = {
  'web.config': httpPlatformConfig(
    variables,
    `<security><requestFiltering><requestLimits maxAllowedContentLength="200000000"/>
      <hiddenSegments><add segment="data"/></hiddenSegments></requestFiltering></security>`,
  ),
  'wsgi.py': wsgi,
  'static/web.config': staticFolderConfig,
  'static/site.css': 'body { color: red }\n',
  'static/settings.py': 'x',
  'data/site.json': '{}',
};

interface Reply {
  readonly version: string;
  readonly pid: number;
  readonly length: number;
  readonly PATH_INFO: string;
  readonly SCRIPT_NAME: string;
  readonly HTTP_PROXY: string | null;
}

async function reply(site: RunningSite, ...request: Parameters<RunningSite['get']>): Promise<Reply> {
  const answer = await site.get(...request);
  assert.equal(answer.status, 200, answer.body);
  return JSON.parse(answer.body) as Reply;
}

/** Asks until the answer fits: restarts take as long as they take. */
async function until(site: RunningSite, fits: (reply: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const answer = await site.get('/');
    if (answer.status === 200) {
      const found = JSON.parse(answer.body) as Reply;
      if (fits(found)) return found;
    } else assert.equal(answer.status, 503, answer.body);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a site with its worker', { timeout: 300_000 }, () => {
  const cleanups: (() => unknown)[] = [];
  let site: RunningSite;
  before(async () => {
    site = await serveSite({ after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) }, files, {
      workerScript,
    });
    await site.host.ready;
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  it('answers GET and HEAD with the application', async () => {
    const got = await reply(site, '/a%20b/%C3%A4?q=1', { headers: { Proxy: 'http://evil.example' } });
    assert.equal(got.PATH_INFO, Buffer.from('/a b/ä').toString('latin1'));
    assert.deepEqual([got.SCRIPT_NAME, got.HTTP_PROXY], ['', null]);
    const head = await site.get('/', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
    assert.ok(Number(head.headers['content-length']) > 0);
  });

  it('takes uploads: small, 64 MB, chunked, and refuses what is over the limit', async () => {
    assert.equal((await reply(site, '/', { method: 'POST', body: Buffer.from('a=1') })).length, 3);
    const body = Buffer.alloc(64_000_000, 'x');
    const headers = { 'Content-Length': String(body.length) };
    assert.equal((await reply(site, '/', { method: 'POST', headers, body })).length, body.length);
    assert.equal((await reply(site, '/', { method: 'POST', body })).length, body.length);
    const tooLong = await site
      .get('/', { method: 'POST', headers: { 'Content-Length': '200000001' } })
      .catch(String);
    assert.ok(typeof tooLong === 'object' && tooLong.status === 413);
    async function* endless(): AsyncGenerator<Buffer> {
      for (let sent = 0; sent < 4; sent += 1) yield body;
    }
    assert.equal((await site.get('/', { method: 'POST', body: endless() })).status, 413);
    assert.equal((await reply(site, '/')).length, 0);
  });

  it('sends files itself, with conditions and ranges', async () => {
    const whole = await site.get('/static/site.css');
    assert.deepEqual([whole.status, whole.body], [200, files['static/site.css']]);
    assert.equal(whole.headers['content-type'], 'text/css; charset=utf-8');
    const { etag = '', 'last-modified': modified = '' } = whole.headers;
    for (const headers of [{ 'If-None-Match': etag }, { 'If-Modified-Since': modified }]) {
      const same = await site.get('/static/site.css', { headers });
      assert.deepEqual([same.status, same.body, same.headers.etag], [304, '', etag]);
    }
    const range = { headers: { Range: 'bytes=5-9' } };
    const part = await site.get('/static/site.css', range);
    assert.deepEqual([part.status, part.body, part.headers['content-range']], [206, '{ col', 'bytes 5-9/20']);
    const none = await site.get('/static/site.css', { headers: { Range: 'bytes=99-' } });
    assert.deepEqual([none.status, none.headers['content-range']], [416, 'bytes */20']);
    const head = await site.get('/static/site.css', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '20']);
    const headOfPart = await site.get('/static/site.css', { method: 'HEAD', ...range });
    assert.deepEqual([headOfPart.status, headOfPart.headers['content-length']], [200, '20']);
    const post = await site.get('/static/site.css', { method: 'POST' });
    assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
  });

  for (const path of [
    ...[
      '/static/web.config',
      '/web.config',
      '/static/settings.py',
      '/data/site.json',
      '/static/../data/site.json',
    ],
    ...[
      '/static/%2e%2e/data/site.json',
      '/static/x/..%2f..%2fdata/site.json',
      '/static/missing.css',
      '/static/',
    ],
  ]) {
    it(`does not give ${path} away`, async () => assert.equal((await site.get(path)).status, 404));
  }

  it('keeps an error of the application out of the page', async () => {
    const answer = await site.get('/raise');
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.body, /secret reason/);
    assert.equal((await reply(site, '/')).version, 'first');
  });

  it('replaces a worker that is killed', async () => {
    const { pid } = await reply(site, '/');
    process.kill(pid, 'SIGKILL');
    assert.notEqual((await until(site, (found) => found.pid !== pid)).pid, pid);
  });

  it('restarts when a file changes, without refusing a visitor', async () => {
    await writeFile(join(site.directory, 'wsgi.py'), wsgi.replace('first', 'second'));
    for (;;) {
      if ((await reply(site, '/')).version === 'second') break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});

describe('startHost', { timeout: 300_000 }, () => {
  it('answers 503 until deploy is done, then the application, also from a folder that deploy made', async (context) => {
    const deploy = `import os, time
while not os.path.exists('go'):
    time.sleep(0.05)
os.makedirs('media', exist_ok=True)
with open('media/web.config', 'w') as file:
    file.write(${JSON.stringify(staticFolderConfig)})
with open('media/a.txt', 'w') as file:
    file.write('made by deploy')
`;
    const config = httpPlatformConfig({
      ...variables,
      DEPLOY_FILE: 'deploy.py',
      DEPLOY_LOG: 'log\\deploy.log',
    });
    const site = await serveSite(
      context,
      { ...files, 'web.config': config, 'deploy.py': deploy },
      { workerScript },
    );
    const early = await site.get('/');
    assert.equal(early.status, 503);
    assert.match(String(early.headers['retry-after']), /^\d+$/);
    assert.equal((await site.get('/static/site.css')).status, 200);
    await writeFile(join(site.directory, 'go'), '');
    await site.host.ready;
    assert.equal((await site.get('/')).status, 200);
    for (;;) {
      if ((await site.get('/media/a.txt')).body === 'made by deploy') break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('rejects ready with the reason, stays up, and recovers when the file is mended', async (context) => {
    const broken = { ...files, 'wsgi.py': 'import nothing_like_this' };
    const site = await serveSite(context, broken, { workerScript, showErrors: true });
    await assert.rejects(site.host.ready, (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'PYTHON_FAILED');
      assert.match(error.hint ?? '', /`zookit deploy`/);
      assert.match(error.details.join('\n'), /nothing_like_this/);
      return true;
    });
    const shown = await site.get('/');
    assert.equal(shown.status, 503);
    assert.match(shown.body, /nothing_like_this/);
    for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
      const forwarded = await site.get('/', { headers: { [name]: '203.0.113.5' } });
      assert.doesNotMatch(forwarded.body, /nothing_like_this/, name);
    }
    await writeFile(join(site.directory, 'wsgi.py'), wsgi);
    assert.equal((await until(site, () => true)).version, 'first');
  });

  it('ends its worker and frees its port when it closes, by signal too', async (context) => {
    const controller = new AbortController();
    const site = await serveSite(context, files, { workerScript, signal: controller.signal });
    await site.host.ready;
    const { pid } = await reply(site, '/');
    controller.abort();
    await site.host.close();
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await assert.rejects(site.get('/'), /ECONNREFUSED/);
  });

  it('says which port is in use', async (context) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.after(() => server.close());
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const directory = await makeSite(context, files);
    const options = {
      directory,
      python: pythonProgram,
      workerScript,
      port: address.port,
      log: () => undefined,
    };
    await assert.rejects(startHost(options), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'USAGE');
      assert.match(error.hint ?? '', /--port/);
      return true;
    });
  });

  it('leaves no server behind without a place for temporary files', async (context) => {
    if (process.platform === 'win32') {
      context.skip('named pipes need no folder');
      return;
    }
    const directory = await makeSite(context, files);
    const code = `const { startHost } = await import(process.argv[1]);
      await startHost({ ...JSON.parse(process.argv[2]), log() {} }).catch((error) => console.log(error.code, error.hint));`;
    const host = fileURLToPath(new URL('../../src/site/host.js', import.meta.url));
    const options = JSON.stringify({ directory, python: pythonProgram, workerScript, port: 0 });
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', code, host, options], {
      env: { ...process.env, TMPDIR: join(directory, 'missing') },
      timeout: 30_000,
    });
    assert.match(ended.stdout.toString(), /^USAGE Name a folder for temporary files in TMPDIR/);
    assert.equal(ended.signal, null);
  });

  it('refuses a folder that is no site before it listens', async (context) => {
    const directory = await makeSite(context, {});
    await mkdir(join(directory, 'web.config'));
    const options = { directory, python: pythonProgram, workerScript, port: 0, log: () => undefined };
    // A hint names only commands that there are.
    await assert.rejects(startHost(options), {
      code: 'SITE_INVALID',
      hint: /`zookit new DjangoProject DIR`$/,
    });
  });
});

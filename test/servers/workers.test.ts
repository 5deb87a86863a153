// Real nginx and real Apache in front of `zoofcgi.py --listen`, on a Unix socket and on TCP: what people ask for comes
// to the application as PEP 3333 has it, and the answer comes back whole, piece by piece, or visibly cut.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { run } from '../../src/lib/run.js';
import { temporaryFolder } from '../helpers/folder.js';
import { ask, findProgram, freePort, startProcess, textOf, untilReady } from '../helpers/front.js';
import { pythonsHere } from '../helpers/pythons.js';
import { repository } from '../helpers/site.js';

const application = `
import hashlib, json, os, time

def application(environ, start_response):
    path = environ['PATH_INFO']
    body = environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    if path == '/stream':
        return stream()
    if path == '/cut':
        return cut()
    names = ('REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'QUERY_STRING', 'CONTENT_LENGTH', 'REMOTE_ADDR')
    seen = {name: environ.get(name) for name in names}
    seen['sha256'] = hashlib.sha256(body).hexdigest()
    return [json.dumps(seen).encode('ascii')]

def stream():
    yield b'first\\n'
    while not os.path.exists('go'):
        time.sleep(0.01)
    yield b'second\\n'

def cut():
    yield b'x' * 100000
    raise ValueError('in the middle')
`;

/** A server that never answers must not hold up the others for ever. */
const patience = { timeout: 300_000 };

interface Backend {
  readonly name: string;
  /** For the worker's `--listen`. */
  readonly listen: string;
  /** As nginx writes it. */
  readonly nginx: string;
  /** As Apache writes it. */
  readonly apache: string;
}

interface Front {
  readonly port: number;
  readonly site: string;
}

type StartFront = (
  context: TestContext,
  folder: string,
  backend: Backend,
  port: number,
) => Promise<FrontProcess>;
type FrontProcess = ReturnType<typeof startProcess>;

async function backends(folder: string): Promise<Backend[]> {
  const path = join(folder, 'worker.sock');
  const address = `127.0.0.1:${await freePort()}`;
  return [
    {
      name: 'a Unix socket',
      listen: `unix:${path}`,
      nginx: `unix:${path}`,
      apache: `unix:${path}|fcgi://localhost`,
    },
    { name: 'TCP', listen: address, nginx: address, apache: `fcgi://${address}` },
  ];
}

/** Everything in one folder that the server's own user may enter: the servers give up root's rights. */
async function startSite(context: TestContext, backend: Backend, folder: string): Promise<FrontProcess> {
  const site = join(folder, 'site');
  await mkdir(site, { recursive: true });
  await writeFile(join(site, 'wsgi.py'), application);
  await writeFile(
    join(site, 'web.config'),
    '<configuration><appSettings><add key="WSGI_APP" value="wsgi.application" /></appSettings></configuration>',
  );
  const python = (await pythonsHere()).at(-1);
  assert.ok(python);
  const worker = join(repository, 'feed', 'packages', 'python-workers', 'zoofcgi.py');
  const args = ['-B', worker, '--site', site, '--listen', backend.listen, '--socket-mode', '666'];
  return startProcess(context, python.path, args, site);
}

const startNginx: StartFront = async (context, folder, backend, port) => {
  const program = findProgram('nginx') ?? '';
  const temporary = ['client_body', 'fastcgi', 'proxy', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n  ');
  const common = [
    'REQUEST_METHOD $request_method',
    'QUERY_STRING $query_string',
    'CONTENT_TYPE $content_type',
  ]
    .concat([
      'CONTENT_LENGTH $content_length',
      'REQUEST_URI $request_uri',
      'SERVER_PROTOCOL $server_protocol',
    ])
    .concat(['REMOTE_ADDR $remote_addr', 'SERVER_NAME $server_name', 'SERVER_PORT $server_port'])
    .concat(['SCRIPT_NAME $fastcgi_script_name', 'REQUEST_SCHEME $scheme'])
    .map((line) => `fastcgi_param ${line};`)
    .join('\n      ');
  const location = (path: string, script: string): string => `
    location ${path} {
      ${common}
      ${script}
      fastcgi_pass worker;
      fastcgi_keep_conn on;
      fastcgi_buffering off;
    }`;
  const config = `
daemon off;
pid ${join(folder, 'nginx.pid')};
error_log stderr;
events { worker_connections 64; }
http {
  access_log off;
  ${temporary}
  client_max_body_size 20m;
  upstream worker { server ${backend.nginx}; keepalive 4; }
  server {
    listen 127.0.0.1:${port};
    ${location('/', '')}
    ${location('/shop', 'fastcgi_param SCRIPT_NAME /shop;')}
  }
}
`;
  await writeFile(join(folder, 'nginx.conf'), config);
  return startProcess(
    context,
    program,
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
    folder,
  );
};

const moduleFolders = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/libexec/apache2'];

async function apacheModules(): Promise<string | undefined> {
  for (const folder of moduleFolders) {
    const names = await readdir(folder).catch((): string[] => []);
    if (names.includes('mod_proxy_fcgi.so')) return folder;
  }
  return undefined;
}

const startApache: StartFront = async (context, folder, backend, port) => {
  const program = findProgram('apache2', 'httpd') ?? '';
  const modules = (await apacheModules()) ?? '';
  // worker closes a connection at once; event leaves a broken one to its next event, which may never come.
  const wanted = ['mpm_worker', 'authz_core', 'unixd', 'proxy', 'proxy_fcgi'];
  const there = new Set(await readdir(modules));
  const loads = wanted
    .filter((name) => there.has(`mod_${name}.so`))
    .map((name) => `LoadModule ${name}_module ${join(modules, `mod_${name}.so`)}`);
  const user = process.getuid?.() === 0 ? ['User nobody', 'Group #65534'] : [];
  const config = [
    ...loads,
    ...user,
    `ServerRoot ${folder}`,
    `PidFile ${join(folder, 'httpd.pid')}`,
    `DefaultRuntimeDir ${folder}`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `ErrorLog ${join(folder, 'error.log')}`,
    `ProxyPass "/" "${backend.apache}/" flushpackets=on`,
    '<Location "/shop">',
    '  ProxyFCGISetEnvIf "true" SCRIPT_NAME "/shop"',
    '</Location>',
    '',
  ].join('\n');
  await writeFile(join(folder, 'httpd.conf'), config);
  return startProcess(context, program, ['-f', join(folder, 'httpd.conf'), '-DFOREGROUND'], folder);
};

/** All that is asked of a front, whichever it is. */
async function checkFront(context: TestContext, front: Front): Promise<void> {
  const { port, site } = front;
  const seen = async (path: string, method = 'GET', body?: Buffer): Promise<Record<string, unknown>> => {
    const response = await ask(port, path, body ? { method, body } : { method });
    assert.equal(response.statusCode, 200);
    return JSON.parse(await textOf(response)) as Record<string, unknown>;
  };

  await context.test('GET', async () => {
    const answer = await seen('/caf%C3%A9/a%20b?x=1&y=%20');
    assert.equal(answer['SCRIPT_NAME'], '');
    assert.equal(answer['PATH_INFO'], '/caf\u00c3\u00a9/a b');
    assert.equal(answer['QUERY_STRING'], 'x=1&y=%20');
    assert.equal(answer['REMOTE_ADDR'], '127.0.0.1');
  });

  await context.test('HEAD has no body', async () => {
    const response = await ask(port, '/', { method: 'HEAD' });
    assert.equal(response.statusCode, 200);
    assert.equal(await textOf(response), '');
  });

  await context.test('POST of 5 MB', async () => {
    const body = randomBytes(5 * 1024 * 1024);
    const answer = await seen('/upload', 'POST', body);
    assert.equal(answer['CONTENT_LENGTH'], String(body.length));
    assert.equal(answer['sha256'], createHash('sha256').update(body).digest('hex'));
  });

  await context.test('a prefix', async () => {
    for (const [path, script, rest] of [
      ['/shop/cart', '/shop', '/cart'],
      ['/shop/', '/shop', '/'],
      ['/other', '', '/other'],
    ] as const) {
      const answer = await seen(path);
      assert.deepEqual([answer['SCRIPT_NAME'], answer['PATH_INFO']], [script, rest]);
    }
  });

  await context.test('streaming: the first piece comes before there is a second', async () => {
    const response = await ask(port, '/stream');
    const pieces = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    assert.equal(String((await pieces.next()).value), 'first\n');
    await writeFile(join(site, 'go'), '');
    assert.equal(String((await pieces.next()).value), 'second\n');
    assert.equal((await pieces.next()).done, true);
  });

  await context.test(
    'an answer that breaks off is not taken for whole, and the worker lives on',
    async () => {
      await assert.rejects(async () => textOf(await ask(port, '/cut')));
      assert.equal((await seen('/after'))['PATH_INFO'], '/after');
    },
  );
}

async function checkBehind(context: TestContext, startFront: StartFront): Promise<void> {
  for (const index of [0, 1]) {
    const folder = temporaryFolder(context);
    await chmod(folder, 0o755);
    const backend = (await backends(folder))[index];
    assert.ok(backend);
    await context.test(`over ${backend.name}`, async (inner) => {
      const port = await freePort();
      const worker = await startSite(inner, backend, folder);
      const server = await startFront(inner, folder, backend, port);
      await untilReady(port, [worker, server]);
      await checkFront(inner, { port, site: join(folder, 'site') });
    });
  }
}

test('behind nginx', patience, async (context) => {
  if (findProgram('nginx') === undefined) {
    context.skip('nginx is not installed');
    return;
  }
  await checkBehind(context, startNginx);
});

test('behind Apache', patience, async (context) => {
  if (findProgram('apache2', 'httpd') === undefined || (await apacheModules()) === undefined) {
    context.skip('Apache with mod_proxy_fcgi is not installed');
    return;
  }
  await checkBehind(context, startApache);
});

test('the starter for HttpPlatformHandler with the real waitress', patience, async (context) => {
  const python = (await pythonsHere()).at(-1);
  const folder = temporaryFolder(context);
  const environment = join(folder, 'environment');
  const steps = [
    [python?.path ?? 'python3', '-m', 'venv', environment],
    [join(environment, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', 'waitress'],
  ] as const;
  for (const [program, ...args] of steps) {
    const made = await run(program, args);
    if (made.status !== 0) {
      context.skip(
        `an environment with waitress cannot be made: ${made.stderr.trim().split('\n').at(-1) ?? ''}`,
      );
      return;
    }
  }
  const suite = await run(join(environment, 'bin', 'python'), ['-B', '-m', 'unittest', 'test_http'], {
    cwd: join(repository, 'test', 'python'),
  });
  assert.equal(suite.status, 0, suite.stderr);
});

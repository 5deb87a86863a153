// Pinning: what uv is asked, what is kept of its answer, and how failures are told. uv is a recording stand-in that
// writes real lock files; pin-uv.test.ts asks the real one.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { createHttp } from '../../src/lib/http.js';
import type { Run, RunResult } from '../../src/lib/run.js';
import { closureXml } from '../../src/feed/pin-xml.js';
import { pin, type PinTools } from '../../src/feed/pin.js';
import { parseRequirement } from '../../src/feed/requirement.js';
import { entries, entry, pinnedPackage, someHash } from '../helpers/pins.js';
import { standIn, type Answer, type Asked } from '../helpers/uv.js';

const hash = someHash;
const http = createHttp({ userAgent: 'zookit-test' });
const sizes = new Map([
  ['/shop-1.0-py3-none-any.whl', 1234],
  ['/helper-2.0-cp313-cp313-win_amd64.whl', 98765],
]);
let server: Server;
let address = '';

before(async () => {
  server = createServer((request, response) => {
    const size = sizes.get(request.url ?? '');
    if (size === undefined) response.writeHead(404).end();
    else response.writeHead(206, { 'Content-Range': `bytes 0-0/${size}` }).end('x');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => void server.close());

function tools(stand: Run): PinTools {
  return { run: stand, http, uv: 'uv', python: 'python3' };
}

function lockFile(...packages: readonly string[]): string {
  return ['lock-version = "1.0"', 'created-by = "uv"', ...packages].join('\n');
}

function locked(name: string, version: string, wheels: readonly string[], marker?: string): string {
  const lines = wheels.map(
    (wheel) =>
      `{ url = "${address}/${wheel}", upload-time = 2026-01-01T00:00:00Z, hashes = { sha256 = "${hash}" } },`,
  );
  const condition = marker === undefined ? '' : `marker = "${marker}"\n`;
  return `[[packages]]\nname = "${name}"\nversion = "${version}"\n${condition}wheels = [${lines.join('\n')}]\n`;
}

const shop = (): string => locked('shop', '1.0', ['shop-1.0-py3-none-any.whl']);

function failure(stderr: string, status = 1): RunResult {
  return { status, stdout: '', stderr };
}

async function failing(answer: Answer): Promise<AppError> {
  try {
    await pin({ requirement: parseRequirement('shop==1.0'), entries: [] }, tools(standIn([answer], [])));
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error;
  }
  return assert.fail('it did not fail');
}

test('keeps what systems of ours can take, with sizes, and no address', async () => {
  const wheels = [
    'helper-2.0-cp313-cp313-win_amd64.whl',
    'helper-2.0-cp313-cp313t-win_amd64.whl',
    'helper-2.0-cp39-cp39-win_amd64.whl',
    'helper-2.0-cp315-cp315-win_amd64.whl',
    'helper-2.0-pp311-pypy311_pp73-win_amd64.whl',
    'helper-2.0-cp313-cp313-manylinux_2_28_s390x.whl',
    'helper-2.0-cp313-cp313-manylinux_2_17_i686.whl',
    'helper-2.0-cp39-abi3-musllinux_1_2_aarch64.whl',
    'helper-2.0-cp312-cp312-macosx_26_0_arm64.whl',
  ];
  const marker = "sys_platform == 'win32'";
  const asked: Asked[] = [];
  const answer = lockFile(shop(), locked('helper', '2.0', wheels, marker));
  const closure = await pin(
    { requirement: parseRequirement('Shop==1.0'), entries: [] },
    tools(standIn([answer], asked)),
  );
  assert.deepEqual(closure, {
    requirement: { name: 'Shop', extras: [], version: '1.0' },
    python: '>=3.10 <3.15',
    packages: [
      {
        name: 'Shop',
        version: '1.0',
        files: [{ name: 'shop-1.0-py3-none-any.whl', size: 1234, sha256: hash }],
      },
      {
        name: 'helper',
        version: '2.0',
        marker,
        files: [
          { name: 'helper-2.0-cp312-cp312-macosx_26_0_arm64.whl', sha256: hash },
          { name: 'helper-2.0-cp313-cp313-win_amd64.whl', size: 98765, sha256: hash },
          { name: 'helper-2.0-cp39-abi3-musllinux_1_2_aarch64.whl', sha256: hash },
        ],
      },
    ],
    leftOut: [],
  });
  assert.doesNotMatch(JSON.stringify(closure) + closureXml(closure, ''), /127\.0\.0\.1/);
  assert.ok(asked[0] && !existsSync(asked[0].folder), 'the private folder is gone');
});

test("hands pip's settings to uv by its environment, never by arguments", async () => {
  const asked: Asked[] = [];
  const config = [
    "global.index-url='https://user:sekrit@mirror.test/simple'",
    "global.extra-index-url='https://a.test/simple\\nhttps://b.test/simple'",
    "global.timeout='15'",
    "download.timeout='60'",
    "install.timeout='99'",
    ":env:.find-links='/opt/wheels /srv/wheels'",
    ":env:.no-index='1'",
    "global.proxy='http://proxy.test:3128'",
  ].join('\n');
  const requirement = parseRequirement('shop[extra]==1.0');
  await pin({ requirement, entries: [] }, tools(standIn([lockFile(shop())], asked, config)));
  const [first] = asked;
  assert.equal(first?.files['requirements.in'], 'shop[extra]==1.0\n');
  assert.deepEqual(first.environment, {
    UV_DEFAULT_INDEX: 'https://user:sekrit@mirror.test/simple',
    UV_INDEX: 'https://a.test/simple https://b.test/simple',
    UV_INDEX_STRATEGY: 'unsafe-best-match',
    UV_FIND_LINKS: '/opt/wheels,/srv/wheels',
    UV_HTTP_TIMEOUT: '60',
    HTTP_PROXY: 'http://proxy.test:3128',
    HTTPS_PROXY: 'http://proxy.test:3128',
    UV_PYTHON_DOWNLOADS: 'never',
  });
  assert.ok(first.arguments.includes('--no-index'));
  assert.ok(first.arguments.includes('--universal'));
  assert.doesNotMatch(first.arguments.join(' '), /sekrit|https?:/);
});

test('what the feed has pinned binds; what another product owns is left out', async () => {
  const asked: Asked[] = [];
  const others = entries(
    entry('Django', '5.2', 'django', pinnedPackage('Django', '5.2') + pinnedPackage('asgiref', '3.1')) +
      entry('Django', '6.0', 'django', pinnedPackage('Django', '6.0') + pinnedPackage('asgiref', '3.1')) +
      entry('Shop', '1.0', 'shop', pinnedPackage('shop', '1.0') + pinnedPackage('old-helper', '0.1')),
  );
  const django = locked('django', '5.2', ['django-5.2-py3-none-any.whl']);
  const asgiref = locked('asgiref', '3.1', ['asgiref-3.1-py3-none-any.whl']);
  const closure = await pin(
    { requirement: parseRequirement('shop==1.0'), entries: others },
    tools(standIn([lockFile(shop(), django, asgiref), lockFile(shop())], asked)),
  );
  assert.deepEqual(
    asked.map(({ files }) => [files['constraints.txt'], files['overrides.txt']]),
    [
      ['asgiref==3.1\n', ''],
      ['asgiref==3.1\n', "django ; python_version < '0'\n"],
    ],
  );
  assert.deepEqual(closure.leftOut, [{ product: 'Django', name: 'django', version: '5.2' }]);
  assert.deepEqual(
    closure.packages.map((each) => each.name),
    ['shop'],
  );
});

test('serves from the first Python on that the package, or one version of each distribution, allows', async () => {
  const asked: Asked[] = [];
  const tooOld = failure(
    'error: No solution found when resolving dependencies\n  cause: Because the requested Python version (>=3.10) does not satisfy Python>=3.12',
  );
  const twice = lockFile(
    shop(),
    locked('helper', '1', ['helper-1-py3-none-any.whl'], "python_version < '3.12'"),
    locked('helper', '2', ['helper-2-py3-none-any.whl'], "python_version >= '3.12'"),
  );
  const closure = await pin(
    { requirement: parseRequirement('shop==1.0'), entries: [] },
    tools(standIn([tooOld, twice, lockFile(shop())], asked)),
  );
  assert.equal(closure.python, '>=3.12 <3.15');
  const floors = asked.map(({ arguments: args }) => args[args.indexOf('--python-version') + 1]);
  assert.deepEqual(floors, ['3.10', '3.11', '3.12']);
});

test('failures have their codes, say what uv said, and show no address', async () => {
  const cases: readonly (readonly [Answer, AppError['code'], RegExp])[] = [
    [failure('uv: ENOENT', 127), 'PYTHON_FAILED', /without uv/],
    [
      failure('error: No solution found\n  cause: Because shop==1.0 has no usable wheels'),
      'NO_INSTALLER',
      /no wheels/,
    ],
    [
      failure('error: No solution found\n  cause: Because shop was not found in the package registry'),
      'PRODUCT_UNKNOWN',
      /does not have/,
    ],
    [
      failure('error: No solution found\n  cause: Because shop==1.0 depends on helper>2 and helper==1'),
      'CONFLICT',
      /together/,
    ],
    [
      failure('error: Request failed\n  cause: Failed to fetch: https://u:sekrit@mirror.test/simple/shop/'),
      'DOWNLOAD_FAILED',
      /answer/,
    ],
    [failure('error: unexpected argument', 2), 'PYTHON_FAILED', /could not lock/],
    ['lock-version = ', 'PYTHON_FAILED', /cannot be read/],
    ['title = "no lock"', 'PYTHON_FAILED', /not one that can be used/],
    [lockFile(locked('shop', '1.0', ['shop-1.0-cp27-cp27m-win32.whl'])), 'NO_INSTALLER', /No wheel/],
    [
      lockFile(
        '[[packages]]\nname = "shop"\nversion = "1.0"\nwheels = [{ url = "https://x.test/shop-1.0-py3-none-any.whl" }]',
      ),
      'NO_INSTALLER',
      /SHA-256/,
    ],
  ];
  for (const [answer, code, message] of cases) {
    const error = await failing(answer);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.ok(error.hint?.includes('`'), 'the hint has a command');
    assert.doesNotMatch([error.message, ...error.details].join('\n'), /sekrit|:\/\//);
  }
});

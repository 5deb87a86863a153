// The built-in feed as it ships: read without a warning, found sound by its own check, complete, and installable on
// every system that it promises.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Entry, Installer, Platform } from '../../src/types.js';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { checkFeeds } from '../../src/catalog/check.js';
import { parseFeed } from '../../src/feed/parse.js';
import { satisfies } from '../../src/lib/version.js';
import { choosePackages } from '../../src/lib/wheel.js';

const top = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const path = join(top, 'feed', 'feed.xml');
const text = readFileSync(path, 'utf8');
const feed = parseFeed(text, path);

const ids = [
  ...['Python', 'PythonInstaller', 'uv', 'VCRuntime', 'ODBCDriver18', 'UrlRewrite', 'HttpPlatformHandler'],
  ...[
    'IISFeatures',
    'Django',
    'Pillow',
    'psycopg',
    'PyMySQL',
    'mysqlclient',
    'mssql-django',
    'oracledb',
    'pip',
  ],
  ...['waitress', 'WhiteNoise', 'Flask', 'Bottle', 'PythonWorkers', 'PythonHostingPackage'],
  ...['DjangoProject', 'WSGIProject', 'FlaskProject', 'FastCGI'],
  ...['IISApplication', 'IISWindowsAuthentication'],
];

const glibc = { name: 'glibc', version: '2.28' } as const;
const musl = { name: 'musl', version: '1.2' } as const;
const platforms: Readonly<Record<string, Platform>> = {
  'windows-x64': { os: 'windows', arch: 'x64', osVersion: '10.0.17763' },
  'windows-arm64': { os: 'windows', arch: 'arm64', osVersion: '10.0.22000' },
  'linux-x64': { os: 'linux', arch: 'x64', osVersion: '', libc: glibc },
  'linux-arm64': { os: 'linux', arch: 'arm64', osVersion: '', libc: glibc },
  'linux-x64 musl': { os: 'linux', arch: 'x64', osVersion: '', libc: musl },
  'linux-arm64 musl': { os: 'linux', arch: 'arm64', osVersion: '', libc: musl },
  'macos-arm64': { os: 'macos', arch: 'arm64', osVersion: '12.0' },
};

/** Where the index has no wheel; the entry says so by its platforms. */
const nowhere = new Map([
  ['psycopg', ['windows-arm64']],
  ['oracledb', ['windows-arm64']],
  ['mysqlclient', Object.keys(platforms).filter((name) => !name.startsWith('windows'))],
]);

function entriesOf(id: string): readonly Entry[] {
  return feed.entries.filter((entry) => entry.productId === id);
}

function promises({ platforms: rules }: Installer, platform: Platform): boolean {
  const fits = rules.some(
    (rule) =>
      (rule.os ?? platform.os) === platform.os &&
      (rule.arch ?? platform.arch) === platform.arch &&
      (rule.libc ?? platform.libc?.name) === platform.libc?.name,
  );
  return rules.length === 0 || fits;
}

test('it is read without a warning, and its own check finds nothing', () => {
  assert.deepEqual(feed.warnings, []);
  assert.deepEqual(checkFeeds([feed], buildCatalog([feed])), []);
});

test('every product of the design is there, and no other', () => {
  assert.deepEqual([...new Set(feed.entries.map((entry) => entry.productId))].sort(), [...ids].sort());
  assert.ok(entriesOf('Pillow').every((entry) => entry.aliases.includes('PIL')));
  const recommended = feed.entries.filter((entry) => entry.recommended);
  assert.deepEqual(recommended.map((entry) => `${entry.productId} ${entry.version}`).sort(), [
    'Django 5.2.19',
    'Python 3.13',
    'Python 3.13.13',
    'PythonInstaller 3.13.15',
  ]);
});

test('packages have wheels wherever their entries say, for every Python from 3.11 to 3.14 that they support', () => {
  let chosen = 0;
  for (const entry of feed.entries)
    for (const installer of entry.installers) {
      if (installer.action.kind !== 'python') continue;
      const { packages, python } = installer.action;
      for (const [name, platform] of Object.entries(platforms)) {
        const isPromised = promises(installer, platform);
        assert.equal(
          isPromised,
          !nowhere.get(entry.productId)?.includes(name),
          `${entry.productId} on ${name}`,
        );
        if (!isPromised) continue;
        for (const version of ['3.11.2', '3.12.10', '3.13.13', '3.14.7'].filter((each) =>
          satisfies(each, python),
        )) {
          const choice = choosePackages(packages, { platform, version });
          const missing = choice.missing.map((each) => each.name);
          assert.deepEqual(missing, [], `${entry.productId} ${entry.version} on ${name} with ${version}`);
          assert.ok(choice.chosen.length > 0);
          chosen += 1;
        }
      }
    }
  assert.ok(chosen > 300, `only ${chosen} combinations were looked at`);
});

test('one version of each distribution in the whole feed, products with several entries aside', () => {
  const versions = new Map<string, Set<string>>();
  for (const entry of feed.entries)
    for (const { action } of entry.installers)
      if (action.kind === 'python')
        for (const { name, version } of action.packages)
          versions.set(name, (versions.get(name) ?? new Set()).add(version));
  const several = [...versions].filter(([, found]) => found.size > 1).map(([name]) => name);
  assert.deepEqual(several.sort(), ['Django', 'Pillow']);
});

test('each pinned entry pins the distribution that its hint looks for, in its own version, with sizes', () => {
  for (const entry of feed.entries)
    for (const { action } of entry.installers) {
      if (action.kind !== 'python') continue;
      assert.equal(entry.hint?.kind, 'pythonPackage');
      assert.ok(entry.environment, entry.productId);
      const own = action.packages.find(
        (each) => entry.hint?.kind === 'pythonPackage' && nameOf(each.name) === nameOf(entry.hint.name),
      );
      assert.equal(own?.version, entry.version, entry.productId);
      for (const file of action.packages.flatMap((each) => each.files))
        assert.ok((file.size ?? 0) > 500, file.name);
    }
});

function nameOf(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

test('it names no package index, no free-threaded wheel and no system that is not served', () => {
  const hosts = new Set([...text.matchAll(/https?:\/\/([^/"<\s]+)/g)].map((match) => match[1]));
  assert.deepEqual([...hosts].sort(), [
    'download.microsoft.com',
    'download.visualstudio.microsoft.com',
    'github.com',
    'www.microsoft.com',
    'www.python.org',
    'www.w3.org',
  ]);
  const names = [...text.matchAll(/"([^"]+\.whl)"/g)].map((match) => match[1] ?? '');
  assert.ok(names.length > 300);
  assert.deepEqual(
    names.filter((name) => /cp3\d+t-|-pp3|s390x|ppc64|riscv|i686|armv7l/.test(name)),
    [],
  );
});

test('the payload of the workers is every file of their folder', () => {
  const workers = entriesOf('PythonWorkers').flatMap((entry) => entry.installers.map(({ action }) => action));
  const listed = workers.flatMap((action) => (action.kind === 'payload' ? action.files : []));
  const folder = join(top, 'feed', 'packages', 'python-workers');
  const there = readdirSync(folder).filter((name) => name.endsWith('.py'));
  assert.deepEqual(listed.map((file) => file.path).sort(), there.sort());
  for (const file of listed) assert.ok(existsSync(file.url), file.url);
});

test('each template has its skeleton beside the feed, and asks for what the command line promises', () => {
  for (const id of ['DjangoProject', 'WSGIProject', 'FlaskProject']) {
    const [entry] = entriesOf(id);
    const action = entry?.installers[0]?.action;
    assert.ok(action?.kind === 'template' && action.href && existsSync(action.href), id);
    const host = entry?.parameters.find((each) => each.name === 'HostForm');
    assert.deepEqual(
      host?.choices.map((choice) => choice.value),
      ['httpplatform', 'fastcgi', 'zoo'],
    );
  }
  const database = entriesOf('DjangoProject')[0]?.parameters.find((each) => each.name === 'Database');
  assert.deepEqual(
    database?.choices.map(({ value, product }) => `${value} ${product ?? '-'}`),
    ['sqlite -', 'postgresql psycopg', 'mysql PyMySQL', 'mssql mssql-django', 'oracle oracledb'],
  );
});

test('a licence must be accepted only where its maker demands it', () => {
  const demanding = feed.entries.filter((entry) => entry.installers.some((each) => each.eulaUrl));
  assert.deepEqual(demanding.map((entry) => entry.productId).sort(), [
    'HttpPlatformHandler',
    'ODBCDriver18',
    'UrlRewrite',
    'VCRuntime',
  ]);
  for (const entry of feed.entries) {
    const isFree = entry.author !== 'Microsoft' || entry.productId === 'mssql-django';
    assert.equal(entry.license !== undefined, isFree, entry.productId);
  }
});

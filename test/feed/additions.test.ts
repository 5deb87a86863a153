// Our additions to the format: each element once, its mistakes, and the schema that describes them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseFeed } from '../../src/feed/parse.js';
import type { Entry, Feed, InstallerAction } from '../../src/types.js';
import { feedFixture } from '../helpers/feeds.js';

const feed = parseFeed(feedFixture('additions.xml'), 'https://x.test/feeds/main.xml');
const top = new URL('../../../', import.meta.url);

function only(from: Feed): Entry {
  const [first] = from.entries;
  assert.ok(first);
  return first;
}

function action(id: string): InstallerAction | undefined {
  return only(feed).installers.find((installer) => installer.id === id)?.action;
}

test('every addition is read without a warning', () => {
  assert.deepEqual(feed.warnings, []);
  assert.deepEqual(feed.enclosures, ['https://x.test/feeds/more/drivers.xml']);
});

test('marks of an entry', () => {
  const { aliases, recommended, environment, license } = only(feed);
  const expected = { aliases: ['Store'], recommended: true, environment: true, license: 'BSD-3-Clause' };
  assert.deepEqual({ aliases, recommended, environment, license }, expected);
});

test('parameters with choices and conditions', () => {
  assert.deepEqual(only(feed).parameters, [
    {
      name: 'Database',
      type: 'choice',
      title: 'Database',
      default: 'sqlite',
      tags: ['DbServer', 'New'],
      choices: [
        { value: 'sqlite' },
        { value: 'postgresql', title: 'PostgreSQL', product: 'psycopg', range: '>=3.1' },
      ],
    },
    {
      name: 'DbPassword',
      type: 'password',
      title: 'DbPassword',
      tags: ['DbPassword'],
      choices: [],
      when: { parameter: 'Database', values: ['postgresql', 'mysql'] },
    },
  ]);
});

test('ranges and systems of dependencies', () => {
  assert.deepEqual(only(feed).dependency, {
    kind: 'all',
    of: [
      { kind: 'product', id: 'Python', range: '>=3.12 <3.15' },
      { kind: 'product', id: 'VCRuntime', os: 'windows' },
    ],
  });
});

test('hints of our own', () => {
  assert.deepEqual(only(feed).hint, {
    kind: 'any',
    of: [
      { kind: 'python', range: '>=3.10' },
      { kind: 'pythonPackage', name: 'shop' },
      { kind: 'command', program: 'uv', arguments: ['--version'], match: 'uv (\\S+)' },
    ],
  });
});

test('platforms, sha256 and every action', () => {
  const [archive] = only(feed).installers;
  assert.deepEqual(archive?.platforms, [
    { os: 'windows', arch: 'x64', native: true },
    { os: 'linux', libc: 'musl' },
  ]);
  assert.deepEqual(archive.file, {
    url: 'https://x.test/feeds/files/shop.zip',
    size: 4096,
    sha256: 'aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999',
  });
  assert.deepEqual(action('archive'), { kind: 'archive', strip: 1, into: 'app' });
  assert.deepEqual(action('payload'), {
    kind: 'payload',
    files: [
      { url: 'https://x.test/feeds/packages/worker.py', path: 'bin/worker.py' },
      { url: 'https://x.test/feeds/packages/deploy.py', path: 'deploy.py' },
    ],
    into: 'hosting',
  });
  assert.deepEqual(action('python'), {
    kind: 'python',
    python: '>=3.10',
    packages: [
      {
        name: 'Shop',
        version: '1.0',
        marker: "sys_platform == 'win32'",
        files: [
          {
            name: 'shop-1.0-py3-none-any.whl',
            sha256: '0000111122223333444455556666777788889999aaaabbbbccccddddeeeeffff',
            size: 1234,
          },
        ],
      },
    ],
  });
  assert.deepEqual(action('template'), { kind: 'template', href: 'https://x.test/templates/shop' });
  assert.deepEqual(action('script'), {
    kind: 'script',
    files: [{ url: 'https://x.test/feeds/packages/setup.py', path: 'setup.py' }],
    run: ['setup.py', 'two words'],
    undo: ['setup.py', '--undo'],
    returnCodes: [{ code: 3010, outcome: 'successRebootRequired' }],
  });
  const packages = [{ manager: 'apt', names: ['python3.13', 'python3.13-venv'] }];
  assert.deepEqual(action('system'), { kind: 'system', packages });
  assert.deepEqual(action('nothing'), { kind: 'none' });
});

/** Warnings of one entry with this inside. */
function warningsOf(inside: string): string[] {
  const text = `<feed xmlns:zk="urn:zookit:feed:1"><entry><productId>A</productId>${inside}</entry></feed>`;
  return parseFeed(text, '/feed.xml').warnings.map((warning) => warning.message);
}

test('a hint can ask a program for its version and nothing else', () => {
  const hint = (attributes: string): string => `<discoveryHint><zk:command ${attributes}/></discoveryHint>`;
  assert.deepEqual(warningsOf(hint('program="uv" arguments="version" match="(.+)"')), []);
  const refused = [
    'program="/bin/sh" arguments="--version" match="(.+)"',
    'program="sh" arguments="-c reboot" match="(.+)"',
    'program="uv" arguments="--version" match="no group"',
    'program="uv" arguments="--version" match="(unclosed"',
  ];
  for (const attributes of refused) assert.equal(warningsOf(hint(attributes)).length, 1, attributes);
});

test('a condition that cannot be read never makes the rest of an `and` true', () => {
  const bad = '<discoveryHint><zk:command program="a b"/></discoveryHint>';
  const good = '<discoveryHint><zk:python/></discoveryHint>';
  const text = `<feed xmlns:zk="urn:zookit:feed:1"><entry><productId>A</productId><discoveryHint><and>${good}${bad}</and></discoveryHint></entry></feed>`;
  const never = { kind: 'any', of: [] };
  assert.deepEqual(only(parseFeed(text, '/feed.xml')).hint, { kind: 'all', of: [{ kind: 'python' }, never] });
});

test('names that would reach a command line are checked', () => {
  const python = (name: string, version: string): string =>
    `<installers><installer><zk:pythonPackages><zk:package name="${name}" version="${version}"/></zk:pythonPackages></installer></installers>`;
  const system = (names: string): string =>
    `<installers><installer><zk:system><zk:packages manager="apt" names="${names}"/></zk:system></installer></installers>`;
  assert.deepEqual(warningsOf(python('Django', '5.2')), []);
  assert.deepEqual(warningsOf(system('python3.13 g++')), []);
  const refused = [
    python('--index', '1'),
    python('a b', '1'),
    python('a', '-1'),
    system('-y'),
    system('a;b'),
  ];
  for (const inside of refused)
    assert.ok(warningsOf(inside).includes('installer that cannot be used is left out'), inside);
});

test('several actions in one installer are told', () => {
  const inside = '<installers><installer><zk:nothing/><zk:nothing/></installer></installers>';
  assert.deepEqual(warningsOf(inside), ['several actions in one installer, only the first one counts']);
});

test('README and schema name every addition that the reader knows', () => {
  const source = readFileSync(new URL('src/feed/additions.ts', top), 'utf8');
  const names = [...source.matchAll(/^ {2}\['(\w+)', '/gm)].map((match) => match[1] ?? '');
  const readme = readFileSync(new URL('feed/README.md', top), 'utf8');
  const schema = readFileSync(new URL('feed/zookit-feed.xsd', top), 'utf8');
  assert.ok(names.length > 20);
  for (const name of names) {
    assert.ok(readme.includes(`zk:${name}`), `README.md: ${name}`);
    assert.ok(schema.includes(`name="${name}"`), `zookit-feed.xsd: ${name}`);
  }
});

/** An example of the README as a whole feed: some are entries, some stand inside one. */
function asFeed(example: string): string {
  if (example.trimStart().startsWith('<?xml')) return example.trimStart();
  const installer = example.startsWith('<installer>') ? `<installers>${example}</installers>` : example;
  const entry = example.startsWith('<entry>')
    ? example
    : `<entry><productId>A</productId>${installer}</entry>`;
  return `<feed xmlns:zk="urn:zookit:feed:1">${entry}</feed>`;
}

test('the examples of the README are read without a warning', () => {
  const readme = readFileSync(new URL('feed/README.md', top), 'utf8').replaceAll(
    'PUT-THE-HASH-HERE',
    '0'.repeat(64),
  );
  const examples = [...readme.matchAll(/``` *xml\n([^`]*)```/g)].map((match) => match[1] ?? '');
  const whole = examples.filter((example) => !example.startsWith('<feed') || example.includes('</feed>'));
  assert.ok(whole.length > 10);
  // One is written to be filled in by `feed pin`.
  const waiting = ["'zk:pythonPackages' without a package", 'installer that cannot be used is left out'];
  for (const example of whole) {
    const { warnings } = parseFeed(asFeed(example), '/feed.xml');
    const toFill = example.includes('<zk:pythonPackages/>') ? waiting : [];
    assert.deepEqual(
      warnings.map(({ message }) => message).filter((message) => !toFill.includes(message)),
      [],
      example,
    );
  }
});

const xmllint = spawnSync('xmllint', ['--version']).error ? 'xmllint is not installed' : false;

test('the schema takes what the reader takes, and refuses wrong values', { skip: xmllint }, () => {
  const schema = fileURLToPath(new URL('feed/zookit-feed.xsd', top));
  const validate = (input: string): { status: number | null; stderr: string } =>
    spawnSync('xmllint', ['--noout', '--schema', schema, '-'], { input, encoding: 'utf8' });
  const good = ['additions.xml', 'webpi.xml', 'good-two-architectures.xml', 'bad-cycle.xml'].map(feedFixture);
  for (const text of [...good, readFileSync(new URL('feed/feed.xml', top), 'utf8')]) {
    const { status, stderr } = validate(text);
    assert.equal(status, 0, stderr);
  }
  const { status, stderr } = validate(
    feedFixture('slips.xml').replace('https://www.w3.org', 'http://www.w3.org'),
  );
  assert.notEqual(status, 0);
  assert.match(stderr, /beos/);
});

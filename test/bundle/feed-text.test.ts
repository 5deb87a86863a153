// Writing a feed and reading it again gives the same entries: those of the built-in feed, of the fixtures, of a large list in
// WebPI's way, and random ones.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { feedText } from '../../src/bundle/feed-text.js';
import { decodeXml } from '../../src/lib/decode.js';
import { parseFeed } from '../../src/feed/parse.js';
import type { Dependency, DiscoveryHint, Entry, Feed, Installer, InstallerAction } from '../../src/types.js';
import { builtInFeed } from '../../src/paths.js';
import type { Random } from '../helpers/random.js';
import { seeded } from '../helpers/random.js';
import { seed } from '../helpers/moments.js';
import { webpiList } from '../helpers/webpi-list.js';

const fixtures = fileURLToPath(new URL('../../../test/fixtures/feeds/', import.meta.url));

/** Addresses of a feed from the web have no relative twin that could be written; lines are the text's own. */
function entriesOf({ entries }: Feed): Entry[] {
  return entries.map((entry) => ({ ...entry, line: 0 }));
}

function again(feed: Feed, address = feed.address): Entry[] {
  const { defaultLanguage } = feed;
  const text = feedText({ ...feed, ...(defaultLanguage ? { defaultLanguage } : {}) }, feed.entries);
  const read = parseFeed(text, address);
  assert.deepEqual([...read.keywords], [...feed.keywords]);
  assert.deepEqual(read.tabs, feed.tabs);
  assert.equal(read.defaultLanguage, feed.defaultLanguage);
  return entriesOf(read);
}

test('the built-in feed', () => {
  const feed = parseFeed(readFileSync(builtInFeed, 'utf8'), builtInFeed);
  const read = parseFeed(feedText(feed, feed.entries), builtInFeed);
  assert.deepEqual(entriesOf(read), entriesOf(feed));
  assert.deepEqual(read.warnings, []);
});

test('every fixture that is a feed, and a list of WebPI', () => {
  const texts = readdirSync(fixtures)
    .filter((name) => /^(?!bad-(entity|not)|texts).*\.xml$/.test(name))
    .map((name) => [join(fixtures, name), decodeXml(readFileSync(join(fixtures, name)))] as const);
  assert.ok(texts.length > 0);
  for (const [address, text] of [...texts, ['/lists/webpi.xml', webpiList(200)] as const]) {
    const feed = parseFeed(text, address);
    assert.deepEqual(again(feed), entriesOf(feed), address);
  }
});

test('a drive of Windows, a share and the web keep their addresses', () => {
  for (const address of ['E:\\feeds\\x.xml', '\\\\server\\feeds\\x.xml', 'https://x.test/feeds/x.xml']) {
    const feed = parseFeed(readFileSync(builtInFeed, 'utf8'), address);
    assert.deepEqual(again(feed), entriesOf(feed), address);
  }
});

const hash = 'ab'.repeat(32);
const words = ['a', 'B c', '<&>"\'', '100%', 'ü ß', 'x|y', '$(id)', ']]>', 'C:\\a b\\', 'tab\there', '=1'];

function tree(random: Random, depth: number): Dependency {
  const os = random.chance(0.2) ? { os: random.pick(['windows', 'linux', 'macos'] as const) } : {};
  if (depth === 0 || random.chance(0.4)) {
    const range = random.chance(0.5) ? { range: random.pick(['>=1 <2', '1.x', '*']) } : {};
    if (random.chance(0.1)) return { kind: 'shared', id: 'some', ...os };
    return { kind: 'product', id: random.pick(['A', 'B', 'C.d']), ...range, ...os };
  }
  const of = Array.from({ length: 2 + random.below(3) }, () => tree(random, depth - 1));
  return { kind: random.pick(['all', 'any'] as const), of, ...os };
}

function hint(random: Random, depth: number): DiscoveryHint {
  if (depth > 0 && random.chance(0.5)) {
    if (random.chance(0.3)) {
      const of = hint(random, depth - 1);
      // What is never found, negated, is read as never found.
      return of.kind === 'any' && of.of.length === 0 ? of : { kind: 'not', of };
    }
    const of = Array.from({ length: 2 + random.below(2) }, () => hint(random, depth - 1));
    return { kind: random.pick(['all', 'any'] as const), of };
  }
  const version = random.chance(0.5) ? { minimumVersion: '1.2.3' } : {};
  return random.pick<DiscoveryHint>([
    { kind: 'any', of: [] },
    { kind: 'shared', id: 'hint' },
    {
      kind: 'registry',
      keyPath: 'HKLM\\A',
      values: [{ name: 'n', text: '' }, { text: '1' }, {}],
      ...version,
    },
    { kind: 'registry', keyPath: 'HKLM\\B & C', values: [], maximumVersion: '9', ...version },
    { kind: 'file', path: '%windir%\\a b.dll', ...version },
    { kind: 'file', path: '%windir%\\c.dll', maximumVersion: '9', ...version },
    { kind: 'msiProduct', code: '{1}' },
    { kind: 'msiPatch', code: '{2}' },
    { kind: 'python', range: '>=3.10' },
    { kind: 'pythonPackage', name: 'x-y' },
    { kind: 'command', program: 'uv', arguments: ['--version'], match: '^uv "?(\\d+)<' },
  ]);
}

function action(random: Random): InstallerAction {
  const files = [{ url: '/feeds/50% off/a b.py', path: 'a b.py', sha256: hash }];
  const returnCodes = [
    { code: -2147024891, outcome: 'failure' as const, message: random.pick(words).replace(/\s+/g, ' ') },
    { code: 3010, outcome: 'successRebootRequired' as const },
  ];
  const command = { program: '%InstallerFile%', arguments: ' /q "a b"'.trim(), properties: 'X="1"' };
  return random.pick<InstallerAction>([
    { kind: 'archive', strip: random.below(3), into: 'a/b', register: 'python' },
    { kind: 'archive', strip: 0, into: '' },
    { kind: 'payload', files, into: 'x' },
    {
      kind: 'python',
      python: '>=3.10',
      packages: [pinned('x'), { ...pinned('y'), marker: 'os_name == "nt"' }],
    },
    { kind: 'template', href: '/feeds/a#b?c' },
    { kind: 'script', files, run: ['python', random.pick(words).trim()], undo: [], returnCodes },
    { kind: 'system', packages: [{ manager: 'apt', names: ['a', 'b:amd64'] }] },
    { kind: 'exe', commands: [{ ...command, kind: 'cmdline', ignoreExitCode: true, returnCodes }] },
    { kind: 'unzip', commands: [{ ...command, kind: 'unzip', ignoreExitCode: false, returnCodes: [] }] },
    { kind: 'feature', names: ['IIS-CGI', 'IIS-WebServer'] },
    { kind: 'webdeploy', startPage: 'index.py' },
    { kind: 'hosting' },
    { kind: 'iis' },
    { kind: 'none' },
  ]);
}

function pinned(name: string): {
  name: string;
  version: string;
  files: { name: string; size: number; sha256: string }[];
} {
  return {
    name,
    version: '1!2.0+local',
    files: [{ name: `${name}-2.0-py3-none-any.whl`, size: 12, sha256: hash }],
  };
}

function installer(random: Random, index: number): Installer {
  const file = { url: 'https://x.test/a%20b.zip?x=1&y=2', size: 1 + random.below(9_999_999), sha256: hash };
  return {
    id: `i${index}`,
    action: action(random),
    languages: random.chance(0.3) ? ['de', 'pt-br'] : [],
    architectures: random.chance(0.3) ? ['x64', 'arm64'] : [],
    ...(random.chance(0.3) ? { osList: { idref: 'server' } } : {}),
    ...(random.chance(0.3)
      ? {
          osList: {
            rules: [
              { minimum: '6.1', maximum: '10.0.1', types: ['Server'] },
              { idref: 'x', types: [] },
            ],
          },
        }
      : {}),
    platforms: random.chance(0.3) ? [{ os: 'linux', arch: 'x64', libc: 'musl' }, { os: 'windows' }] : [],
    file: random.chance(0.5)
      ? file
      : { url: '/local/100%/x.zip', relativeUrl: '/feeds/y 100%.zip', sha1: 'ab'.repeat(20) },
    ...(random.chance(0.3) ? { eulaUrl: 'https://x.test/eula' } : {}),
    logFiles: random.chance(0.3) ? ['%TEMP%\\*.log'] : [],
    ...(random.chance(0.3) ? { showsUi: true, helpLink: 'help.htm' } : {}),
    ...(random.chance(0.3) ? { postFinish: { path: 'a.exe', description: random.pick(words).trim() } } : {}),
  };
}

function entry(random: Random, index: number): Entry {
  const say = (): string => random.pick(words).replace(/\s+/g, ' ').trim();
  return {
    productId: `P${index}`,
    version: random.pick(['', '1.0', 'R2 <beta>']),
    title: say(),
    summary: random.pick(['', say()]),
    longSummary: random.pick(['', say()]),
    author: random.pick(['', say()]),
    ...(random.chance(0.5)
      ? { link: 'https://x.test/', published: '2026-01-01', family: 'f', terms: say() }
      : {}),
    ...(random.chance(0.5) ? { icon: '/feeds/icons/a b.png', license: 'MIT OR Apache-2.0' } : {}),
    keywords: random.chance(0.5) ? ['Engines', 'x y'] : [],
    aliases: random.chance(0.5) ? ['alias'] : [],
    recommended: random.chance(0.5),
    environment: random.chance(0.5),
    flags: random.chance(0.5) ? ['searchExclude', 'noUpgrade'] : [],
    parameters: [
      {
        name: 'Db Server',
        type: 'choice',
        title: say(),
        default: '',
        tags: ['DbServer', 'Sql'],
        choices: [{ value: say() }, { value: 'b', title: say(), product: 'B', range: '>=1' }],
      },
      {
        name: 'Secret',
        type: 'password',
        title: say(),
        tags: [],
        choices: [],
        when: { parameter: 'Db Server', values: ['a', 'b'] },
      },
    ],
    ...(random.chance(0.8) ? { dependency: tree(random, 3) } : {}),
    related: random.chance(0.5) ? ['R1', 'R2'] : [],
    updates: random.chance(0.5) ? ['U1', 'U2'] : [],
    incompatibilities: random.chance(0.5)
      ? [
          { kind: 'product', id: 'X', message: say() },
          { kind: 'process', name: 'w3wp', message: '' },
        ]
      : [],
    ...(random.chance(0.8) ? { hint: hint(random, 3) } : {}),
    installers: Array.from({ length: random.below(4) }, (_, each) => installer(random, each)),
    line: 0,
  };
}

test('random entries', () => {
  const random = seeded(seed);
  for (let round = 0; round < 100; round++) {
    const entries = [entry(random, 1), entry(random, 2)];
    const head = { title: 'T', keywords: new Map<string, string>(), tabs: [] };
    const read = parseFeed(feedText(head, entries), '/feeds/x.xml');
    assert.deepEqual(entriesOf(read), entries, `ZOOKIT_SEED=${seed}, round ${round}`);
  }
});

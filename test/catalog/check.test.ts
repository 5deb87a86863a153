// What `zookit feed check` says of a feed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { checkFeeds } from '../../src/catalog/check.js';
import { parseFeed } from '../../src/feed/parse.js';
import type { Dependency, Feed } from '../../src/types.js';
import { all, any, entryOf, feedFixture, feedOf } from '../helpers/feeds.js';

function check(...feeds: readonly Feed[]): string[] {
  const findings = checkFeeds(feeds, buildCatalog(feeds));
  return findings.map((each) => `${each.severity} ${each.line} ${each.entry ?? '-'}: ${each.message}`);
}

function checkFile(name: string): string[] {
  return check(parseFeed(feedFixture(name), `/feeds/${name}`));
}

test('a good feed has no findings', () => {
  assert.deepEqual(checkFile('good-two-architectures.xml'), []);
});

test('a cycle is named in full', () => {
  assert.deepEqual(checkFile('bad-cycle.xml'), ['error 4 A: needs itself: A -> B -> C -> A']);
});

test('everything that is wrong in entries is found', () => {
  assert.deepEqual(checkFile('bad-everything.xml'), [
    "error 5 Asks: choice 'b' of 'Choice' brings 'Nowhere', which no feed declares",
    "error 5 Asks: parameter 'Choice' has the default 'c', which is none of its choices",
    "error 5 Asks: parameter 'Empty' has no choices",
    "error 5 Asks: parameter 'Late' hangs on 'Never', which is not asked",
    "warning 5 Asks: keyword 'Unseen' is shown by no tab",
    "error 12 Asks: 'Asks' 1 is there already, it is dropped",
    "error 13 Needs: needs 'Asks' with '=>1', which is no range",
    "warning 13 Needs: needs 'Asks' >=9, and no version in the feeds fits",
    "warning 13 Needs: needs 'Gone', which no feed declares",
    "error 13 Needs: needs 'Lost', which no feed declares",
    "error 23 Fetches: file 'https://x.test/a.msi' of installer 1 has no hash",
    'error 23 Fetches: has no installer that fits any platform',
    'warning 30 Ghost: can be neither found nor installed: it has no hint and no installer',
    "error 31 PinsOne: 'Shared.Lib' 1.0 is pinned without a file",
    "error 31 PinsOne: looks for Python 'three', which is no range",
    "error 35 PinsTwo: Python packages for 'newest', which is no range",
    "error 35 PinsTwo: pins 'shared-lib' 2.0, but 'PinsOne' pins 1.0",
  ]);
});

test('a cycle that another branch leads around is a doubt, one on different systems is none', () => {
  const on = (id: string, os: 'windows' | 'linux'): Dependency => ({ kind: 'product', id, os });
  const feed = feedOf('/a', [
    entryOf('A', '1', { dependency: any('B', 'C') }),
    entryOf('B', '1', { dependency: all('A', 'C') }),
    entryOf('C', '1'),
    entryOf('D', '1', { dependency: on('E', 'windows') }),
    entryOf('E', '1', { dependency: on('D', 'linux') }),
    entryOf('F', '1', { dependency: { kind: 'product', id: 'f' } }),
  ]);
  assert.deepEqual(check(feed), [
    'warning 10 A: may need itself: A -> B -> A',
    'error 15 F: needs itself: F -> F',
  ]);
});

test('versions of one product may pin different closures, two products may not disagree', () => {
  const pinning = (id: string, version: string, pinned: string) =>
    entryOf(id, version, {
      installers: [
        {
          id: '1',
          action: {
            kind: 'python',
            python: '',
            packages: [
              { name: 'asgiref', version: pinned, files: [{ name: 'a.whl', sha256: '0'.repeat(64) }] },
            ],
          },
          languages: [],
          architectures: [],
          platforms: [],
          logFiles: [],
        },
      ],
    });
  const feed = feedOf('/a', [
    pinning('Django', '5', '3.8'),
    pinning('Django', '6', '3.9'),
    pinning('Channels', '4', '3.9'),
  ]);
  assert.deepEqual(check(feed), []);
  const worse = feedOf('/a', [...feed.entries, pinning('Daphne', '4', '3.7')]);
  assert.deepEqual(check(worse), ["error 13 Daphne: pins 'asgiref' 3.7, but 'Django' pins 3.8 or 3.9"]);
});

test('findings are those of each feed, in their order', () => {
  const feeds = [
    feedOf('/b', [entryOf('B', '1', { dependency: all('Gone', 'B2') }), entryOf('B2', '1')]),
    feedOf('/a', [entryOf('b', '9')]),
  ];
  const findings = checkFeeds(feeds, buildCatalog(feeds));
  assert.deepEqual(
    findings.map((each) => [each.address, each.severity]),
    [
      ['/b', 'error'],
      ['/a', 'warning'],
    ],
  );
});

test('a feed from the web that names paths, and files without any hash beside a feed on disk', () => {
  const [installer] = entryOf('A', '1').installers;
  assert.ok(installer);
  const installers = [{ ...installer, file: { url: '\\\\server\\share\\a.zip' } }];
  const entries = [entryOf('A', '1', { installers })];
  const hash = "file '\\\\server\\share\\a.zip' of installer 1 has no hash";
  assert.deepEqual(check(feedOf('/a', entries)), [`warning 10 A: ${hash}`]);
  assert.deepEqual(check(feedOf('https://x.test/a', entries)), [
    `warning 10 A: ${hash}`,
    "warning 10 A: 'A' of a feed from the web names the path '\\\\server\\share\\a.zip'",
  ]);
});

test('a skeleton is a folder on a disk, not one on the web', () => {
  const template = (href: string): Feed => {
    const [installer] = entryOf('A', '1').installers;
    assert.ok(installer);
    return feedOf('/a', [
      entryOf('A', '1', { installers: [{ ...installer, action: { kind: 'template', href } }] }),
    ]);
  };
  assert.deepEqual(check(template('/templates/shop')), []);
  assert.match(
    check(template('https://x.test/shop')).join(),
    /^error 10 A: template of installer 1 is a folder/,
  );
});

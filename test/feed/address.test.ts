// Addresses as feeds and people write them, on any system.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedAddress, pathInside, resolveAddress, resolveRelative } from '../../src/feed/address.js';
import { withoutCredentials } from '../../src/lib/credentials.js';

test('relative addresses are resolved against a URL, a Windows path, a share and a path', () => {
  const cases = [
    ['https://x.test/feeds/main.xml', '../files/a%20b.zip', 'https://x.test/files/a%20b.zip'],
    ['https://x.test/feeds/main.xml', '?linkid=7', 'https://x.test/feeds/main.xml?linkid=7'],
    ['C:\\feeds\\latest\\main.xml', '../files/a%20b.zip', 'C:\\feeds\\files\\a b.zip'],
    ['\\\\server\\share\\main.xml', 'sub\\a.zip', '\\\\server\\share\\sub\\a.zip'],
    ['/srv/feeds/main.xml', 'sub\\a.zip', '/srv/feeds/sub/a.zip'],
  ] as const;
  for (const [base, reference, expected] of cases) assert.equal(resolveAddress(base, reference), expected);
});

test('absolute addresses stay what they are wherever the feed lies', () => {
  const cases = [
    ['https://y.test/a.zip', 'https://y.test/a.zip'],
    ['C:\\files\\a.zip', 'C:\\files\\a.zip'],
    ['c:/files/a.zip', 'c:\\files\\a.zip'],
    ['\\\\server\\share\\a.zip', '\\\\server\\share\\a.zip'],
    ['file:///C:/files/a%20b.zip', 'C:\\files\\a b.zip'],
    ['file://C:/files/a.zip', 'C:\\files\\a.zip'],
    ['file://server/share/a.zip', '\\\\server\\share\\a.zip'],
    ['file:///srv/a.zip', '/srv/a.zip'],
    ['file://localhost/srv/a.zip', '/srv/a.zip'],
  ] as const;
  for (const base of ['https://x.test/feed.xml', 'D:\\feed.xml', '/feed.xml'])
    for (const [reference, expected] of cases) assert.equal(resolveAddress(base, reference), expected);
});

test('what is no address is none', () => {
  assert.equal(resolveAddress('https://x.test/', ''), undefined);
  assert.equal(resolveAddress('https://x.test/', 'http://['), undefined);
});

test('addresses of offline caches are escaped exactly once, and only for HTTP', () => {
  const written = '..\\..\\installers\\A 100%\\a.msi';
  const escaped = 'https://x.test/installers/A%20100%25/a.msi';
  assert.equal(resolveRelative('https://x.test/feeds/latest/main.xml', written), escaped);
  assert.equal(resolveRelative('E:\\feeds\\latest\\main.xml', written), 'E:\\installers\\A 100%\\a.msi');
  assert.equal(resolveRelative('/media/feeds/latest/main.xml', written), '/media/installers/A 100%/a.msi');
});

test('feeds are named by URL, file URL and path', () => {
  assert.equal(feedAddress('https://X.test/feed.xml'), 'https://x.test/feed.xml');
  assert.equal(feedAddress('file:///srv/feed.xml'), '/srv/feed.xml');
  assert.equal(feedAddress('C:\\feeds\\..\\feed.xml'), 'C:\\feed.xml');
});

test('paths inside a folder neither climb nor name a drive', () => {
  assert.equal(pathInside('a/b\\c.py'), 'a/b/c.py');
  assert.equal(pathInside(''), '');
  for (const path of [
    '../a',
    'a/../../b',
    '/a',
    'C:/a',
    'a//b',
    './a',
    'a\u0000b',
    '\\\\server\\a',
    'a/nul',
    'a./b',
  ])
    assert.equal(pathInside(path), undefined, path);
});

test('credentials are not shown', () => {
  assert.equal(withoutCredentials('https://user:secret@x.test/feed.xml'), 'https://x.test/feed.xml');
});

// Names that strangers choose: an address of a feed becomes a name that every disk takes, an id is none that Windows keeps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFeed } from '../../src/feed/parse.js';
import { fileNameFrom, nameProblem } from '../../src/lib/file-name.js';

test('the last part of an address becomes a name for every disk', () => {
  for (const [address, name] of [
    ['https://host/a/setup.exe?x=1#y', 'setup.exe'],
    ['C:\\feeds\\setup.msi', 'setup.msi'],
    ['https://host/a:b*c|d.zip', 'a_b_c_d.zip'],
    ['https://host/nul.exe', '_nul.exe'],
    ['https://host/name. .', 'name'],
    ['https://host/.zookit-1-2-new', '_.zookit-1-2-new'],
    ['https://host/', 'host'],
    ['https://host/..', 'download'],
    ['', 'download'],
  ] as const) {
    assert.equal(fileNameFrom(address), name, address);
  }
  const long = fileNameFrom(`https://host/${'ä'.repeat(4000)}.tar.gz`);
  assert.match(long, /^ä{56}\.tar\.gz$/);
  assert.equal(fileNameFrom('x'.repeat(4000)), 'x'.repeat(120));
});

test('no file and no product is called what Windows would make something else of', () => {
  for (const name of ['CON', 'con.txt', 'nul', 'LPT1.exe', 'COM¹', 'a.', 'a ', 'a:b', 'a\u0007', 'a?'])
    assert.ok(nameProblem(name), name);
  for (const name of ['console', 'a.b', '.env', 'com10', '.'])
    assert.equal(nameProblem(name), undefined, name);
  const ids = ['Foo', 'Foo.', 'AUX', 'lpt1.x', 'Foo Bar', 'a:b', '..', 'a,b', 'a@1'];
  const entries = ids.map((id) => `<entry><productId>${id}</productId></entry>`).join('');
  const feed = parseFeed(`<feed>${entries}</feed>`, '/feed.xml');
  assert.deepEqual(
    feed.entries.map(({ productId }) => productId),
    ['Foo', 'Foo Bar'],
  );
});

// A closure goes into the one entry it is for; every other byte of the feed file stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { parseFeed } from '../../src/feed/parse.js';
import { closureXml } from '../../src/feed/pin-xml.js';
import type { PinnedClosure } from '../../src/feed/pin.js';
import { savePins } from '../../src/feed/save-pins.js';

const closure: PinnedClosure = {
  requirement: { name: 'django', extras: [], version: '5.2' },
  python: '>=3.10 <3.15',
  packages: [
    {
      name: 'Django',
      version: '5.2',
      files: [{ name: 'django-5.2-py3-none-any.whl', size: 12, sha256: 'a'.repeat(64) }],
    },
    {
      name: 'tzdata',
      version: '2026.6',
      marker: 'python_version < "3.9" and os_name == \'nt\'',
      files: [{ name: 'tzdata-2026.6-py2.py3-none-any.whl', sha256: 'b'.repeat(64) }],
    },
  ],
  leftOut: [],
};

const before = `<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:zk="urn:zookit:feed:1">
  <!-- <entry><version>5.2</version><zk:pythonPackages/></entry> a comment with a tag and a > -->
  <entry>
    <productId>Django</productId><title>Django 6</title>
    <version>6.0</version>
    <discoveryHint><zk:pythonPackage name="Django"/></discoveryHint>
    <installers><installer><zk:pythonPackages python="&gt;=3.12"><zk:package name="Django" version="6.0"><zk:file name="django-6.0-py3-none-any.whl" sha256="${'c'.repeat(64)}"/></zk:package></zk:pythonPackages></installer></installers>
  </entry>
  <entry>
    <productId>Web</productId><title>Django &amp; "more" > less</title>
    <version>5.2</version>
    <summary><![CDATA[<zk:pythonPackages/>]]></summary>
    <discoveryHint><zk:pythonPackage name="Django"/></discoveryHint>
    <installers>
      <installer>
        <id>1</id>
        `;
const old = `<zk:pythonPackages python="1 > 0">
          <zk:package name="old" version="1"/>
        </zk:pythonPackages>`;
const behind = `
      </installer>
    </installers>
  </entry>
</feed>
`;

test('replaces the element of the entry that the hint and the version name', () => {
  const saved = savePins(before + old + behind, closure);
  assert.equal(saved, before + closureXml(closure, ' '.repeat(8)) + behind);
  const feed = parseFeed(saved, '/feed.xml');
  const action = feed.entries[1]?.installers[0]?.action;
  assert.deepEqual(feed.warnings, []);
  assert.deepEqual(action, { kind: 'python', python: closure.python, packages: closure.packages });
  assert.equal(savePins(saved, closure), saved, 'a second time changes nothing');
});

test('fills an empty element, keeps CRLF and the prefix of the file', () => {
  const text = (before + '<zk:pythonPackages/>' + behind)
    .replaceAll('zk:', 'zoo:')
    .replace('xmlns:zk', 'xmlns:zoo');
  const saved = savePins(text.replaceAll('\n', '\r\n'), closure);
  assert.ok(
    saved.includes(
      '<zoo:package name="tzdata" version="2026.6" marker="python_version &lt; &quot;3.9&quot; and',
    ),
  );
  assert.equal(saved.replaceAll('\r\n', '').includes('\n'), false);
  assert.deepEqual(parseFeed(saved, '/feed.xml').entries[1]?.installers[0]?.action, {
    kind: 'python',
    python: closure.python,
    packages: closure.packages,
  });
});

test('an entry is also found by its productId', () => {
  const text = (before + old + behind)
    .replaceAll('name="Django"', 'name="other"')
    .replace('>Web<', '>DJANGO<');
  assert.ok(savePins(text, closure).includes('django-5.2-py3-none-any.whl'));
});

test('no place for the pins, or no XML: an error that says which', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [before + behind, /no zk:pythonPackages element/],
    [
      (before + old + behind).replace('>5.2</version>\n    <summary>', '>5.1</version>\n    <summary>'),
      /No entry of that version/,
    ],
    ['<feed><entry></feed>', /line 1/],
  ];
  for (const [text, reason] of cases) {
    assert.throws(
      () => savePins(text, closure),
      (error) =>
        error instanceof AppError &&
        error.code === 'FEED_INVALID' &&
        reason.test([error.message, ...error.details].join()),
    );
  }
});

// The WebPI format as real lists use it: what is read, what is warned about, what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { parseFeed } from '../../src/feed/parse.js';
import { parseResources } from '../../src/feed/resources.js';
import type { Entry, Feed } from '../../src/types.js';
import { feedFixture } from '../helpers/feeds.js';

const webpi = parseFeed(feedFixture('webpi.xml'), 'https://x.test/feeds/main.xml');

function entry(feed: Feed, id: string): Entry {
  const found = feed.entries.find((each) => each.productId === id);
  assert.ok(found, `entry '${id}'`);
  return found;
}

function messages(feed: Feed): string[] {
  return feed.warnings.map((warning) => `${warning.line} ${warning.entry ?? '-'}: ${warning.message}`);
}

test('a WebPI list loads whole and without a warning', () => {
  assert.deepEqual(messages(webpi), []);
  assert.deepEqual(
    webpi.entries.map((each) => each.productId),
    ['Blog', 'Runtime'],
  );
  assert.equal(webpi.title, 'Every WebPI element once');
  assert.equal(webpi.updated, '2009-3-17T16:30:00Z');
  assert.equal(webpi.defaultLanguage, 'en');
  assert.deepEqual([...(webpi.resources ?? [])], [['de', 'https://x.test/feeds/texts/de.xml']]);
});

test('fields are read from the entry, else from its metadata', () => {
  const blog = entry(webpi, 'Blog');
  assert.equal(blog.title, 'Blog');
  assert.equal(blog.version, 'June 2012');
  assert.equal(blog.author, 'X');
  assert.equal(blog.link, 'https://x.test/blog');
  assert.equal(blog.family, 'Apps');
  assert.deepEqual(blog.keywords, ['Apps', 'PHP']);
  assert.deepEqual(blog.flags, ['searchExclude', 'noUpgrade']);
});

test('relations, and updates told from either side', () => {
  const blog = entry(webpi, 'Blog');
  assert.deepEqual(blog.updates, ['BlogUpdate']);
  assert.deepEqual(entry(webpi, 'Runtime').updates, ['Blog']);
  assert.deepEqual(blog.incompatibilities, [
    { kind: 'product', id: 'BlogBeta', message: 'Remove the beta first.' },
    { kind: 'process', name: 'devenv', message: '' },
  ]);
});

test('shared rules keep their references until all feeds are there', () => {
  assert.deepEqual(entry(webpi, 'Blog').dependency, { kind: 'shared', id: 'Stack' });
  assert.deepEqual(webpi.dependencies.get('stack'), {
    kind: 'any',
    of: [
      { kind: 'product', id: 'RUNTIME' },
      { kind: 'shared', id: 'Elsewhere' },
    ],
  });
  assert.deepEqual(entry(webpi, 'Runtime').hint, {
    kind: 'all',
    of: [
      { kind: 'shared', id: 'DH_Key' },
      { kind: 'not', of: { kind: 'msiProduct', code: '{1}' } },
    ],
  });
  assert.deepEqual(webpi.hints.get('dh_key'), {
    kind: 'registry',
    keyPath: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme',
    values: [{ name: 'V' }],
    minimumVersion: '1.0',
  });
  assert.equal(entry(webpi, 'Blog').hint, undefined);
});

test('an installer with its limits, file, licence and manners', () => {
  assert.deepEqual(entry(webpi, 'Blog').installers, [
    {
      id: '1',
      action: { kind: 'webdeploy', startPage: '/install.php' },
      languages: ['en', 'zh-cn'],
      architectures: ['x86', 'x64'],
      osList: { idref: 'Vista' },
      platforms: [],
      file: { url: 'https://x.test/blog.zip', sha1: '0123456789abcdef0123456789abcdef01234567' },
      eulaUrl: 'https://x.test/eula',
      logFiles: [],
      showsUi: true,
      postFinish: { path: 'https://x.test/done', description: 'Done' },
    },
  ]);
});

test('commands keep their order and their letters, the first one gives the kind', () => {
  const [msi, msu, feature, exe] = entry(webpi, 'Runtime').installers;
  assert.ok(msi?.action.kind === 'msi');
  assert.deepEqual(
    msi.action.commands.map((each) => [each.kind, each.program, each.arguments, each.properties]),
    [
      ['msi', '%InstallerFile%', '', 'ALLUSERS=1'],
      ['cmdline', '%windir%\\system32\\cmd.exe', '/C "echo "a b""', ''],
      ['unzip', '%InstallerFile%', '%TEMP%\\x', ''],
    ],
  );
  assert.deepEqual(msi.action.commands[0]?.returnCodes, [
    { code: -2067919934, outcome: 'failureRebootRequired', message: 'Restart first.' },
    { code: -2067919934, outcome: 'failure' },
  ]);
  assert.deepEqual(msi.file, { url: 'C:\\files\\runtime.msi', size: 102_400 });
  assert.equal(msu?.action.kind, 'msu');
  assert.deepEqual(feature?.action, { kind: 'feature', names: ['IIS-CGI'] });
  assert.equal(exe?.action.kind, 'exe');
});

test('versions of Windows keep as many parts as are written', () => {
  assert.deepEqual(entry(webpi, 'Runtime').installers[0]?.osList, {
    rules: [
      { minimum: '6.1.1', maximum: '6.1', types: ['Server', 'ServerCore'] },
      { idref: 'Seven', types: [] },
    ],
  });
  assert.deepEqual(webpi.osLists.get('vista'), [{ minimum: '6', types: [] }]);
  assert.deepEqual(webpi.oses.get('seven'), { minimum: '6.1', types: [] });
});

test('tabs of all versions of the format', () => {
  assert.deepEqual(webpi.tabs, [
    { id: 'Applications', name: 'Our applications', description: 'Pick one', keywordIds: ['Apps'] },
    { id: 'Old', name: 'Old', description: '', keywordIds: ['PHP'] },
  ]);
  assert.deepEqual(
    [...webpi.keywords],
    [
      ['Apps', 'Applications'],
      ['PHP', 'PHP'],
    ],
  );
});

test('texts of a culture come before the inline ones', () => {
  const strings = parseResources(feedFixture('texts-de.xml'), 'texts-de.xml');
  const feed = parseFeed(feedFixture('webpi.xml'), '/main.xml', { strings });
  assert.equal(entry(feed, 'Blog').title, 'Tagebuch');
  assert.equal(entry(feed, 'Blog').summary, 'Writes.');
  assert.equal(feed.keywords.get('Apps'), 'Anwendungen');
});

test('slips of real lists are read, each with a warning that names line and entry', () => {
  const feed = parseFeed(feedFixture('slips.xml'), '/slips.xml');
  assert.deepEqual(
    feed.entries.map((each) => each.productId),
    ['Nested', 'Twice', 'Slim', 'Misspelt'],
  );
  const nested = entry(feed, 'Nested');
  assert.equal(nested.summary, 'Upper case, two lines');
  assert.equal(nested.title, 'Nested');
  assert.deepEqual(nested.dependency, { kind: 'product', id: 'Other' });
  assert.deepEqual(nested.related, ['One', 'Two']);
  const [installer] = nested.installers;
  assert.equal(installer?.eulaUrl, 'https://x.test/eula');
  assert.deepEqual(installer.osList, { rules: [{ minimum: '6', types: [] }] });
  assert.deepEqual(installer.file, { url: 'https://x.test/a.exe' });
  assert.deepEqual(installer.logFiles, ['%ProgramFiles%\\a.log']);
  assert.deepEqual(entry(feed, 'Twice').hint, {
    kind: 'registry',
    keyPath: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme',
    values: [
      { name: 'A', text: '1' },
      { name: 'B', text: '2' },
    ],
  });
  assert.equal(entry(feed, 'Twice').installers[0]?.id, '7');
  const minimum = { kind: 'file', path: '%windir%\\a.dll', minimumVersion: '1.2' };
  assert.deepEqual(entry(feed, 'Slim').hint, minimum);
  assert.deepEqual(messages(feed), [
    "5 -: 'productId' stands inside itself",
    '8 Nested: empty productId in a dependency',
    '8 Nested: dependency without a product',
    "11 Nested: 'fileSize' outside of an installerFile is ignored",
    "13 Nested: 'eulaURL' stands inside itself",
    '14 Nested: osList inside an os, its rules are taken',
    "16 Nested: fileSize 'many' is no number and is ignored",
    "16 Nested: hash '123' has not 40 hex digits and is ignored",
    "17 Nested: '%Program Files%' is taken as %ProgramFiles%",
    '21 Twice: several productIds, the first one counts',
    '25 Twice: several values in one registry hint, all must fit',
    "31 Twice: installer outside of 'installers'",
    "35 Slim: 'minimalVersion' is taken as minimumVersion",
    '37 -: entry without a productId is left out',
    "38 -: entry with the unusable productId '..\\climbs' is left out",
    "41 Misspelt: unknown addition 'zk:recomended'",
    "42 Misspelt: attribute 'zk:rang' has no meaning on 'productId'",
    "42 Misspelt: unknown system 'beos', the dependency is taken as needed everywhere",
    "44 Misspelt: unknown os 'beos'",
    '44 Misspelt: installer that cannot be used is left out',
    "45 Misspelt: 'into' must stay inside the product's folder",
    '45 Misspelt: installer that cannot be used is left out',
    "46 Misspelt: 'zk:file' needs an href, and a path that stays inside the product's folder",
    '46 Misspelt: installer that cannot be used is left out',
    '47 Misspelt: installer without the installerFile that it needs is left out',
  ]);
});

test('byte order mark, CRLF, another case, another namespace and none change nothing', () => {
  const text = feedFixture('webpi.xml');
  const variants = [
    `\uFEFF${text}`,
    text.replaceAll('\n', '\r\n'),
    text.replace('http://www.w3.org', 'https://www.w3.org'),
    text.replace(' xmlns="http://www.w3.org/2005/Atom"', ''),
    text.replace(
      /<(\/?)([a-z][A-Za-z0-9]*)/g,
      (_, slash: string, name: string) => `<${slash}${name.toUpperCase()}`,
    ),
  ];
  for (const variant of variants) {
    const feed = parseFeed(variant, 'https://x.test/feeds/main.xml');
    assert.deepEqual(withoutTypes(feed.entries), withoutTypes(webpi.entries));
    assert.deepEqual(feed.warnings, []);
  }
});

/** Editions are kept as spelled, which the variant in capitals changes. */
function withoutTypes(entries: readonly Entry[]): unknown {
  return JSON.parse(JSON.stringify(entries).replaceAll(/"types":\[[^\]]*\]/g, '"types":[]'));
}

test('what is not well-formed is refused with file and line', () => {
  assert.throws(
    () => parseFeed(feedFixture('bad-not-well-formed.xml'), 'C:\\feeds\\bad.xml'),
    (error) =>
      error instanceof AppError &&
      error.code === 'FEED_INVALID' &&
      error.message.includes('C:\\feeds\\bad.xml') &&
      error.details.some((detail) => detail.startsWith('line 5:')),
  );
});

test('document types, other documents and empty files are refused', () => {
  const texts = [feedFixture('bad-entity-bomb.xml'), '<html><body/></html>', '', 'no XML at all'];
  for (const text of texts)
    assert.throws(() => parseFeed(text, '/feed.xml'), { name: 'AppError', code: 'FEED_INVALID' });
});

test('an installer with commands of which none can be read is none; an id too long for a folder is none', () => {
  const installers = ['<cmdLine><exe/></cmdLine><msiInstall/>', '<powershell>x</powershell>', ''].map(
    (commands, index) =>
      `<installer><id>${index}</id><installCommands>${commands}</installCommands></installer>`,
  );
  const entries = ['Odd', 'L'.repeat(129)].map(
    (id) => `<entry><productId>${id}</productId><installers>${installers.join('')}</installers></entry>`,
  );
  const feed = parseFeed(`<feed>${entries.join('')}</feed>`, '/feed.xml');
  assert.deepEqual(
    feed.entries.map(({ productId }) => productId),
    ['Odd'],
  );
  assert.deepEqual(
    entry(feed, 'Odd').installers.map(({ id, action }) => [id, action.kind]),
    [['2', 'none']],
  );
});

test('thousands of bad entries do not hide the good ones', () => {
  const bad = '<entry><title>no id</title></entry>\n'.repeat(2000);
  const feed = parseFeed(`<feed>${bad}<entry><productId>Good</productId></entry></feed>`, '/feed.xml');
  assert.deepEqual(
    feed.entries.map((each) => each.productId),
    ['Good'],
  );
  assert.equal(feed.warnings.length, 2000);
});

test('trees that are nested without end are cut, not followed', () => {
  const depth = 20_000;
  const deep = (name: string): string => `<${name}>`.repeat(depth) + `</${name}>`.repeat(depth);
  const body = `<productId>Deep</productId>${deep('dependency')}${deep('discoveryHint')}${deep('productId')}`;
  const feed = parseFeed(`<feed><entry>${body}</entry></feed>`, '/feed.xml');
  assert.equal(feed.entries.length, 1);
  assert.ok(messages(feed).some((message) => message.includes('deeper than')));
});

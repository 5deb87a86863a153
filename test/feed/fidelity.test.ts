// What real WebPI lists do beyond the fixture of every element once: offline caches, old tabs, the rarer hints and
// commands, whole lists. Each feed is a few lines of our own.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { parseFeed } from '../../src/feed/parse.js';
import { chooseInstaller } from '../../src/plan/choose.js';
import type { DiscoveryHint, Entry, Feed } from '../../src/types.js';
import { temporaryFolder } from '../helpers/folder.js';
import { webpiList } from '../helpers/webpi-list.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

function read(body: string, address = 'https://x.test/feeds/main.xml'): Feed {
  return parseFeed(`<feed xmlns="http://www.w3.org/2005/Atom">${body}</feed>`, address);
}

function only(feed: Feed): Entry {
  const [entry] = feed.entries;
  assert.ok(entry && feed.entries.length === 1);
  return entry;
}

function hintOf(content: string): DiscoveryHint | undefined {
  return only(read(`<entry><productId>A</productId><discoveryHint>${content}</discoveryHint></entry>`)).hint;
}

const offline = `
  <link rel="enclosure" href="https://gone.test/apps.xml" relativeHref="supplementalfeeds/apps list.xml"/>
  <entry><productId>A</productId><installers><installer><id>1</id>
    <relativeEulaURL>../../resources/eula 1.htm</relativeEulaURL>
    <installerFile><installerURL/><relativeInstallerURL>../../installers/A/a 100%.msi</relativeInstallerURL></installerFile>
    <installCommands><msiInstall><msi>%InstallerFile%</msi></msiInstall></installCommands>
  </installer></installers></entry>`;

test('an offline cache works from a folder, a drive and a server', () => {
  const places = [
    [
      '/media/feeds/latest/main.xml',
      '/media/installers/A/a 100%.msi',
      '/media/feeds/latest/supplementalfeeds/apps list.xml',
    ],
    [
      'E:\\feeds\\latest\\main.xml',
      'E:\\installers\\A\\a 100%.msi',
      'E:\\feeds\\latest\\supplementalfeeds\\apps list.xml',
    ],
    [
      'https://x.test/feeds/latest/main.xml',
      'https://x.test/installers/A/a%20100%25.msi',
      'https://x.test/feeds/latest/supplementalfeeds/apps%20list.xml',
    ],
  ] as const;
  for (const [address, file, enclosure] of places) {
    const feed = read(offline, address);
    const [installer] = only(feed).installers;
    assert.deepEqual(installer?.file, { url: '', relativeUrl: file });
    assert.equal(installer.eulaUrl?.slice(0, 3), address.slice(0, 3));
    assert.deepEqual(feed.enclosures, [enclosure]);
    assert.deepEqual(feed.warnings, []);
  }
});

test('the rarer forms of registry hints', () => {
  const key = '<keyPath>HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Acme</keyPath>';
  const keyPath = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Acme';
  const cases: [string, Partial<Extract<DiscoveryHint, { kind: 'registry' }>>][] = [
    ['', { values: [] }],
    ['<valueValue>1.0</valueValue>', { values: [{ text: '1.0' }] }],
    ['<valueName>V</valueName>', { values: [{ name: 'V' }] }],
    ['<valueName>V</valueName><valueValue>1</valueValue>', { values: [{ name: 'V', text: '1' }] }],
    [
      '<valueName>V</valueName><minimumVersion>1</minimumVersion><maximumVersion>2</maximumVersion>',
      { values: [{ name: 'V' }], minimumVersion: '1', maximumVersion: '2' },
    ],
  ];
  for (const [content, expected] of cases)
    assert.deepEqual(hintOf(`<registry>${key}${content}</registry>`), {
      kind: 'registry',
      keyPath,
      ...expected,
    });
  assert.deepEqual(hintOf('<file><filePath>f.dll</filePath><maximumVersion>2.0</maximumVersion></file>'), {
    kind: 'file',
    path: 'f.dll',
    maximumVersion: '2.0',
  });
  assert.deepEqual(hintOf('<msiPatchCode> {2} </msiPatchCode>'), { kind: 'msiPatch', code: '{2}' });
  assert.equal(hintOf(''), undefined);
});

test('what only tells the user interface something is neither a product nor a rule', () => {
  const feed = read(`
    <newVersionAvailable><version>5</version><entry><productId>Newer</productId></entry></newVersionAvailable>
    <featuredProducts><productId>A</productId></featuredProducts><telemetry><text>?</text></telemetry>
    <miscellaneousProperties><invalidPasswordChars>'"</invalidPasswordChars></miscellaneousProperties>
    <entry><productId>A</productId><retryCount>3</retryCount><frameworkFamily>PHP</frameworkFamily>
      <relatedDiscovery><item><id>SQL</id><discoveryHint><msiProductCode>{3}</msiProductCode></discoveryHint></item></relatedDiscovery>
      <externalPackages><externalPackage><packageid>x</packageid><version>9</version></externalPackage></externalPackages>
      <terms><termsText>Mind the terms.</termsText><termsLink>https://x.test/t</termsLink></terms>
      <whatever><productId>B</productId></whatever></entry>`);
  const entry = only(feed);
  assert.deepEqual([entry.hint, entry.version, entry.terms], [undefined, '', 'Mind the terms.']);
  assert.deepEqual(feed.warnings, []);
});

test('tabs of version 2: pillars over groupings', () => {
  const feed = read(`
    <tabs><tab><pillarTab><id>Web</id><name>Web</name>
      <pillar><id>p</id><name>All</name><groupingId>ByKeyword</groupingId></pillar></pillarTab></tab></tabs>
    <groupings><grouping><id>ByKeyword</id><attribute>keywords</attribute><include><item>Apps</item></include></grouping></groupings>`);
  assert.deepEqual(feed.tabs, [{ id: 'Web', name: 'Web', description: '', keywordIds: ['Apps'] }]);
});

test('comments, CDATA and line breaks inside of texts', () => {
  const entry = only(
    read(
      '<entry><productId>\n A<!-- not B -->\n</productId><title><![CDATA[R & D]]> <!-- x -->\r\n kit</title></entry>',
    ),
  );
  assert.deepEqual([entry.productId, entry.title], ['A', 'R & D kit']);
});

test('components of old Windows when there are no newer ones, and a bundle that does nothing', () => {
  const installers = `<installer><id>1</id><iisComponent><iis60ComponentName>iis_asp</iis60ComponentName></iisComponent></installer>
    <installer><id>2</id><installCommands><cmdLine><exe>cmd.exe</exe><commandLineArguments>/C echo noop</commandLineArguments></cmdLine></installCommands></installer>`;
  const feed = read(`<entry><productId>A</productId><installers>${installers}</installers></entry>`);
  const actions = only(feed).installers.map(({ action }) => action);
  assert.deepEqual(actions[0], { kind: 'feature', names: ['iis_asp'] });
  assert.equal(actions[1]?.kind, 'cmdline');
  assert.deepEqual(feed.warnings, []);
});

test('systems and architectures that an entry says for all of its installers, and in the words of others', () => {
  const release = '<os><minimumVersion>6.1</minimumVersion><maximumVersion>6.3</maximumVersion></os>';
  const commands = '<installCommands><cmdLine><exe>a.exe</exe></cmdLine></installCommands>';
  const own = `<installer><id>2</id><osList><os><minimumVersion><osMajorVersion>10</osMajorVersion></minimumVersion></os></osList>
    <architectures><amd64/></architectures>${commands}</installer>`;
  for (const supported of [release, `<osList>${release}</osList>`]) {
    const feed = read(`<entry><productId>A</productId><architectures><x86/><I386/></architectures>
      <supportedOSes>${supported}</supportedOSes><installers><installer><id>1</id>${commands}</installer>${own}
      <installer><id>3</id><architectures><AnyCPU/></architectures>${commands}</installer></installers></entry>`);
    const [first, second, third] = only(feed).installers;
    const rule = { minimum: '6.1', maximum: '6.3', types: [] };
    assert.deepEqual([first?.architectures, first?.osList], [['x86'], { rules: [rule] }]);
    assert.deepEqual(
      [second?.architectures, second?.osList],
      [['x64'], { rules: [{ minimum: '10', types: [] }] }],
    );
    assert.deepEqual([third?.architectures, third?.osList], [[], { rules: [rule] }]);
    assert.deepEqual(feed.warnings, []);
  }
});

test("a feed's own language comes after the wanted one and before English", () => {
  const installer = (id: number, language: string): string =>
    `<installer><id>${id}</id><languageId>${language}</languageId><installCommands><cmdLine><exe>a.exe</exe></cmdLine></installCommands></installer>`;
  const languages = '<languages><language default="true"><languageId>DE</languageId></language></languages>';
  const entry = `<entry><productId>A</productId><installers>${installer(1, 'en')}${installer(2, 'de')}${installer(3, 'fr')}</installers></entry>`;
  const chosen = (body: string, language?: string): string | undefined => {
    const found = buildCatalog([read(body)]).products.get('a')?.entries[0];
    assert.ok(found);
    const platform = { os: 'windows', arch: 'x64', osVersion: '10.0', edition: 'server' } as const;
    const choice = chooseInstaller(found, {
      platform,
      admin: true,
      systemPackages: new Set(),
      ...(language === undefined ? {} : { language }),
    });
    return 'installer' in choice ? choice.installer.id : undefined;
  };
  assert.equal(chosen(entry), '1');
  assert.equal(chosen(languages + entry), '2');
  assert.equal(chosen(languages + entry, 'fr'), '3');
  assert.equal(chosen(languages + entry, 'pt-br'), '2');
});

test('a list of hundreds of entries: every one is there, with every installer', () => {
  const text = webpiList(300);
  const catalog = buildCatalog([parseFeed(text, '/list.xml')]);
  const entries = [...catalog.products.values()].flatMap((product) => product.entries);
  assert.equal(entries.length, text.split('<entry>').length - 1);
  assert.equal(entries.flatMap(({ installers }) => installers).length, text.split('<installer>').length - 1);
  assert.deepEqual(catalog.warnings, []);
});

test('feed check counts what it has read, part by part; list --all hides nothing', async (context) => {
  const zookit = zookitWorld(context);
  const [main, part] = [webpiList(40, 3), webpiList(12, 4).replaceAll('Product', 'Part')];
  writeFileSync(join(zookit.work, 'part.xml'), part);
  const link = '<link rel="enclosure" href="part.xml"/>';
  writeFileSync(join(zookit.work, 'main.xml'), main.replace('<webpiFile', `${link}<webpiFile`));
  const counts = [main, part].map((text) =>
    ['<entry>', '<installer>'].map((tag) => text.split(tag).length - 1),
  );
  const checked = await zookit.run(['feed', 'check', '--main-feed', 'main.xml', '--json']);
  const feeds = json(checked)['feeds'] as { entries: number; installers: number }[];
  assert.deepEqual(
    feeds.map(({ entries, installers }) => [entries, installers]),
    counts,
  );
  const sum = (index: number): string => String(counts.reduce((all, each) => all + (each[index] ?? 0), 0));
  assert.match(checked.stderr, new RegExp(`${sum(0)} entries, ${sum(1)} installers, `));
  const all = await zookit.run(['list', '--all', '--main-feed', 'main.xml', '--json']);
  const some = await zookit.run(['list', '--main-feed', 'main.xml', '--json']);
  const [whole, shown] = [all, some].map(({ stdout }) => (JSON.parse(stdout) as unknown[]).length);
  assert.deepEqual([whole, shown], [52, 52 - [main, part].join().split('<searchExclude/>').length + 1]);
});

test('two thousand invalid entries are told, and the good ones are listed', async (context) => {
  const zookit = zookitWorld(context);
  const path = join(zookit.work, 'list.xml');
  // Half of them each on a line of its own, half on one line, as programs write lists.
  const bad = '<entry><title>no id</title></entry>';
  writeFileSync(
    path,
    webpiList(20).replace('<entry>', `${`${bad}\n`.repeat(1000)}${bad.repeat(1000)}<entry>`),
  );
  const listed = await zookit.run(['list', '--main-feed', path, '--json', '--platform', 'windows-x64']);
  assertDone(listed);
  assert.ok((JSON.parse(listed.stdout) as unknown[]).length > 10);
  const check = json(await zookit.run(['feed', 'check', '--main-feed', path, '--json']));
  const findings = check['findings'] as { message: string; line: number }[];
  assert.equal(findings.filter(({ message }) => message.includes('without a productId')).length, 2000);
});

test('entity bombs and files of others are refused, whatever was kept before', async (context) => {
  const zookit = zookitWorld(context);
  const path = join(zookit.work, 'list.xml');
  writeFileSync(path, webpiList(3));
  assertDone(await zookit.run(['list', '--main-feed', path]));
  const bombs = [
    '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><feed><title>&b;</title></feed>',
    '<!DOCTYPE feed SYSTEM "http://127.0.0.1:9/x.dtd"><feed/>',
    '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed><title>&x;</title></feed>',
    '<feed><title>&unknown;</title></feed>',
  ];
  for (const bomb of bombs) {
    writeFileSync(path, bomb);
    assertFails(await zookit.run(['list', '--main-feed', path]), 3, 'FEED_INVALID', /line 1/);
  }
});

test(
  'feeds on drives and shares are named as such where there are none',
  { skip: process.platform === 'win32' },
  async (context) => {
    const zookit = zookitWorld(context);
    const folder = temporaryFolder(context);
    writeFileSync(join(folder, 'a b.xml'), webpiList(3));
    assertDone(await zookit.run(['list', '--main-feed', `file://${folder}/a%20b.xml`]));
    for (const address of [
      'C:\\feeds\\a.xml',
      'file:///C:/feeds/a.xml',
      '\\\\server\\share\\a.xml',
      'file://server/share/a.xml',
    ])
      assertFails(
        await zookit.run(['list', '--main-feed', address]),
        4,
        'FEED_UNREACHABLE',
        /Cannot read feed '(C:\\feeds|\\\\server\\share)\\a\.xml'/,
      );
  },
);

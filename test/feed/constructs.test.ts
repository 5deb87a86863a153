// Lists of hundreds of entries, in the manner of WebPI's main list and of its application list: whatever company a construct
// is in, every entry and every installer is there, whole, and nothing is warned of.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { checkFeeds } from '../../src/catalog/check.js';
import { parseFeed } from '../../src/feed/parse.js';
import type { Dependency, DiscoveryHint, Entry, Installer } from '../../src/types.js';
import type { ExpectedEntry } from '../helpers/webpi-constructs.js';
import { webpiConstructs } from '../helpers/webpi-constructs.js';
import type { ExpectedInstaller } from '../helpers/webpi-installers.js';
import { many } from '../helpers/webpi-installers.js';
import { assertDone, json, zookitWorld } from '../helpers/zookit.js';

function leaves(node: Dependency | DiscoveryHint | undefined): number {
  if (node === undefined) return 0;
  if (node.kind === 'not') return leaves(node.of);
  if (node.kind !== 'all' && node.kind !== 'any') return 1;
  return (node.of as readonly (Dependency | DiscoveryHint)[]).reduce(
    (total, each) => total + leaves(each),
    0,
  );
}

function seenInstaller({
  action,
  file,
  languages,
  architectures,
  eulaUrl,
  logFiles,
}: Installer): ExpectedInstaller {
  const commands = 'commands' in action ? action.commands : [];
  return {
    kind: action.kind,
    commands: commands.length,
    codes: commands.reduce((total, each) => total + each.returnCodes.length, 0),
    file: file !== undefined,
    languages: languages.length,
    architectures: architectures.length,
    licence: eulaUrl !== undefined,
    logs: logFiles.length,
  };
}

function seen(entry: Entry): ExpectedEntry {
  return {
    id: entry.productId,
    version: entry.version,
    title: entry.title,
    flags: entry.flags,
    hints: leaves(entry.hint),
    needs: leaves(entry.dependency),
    related: entry.related.length,
    incompatibilities: entry.incompatibilities.length,
    installers: entry.installers.map(seenInstaller),
  };
}

test('main and application lists: everything is counted, nothing is warned of', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const main = webpiConstructs(seed, 354, 'Product');
    const applications = webpiConstructs(100 + seed, 111, 'App');
    const feeds = [
      parseFeed(main.text, 'https://lists.test/main.xml'),
      parseFeed(applications.text, 'C:\\apps.xml'),
    ];
    for (const [index, { entries }] of [main, applications].entries()) {
      const feed = feeds[index];
      assert.deepEqual(feed?.warnings, [], `seed ${seed}`);
      for (const [at, entry] of entries.entries())
        assert.deepEqual(seen(feed.entries[at] as Entry), entry, `seed ${seed}, ${entry.id}`);
      assert.equal(feed.entries.length, entries.length);
    }
    const catalog = buildCatalog(feeds);
    assert.equal(catalog.products.size, 354 + 111);
    checkFeeds(feeds, catalog);
  }
});

test('the same by the program, for several machines, with a plan for whatever can be had', async (context) => {
  const zookit = zookitWorld(context);
  const { text, entries } = webpiConstructs(7, 120, 'Product');
  writeFileSync(join(zookit.work, 'list.xml'), text);
  const from = ['--main-feed', 'list.xml', '--json'];
  for (const platform of ['windows-x64', 'windows-x86@6.1:client', 'windows-arm64:core', 'linux-x64']) {
    const listed = await zookit.run(['list', ...from, '--platform', platform]);
    assertDone(listed);
    const shown = JSON.parse(listed.stdout) as { id: string }[];
    const searchable = entries.filter(({ flags }) => !flags.includes('searchExclude'));
    assert.deepEqual(new Set(shown.map(({ id }) => id)), new Set(searchable.map(({ id }) => id)), platform);
  }
  const check = json(await zookit.run(['feed', 'check', 'list.xml', '--json']));
  assert.ok(Array.isArray(check['findings']));
  for (const { id } of entries.slice(-8)) {
    const plan = await zookit.run(['plan', id, ...from, '--platform', 'windows-x64']);
    const { ok, steps, error } = json(plan) as { ok: boolean; steps?: object[]; error?: { code: string } };
    if (ok) assert.ok(steps?.length);
    else assert.match(error?.code ?? '', /^(CONFLICT|NO_INSTALLER|PRODUCT_UNKNOWN)$/, id);
  }
});

/** What makes an entry none, or none that can be had; one line each. */
const bad = [
  '<entry><title>no id</title></entry>',
  '<entry><productId> </productId></entry>',
  '<entry><productId>..\\escape</productId></entry>',
  '<entry><productId>a,b</productId></entry>',
];

test('two thousand bad entries among good ones are told once each, with their lines', () => {
  const { text, entries } = webpiConstructs(3, 250, 'Product');
  const parts = text.split('</entry>\r\n<!--');
  const mixed = parts.join(
    `</entry>\r\n${many(Math.ceil(2000 / (parts.length - 1)), (index) => `${bad[index % 4] ?? ''}\r\n`).join('')}<!--`,
  );
  const wanted = mixed.split('\r\n').flatMap((line, index) => (bad.includes(line) ? [index + 1] : []));
  assert.ok(wanted.length >= 2000, String(wanted.length));
  const feed = parseFeed(mixed, '/list.xml');
  assert.deepEqual(feed.entries.map(seen), entries);
  assert.deepEqual(
    feed.warnings.map(({ line }) => line),
    wanted,
  );
});

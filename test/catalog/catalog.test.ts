// Feeds joined: who owns what, and every reference resolved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildCatalog } from '../../src/catalog/catalog.js';
import { parseFeed } from '../../src/feed/parse.js';
import type { Catalog, Dependency, DiscoveryHint, Entry } from '../../src/types.js';
import { all, any, entryOf, feedFixture, feedOf } from '../helpers/feeds.js';

function versions(catalog: Catalog, id: string): string[] | undefined {
  return catalog.products.get(id)?.entries.map((entry) => entry.version);
}

function messages(catalog: Catalog): string[] {
  return catalog.warnings.map((each) => `${each.address}:${each.line} ${each.message}`);
}

function first(catalog: Catalog, id: string): Entry {
  const entry = catalog.products.get(id)?.entries[0];
  assert.ok(entry, id);
  return entry;
}

test('several entries of the owner are versions of one product', () => {
  const catalog = buildCatalog([feedOf('/a', [entryOf('Django', '5.2'), entryOf('DJANGO', '6.0')])]);
  assert.deepEqual([...catalog.products.keys()], ['django']);
  assert.equal(catalog.products.get('django')?.id, 'Django');
  assert.deepEqual(versions(catalog, 'django'), ['5.2', '6.0']);
});

test('the same version twice: the first one counts', () => {
  const feed = feedOf('/a', [entryOf('A', '1', { title: 'first' }), entryOf('a', '1', { title: 'second' })]);
  const catalog = buildCatalog([feed]);
  assert.equal(first(catalog, 'a').title, 'first');
  assert.deepEqual(messages(catalog), ["/a:11 'a' 1 is there already, it is dropped"]);
});

test('a later feed cannot slip a version or an alias into a product of an earlier one', () => {
  const stranger = feedOf('/b', [entryOf('python', '99', { aliases: ['PIL'] }), entryOf('New', '1')]);
  const catalog = buildCatalog([feedOf('/a', [entryOf('Python', '3.13')]), stranger]);
  assert.deepEqual(versions(catalog, 'python'), ['3.13']);
  assert.equal(catalog.products.get('python')?.feed, '/a');
  assert.equal(catalog.products.get('new')?.feed, '/b');
  assert.deepEqual([...catalog.aliases], []);
  assert.deepEqual(messages(catalog), ["/b:10 'python' belongs to feed '/a', it is dropped"]);
});

test('unless the user said that it may', () => {
  const feeds = [
    feedOf('/a', [entryOf('Python', '3.13'), entryOf('Django', '5.2')]),
    feedOf('/b', [entryOf('python', '3.15'), entryOf('Django', '9')]),
  ];
  const catalog = buildCatalog(feeds, { mayExtend: new Map([['/b', new Set(['python'])]]) });
  assert.deepEqual(versions(catalog, 'python'), ['3.13', '3.15']);
  assert.equal(catalog.products.get('python')?.feed, '/a');
  assert.deepEqual(versions(catalog, 'django'), ['5.2']);
});

test('aliases hide neither products nor earlier aliases', () => {
  const catalog = buildCatalog([
    feedOf('/a', [
      entryOf('Pillow', '1', { aliases: ['PIL', 'Later'] }),
      entryOf('Pillow', '2', { aliases: ['pil'] }),
      entryOf('Other', '1', { aliases: ['PIL'] }),
    ]),
    feedOf('/b', [entryOf('Later', '1')]),
  ]);
  assert.deepEqual([...catalog.aliases], [['pil', 'pillow']]);
  assert.deepEqual(messages(catalog), [
    "/a:10 alias 'later' is taken by 'later', it is dropped",
    "/a:12 alias 'pil' is taken by 'pillow', it is dropped",
  ]);
});

test('dependencies and choices by alias name the product', () => {
  const choices = [{ value: 'x', product: 'PIL' }];
  const parameters = [{ name: 'P', type: 'choice' as const, title: 'P', tags: [], choices }];
  const entries = [
    entryOf('Pillow', '1', { aliases: ['PIL'] }),
    entryOf('App', '1', { parameters, dependency: all('pil', 'Unknown') }),
  ];
  const app = first(buildCatalog([feedOf('/a', entries)]), 'app');
  assert.deepEqual(app.dependency, all('Pillow', 'Unknown'));
  assert.equal(app.parameters[0]?.choices[0]?.product, 'Pillow');
});

test('references of a WebPI list are resolved', () => {
  const catalog = buildCatalog([parseFeed(feedFixture('webpi.xml'), '/main.xml')]);
  assert.deepEqual(first(catalog, 'blog').dependency, any('RUNTIME', 'Elsewhere'));
  assert.deepEqual(first(catalog, 'blog').installers[0]?.osList, { rules: [{ minimum: '6', types: [] }] });
  const runtime = first(catalog, 'runtime');
  assert.equal(runtime.hint?.kind === 'all' && runtime.hint.of[0]?.kind, 'registry');
  assert.deepEqual(runtime.installers[0]?.osList, {
    rules: [
      { minimum: '6.1.1', maximum: '6.1', types: ['Server', 'ServerCore'] },
      { minimum: '6.1', types: [] },
    ],
  });
  assert.deepEqual(messages(catalog), ["/main.xml:13 shared dependency 'Elsewhere' is not declared"]);
});

const shared = (id: string): Dependency => ({ kind: 'shared', id });

test('a limit to one system holds for what a reference brings', () => {
  const entries = [entryOf('A', '1', { dependency: { kind: 'shared', id: 'b', os: 'linux' } })];
  const feed = feedOf('/a', entries, { dependencies: new Map([['b', all('X', 'Y')]]) });
  const expected = { kind: 'all', of: [all('X', 'Y')], os: 'linux' };
  assert.deepEqual(first(buildCatalog([feed]), 'a').dependency, expected);
});

test('references in a circle end, in a need that nobody declares', () => {
  const dependencies = new Map([
    ['x', all('A', shared('y'))],
    ['y', all('B', shared('x'))],
  ]);
  const catalog = buildCatalog([
    feedOf('/a', [entryOf('App', '1', { dependency: shared('x') })], { dependencies }),
  ]);
  assert.deepEqual(first(catalog, 'app').dependency, all('A', all('B', 'x')));
  assert.deepEqual(messages(catalog), ["/a:10 shared dependency 'x' refers to itself"]);
});

test('hints in a circle, or to nothing, find nothing, negated too', () => {
  const hints = new Map<string, DiscoveryHint>([
    ['x', { kind: 'not', of: { kind: 'shared', id: 'x' } }],
    ['y', { kind: 'not', of: { kind: 'shared', id: 'nothing' } }],
  ]);
  const entries = [
    entryOf('X', '1', { hint: { kind: 'shared', id: 'X' } }),
    entryOf('Y', '1', { hint: { kind: 'shared', id: 'Y' } }),
  ];
  const catalog = buildCatalog([feedOf('/a', entries, { hints })]);
  const never = { kind: 'any', of: [] };
  assert.deepEqual([first(catalog, 'x').hint, first(catalog, 'y').hint], [never, never]);
  assert.equal(messages(catalog).length, 2);
});

test('references that would unfold without end, or for ever, are cut', () => {
  const dependencies = new Map<string, Dependency>();
  for (let level = 0; level < 60; level++)
    dependencies.set(`bomb${level}`, all(shared(`bomb${level + 1}`), shared(`bomb${level + 1}`)));
  for (let link = 0; link < 20_000; link++) dependencies.set(`chain${link}`, shared(`chain${link + 1}`));
  const entries = ['bomb0', 'chain0'].map((id) => entryOf(id, '1', { dependency: shared(id) }));
  const catalog = buildCatalog([feedOf('/a', entries, { dependencies })]);
  assert.ok(messages(catalog).some((message) => message.includes('is too large')));
  assert.ok(messages(catalog).some((message) => message.includes('through too many others')));
});

test('shared rules come from the feed itself, an earlier one or its own family, never from a stranger', () => {
  const needs = (id: string): Entry => entryOf(id, '1', { dependency: shared('common') });
  const common = (id: string): Map<string, Dependency> => new Map([['common', all(id, 'Z')]]);
  const main = feedOf('/main', [needs('InMain')], { enclosures: ['/sub'] });
  const sub = feedOf('/sub', [needs('InSub')], { dependencies: common('fromSub') });
  const late = feedOf('/late', [needs('InLate')], { dependencies: common('fromLate') });
  const later = feedOf('/later', [needs('InLater')]);
  const catalog = buildCatalog([main, sub, late, later]);
  const needOf = (id: string): Dependency | undefined => first(catalog, id).dependency;
  assert.deepEqual(needOf('inmain'), all('fromSub', 'Z'));
  assert.deepEqual(needOf('insub'), all('fromSub', 'Z'));
  assert.deepEqual(needOf('inlate'), all('fromLate', 'Z'));
  assert.deepEqual(needOf('inlater'), all('fromSub', 'Z'));
  const alone = buildCatalog([feedOf('/main', [needs('InMain')]), late]);
  assert.deepEqual(first(alone, 'inmain').dependency, { kind: 'product', id: 'common' });
});

test('an unknown system list limits nothing, an unknown system in a list is left out', () => {
  const [installer] = entryOf('A', '1').installers;
  assert.ok(installer);
  const installers = [
    { ...installer, osList: { idref: 'Nowhere' } },
    {
      ...installer,
      osList: {
        rules: [
          { idref: 'Nothing', types: [] },
          { minimum: '6', types: [] },
        ],
      },
    },
  ];
  const catalog = buildCatalog([feedOf('/a', [entryOf('A', '1', { installers })])]);
  const [open, limited] = first(catalog, 'a').installers;
  assert.equal(open?.osList, undefined);
  assert.deepEqual(limited?.osList, { rules: [{ minimum: '6', types: [] }] });
  assert.equal(messages(catalog).length, 2);
});

test('the first tab and the first caption of an id count, in any case', () => {
  const tab = (name: string): object => ({ id: name, name, description: '', keywordIds: [] });
  const feeds = [
    feedOf('/a', [], { tabs: [tab('Zoo')] as never, keywords: new Map([['Py', 'Python']]) }),
    feedOf('/b', [], { tabs: [tab('ZOO'), tab('Own')] as never, keywords: new Map([['PY', 'Theirs']]) }),
  ];
  const catalog = buildCatalog(feeds);
  assert.deepEqual(
    catalog.tabs.map((each) => each.id),
    ['Zoo', 'Own'],
  );
  assert.deepEqual([...catalog.keywords], [['Py', 'Python']]);
});

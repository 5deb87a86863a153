// `zookit new` with a template of a feed on loopback, as a zip; and what it refuses before anything is written.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, fileXml, needs, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

const skeleton = makeZip([
  { name: 'wsgi.py', content: "name = '@@ProjectName@@'\ncolor = '@@Color@@'\n" },
  { name: '@@ProjectName@@/notes.txt', content: '@@Secret@@' },
  { name: '_gitignore', content: '*.pyc\n' },
]);

const parameters = `
  <zk:parameter name="ProjectName" title="Name"/>
  <zk:parameter name="Color" type="choice" title="Colour" default="red"><zk:choice value="red"/><zk:choice value="blue"/></zk:parameter>
  <zk:parameter name="Secret" type="text" title="Secret" default="none"/>
  <zk:parameter name="Size" type="number" title="Size" default="1"/>
  <zk:parameter name="Must" type="text" title="What must be said" when="Color=blue"/>`;

const feed = feedXml(
  entryXml('Page', '1', {
    more: parameters,
    installers: `<installer>${fileXml('page.zip', skeleton)}<zk:template/></installer>`,
  }),
  entryXml('Tool', '1'),
);

describe('templates', { concurrency: 2 }, () => {
  test('a skeleton is filled in; web.config is ours, nothing lies beside the project', async (t) => {
    const server = await serveFeed(t, feed, { 'page.zip': skeleton });
    const zookit = zookitWorld(t, { env: { ZOOKIT_PARAM_SECRET: 'from the environment' } });
    const words = [
      'new',
      'page',
      './my-shop',
      '--main-feed',
      server.feed,
      '--param',
      'color=BLUE',
      '--param',
      'Must=x',
    ];
    const ran = await zookit.run(words);
    assertDone(ran);
    assert.match(ran.stderr, /Next: zookit serve my-shop/);
    const project = join(zookit.work, 'my-shop');
    assert.equal(readFileSync(join(project, 'wsgi.py'), 'utf8'), "name = 'my_shop'\ncolor = 'blue'\n");
    assert.equal(readFileSync(join(project, 'my_shop/notes.txt'), 'utf8'), 'from the environment');
    assert.ok(existsSync(join(project, '.gitignore')) && existsSync(join(project, 'web.config')));
    assert.deepEqual(
      tree(project).filter((name) => name.includes('@@') || name === '_gitignore'),
      [],
    );
    assert.deepEqual(
      tree(zookit.work).filter((name) => !name.startsWith('my-shop')),
      [],
    );

    const again = await zookit.run(words);
    assertDone(again);
    assert.match(again.stderr, /Everything is present/);
    assert.match(again.stderr, /my-shop' is there already .* the answers are not used/);
    assert.equal(server.count('/page.zip'), 1);
  });

  test('a folder with something in it is left alone', async (t) => {
    const installers = `<installer>${fileXml('page.zip', skeleton)}<zk:template/></installer>`;
    const needy = feedXml(
      entryXml('Page', '1', { needs: needs('Tool'), installers }),
      entryXml('Tool', '1', { installers: archiveXml('page.zip', skeleton) }),
    );
    const server = await serveFeed(t, needy, { 'page.zip': skeleton });
    const zookit = zookitWorld(t);
    const project = join(zookit.work, 'shop');
    mkdirSync(project);
    writeFileSync(join(project, 'mine.txt'), 'mine');
    const ran = await zookit.run(['new', 'Page', 'shop', '--json', '--main-feed', server.feed]);
    assertFails(ran, 2, 'USAGE', /is not empty/);
    assert.match(ran.stderr, /mine\.txt/);
    assert.equal(json(ran)['ok'], false);
    assert.deepEqual(tree(project), ['mine.txt']);
    assert.deepEqual(programsOf(zookit), [], 'what it needs is not installed either');
  });

  const wrong: readonly (readonly [what: string, words: readonly string[], says: RegExp])[] = [
    ['no folder', ['new', 'Page'], /name a template and a folder/],
    ['a product that is no template', ['new', 'Tool', 'shop'], /'Tool' is not a template/],
    [
      'a choice that is none',
      ['new', 'Page', 'shop', '--param', 'Color=green'],
      /'green' is no value for 'Color'/,
    ],
    ['a number that is none', ['new', 'Page', 'shop', '--param', 'Size=big'], /'big' is no value for 'Size'/],
    ['an unknown parameter', ['new', 'Page', 'shop', '--param', 'Sise=1'], /'Page' has no parameter 'sise'/i],
    ['a word that is no parameter', ['new', 'Page', 'shop', '--param', 'Size'], /'Size' is not NAME=VALUE/],
    [
      'a value that must be said',
      ['new', 'Page', 'shop', '--param', 'Color=blue'],
      /'Page' needs a value for 'Must'/,
    ],
    ['a form of web.config that is none', ['new', 'Page', 'shop', '--host', 'cgi'], /cgi|hostform/i],
    [
      'a name for Python that is none',
      ['new', 'Page', 'shop', '--name', 'class'],
      /'class' cannot be the name/,
    ],
    ['a folder whose name is too long', ['new', 'Page', 'y'.repeat(300)], /is not a folder that can be used/],
    ['a folder below a file', ['new', 'Page', '/dev/null/shop'], /is not a folder that can be used/],
    ['install of a template', ['install', 'Page'], /'Page' is a template/],
  ];

  for (const [what, words, says] of wrong)
    test(`wrong: ${what}`, async (t) => {
      const server = await serveFeed(t, feed, { 'page.zip': skeleton });
      const zookit = zookitWorld(t);
      const ran = await zookit.run([...words, '--main-feed', server.feed]);
      assertFails(ran, 2, 'USAGE', says);
      assert.match(ran.stderr, /^hint: /m);
      assert.deepEqual(tree(zookit.work), []);
    });
  test('a template that no feed declares', async (t) => {
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const ran = await zookit.run(['new', 'Paage', 'shop', '--main-feed', server.feed]);
    assertFails(ran, 3, 'PRODUCT_UNKNOWN', /No feed has 'Paage'/);
    assert.match(ran.stderr, /Did you mean 'Page'/);
    assert.deepEqual(tree(zookit.work), []);
  });

  test('a value that cannot stand in a file is refused, and nothing stays', async (t) => {
    const server = await serveFeed(t, feed, { 'page.zip': skeleton });
    const zookit = zookitWorld(t);
    const ran = await zookit.run([
      'new',
      'Page',
      'shop',
      '--param',
      'Secret=a\u0007b',
      '--main-feed',
      server.feed,
    ]);
    assertFails(ran, 2, 'USAGE', /Secret|control/);
    assert.deepEqual(tree(zookit.work), []);
  });

  test('what a project needs stays as long as the project is there', async (t) => {
    const installers = `<installer>${fileXml('page.zip', skeleton)}<zk:template/></installer>`;
    const needy = feedXml(
      entryXml('Page', '1', { more: parameters, needs: needs('Tool'), installers }),
      entryXml('Tool', '1', { installers: archiveXml('page.zip', skeleton) }),
    );
    const server = await serveFeed(t, needy, { 'page.zip': skeleton });
    const zookit = zookitWorld(t);
    const on = ['--main-feed', server.feed];
    assertDone(await zookit.run(['new', 'Page', 'shop', ...on]));
    const refused = await zookit.run(['uninstall', 'Tool', ...on]);
    assertFails(refused, 3, 'CONFLICT', /'Tool' cannot be taken away: 'Page' needs it/);
    assert.ok(refused.stderr.includes(join(zookit.work, 'shop')));
    rmSync(join(zookit.work, 'shop'), { recursive: true });
    assertDone(await zookit.run(['uninstall', 'Tool', ...on]));
  });
});

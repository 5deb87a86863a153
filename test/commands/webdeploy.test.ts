// WebPI's applications through the program: a package's questions are answered by options, variables and answer files, its files
// filled in, and what Zookit does not do is told. On this system there is no IIS.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { FeedServer } from '../helpers/feed-xml.js';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import type { PackageParts } from '../helpers/web-deploy.js';
import { applicationXml, content, makePackage, parameters } from '../helpers/web-deploy.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

interface Trial {
  readonly server: FeedServer;
  readonly zookit: Zookit;
  /** `install BlogX` with the usual answers and these words. */
  readonly install: (...words: readonly string[]) => ReturnType<Zookit['run']>;
}

async function trial(context: TestContext, parts: PackageParts = {}): Promise<Trial> {
  const zip = makePackage(parts);
  const feed = feedXml(applicationXml('BlogX', zip, '/install.php'), entryXml('Plain', '1'));
  const server = await serveFeed(context, feed, { 'BlogX.zip': zip });
  const zookit = zookitWorld(context, { env: { ZOOKIT_PARAM_ADMIN_PASSWORD: 'pass word' } });
  return {
    server,
    zookit,
    install: (...words) => zookit.run(['install', 'BlogX', '--yes', '--main-feed', server.feed, ...words]),
  };
}

const folder = ['--param', 'PhysicalPath=blog'];
const database = ['--param', 'SQL Name=shop'];

describe('applications', { concurrency: 2 }, () => {
  test("WebPICMD's words with an answer file install one, and it can be taken away", async (t) => {
    const { server, zookit } = await trial(t);
    writeFileSync(
      join(zookit.work, 'answers.app'),
      'AppPath[@]Default Web Site/blogx\r\n\r\nDatabase[@]MYSQL\r\nDbServer[@]db.test\r\nDbName[@]shop\r\nNonce Key[@]x\r\n',
    );
    const words = ['/Install', '/Application:BlogX@answers.app', '/AcceptEula', `/Feeds:${server.feed}`];
    const answers = readFileSync(join(zookit.work, 'answers.app'), 'utf8');
    const ran = await zookit.run(words);
    assertDone(ran);
    assert.deepEqual(programsOf(zookit), [
      'products',
      'products/BlogX',
      'products/BlogX/install.my.sql',
      'sites',
      'sites/Default Web Site',
      'sites/Default Web Site/blogx',
      'sites/Default Web Site/blogx/media',
      'sites/Default Web Site/blogx/media/readme.txt',
      'sites/Default Web Site/blogx/settings.py',
      'sites/Default Web Site/blogx/theme.txt',
      'sites/Default Web Site/blogx/web.config',
    ]);
    const script = join(zookit.root, 'products', 'BlogX', 'install.my.sql');
    assert.equal(readFileSync(script, 'utf8'), 'CREATE DATABASE shop//');
    assert.ok(ran.stderr.includes(`'${script}' in the database 'shop' on 'db.test'`), ran.stderr);
    assert.match(ran.stderr, /open: \/install\.php/);
    assert.match(ran.stderr, /notice: nobody asks for Nonce Key of the answer file/);
    assert.ok(!ran.stderr.includes('pass word'));
    // As PowerShell's `>` writes it.
    writeFileSync(join(zookit.work, 'answers.app'), `\uFEFF${answers}`, 'utf16le');
    const again = await zookit.run([...words, '--json']);
    assert.deepEqual(
      (json(again)['steps'] as { status: string }[]).map(({ status }) => status),
      ['present'],
    );
    assertDone(await zookit.run(['uninstall', 'BlogX', '--main-feed', server.feed]));
    assert.deepEqual(programsOf(zookit), []);
  });

  test('the answers stand in the files as their languages want them, the password nowhere else', async (t) => {
    const { zookit, install } = await trial(t);
    const ran = await install(...folder, ...database, '--param', "Title=Zoë's & <Co>", '--json', '--verbose');
    assertDone(ran);
    const text = (name: string): string => readFileSync(join(zookit.work, 'blog', name), 'utf8');
    assert.equal(text('settings.py'), "TITLE = 'Zoë\\'s & <Co>'\r\nPASSWORD = \"pass word\"\r\n");
    assert.match(text('web.config'), /<!-- kept -->\n {2}<appSettings><add key="other" value="1" \/>/);
    assert.match(text('web.config'), /key="title" value="Zoë&#39;s &amp; &lt;Co&gt;"/);
    assert.equal(text('theme.txt'), 'one\r\n--dark--\r\nthree');
    const toDo = json(ran)['leftToDo'] as string[];
    assert.equal(toDo.length, 3, toDo.join('\n'));
    assert.match(toDo[0] ?? '', /^Serve '.*blog' by a web server \(iisApp 'Default Web Site\/blog'\)$/);
    assert.match(
      toDo[1] ?? '',
      /^Give anonymousAuthenticationUser the right Modify on '.*blog\/media' \(setAcl\)$/,
    );
    assert.match(toDo[2] ?? '', /install\.sql' in the database 'shop' on 'localhost' \(dbFullSql\)$/);
    assert.deepEqual(json(ran)['open'], ['/install.php']);
    const holders = tree(zookit.folder).filter((name) => {
      const path = join(zookit.folder, name);
      return /\.[a-z]+$/.test(name) && readFileSync(path).includes('pass word');
    });
    assert.deepEqual(holders, ['work/blog/settings.py']);
    assert.ok(!`${ran.stdout}${ran.stderr}`.includes('pass word'));
  });

  test('`new` makes one in a folder, and no second one', async (t) => {
    const { server, zookit } = await trial(t);
    const words = ['--yes', '--main-feed', server.feed, ...database];
    const ran = await zookit.run(['new', 'BlogX', 'mine', ...words]);
    assertDone(ran);
    assert.ok(existsSync(join(zookit.work, 'mine', 'web.config')));
    assert.doesNotMatch(ran.stderr, /zookit serve/);
    const second = await zookit.run(['new', 'BlogX', 'other', ...words]);
    assertFails(second, 2, 'USAGE', /on this machine already/);
  });

  test('what is missing is named, all of it, and nothing is changed', async (t) => {
    const { zookit, server } = await trial(t);
    const ran = await zookit.run(['install', 'BlogX', '--yes', '--main-feed', server.feed], {
      env: { ZOOKIT_PARAM_ADMIN_PASSWORD: '' },
    });
    assertFails(ran, 2, 'USAGE', /'PhysicalPath' \(Folder of the application\)/);
    assert.match(ran.stderr, /'Admin password' \(Admin password\), 'SQL Name'/);
    assert.match(ran.stderr, /--param PhysicalPath=VALUE` and `--param "Admin password=VALUE"/);
    assert.deepEqual(programsOf(zookit), []);
  });

  test('answers that the package does not allow are refused, a password without being shown', async (t) => {
    const { zookit, install } = await trial(t);
    const theme = await install(...folder, ...database, '--param', 'Theme=green');
    assertFails(theme, 2, 'USAGE', /'green' is no value for 'Theme'[^]*Wanted one of dark, light/);
    const short = await install(...folder, ...database, '--param', 'Admin password=abcxyz');
    assertFails(short, 2, 'USAGE', /Wanted a value that fits '\.\{8,\}': At least 8[^]*Found 6 characters/);
    assert.ok(!short.stderr.includes('abcxyz'));
    const unknown = await install(...folder, ...database, '--param', 'Tittle=x');
    assertFails(unknown, 2, 'USAGE', /'BlogX' has no parameter 'tittle'/);
    const control = await install(...folder, ...database, '--param', 'Title=a\nb');
    assertFails(control, 2, 'USAGE', /control character/);
    assert.deepEqual(programsOf(zookit), []);
  });

  test('an upgrade goes where the older version is, and is never made unasked', async (t) => {
    const [older, newer] = [
      makePackage(),
      makePackage({ content: [...content, { name: 'blog/new.txt', content: 'new' }] }),
    ];
    const one = applicationXml('BlogX', older);
    const two = applicationXml('BlogX', newer).replace('>1.0<', '>2.0<').replace('BlogX.zip', 'newer.zip');
    const first = await serveFeed(t, feedXml(one), { 'BlogX.zip': older });
    const second = await serveFeed(t, feedXml(two), { 'newer.zip': newer });
    const zookit = zookitWorld(t, { env: { ZOOKIT_PARAM_ADMIN_PASSWORD: 'pass word' } });
    assertDone(
      await zookit.run(['install', 'BlogX', '--yes', '--main-feed', first.feed, ...folder, ...database]),
    );
    writeFileSync(join(zookit.work, 'blog', 'media', 'photo.jpg'), 'photo');
    const unasked = await zookit.run(['upgrade', '--yes', '--main-feed', second.feed]);
    assertDone(unasked);
    assert.match(unasked.stderr, /upgraded only by name: BlogX/);
    const upgrade = ['upgrade', 'BlogX', '--yes', '--main-feed', second.feed, ...database];
    assertFails(await zookit.run(upgrade), 2, 'USAGE', /needs a value for 'Application Path'/);
    assertDone(await zookit.run([...upgrade, '--param', 'AppPath=Default Web Site/blog']));
    const names = tree(join(zookit.work, 'blog'));
    assert.ok(names.includes('new.txt') && names.includes('media/photo.jpg'), names.join());
    assert.equal(readFileSync(join(zookit.work, 'blog', 'media', 'photo.jpg'), 'utf8'), 'photo');
  });

  test('a folder with files of somebody else stays as it is', async (t) => {
    const { zookit, install } = await trial(t);
    mkdirSync(join(zookit.work, 'blog'));
    writeFileSync(join(zookit.work, 'blog', 'mine.txt'), 'mine');
    assertFails(await install(...folder, ...database), 2, 'USAGE', /blog' is not empty[^]*mine\.txt/);
    assert.deepEqual(tree(zookit.work), ['blog', 'blog/mine.txt']);
    assert.deepEqual(programsOf(zookit), []);
  });

  test('a pattern without an end is given up', async (t) => {
    const endless = parameters.replace('validationString=".{8,}"', 'validationString="^(a+)+$"');
    const { install } = await trial(t, { parameters: endless });
    const ran = await install(...folder, ...database, '--param', `Admin password=${'a'.repeat(60)}!`);
    assertFails(ran, 2, 'USAGE', /no end in sight/);
  });

  test('packages that are none are told by what is wrong with them', async (t) => {
    const wrong: readonly (readonly [PackageParts, RegExp])[] = [
      [{ manifest: undefined }, /it has no 'manifest\.xml'/],
      [{ content: [{ name: '../blog/a', content: '' }] }, /BlogX\.zip/],
    ];
    for (const [parts, words] of wrong) {
      const { zookit, install } = await trial(t, parts);
      assertFails(await install(...folder, ...database), 5, 'INSTALLER_FAILED', words);
      assert.deepEqual(programsOf(zookit), []);
    }
  });
});

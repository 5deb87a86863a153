// WebPICMD's words through the program: products are listed and installed as scripts for WebPI expect it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAnswers } from '../../src/commands/answer-file.js';
import { makeZip } from '../helpers/archives.js';
import { archiveXml, entryXml, feedXml, needs, nothing, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const licence = '<installer><eulaURL>http://127.0.0.1/eula</eulaURL><zk:nothing/></installer>';
const feed = feedXml(
  entryXml('Base', '1.0'),
  entryXml('AVeryLongIdOfMoreThanTwenty', '2.0', { needs: needs('Base') }),
  entryXml('Licensed', '1.0', { installers: licence }),
  entryXml('Titled', '1.0').replace('<title>Titled', '<title>A Tool With Blanks'),
);

test('/List prints header, dashes, ids in twenty columns and titles', async (context) => {
  const server = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  const listed = await zookit.run(['/List', '/ListOption:All', `/XML:${server.feed}`]);
  assertDone(listed);
  assert.deepEqual(listed.stdout.trimEnd().split('\n'), [
    'ID                   Title',
    `-------------------- ${'-'.repeat(40)}`,
    'Base                 Base',
    'AVeryLongIdOfMoreThanTwenty AVeryLongIdOfMoreThanTwenty',
    'Licensed             Licensed',
    'Titled               A Tool With Blanks',
  ]);
  const feeds = await zookit.run(['/list', '/listoption:feeds', `/xml:${server.feed}`]);
  assert.ok(feeds.stdout.includes(server.feed), feeds.stdout);
  assertDone(await zookit.run(['/List', '/ListOption:Languages', `/XML:${server.feed}`]));
});

test('/Install installs with what is needed, and /ListOption:Installed shows it afterwards', async (context) => {
  const server = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  const words = ['/Products:AVeryLongIdOfMoreThanTwenty', '/AcceptEula', `/XML:${server.feed}`];
  assertDone(await zookit.run(['/Install', ...words, '/SuppressReboot']));
  const installed = await zookit.run(['/List', '/ListOption:Installed', `/XML:${server.feed}`]);
  const ids = installed.stdout
    .split('\n')
    .slice(2)
    .map((line) => line.split(/\s/)[0]);
  assert.deepEqual(ids.filter(Boolean), ['Base', 'AVeryLongIdOfMoreThanTwenty']);
  const again = json(await zookit.run([...words, '--json']));
  assert.deepEqual(
    (again['steps'] as { status: string }[]).map(({ status }) => status),
    ['present'],
  );
});

test('a licence stops the words without /AcceptEula', async (context) => {
  const server = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  const words = ['/Install', '/Products:Licensed', `/XML:${server.feed}`];
  assertFails(await zookit.run(words), 3, 'LICENCE_NEEDED', /127\.0\.0\.1\/eula/);
  assertDone(await zookit.run([...words, '/AcceptEula']));
});

test('an application by its title, in any case', async (context) => {
  const server = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  assertDone(
    await zookit.run(['/Install', '/Application:a tool with BLANKS', `/XML:${server.feed}`, '/AcceptEula']),
  );
  const listed = await zookit.run(['/List', '/ListOption:Installed', `/XML:${server.feed}`]);
  assert.match(listed.stdout, /^Titled {15}A Tool With Blanks$/m);
  const missing = await zookit.run(['/Install', '/Application:No Such', `/XML:${server.feed}`]);
  assertFails(missing, 3, 'PRODUCT_UNKNOWN', /'No Such'/);
});

test('errors are told as always, also as JSON', async (context) => {
  const zookit = zookitWorld(context);
  assertFails(await zookit.run(['/Instal', '/Products:A']), 2, 'USAGE', /Did you mean `\/Install`/);
  const failed = json(await zookit.run(['/Offline', '/Products:A', '--json']));
  assert.deepEqual([failed['ok'], (failed['error'] as { code: string }).code], [false, 'USAGE']);
  const help = await zookit.run(['/?']);
  assertDone(help);
  assert.match(help.stdout, /\/AcceptEula/);
  assert.match((await zookit.run(['--help'])).stdout, /zookit \/\?/);
});

test('passwords reach neither output nor log nor anything below the root', async (context) => {
  const server = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  const log = join(zookit.work, 'log.txt');
  const ran = await zookit.run([
    '/Install',
    '/Products:Base',
    `/XML:${server.feed}`,
    '/SQLPassword:hunter-two',
    '/MySQLPassword:hunter-two',
    `/Log:${log}`,
    '--verbose',
  ]);
  assertDone(ran);
  assert.match(ran.stderr, /others can read passwords/);
  const files = tree(zookit.folder).map((name) => join(zookit.folder, name));
  const texts = files.flatMap((path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return [];
    }
  });
  assert.ok(texts.length > 2);
  for (const text of [ran.stdout, ran.stderr, ...texts]) assert.ok(!text.includes('hunter-two'));
});

const asking = (zip: Uint8Array): string =>
  feedXml(
    `<entry><productId>App</productId><title>App</title><version>1</version>
      <zk:parameter name="ShopName" title="Name"/>
      <zk:parameter name="Server" title="Server" tags="DbServer"/>
      <zk:parameter name="Password" type="password" title="Password" tags="dbUserPassword" default=""/>
      <zk:parameter name="Kept" title="Kept" default="as it is"/>
      <installers>${archiveXml('app.zip', zip, '').replace('<zk:archive />', '<zk:template/>')}</installers></entry>`,
    entryXml('Plain', '1', { installers: nothing }),
  );

test('answer files answer by name and by tag, also to `new`', async (context) => {
  const zip = makeZip([{ name: 'app.txt', content: '@@ShopName@@|@@Server@@|@@Password@@|@@Kept@@' }]);
  const server = await serveFeed(context, asking(zip), { 'app.zip': zip });
  const zookit = zookitWorld(context);
  const answers = join(zookit.work, 'answers.app');
  writeFileSync(
    answers,
    '\uFEFFSHOPNAME[@]Zoë & [@] sons\r\n\r\nDbServer[@]db.test\r\nDbPassword[@]p w\r\nNonce Key[@]x\r\n',
  );
  const ran = await zookit.run([
    'new',
    'App',
    'shop',
    '--main-feed',
    server.feed,
    '--answers',
    answers,
    '--yes',
    '--allow-unverified',
  ]);
  assertDone(ran);
  assert.equal(
    readFileSync(join(zookit.work, 'shop', 'app.txt'), 'utf8'),
    'Zoë & [@] sons|db.test|p w|as it is',
  );
  assert.match(ran.stderr, /notice: nobody asks for Nonce Key of the answer file/);
  const other = ['new', 'App', 'second', '--main-feed', server.feed, '--answers', answers, '--yes'];
  assertDone(await zookit.run([...other, '--param', 'Server=elsewhere']));
  assert.match(readFileSync(join(zookit.work, 'second', 'app.txt'), 'utf8'), /\|elsewhere\|/);
});

test('an answer file that is none is told by its line, without its text', async (context) => {
  const server = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  writeFileSync(join(zookit.work, 'bad.app'), 'A[@]1\nDbPassword=hunter-two\n');
  const ran = await zookit.run(['/Install', '/Application:Base@bad.app', `/XML:${server.feed}`]);
  assertFails(ran, 2, 'USAGE', /Line 2 of the answer file 'bad\.app'/);
  assert.ok(!ran.stderr.includes('hunter-two'));
  const missing = await zookit.run(['install', 'Base', '--answers', 'none.app', '--main-feed', server.feed]);
  assertFails(missing, 2, 'USAGE', /'none\.app' cannot be read/);
});

test('the last of two answers counts, and values keep their blanks', () => {
  const answers = parseAnswers('A[@] x \n a [@]y\nEmpty[@]\n', 'answers.app');
  assert.deepEqual(
    [...answers].map(([key, { value }]) => [key, value]),
    [
      ['a', 'y'],
      ['empty', ''],
    ],
  );
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { tree } from '../helpers/folder.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';
import { writeWizardFeed } from '../helpers/wizard-feed.js';

/** Runs the wizard with these answers. */
function wizard(
  zookit: Zookit,
  answers: Readonly<Record<string, unknown>>,
  more: readonly string[] = [],
): ReturnType<Zookit['run']> {
  const feed = writeWizardFeed(join(zookit.work, 'feed'));
  writeFileSync(join(zookit.work, 'answers.json'), JSON.stringify(answers));
  const words = ['wizard', '--answers', 'answers.json', '--main-feed', feed, ...more];
  return zookit.run(words, { env: { ZOOKIT_PARAM_KEY: 'hidden' } });
}

const project = { start: 'new', template: 'SmallProject', folder: './shop', licences: 'accept' };

describe('the wizard, answered by a file', () => {
  test('makes a project; what is not answered is as usual; what was chosen is kept without the secret', async (context) => {
    const zookit = zookitWorld(context);
    const ran = await wizard(zookit, { ...project, 'param:Colour': 'blue' }, [
      '--record-answers',
      'chosen.json',
    ]);
    assertDone(ran);
    assert.equal(readFileSync(join(zookit.work, 'shop', 'settings.txt'), 'utf8'), 'shop blue 1\n');
    assert.deepEqual(JSON.parse(readFileSync(join(zookit.work, 'chosen.json'), 'utf8')), {
      ...project,
      'param:ProjectName': 'shop',
      'param:Colour': 'blue',
      'param:Copies': '1',
      plan: 'go',
      finish: 'quit',
    });
  });

  test('installs the branch and the version that were chosen, and says the command for it', async (context) => {
    const zookit = zookitWorld(context);
    const answers = {
      start: 'install',
      products: ['App', 'tool'],
      'choice:Brush': 'any',
      'choice:Tool': '1.0',
      licences: 'accept',
    };
    const ran = await wizard(zookit, answers, ['--json']);
    assertDone(ran);
    const steps = json(ran)['steps'] as { product: string; version: string; status: string }[];
    const done = steps.map(({ product, version, status }) => `${product} ${version} ${status}`).sort();
    assert.deepEqual(done, ['App 1.0 installed', 'Brush 1.0 installed', 'Tool 1.0 installed']);
    assert.match(ran.stderr, /^ {2}zookit install Brush App Tool@1.0 --yes --accept-eula --main-feed /m);
  });

  test('a licence that is declined: nothing is installed', async (context) => {
    const zookit = zookitWorld(context);
    const ran = await wizard(zookit, { ...project, licences: 'decline' });
    assertFails(ran, 3, 'LICENCE_NEEDED', /declined/);
    assert.ok(!existsSync(join(zookit.work, 'shop')) && !existsSync(join(zookit.root, 'journal.jsonl')));
  });

  test('upgrades, repairs and takes away what is there', async (context) => {
    const zookit = zookitWorld(context);
    const install = { start: 'install', products: ['Tool'], 'choice:Tool': '1.0', licences: 'accept' };
    assertDone(await wizard(zookit, install));
    assertDone(await wizard(zookit, { start: 'upgrade', licences: 'accept' }));
    const tool = join(zookit.root, tree(zookit.root).find((name) => name.endsWith('tool.txt')) ?? '');
    writeFileSync(tool, 'damaged');
    assertDone(await wizard(zookit, { start: 'repair', licences: 'accept' }));
    assert.equal(readFileSync(tool, 'utf8'), 'a tool');
    assertDone(await wizard(zookit, { start: 'uninstall', uninstall: ['Tool'] }));
    assert.ok(!existsSync(tool));
  });

  test('makes a signed bundle with the answer that brings a product; nothing else of a project is asked', async (context) => {
    const zookit = zookitWorld(context);
    assertDone(await zookit.run(['feed', 'keygen', 'own.key']));
    const answers = {
      start: 'bundle',
      bundle: ['SmallProject'],
      'param:Colour': 'blue',
      platform: ['linux-x64', 'windows-x64'],
      form: [],
      sign: 'own.key',
      out: './carried',
      licences: 'accept',
    };
    const more = ['--record-answers', 'chosen.json', '--json'];
    const ran = await wizard(zookit, answers, more);
    assertDone(ran);
    const { digest, signer } = json(ran);
    assert.match(ran.stderr, new RegExp(`^ {2}${String(digest)}$`, 'm'));
    assert.match(ran.stderr, new RegExp(`^Signed by ${String(signer)}$`, 'm'));
    assert.match(
      ran.stderr,
      /^ {2}zookit bundle export SmallProject --out \.\/carried --platform linux-x64 /m,
    );
    assert.match(ran.stderr, / --param Colour=blue --no-runtime --sign own\.key --accept-eula /);
    const listed = json(await zookit.run(['bundle', 'list', './carried', '--key', String(signer), '--json']));
    assert.match(JSON.stringify(listed), /"Paint"/);
    assert.deepEqual(JSON.parse(readFileSync(join(zookit.work, 'chosen.json'), 'utf8')), {
      ...answers,
      finish: 'quit',
    });
    assertFails(await wizard(zookit, { ...answers, sign: 'none.key' }), 2, 'USAGE', /none\.key/);
    assertFails(await wizard(zookit, { ...answers, out: '.' }), 2, 'USAGE', /./);
  });

  test('a file that says to begin again ends all the same, and a page that leads back to itself is an error', async (context) => {
    const zookit = zookitWorld(context);
    assertDone(await wizard(zookit, { ...project, finish: 'start' }));
    assertDone(await wizard(zookit, { start: 'install', products: ['Paint'], finish: 'start' }));
  });

  test('a file that leads back to where it was ends, and names the answer that does', async (context) => {
    const zookit = zookitWorld(context);
    const install = { start: 'install', products: ['Tool'], licences: 'accept' };
    const round = await wizard(zookit, { ...install, plan: 'change', change: 'Tool', 'choice:Tool': '1.0' });
    assertFails(
      round,
      2,
      'USAGE',
      /answer to 'plan'[^]*Wanted one of go\n {2}Found change, which leads back/,
    );
    assert.ok(!existsSync(join(zookit.root, 'journal.jsonl')));
  });

  test('adds a feed and removes it', async (context) => {
    const zookit = zookitWorld(context);
    const feed = writeWizardFeed(join(zookit.folder, 'work', 'other'));
    assertDone(await wizard(zookit, { start: 'feeds', feeds: 'add', 'feed-add': feed }));
    assert.match((await zookit.run(['feed', 'list'])).stdout, /added .*other/);
    assertDone(await wizard(zookit, { start: 'feeds', feeds: feed, feed: 'remove' }));
    assert.doesNotMatch((await zookit.run(['feed', 'list'])).stdout, /other/);
  });

  test('an answer that no page offers ends it, with the page, what it asks and what it takes', async (context) => {
    const zookit = zookitWorld(context);
    const refused: readonly [Readonly<Record<string, unknown>>, RegExp][] = [
      [{ start: 'instal' }, /answer to 'start'[^]*Wanted one of install, new/],
      [{ ...project, 'param:Colour': 'green' }, /'param:Colour'[^]*Wanted one of red, blue\n {2}Found green/],
      [{ ...project, 'param:Copies': 'two' }, /'param:Copies'[^]*not a whole number/],
      [{ start: 'install', products: ['Nothing'] }, /'products'[^]*'Nothing' is not among/],
      [{ start: 'install' }, /'products'[^]*Wanted some of [^]*Found nothing/],
      [{ start: 5 }, /no list of answers/],
      [{ ...project, shop: 'x' }, /says something for 'shop', and no page has that name/],
      [{ ...project, 'param:Color': 'blue' }, /says something for 'param:Color'[^]*param:Colour/],
    ];
    for (const [answers, words] of refused) assertFails(await wizard(zookit, answers), 2, 'USAGE', words);
    assertFails(
      await wizard(zookit, { ...project, 'param:ProjectName': 'class' }),
      2,
      'USAGE',
      /word of Python/,
    );
    assertFails(await wizard(zookit, { ...project, folder: '.' }), 2, 'USAGE', /not empty/);
  });

  test('without a terminal and without a file there is help, or an error that says what to do', async (context) => {
    const zookit = zookitWorld(context);
    assert.match((await zookit.run([])).stdout, /^Usage: zookit COMMAND/m);
    assertFails(await zookit.run(['wizard']), 2, 'USAGE', /--answers FILE/);
    assertFails(await zookit.run(['wizard', '--answers', 'none.json']), 2, 'USAGE', /cannot be read/);
  });
});

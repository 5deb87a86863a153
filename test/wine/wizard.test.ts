// The wizard's file of answers on a Windows: what made a project on the test's own system makes the same one there, and is
// recorded in the same words.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { writeWizardFeed } from '../helpers/wizard-feed.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const answers = {
  start: 'new',
  template: 'SmallProject',
  'param:Colour': 'blue',
  'choice:Tool': '1.0',
  licences: 'accept',
};

test('one file of answers, two systems', { skip: wineMissing }, async (context) => {
  const here = zookitWorld(context);
  const feed = writeWizardFeed(join(here.work, 'feed'));
  writeFileSync(join(here.work, 'answers.json'), JSON.stringify({ ...answers, folder: './shop' }));
  const words = [
    'wizard',
    '--answers',
    'answers.json',
    '--record-answers',
    'chosen.json',
    '--main-feed',
    feed,
  ];
  assertDone(await here.run(words));
  const chosen = JSON.parse(readFileSync(join(here.work, 'chosen.json'), 'utf8')) as Record<string, unknown>;
  const settings = readFileSync(join(here.work, 'shop', 'settings.txt'), 'utf8');

  const windows = await windowsWorld(context);
  writeWizardFeed(join(windows.drive, 'feed'));
  for (const node of nodeVersions) {
    await context.test(`makes the same project (node ${node})`, async () => {
      const folder = `C:\\my sites ${node}\\shop`;
      writeFileSync(join(windows.drive, 'answers.json'), JSON.stringify({ ...answers, folder }));
      const root = `C:\\root-${node}`;
      const files = ['--answers', 'C:\\answers.json', '--record-answers', 'C:\\chosen.json'];
      const ran = await windows.zookit(node, [
        'wizard',
        ...files,
        '--main-feed',
        'C:\\feed\\feed.xml',
        '--root',
        root,
        '--json',
      ]);
      assertDone(ran);
      const steps = json(ran)['steps'] as { product: string; status: string }[];
      assert.equal(steps.find(({ product }) => product === 'SmallProject')?.status, 'installed');
      const made = readFileSync(join(windows.drive, `my sites ${node}`, 'shop', 'settings.txt'), 'utf8');
      assert.equal(made, settings);
      assert.deepEqual(JSON.parse(readFileSync(join(windows.drive, 'chosen.json'), 'utf8')), {
        ...chosen,
        folder,
      });
      assert.match(ran.stderr, /zookit new SmallProject "C:\\my sites \d+\\shop" --with Tool@1\.0 /);
    });

    await context.test(`refuses what no page offers, in the same words (node ${node})`, async () => {
      writeFileSync(
        join(windows.drive, 'answers.json'),
        JSON.stringify({ ...answers, template: 'NoProject' }),
      );
      const ran = await windows.zookit(node, [
        'wizard',
        '--answers',
        'C:\\answers.json',
        '--main-feed',
        'C:\\feed\\feed.xml',
      ]);
      assertFails(ran, 2, 'USAGE', /'template'[^]*Wanted one of SmallProject\n\s+Found NoProject/);
    });
  }
});

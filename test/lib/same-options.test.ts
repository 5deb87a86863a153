import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSameOptions } from '../../src/lib/same-options.js';
import { feedXml } from '../helpers/feed-xml.js';
import { assertFails, zookitWorld } from '../helpers/zookit.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const words = [
  'plan',
  'X',
  '--main-feed=a.xml',
  '--feed',
  'b.xml',
  '--feed',
  'c.xml',
  '--root',
  'r',
  '--json',
];

test("a hint's command means the same feeds, machine and root", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['`zookit show X`', '`zookit show X --main-feed a.xml --feed b.xml --feed c.xml --root r`'],
    ['`zookit cache clean`', '`zookit cache clean --root r`'],
    [
      '`zookit plan X --main-feed d.xml`',
      '`zookit plan X --main-feed d.xml --feed b.xml --feed c.xml --root r`',
    ],
    ['See `zookit --help`, `--feed` or `pip list`', 'See `zookit --help`, `--feed` or `pip list`'],
  ];
  for (const [hint, expected] of cases) assert.equal(withSameOptions(hint, words), expected);
  assert.equal(
    withSameOptions('`zookit list`', ['list', '--feed', 'http://anna:geheim@x.test/f']),
    '`zookit list`',
  );
  assert.equal(withSameOptions('`zookit list`', ['list', '--feed=']), '`zookit list`');
});

test('what a hint says of a feed that is named for one command can be typed', async (context) => {
  const zookit = zookitWorld(context);
  const name = process.platform === 'win32' ? 'own.xml' : 'own feed.xml';
  writeFileSync(join(zookit.work, name), feedXml('<entry><productId>Only</productId></entry>'));
  const failed = await zookit.run(['plan', 'Only', '--main-feed', name]);
  assertFails(failed, 3, 'NO_INSTALLER', /hint: .*`zookit show Only --main-feed ('own feed\.xml'|own\.xml)`/);
  assert.equal((await zookit.run(['show', 'Only', '--main-feed', name])).status, 0);
});

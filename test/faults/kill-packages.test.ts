// Installing packages into an environment that others use is killed at moments of its whole duration: whatever writes next,
// the environment is as it was before, to the last file, and the same command then ends well. By pip, and by uv.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { programOnPath } from '../../src/lib/programs.js';
import { anyPython, feedXml } from '../helpers/feed-xml.js';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { disturbed, durationOf, momentCount, moments } from '../helpers/moments.js';
import { hasModule, pythonsHere } from '../helpers/pythons.js';
import { differences, keepFolders, snapshot } from '../helpers/snapshot.js';
import { makeWheel, packageXml } from '../helpers/wheels.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const pythons = await pythonsHere();
const able = await Promise.all(
  pythons.map(async (each) => (await hasModule(each, 'pip')) && (await hasModule(each, 'venv'))),
);
const python = pythons.find((each, index) => able[index] && /^3\.(9|\d\d)/.test(each.version));
const uv = await programOnPath('uv', process.env['PATH'] ?? '');

const small = makeWheel('Small', '1.0');
const many = Array.from({ length: 800 }, (_, index) => [`big_parts/part${index}.py`, `number = ${index}\n`]);
const big = makeWheel('Big', '1.0', Object.fromEntries(many) as Record<string, string>);
const bigger = makeWheel('Big', '2.0', Object.fromEntries(many.slice(100)) as Record<string, string>);
const uvEntry = `<entry><productId>uv</productId><title>uv</title><version>1</version><discoveryHint>
  <zk:command program="uv" arguments="--version" match="uv (\\S+)"/></discoveryHint></entry>`;

/** What bytecode there is depends on what was imported; uv notes the times of its cache, and lists that. */
const varies = /__pycache__|\.pyc$|uv_cache\.json$|\/RECORD$/;

async function disturb(context: TestContext, programs: Readonly<Record<string, string>>): Promise<void> {
  const zookit = zookitWorld(context, {
    programs: { python3: python?.path ?? '', ...programs },
    env: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(temporaryFolder(context), 'none'), PIP_CONFIG_FILE: '' },
  });
  const known = programs['uv'] === undefined ? [] : [uvEntry];
  const entries = [packageXml('Small', '1.0', small), packageXml('Big', '1.0', big)];
  writeFileSync(join(zookit.work, 'feed.xml'), feedXml(anyPython, ...known, ...entries));
  const newer = feedXml(anyPython, ...known, ...entries, packageXml('Big', '2.0', bigger));
  writeFileSync(join(zookit.work, 'newer.xml'), newer);
  mkdirSync(join(zookit.work, 'wheels'));
  for (const { file, bytes } of [small, big, bigger]) writeFileSync(join(zookit.work, 'wheels', file), bytes);
  const env = { PIP_FIND_LINKS: 'wheels' };
  const environment = join(zookit.root, 'environments', 'default');
  assertDone(await zookit.run(['install', 'Small', '--main-feed', 'feed.xml'], { env }));
  for (const words of [
    ['install', 'Big', '--main-feed', 'feed.xml'],
    ['upgrade', 'Big', '--main-feed', 'newer.xml'],
  ]) {
    const before = snapshot(environment, varies);
    // Once with everything, so that wheels and bytecode are kept: what takes the time then is the installing.
    const fresh = keepFolders([zookit.root], temporaryFolder(context));
    assertDone(await zookit.run(words, { env }));
    fresh();
    assertDone(await zookit.run(words, { env }));
    const after = snapshot(environment, varies);
    fresh();
    const duration = await durationOf(
      { ...zookit, run: (all, settings) => zookit.run(all, { ...settings, env }) },
      words,
    );
    for (const moment of moments(
      words.join(' ').slice(0, 11),
      duration,
      Math.max(2, Math.ceil(momentCount / 10)),
    )) {
      fresh();
      await disturbed(zookit.start(words, { env }), moment, 'SIGKILL');
      const swept = await zookit.run(['cache', 'verify']);
      assertDone(swept);
      const now = snapshot(environment, varies);
      if (differences(now, after).length > 0)
        assert.deepEqual(differences(now, before), [], `${moment.name}\n${swept.stderr}`);
      assertDone(await zookit.run(words, { env }));
      assert.deepEqual(differences(snapshot(environment, varies), after), [], moment.name);
      assertDone(await zookit.run(['verify', '--main-feed', 'newer.xml']));
    }
  }
  assert.ok(tree(environment).some((name) => name.endsWith('big_parts/part799.py')));
}

const skip = python ? false : 'no Python with pip and venv here';

test('by pip', { skip }, (context) => disturb(context, {}));

test('by uv', { skip: skip || (uv === undefined ? 'no uv on PATH' : false) }, (context) =>
  disturb(context, { uv: uv ?? '' }),
);

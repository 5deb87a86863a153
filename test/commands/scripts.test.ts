// Script products for real: run with the plan's Python in their own folder, undone when they fail, undone when they go.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { anyPython, entryXml, feedXml, needs, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { pythonsHere } from '../helpers/pythons.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

const [python] = await pythonsHere();
const options = { skip: python ? false : 'no Python here' };

/** Keeps what it did in a file beside the product's folder; `fail` fails after doing it. */
const source = `
import os, sys
state = os.path.join(os.pardir, "state.txt")
if sys.argv[1] == "undo":
    os.remove(state)
    sys.exit(int(sys.argv[2]))
with open(state, "w") as file:
    file.write("|".join(sys.argv[1:]))
if sys.argv[1] == "fail":
    sys.exit("the disk is on fire")
sys.exit(int(sys.argv[2]))
`;

function scriptFeed(run: readonly string[], undo: readonly string[], mapping = ''): string {
  const words = (list: readonly string[]): string =>
    ['setup.py', ...list].map((word) => `<zk:argument>${word}</zk:argument>`).join('');
  const undone = undo.length > 0 ? `<zk:undo>${words(undo)}</zk:undo>` : '';
  return feedXml(
    anyPython,
    entryXml('Job', '1', {
      needs: needs('Python'),
      installers: `<installer><zk:script><zk:file href="setup.py" sha256="${sha256(source)}"/>
        <zk:run>${words(run)}</zk:run>${undone}${mapping}</zk:script></installer>`,
    }),
  );
}

const files = { 'setup.py': source };
const programs = { python3: python?.path ?? '' };

describe('scripts', { concurrency: 2 }, () => {
  test('arguments reach the script as they are; its undo is part of uninstall', options, async (t) => {
    const server = await serveFeed(
      t,
      scriptFeed(['go', '0', 'two words', '$HOME;`id`'], ['undo', '0']),
      files,
    );
    const zookit = zookitWorld(t, { programs });
    const on = ['--main-feed', server.feed];
    const ran = await zookit.run(['install', 'Job', ...on]);
    assertDone(ran);
    assert.doesNotMatch(ran.stderr, /Cannot be undone/, 'it brings its own undo');
    const state = join(zookit.root, 'products/state.txt');
    assert.equal(readFileSync(state, 'utf8'), 'go|0|two words|$HOME;`id`');
    assertDone(await zookit.run(['uninstall', 'Job', ...on]));
    assert.ok(!existsSync(state), 'the undo ran');
    assert.ok(!existsSync(join(zookit.root, 'products/Job')));
  });

  test('what has no way back stays, and the hint does not say to try again', options, async (t) => {
    const server = await serveFeed(t, scriptFeed(['go', '0'], []), files);
    const zookit = zookitWorld(t, { programs });
    const on = ['--main-feed', server.feed];
    assertDone(await zookit.run(['install', 'Job', ...on]));
    const ran = await zookit.run(['uninstall', 'Job', ...on]);
    assertFails(ran, 6, 'UNDO_INCOMPLETE', /is left as it left it/);
    assert.match(ran.stderr, /^hint: Take 'Job' away /m);
  });

  test('a script that fails is undone by its own undo', options, async (t) => {
    const server = await serveFeed(t, scriptFeed(['fail', '1'], ['undo', '0']), files);
    const zookit = zookitWorld(t, { programs });
    const ran = await zookit.run(['install', 'Job', '--json', '--main-feed', server.feed]);
    assertFails(ran, 5, 'INSTALLER_FAILED', /The script of 'Job' ended with 1/);
    assert.match(ran.stderr, /the disk is on fire/);
    const { ok, steps, error } = json(ran) as unknown as {
      ok: boolean;
      steps: { product: string; status: string }[];
      error: { code: string };
    };
    assert.equal(ok, false);
    assert.equal(error.code, 'INSTALLER_FAILED');
    assert.deepEqual(
      steps.map(({ product, status }) => `${product} ${status}`),
      ['Python present', 'Job undone'],
    );
    assert.deepEqual(
      programsOf(zookit).filter((name) => name !== 'products'),
      [],
    );
  });

  test(
    'a script that fails without an undo, or whose undo fails, leaves something: told with status 6',
    options,
    async (t) => {
      for (const undo of [[], ['undo', '7']]) {
        const server = await serveFeed(t, scriptFeed(['fail', '1'], undo), files);
        const zookit = zookitWorld(t, { programs });
        const ran = await zookit.run(['install', 'Job', '--json', '--main-feed', server.feed]);
        assertFails(ran, 6, 'UNDO_INCOMPLETE', /something is left/);
        assert.match(ran.stderr, /the disk is on fire/, 'the first reason is told too');
        const told = json(ran) as { left: string[]; steps: { status: string }[] };
        assert.match(told.left.join('\n'), undo.length > 0 ? /ended with 7/ : /is left as it left it/);
        assert.equal(told.steps.at(-1)?.status, 'failed');
      }
    },
  );

  test('the words of the feed stand for exit codes; a restart is told', options, async (t) => {
    const mapping = `<returnCodeMappings><mapping><returnCode>77</returnCode><successRebootRequired/></mapping></returnCodeMappings>`;
    const server = await serveFeed(t, scriptFeed(['go', '77'], [], mapping), files);
    const zookit = zookitWorld(t, { programs });
    const ran = await zookit.run(['install', 'Job', '--json', '--main-feed', server.feed]);
    assertDone(ran);
    assert.match(ran.stderr, /Cannot be undone by Zookit: Job/);
    assert.match(ran.stderr, /restart/i);
    assert.equal(json(ran)['rebootRequired'], true);
  });

  test('no file of the script, or another one than the feed says', options, async (t) => {
    const zookit = zookitWorld(t, { programs });
    const other = await serveFeed(t, scriptFeed(['go', '0'], []), { 'setup.py': `${source}# changed` });
    const refused = await zookit.run(['install', 'Job', '--main-feed', other.feed]);
    assertFails(refused, 4, 'HASH_MISMATCH', /'Job'/);
    assert.deepEqual(programsOf(zookit), []);
  });
});

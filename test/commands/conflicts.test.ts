// What cannot be planned: told in a few lines that name the reason, with a hint that works when it is typed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { satisfies } from '../../src/lib/version.js';
import { entryXml, feedXml, needs, nothing, serveFeed } from '../helpers/feed-xml.js';
import { pythonsHere } from '../helpers/pythons.js';
import { anotherUser } from '../helpers/user.js';
import type { Ran, RunSettings, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, json, programsOf, zookitWorld } from '../helpers/zookit.js';

const tooOld = (await pythonsHere()).filter(({ version }) => satisfies(version, '>=3.10 <3.12'));
const other = await anotherUser();

describe('conflicts', { concurrency: 2 }, () => {
  test('a cycle is named in full', async (t) => {
    const feed = feedXml(
      entryXml('A', '1', { needs: needs('B') }),
      entryXml('B', '1', { needs: needs('C') }),
      entryXml('C', '1', { needs: needs('A') }),
    );
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    for (const command of ['plan', 'install']) {
      const ran = await zookit.run([command, 'B', '--json', '--main-feed', server.feed]);
      assertFails(ran, 3, 'CONFLICT', /Cannot install 'B'/);
      assert.match(
        ran.stderr,
        /\bB\b.*\bC\b.*\bA\b.*\bB\b|\bA\b.*\bB\b.*\bC\b.*\bA\b|\bC\b.*\bA\b.*\bB\b.*\bC\b/,
      );
      assert.equal((json(ran)['error'] as { code: string }).code, 'CONFLICT');
    }
    assert.deepEqual(programsOf(zookit), []);
    const checked = await zookit.run(['feed', 'check', '--main-feed', server.feed]);
    assertFails(checked, 3, 'FEED_INVALID', /1 errors?/);
    assert.match(checked.stdout, /feed\.xml:\d+: error: .*A.*B.*C/);
  });

  test('an id that no feed declares, asked for and needed', async (t) => {
    const feed = feedXml(entryXml('Thumbnailer', '1'), entryXml('App', '1', { needs: needs('Ghost') }));
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const asked = await zookit.run(['install', 'Thumbnaler', '--main-feed', server.feed]);
    assertFails(asked, 3, 'PRODUCT_UNKNOWN', /'Thumbnaler'/);
    assert.match(asked.stderr, /Did you mean 'Thumbnailer'/);
    const needed = await zookit.run(['install', 'App', '--main-feed', server.feed]);
    assertFails(needed, 3, 'PRODUCT_UNKNOWN', /Cannot install 'App'/);
    assert.match(needed.stderr, /'?Ghost'?/);
    for (const command of ['show', 'why'])
      assertFails(
        await zookit.run([command, 'Thumbnaler', '--main-feed', server.feed]),
        3,
        'PRODUCT_UNKNOWN',
        /Thumbnaler/,
      );
  });

  test('a product that has nothing for this system', async (t) => {
    const other = process.platform === 'win32' ? 'macos' : 'windows';
    const only = nothing.replace('<installer>', `<installer><zk:platform os="${other}" arch="x64"/>`);
    const feed = feedXml(
      entryXml('Tool', '1', { installers: only }),
      entryXml('App', '1', { needs: needs('Tool') }),
    );
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    for (const id of ['Tool', 'App']) {
      const ran = await zookit.run(['install', id, '--main-feed', server.feed]);
      assertFails(ran, 3, 'NO_INSTALLER', new RegExp(`Cannot install '${id}'`));
      assert.match(ran.stderr, new RegExp(`only for ${other}`));
      const there = await zookit.run(['plan', id, '--platform', `${other}-x64`, '--main-feed', server.feed]);
      assertDone(there);
    }
  });

  test('installing for another machine is refused: a plan is all there is for it', async (t) => {
    const server = await serveFeed(t, feedXml(entryXml('Tool', '1')));
    const zookit = zookitWorld(t);
    const other = process.platform === 'win32' ? 'linux-x64' : 'windows-x64';
    const ran = await zookit.run(['install', 'Tool', '--platform', other, '--main-feed', server.feed]);
    assertFails(ran, 2, 'USAGE', new RegExp(`${other}|--platform`));
    const uninstall = await zookit.run([
      'uninstall',
      'Tool',
      '--platform',
      other,
      '--main-feed',
      server.feed,
    ]);
    assertFails(uninstall, 2, 'USAGE', new RegExp(`${other}|--platform`));
  });

  test('two products that exclude each other', async (t) => {
    const feed = feedXml(
      entryXml('A', '1', { needs: needs('Lib@^1') }),
      entryXml('B', '1', { needs: needs('Lib@^2') }),
      entryXml('Lib', '1.5'),
      entryXml('Lib', '2.5'),
    );
    const server = await serveFeed(t, feed);
    const zookit = zookitWorld(t);
    const ran = await zookit.run(['install', 'A', 'B', '--main-feed', server.feed]);
    assertFails(ran, 3, 'CONFLICT', /Cannot install 'A' and 'B' together/);
    assert.match(ran.stderr, /Lib/);
    assertDone(await hinted(zookit, ran.stderr, ['--main-feed', server.feed]));
  });

  for (const [who, as] of [
    ['this user', []],
    ['a user without rights', other],
  ] as const) {
    const old = as && tooOld.find(({ path }) => runsAs(as, path));
    test(
      `Django 6 for ${who} where the only Python is too old: five lines`,
      { skip: old ? false : 'no Python 3.10 or 3.11 here, or no other user' },
      async (t) => {
        const { version = '', path = '' } = old ?? {};
        const zookit = zookitWorld(t, { programs: { python3: path } });
        mkdirSync(zookit.root);
        for (const folder of ['', 'path', 'root', 'work', 'home', 'temporary'])
          chmodSync(`${zookit.folder}/${folder}`, 0o777);
        const settings = { as: as ?? [] };
        const ran = await zookit.run(['install', 'Django@6'], settings);
        assertFails(ran, 3, 'CONFLICT', /Cannot install 'Django@6'/);
        const lines = ran.stderr.trim().split('\n');
        assert.ok(lines.length <= 5, ran.stderr);
        assert.match(ran.stderr, /Django/);
        assert.match(ran.stderr, />= ?3\.12/, 'the range');
        assert.ok(ran.stderr.includes(version), 'what is there');
        const plan = await hinted(zookit, ran.stderr, [], settings);
        assertDone(plan);
        assert.match(plan.stdout, /Django/);
      },
    );
  }

  /** Whether that user can look at the interpreter and run it. */
  function runsAs(as: readonly string[], path: string): boolean {
    const look = `require('node:fs').statSync(process.argv[1])`;
    return [
      [...as, process.execPath, '-e', look, path],
      [...as, path, '-V'],
    ].every(([program = '', ...words]) => spawnSync(program, words, { env: {}, cwd: tmpdir() }).status === 0);
  }

  /** Types the command of the hint, as a plan. */
  async function hinted(
    zookit: Zookit,
    stderr: string,
    more: readonly string[],
    settings: RunSettings = {},
  ): Promise<Ran> {
    const command = /^hint: .*`zookit install ([^`]+)`/m.exec(stderr)?.[1];
    assert.ok(command !== undefined, `no command in the hint:\n${stderr}`);
    const words = [...command.matchAll(/"([^"]+)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    return zookit.run(['plan', ...words, ...more], settings);
  }
});

// An installer that demands a restart stops the run; `install --resume` goes on with it, whatever command it was, and no
// secret is kept meanwhile. No machine is restarted here: the file is made older than this machine's start.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeZip } from '../helpers/archives.js';
import { anyPython, entryXml, feedXml, fileXml, needs, serveFeed, sha256 } from '../helpers/feed-xml.js';
import { pythonsHere } from '../helpers/pythons.js';
import type { Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const [python] = await pythonsHere();
const options = { skip: python ? false : 'no Python here' };
const programs = { python3: python?.path ?? '' };

/** Demands a restart as long as nobody has made one, which a file in the root stands for. */
const source = `
import os, sys
sys.exit(0 if os.path.exists(os.path.join(os.pardir, os.pardir, "restarted")) else 77)
`;
const mapping = `<returnCodeMappings><mapping><returnCode>77</returnCode><failureRebootRequired>
  <detailedInformation>Files are in use.</detailedInformation></failureRebootRequired></mapping></returnCodeMappings>`;
const skeleton = makeZip([{ name: 'wsgi.py', content: "name = '@@ProjectName@@'\ncolor = '@@Color@@'\n" }]);

const feed = feedXml(
  anyPython,
  entryXml('First', '1', { needs: needs('Python') }),
  entryXml('Job', '1', {
    needs: needs('First', 'Python'),
    more: `<zk:parameter name="Color" type="text" title="Colour" default="red"/>
      <zk:parameter name="DbPassword" type="password" title="Password" tags="DbUserPassword"/>
      <zk:parameter name="Pin" type="text" title="Pin" default="" tags="NoStore"/>`,
    installers: `<installer><zk:script><zk:file href="setup.py" sha256="${sha256(source)}"/>
      <zk:run><zk:argument>setup.py</zk:argument></zk:run>${mapping}</zk:script></installer>`,
  }),
  entryXml('Page', '1', {
    needs: needs('Job'),
    more: `<zk:parameter name="ProjectName" title="Name"/>
      <zk:parameter name="Color" type="text" title="Colour" default="red"/>`,
    installers: `<installer>${fileXml('page.zip', skeleton)}<zk:template/></installer>`,
  }),
);
const files = { 'setup.py': source, 'page.zip': skeleton };

const fileOf = ({ root }: Zookit): string => join(root, 'resume.json');

interface Kept {
  waiting: Record<string, unknown>[];
}

/** What happens while a machine restarts. */
function restart(zookit: Zookit): void {
  const kept = JSON.parse(readFileSync(fileOf(zookit), 'utf8')) as Kept;
  for (const each of kept.waiting) each['at'] = '2001-01-01T00:00:00.000Z';
  writeFileSync(fileOf(zookit), JSON.stringify(kept));
  writeFileSync(join(zookit.root, 'restarted'), '');
}

describe('a restart that an installer demands', { concurrency: 2 }, () => {
  test('stops the run, and install --resume goes on', options, async (t) => {
    const server = await serveFeed(t, feed, files);
    const zookit = zookitWorld(t, { programs, env: { ZOOKIT_PARAM_DBPASSWORD: 'geheim-1' } });
    const address = server.feed.replace('http://', 'http://anna:geheim-2@');
    const stopped = await zookit.run([
      ...['install', 'Job', '--json', '--main-feed', address, '--allow-unverified'],
      ...['--param', 'color=blue', '--param', 'Pin=geheim-3'],
    ]);
    assertFails(stopped, 5, 'INSTALLER_FAILED', /'Job' can be installed only after a restart/);
    assert.match(stopped.stderr, /Files are in use\.\n.*hint: .*zookit install --resume$/ms);
    const told = json(stopped) as unknown as {
      rebootRequired: boolean;
      steps: { product: string; status: string }[];
      error: { code: string; hint: string };
    };
    assert.equal(told.rebootRequired, true);
    assert.match(told.error.hint, /zookit install --resume/);
    assert.deepEqual(
      told.steps.map(({ product, status }) => `${product} ${status}`),
      ['Python present', 'First installed', 'Job undone'],
    );
    const kept = readFileSync(fileOf(zookit), 'utf8');
    assert.doesNotMatch(kept, /geheim/);
    assert.equal(statSync(fileOf(zookit)).mode & 0o077, 0, 'nobody else reads it');
    const [waiting] = (JSON.parse(kept) as Kept).waiting;
    assert.deepEqual(
      { ...waiting, at: '' },
      {
        at: '',
        product: 'Job',
        command: 'install',
        names: ['Job'],
        options: { 'allow-unverified': true, 'accept-eula': true },
        answers: { Color: 'blue' },
        secrets: ['DbPassword', 'Pin'],
        feeds: [],
        mainFeed: server.feed,
      },
    );

    const early = await zookit.run(['install', '--resume']);
    assertFails(early, 2, 'USAGE', /has not been restarted since 'Job' asked for it/);
    assert.match(early.stderr, /--resume --yes/);
    const forced = await zookit.run(['install', '--resume', '--yes', '--param', 'Pin=geheim-3']);
    assertFails(forced, 5, 'INSTALLER_FAILED', /only after a restart/);
    assert.equal((JSON.parse(readFileSync(fileOf(zookit), 'utf8')) as Kept).waiting.length, 1);

    restart(zookit);
    const without = await zookit.run(['install', '--resume']);
    assertFails(without, 2, 'USAGE', /'Pin' is needed again.*\n.*ZOOKIT_PARAM_PIN/);
    const done = await zookit.run(['install', '--resume', '--json'], {
      env: { ZOOKIT_PARAM_PIN: 'geheim-3' },
    });
    assertDone(done);
    assert.match(done.stderr, /Going on with: zookit install Job/);
    assert.deepEqual(
      (json(done)['steps'] as { product: string; status: string }[])
        .map(({ product, status }) => `${product} ${status}`)
        .sort(),
      ['First present', 'Job installed', 'Python present'],
    );
    assert.ok(!existsSync(fileOf(zookit)));
    const nothing = await zookit.run(['install', '--resume']);
    assertFails(nothing, 2, 'USAGE', /nothing to resume/);
  });

  test('new goes on from another folder, with the answers that it had', options, async (t) => {
    const server = await serveFeed(t, feed, files);
    const zookit = zookitWorld(t, { programs });
    const words = ['new', 'Page', './shop', '--main-feed', server.feed, '--no-deploy'];
    const stopped = await zookit.run([...words, '--param', 'ProjectName=kiosk', '--param', 'Color=green']);
    assertFails(stopped, 5, 'INSTALLER_FAILED', /only after a restart/);
    restart(zookit);
    assertDone(await zookit.run(['install', '--resume'], { cwd: zookit.folder }));
    assert.equal(
      readFileSync(join(zookit.work, 'shop', 'wsgi.py'), 'utf8'),
      "name = 'kiosk'\ncolor = 'green'\n",
    );
    assert.ok(!existsSync(fileOf(zookit)));
  });

  test('two installations wait side by side; a damaged file is told', options, async (t) => {
    const server = await serveFeed(t, feed, files);
    const env = { ZOOKIT_PARAM_DBPASSWORD: 'x' };
    const zookit = zookitWorld(t, { programs, env });
    const on = ['--main-feed', server.feed];
    assertFails(await zookit.run(['install', 'Job', ...on]), 5, 'INSTALLER_FAILED', /restart/);
    const project = await zookit.run(['new', 'Page', './shop', '--no-deploy', ...on]);
    assertFails(project, 5, 'INSTALLER_FAILED', /restart/);
    restart(zookit);
    const first = await zookit.run(['install', '--resume']);
    assertDone(first);
    assert.match(first.stderr, /waits too: zookit install --resume/);
    assertDone(await zookit.run(['install', '--resume']));
    assert.ok(existsSync(join(zookit.work, 'shop', 'wsgi.py')));
    for (const text of ['no json', '{}', '{"resume":1,"waiting":[{"command":"rm"}]}']) {
      writeFileSync(fileOf(zookit), text);
      assertFails(await zookit.run(['install', '--resume']), 2, 'USAGE', /damaged/);
    }
  });

  test('what does not go together is refused', options, async (t) => {
    const server = await serveFeed(t, feed, files);
    const zookit = zookitWorld(t, { programs });
    assertFails(await zookit.run(['install', 'Job', '--resume']), 2, 'USAGE', /name no product/);
    const words = ['install', 'First', '--resume-after-restart', '--main-feed', server.feed];
    assertFails(await zookit.run(words), 2, 'USAGE', /for Windows only/);
  });
});

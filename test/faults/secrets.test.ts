// Passwords are planted wherever one can be given: answers, addresses of feeds, proxies. Then every file, every output and
// every command line of the machine is searched for them, after success, failure and a kill.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { makeZip } from '../helpers/archives.js';
import { redirecting } from '../helpers/faults.js';
import { anyPython, archiveXml, entryXml, feedXml, fileXml, needs, serveFeed } from '../helpers/feed-xml.js';
import { tree } from '../helpers/folder.js';
import { watchCommandLines } from '../helpers/processes.js';
import { startProxy } from '../helpers/proxy.js';
import { pythonsHere } from '../helpers/pythons.js';
import type { Route } from '../helpers/server.js';
import { send, startServer, status } from '../helpers/server.js';
import type { Ended, Zookit } from '../helpers/zookit.js';
import { assertDone, assertFails, checkTalk, json, zookitWorld } from '../helpers/zookit.js';

const [python] = await pythonsHere();
const withoutPython = python ? false : 'no Python here';

/** Other tests of the same machine may be at it at the same time. */
const own = `${process.pid}`;
const dbPassword = `db'pass "word" 100% <&> ${own}`;
const adminPassword = `ad'min "pass" %d %PATH% $HOME ${own}`;
const feedPassword = 'feed p@ss:w%rd/1';
const proxyPassword = 'proxy p@ss%41';

/** Every form in which a password may turn up: as it is, and as addresses, JSON, XML and headers write it. */
function forms(password: string): string[] {
  return [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    password.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'),
    ...['boss', 'owner'].map((user) => Buffer.from(`${user}:${password}`).toString('base64')),
  ];
}

/** Searches texts and all files below the world, but for those that are to hold the password. */
function assertNowhere(password: string, texts: readonly string[], { folder }: Zookit, keeps?: string): void {
  const names = tree(folder).filter((name) => !name.includes(' -> ') && name !== keeps);
  const files = names.flatMap((name) => {
    try {
      return [`${name}\n${readFileSync(join(folder, name), 'latin1')}`];
    } catch {
      return []; // a folder
    }
  });
  for (const form of forms(password)) {
    const bytes = Buffer.from(form).toString('latin1');
    for (const text of [...texts, ...files])
      assert.ok(!text.includes(form) && !text.includes(bytes), `${form} is in:\n${text.slice(0, 2000)}`);
  }
}

/** Says that it is there, then waits, so that the process list can be read; ends as it is told. */
const deployScript = `
import json, os, pathlib, sys, time
assert os.environ["DJANGO_SUPERUSER_PASSWORD"].startswith("ad"), "the administrator's password is needed"
assert json.loads(pathlib.Path("data/site.json").read_text())["password"].startswith("db")
pathlib.Path("deploying").write_text("yes")
time.sleep(float(os.environ["DEPLOY_SECONDS"]))
sys.exit(os.environ["DEPLOY_ENDING"] or None)
`;

const skeleton = makeZip([
  { name: 'wsgi.py', content: 'application = None\n' },
  { name: 'deploy.py', content: deployScript },
  { name: 'data/site.json', content: '{"password": "@@DbPassword@@"}' },
]);

const shopFeed = feedXml(
  anyPython,
  entryXml('Shop', '1', {
    needs: needs('Python'),
    more: `<zk:parameter name="DbPassword" type="password" title="Password"/>
      <zk:parameter name="AdminUser" title="User" default="boss"/>
      <zk:parameter name="AdminPassword" type="password" title="Password" tags="NoStore"/>`,
    installers: `<installer>${fileXml('shop.zip', skeleton)}<zk:template/></installer>`,
  }),
);

describe('answers', { concurrency: 1, skip: withoutPython }, () => {
  const endings: readonly (readonly [name: string, ending: string, kill: boolean])[] = [
    ['success', '', false],
    ['failure', 'no such table', false],
    ['kill', '', true],
  ];
  const ways: readonly (readonly [
    name: string,
    words: readonly string[],
    env: Readonly<Record<string, string>>,
  ])[] = [
    ['--param', ['--param', `DbPassword=${dbPassword}`, `--param=AdminPassword=${adminPassword}`], {}],
    ['ZOOKIT_PARAM_', [], { ZOOKIT_PARAM_DBPASSWORD: dbPassword, zookit_param_adminpassword: adminPassword }],
  ];
  for (const [ending, deployEnding, kill] of endings)
    for (const [way, given, env] of ways)
      test(`${way}: ${ending}`, async (context) => {
        const server = await serveFeed(context, shopFeed, { 'shop.zip': skeleton });
        const zookit = zookitWorld(context, { programs: { python3: python?.path ?? '' } });
        const words = [
          'new',
          'Shop',
          'shop',
          '--main-feed',
          server.feed,
          '--verbose',
          '--json',
          '--log',
          '../home/log',
        ];
        const watch = watchCommandLines();
        const settings = {
          env: { ...env, DEPLOY_ENDING: deployEnding, DEPLOY_SECONDS: kill ? '60' : '0.3' },
        };
        const run = zookit.start([...words, ...given], settings);
        const lines = await linesWhileDeploying(zookit, run.ended);
        if (kill) run.child.kill('SIGKILL');
        const ended = await run.ended;
        const seen = watch.end();
        if (!kill) checkTalk(words, { ...ended, stdout: '' });
        if (ending === 'success') assertDone(ended);
        if (ending === 'failure') assertFails(ended, 5, 'INSTALLER_FAILED', /no such table/);
        const keeps = ending === 'failure' ? undefined : 'work/shop/data/site.json';
        // Until it is loaded, the words of our own command line are anybody's: that is why there is another way.
        const texts = [ended.stdout, ended.stderr, ...lines, ...(way === '--param' ? [] : seen)];
        assertNowhere(dbPassword, texts, zookit, keeps);
        assertNowhere(adminPassword, texts, zookit);
        if (!kill) return;
        const again = await zookit.run(['cache', 'clean', '--json', '--verbose']);
        assertNowhere(dbPassword, [again.stdout, again.stderr], zookit);
      });

  test('a wrong word is not repeated', async (context) => {
    const zookit = zookitWorld(context);
    const ran = await zookit.run(['new', 'DjangoProject', 'shop', '--param', `DbPassword:${dbPassword}`]);
    assertFails(ran, 2, 'USAGE', /'DbPassword' is not NAME=VALUE/);
    assertNowhere(dbPassword, [ran.stderr], zookit);
  });
});

/** All command lines of the machine at the moment when the deploy script is at work. */
async function linesWhileDeploying({ work }: Zookit, ended: Promise<Ended>): Promise<string[]> {
  const over = new AbortController();
  void ended.then(() => over.abort());
  const isThere = (): boolean => tree(work).includes('shop/deploying');
  while (!isThere() && !over.signal.aborted) await pause(20);
  assert.ok(isThere(), 'the deploy script ran');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}

/** Lets in who has the name and the password. */
function guarded(answer: Route): Route {
  const wanted = `Basic ${Buffer.from(`owner:${feedPassword}`).toString('base64')}`;
  return (request: IncomingMessage, response) =>
    request.headers.authorization === wanted ? answer(request, response) : status(401)(request, response);
}

describe('addresses', { concurrency: 1 }, () => {
  const zipOf = (name: string): Buffer => makeZip([{ name: 'file.txt', content: name }]);
  const zip = zipOf('Demo');
  const names = ['Demo', 'Wrong', 'Gone', 'Cut', 'Round'];
  const feed = feedXml(
    ...names.map((name) =>
      entryXml(name, '1', { installers: archiveXml(`${name.toLowerCase()}.zip`, zipOf(name)) }),
    ),
  );
  const world = async (context: TestContext): Promise<{ zookit: Zookit; address: string; port: string }> => {
    const server = await startServer(context, {
      '/feed.xml': guarded(send(feed)),
      '/demo.zip': guarded(send(zip)),
      '/wrong.zip': guarded(send('something else')),
      '/cut.zip': guarded((_, response) => {
        response.writeHead(200, { 'Content-Length': zip.length });
        response.write(zip.subarray(0, 10));
      }),
      '/round.zip': guarded(redirecting('/round.zip')),
    });
    const { port } = new URL(server.address);
    const address = `http://owner:${encodeURIComponent(feedPassword)}@127.0.0.1:${port}/feed.xml`;
    return { zookit: zookitWorld(context), address, port };
  };

  test('of a feed, through everything that can be done with it', async (context) => {
    const { zookit, address } = await world(context);
    const texts: string[] = [];
    const run = async (...words: string[]): Promise<Ended> => {
      const all = [...words, '--verbose', '--log', '../home/log'];
      const ended = await zookit.start(all).ended;
      checkTalk(all.slice(0, 2), ended);
      texts.push(ended.stdout, ended.stderr);
      return ended;
    };
    const on = ['--main-feed', address];
    for (const words of ['list --json', 'show Demo', 'show Demo --json', 'plan Demo --json', 'why Demo'])
      assertDone(await run(...words.split(' '), ...on));
    assertDone(await run('install', 'Demo', '--json', ...on));
    for (const [product, code] of [
      ['Wrong', 'HASH_MISMATCH'],
      ['Gone', 'DOWNLOAD_FAILED'],
      ['Round', 'DOWNLOAD_FAILED'],
    ] as const) {
      const failed = await run('install', product, '--json', ...on);
      assertFails(failed, 4, code, /hint/);
      assert.equal(json(failed)['ok'], false);
    }
    assertDone(await run('feed', 'check', address));
    assertDone(await run('verify', ...on));
    assertDone(await run('uninstall', 'Demo', ...on));
    assertNowhere(feedPassword, texts, zookit);
    assertDone(await run('feed', 'add', address));
    assertDone(await run('feed', 'list', '--json'));
    assertDone(await run('install', 'Demo'));
    assertFails(await run('feed', 'add', address), 2, 'USAGE', /is added already/);
    assertNowhere(feedPassword, texts, zookit, 'root/feeds.json');
    assertDone(await run('feed', 'remove', address));
    assertNowhere(feedPassword, texts, zookit);
  });

  test('of a feed, killed while a file of it comes', async (context) => {
    const { zookit, address } = await world(context);
    const run = zookit.start(['install', 'Cut', '--main-feed', address]);
    const over = new AbortController();
    void run.ended.then(() => over.abort());
    const begun = (): boolean => tree(zookit.folder).some((name) => name.endsWith('.part'));
    while (!begun() && !over.signal.aborted) await pause(20);
    assert.ok(begun(), 'something has come');
    run.child.kill('SIGKILL');
    const { stdout, stderr } = await run.ended;
    assertNowhere(feedPassword, [stdout, stderr], zookit);
  });

  test('of a feed that is not there, and of one that wants another password', async (context) => {
    const { zookit, port } = await world(context);
    for (const [password, host] of [
      [feedPassword, '127.0.0.1:9'],
      ['another p@ssword', `127.0.0.1:${port}`],
    ] as const) {
      const address = `http://owner:${encodeURIComponent(password)}@${host}/feed.xml`;
      const ran = await zookit.run(['list', '--main-feed', address, '--json', '--verbose']);
      assertFails(ran, 4, 'FEED_UNREACHABLE', /hint/);
      assertNowhere(password, [ran.stdout, ran.stderr], zookit);
    }
  });

  test('that were not escaped', async (context) => {
    const zookit = zookitWorld(context);
    for (const address of [`http://owner:un@escaped@127.0.0.1:9/`, 'http://owner:un/escaped@127.0.0.1:9/']) {
      for (const words of [
        ['list', '--main-feed', address],
        ['feed', 'add', address],
        ['feed', 'check', address],
      ]) {
        const ran = await zookit.run([...words, '--json', '--verbose']);
        assert.notEqual(ran.status, 0);
        assert.doesNotMatch(ran.stdout + ran.stderr, /escaped|owner/);
      }
    }
  });

  test('of a proxy', async (context) => {
    const { zookit, address } = await world(context);
    for (const user of [`boss:${proxyPassword}`, 'boss:another']) {
      const proxy = await startProxy(context, { user });
      const env = { HTTP_PROXY: `http://boss:${encodeURIComponent(proxyPassword)}@127.0.0.1:${proxy.port}` };
      const words = ['install', 'Demo', '--main-feed', address, '--json', '--verbose'];
      const ended = await zookit.start(words, { env }).ended;
      assert.ok(proxy.asked.length > 0);
      assert.equal(ended.status === 0, user.includes(proxyPassword), ended.stderr);
      assertNowhere(proxyPassword, [ended.stdout, ended.stderr, ...proxy.asked], zookit);
      rmSync(zookit.root, { recursive: true });
    }
  });
});

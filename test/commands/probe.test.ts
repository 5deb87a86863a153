// `zookit probe` on one machine, `--machine` on another: what was found there decides, and nothing of this machine.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anyPython, entryXml, feedXml, needs, serveFeed } from '../helpers/feed-xml.js';
import { pythonsHere } from '../helpers/pythons.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const feed = feedXml(
  anyPython,
  entryXml('Base', '1.0'),
  entryXml('App', '2.0', { needs: needs('Base', 'Python') }),
  entryXml('Old', '1.0', { more: '<discoveryHint><file><filePath>/there</filePath></file></discoveryHint>' }),
);

/** A Windows server with a Python and two products of the feed. */
const server = {
  probe: 1,
  made: '2026-11-01T10:00:00.000Z',
  zookit: '0.1.0',
  platform: { os: 'windows', arch: 'x64', osVersion: '10.0.20348', edition: 'server' },
  admin: false,
  environment: { directory: 'C:\\Zookit\\environments\\default' },
  pythons: [{ version: '3.12.4', place: 'machine', path: 'C:\\Python312\\python.exe' }],
  presences: {
    python: [{ version: '3.12.4', place: 'machine', path: 'C:\\Python312\\python.exe' }],
    base: [{ version: '1.0', place: 'machine' }],
    old: [{ version: '1.0', place: 'D:\\another\\environment' }],
  },
  systemPackages: [],
};

interface Step {
  readonly product: string;
  readonly version: string;
  readonly status: string;
  readonly place: string;
}

test('what was probed elsewhere decides list, show and plan', async (context) => {
  const { feed: address } = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  writeFileSync(join(zookit.work, 'server.json'), JSON.stringify(server));
  const about = ['--main-feed', address, '--machine', 'server.json', '--json'];
  const plan = json(await zookit.run(['plan', 'App', ...about]));
  assert.deepEqual(
    (plan['steps'] as Step[]).map(({ product, version, status }) => [product, version, status]),
    [
      ['Base', '1.0', 'present'],
      ['Python', '3.12.4', 'present'],
      ['App', '2.0', 'install'],
    ],
  );
  const list = JSON.parse((await zookit.run(['list', '--installed', ...about])).stdout) as { id: string }[];
  assert.deepEqual(
    list.map(({ id }) => id),
    ['Python', 'Base'],
    'what lies in another environment than the asked one does not count',
  );
  const elsewhere = [...about, '--env', 'D:\\another\\environment'];
  assert.match((await zookit.run(['list', '--installed', ...elsewhere])).stdout, /Old/);
  const shown = json(await zookit.run(['show', 'Python', ...about]));
  assert.deepEqual(shown['installed'], server.presences.python);
});

test("installers are taken in the machine's language, unless another is said", async (context) => {
  const spoken = (id: string): string =>
    `<installer><id>${id}</id><languageId>${id}</languageId><zk:nothing/></installer>`;
  const entry = entryXml('Spoken', '1.0', { installers: ['en', 'de', 'fr'].map(spoken).join('') });
  const { feed: address } = await serveFeed(context, feedXml(entry));
  const zookit = zookitWorld(context);
  writeFileSync(join(zookit.work, 'server.json'), JSON.stringify({ ...server, language: 'de' }));
  const about = ['--main-feed', address, '--machine', 'server.json', '--json'];
  const language = async (...words: readonly string[]): Promise<unknown> => {
    const { steps } = json(await zookit.run(['plan', 'Spoken', ...about, ...words]));
    return (steps as { installer: { id: string } }[])[0]?.installer.id;
  };
  assert.equal(await language(), 'de');
  assert.equal(await language('--language', 'fr'), 'fr');
});

test('nothing is changed here for another machine, and two machines are one too many', async (context) => {
  const { feed: address } = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  writeFileSync(join(zookit.work, 'server.json'), JSON.stringify(server));
  const about = ['--main-feed', address, '--machine', 'server.json'];
  assertFails(await zookit.run(['install', 'App', '--yes', ...about]), 2, 'USAGE', /another machine/);
  assertFails(await zookit.run(['probe', ...about]), 2, 'USAGE', /Only this machine/);
  const both = await zookit.run(['list', ...about, '--platform', 'linux-x64']);
  assertFails(both, 2, 'USAGE', /two machines/);
});

const python = (await pythonsHere()).at(-1);

test(
  'a probe of this machine plans as this machine does',
  { skip: !python && 'no Python' },
  async (context) => {
    const { feed: address } = await serveFeed(context, feed);
    const zookit = zookitWorld(context, { programs: { python3: python?.path ?? '' } });
    assertDone(await zookit.run(['install', 'Base', '--main-feed', address, '--yes']));
    const probed = await zookit.run(['probe', 'mine.json', '--main-feed', address]);
    assertDone(probed);
    assert.equal(probed.stdout, '');
    const written = JSON.parse(readFileSync(join(zookit.work, 'mine.json'), 'utf8')) as typeof server;
    assert.equal(written.pythons.length, 1);
    assert.deepEqual(Object.keys(written.presences).sort(), ['base', 'python']);

    const here = await zookit.run(['plan', 'App', '--main-feed', address, '--json']);
    const there = zookitWorld(context);
    const about = ['--main-feed', address, '--machine', join(zookit.work, 'mine.json'), '--json'];
    assert.equal((await there.run(['plan', 'App', ...about])).stdout, here.stdout);
    const said = json(await zookit.run(['probe', '--main-feed', address]));
    assert.deepEqual({ ...said, made: '' }, { ...written, made: '' });
  },
);

test('a file in the encoding of another shell is read, one that is none is told why', async (context) => {
  const { feed: address } = await serveFeed(context, feed);
  const zookit = zookitWorld(context);
  const list = (): ReturnType<typeof zookit.run> =>
    zookit.run(['list', '--main-feed', address, '--machine', 'probe.json']);
  const text = JSON.stringify(server);
  for (const bytes of [`\uFEFF${text}`, Buffer.from(`\uFEFF${text}\r\n`, 'utf16le')]) {
    writeFileSync(join(zookit.work, 'probe.json'), bytes);
    assertDone(await list());
  }
  const wrong: readonly (readonly [unknown, RegExp])[] = [
    ['no json {', /is no JSON/],
    [[], /not of `zookit probe`/],
    [{ ok: true }, /not of `zookit probe`/],
    [{ ...server, probe: 2 }, /newer Zookit/],
    [{ ...server, platform: { os: 'beos', arch: 'x64', osVersion: '' } }, /'platform'/],
    [{ ...server, presences: { python: [{ version: 3 }] } }, /'presences'/],
    [{ ...server, environment: 'C:\\' }, /'environment'/],
    [{ ...server, systemPackages: undefined }, /'systemPackages'/],
    [{ ...server, pendingRestart: 'yes' }, /'pendingRestart'/],
    [{ ...server, platform: { ...server.platform, core: 'yes' } }, /'platform'/],
    [{ ...server, language: 7 }, /'language'/],
    [{ ...server, features: 'CGI' }, /'features'/],
    [{ ...server, vcRuntimes: { x64: 14 } }, /'vcRuntimes'/],
    [{ ...server, policies: {} }, /'policies'/],
  ];
  for (const [content, says] of wrong) {
    writeFileSync(
      join(zookit.work, 'probe.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
    const ran = await list();
    assertFails(ran, 2, 'USAGE', says);
    assert.match(ran.stderr, /hint: .*`zookit probe probe\.json`/);
  }
  assertFails(
    await zookit.run(['list', '--main-feed', address, '--machine', 'none.json']),
    2,
    'USAGE',
    /'none\.json' .*\n.*cannot be read/,
  );
  assert.ok(!existsSync(join(zookit.root, 'journal.jsonl')));
});

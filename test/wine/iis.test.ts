// A project as a site in IIS, by the real program on a Windows whose appcmd and icacls only remember: the very words that they
// would get, the way back when one of them fails, and the way back that `uninstall --iis` goes.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { entryXml, feedXml } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import type { StandInAnswer, StandIns } from '../helpers/stand-ins.js';
import { standIns } from '../helpers/stand-ins.js';
import type { Windows } from '../helpers/wine.js';
import { nodeVersions, windowsPath, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, json } from '../helpers/zookit.js';

const place = 'Default Web Site/my shop';
const folder = "C:\\sites\\O'Neill & Co";
const account = 'IIS AppPool\\my shop';

const xml = (...elements: readonly string[]): string => `<appcmd>${elements.join('')}</appcmd>`;

const server: readonly StandInAnswer[] = [
  {
    program: 'appcmd',
    when: 'list site',
    stdout: xml('<SITE SITE.NAME="Default Web Site" bindings="http/*:8080:"/>'),
  },
  { program: 'appcmd', when: 'list module', stdout: xml('<MODULE MODULE.NAME="httpPlatformHandler"/>') },
];

/** A template that is only a skeleton, and the product that makes a site of it: no Python is needed. */
function feedIn(context: TestContext): string {
  const place = temporaryFolder(context);
  mkdirSync(join(place, 'skeleton'));
  writeFileSync(join(place, 'skeleton', 'wsgi.py'), 'application = None\n');
  const questions = ['IisPool', 'IisBinding', 'IisAuthentication'].map(
    (name) => `<zk:parameter name="${name}" type="text" default=""/>`,
  );
  writeFileSync(
    join(place, 'feed.xml'),
    feedXml(
      entryXml('Demo', '1.0', { installers: '<installer><zk:template href="skeleton/"/></installer>' }),
      entryXml('IISApplication', '1.0', {
        more: questions.join(''),
        installers: '<installer><zk:iis/></installer>',
      }),
    ),
  );
  return windowsPath(join(place, 'feed.xml'));
}

/** Calls that change something: program and arguments. */
function changesOf(tools: StandIns): string[][] {
  return tools
    .calls()
    .filter(({ program, arguments: words }) => program === 'icacls' || words[0] !== 'list')
    .map(({ program, arguments: words }) => [program, ...words]);
}

const anonymous = '-section:system.webServer/security/authentication/anonymousAuthentication';
const made = [
  ['appcmd', 'add', 'backup', 'zookit-Default-Web-Site-my-shop'],
  [
    ...[
      'appcmd',
      'add',
      'apppool',
      '/name:my shop',
      '/managedRuntimeVersion:',
      '/enable32BitAppOnWin64:false',
    ],
    ...['/autoStart:false', '/startMode:AlwaysRunning', '/processModel.setProfileEnvironment:true'],
    '/processModel.idleTimeout:00:00:00',
  ],
  [
    ...['appcmd', 'set', 'config', '-section:system.applicationHost/applicationPools'],
    "/+[name='my shop'].environmentVariables.[name='PYTHONUTF8',value='1']",
    "/+[name='my shop'].environmentVariables.[name='PYTHONUNBUFFERED',value='1']",
    `/+[name='my shop'].environmentVariables.[name='ZOOKIT_SITE',value='${place}']`,
    '/commit:apphost',
  ],
  [
    ...['appcmd', 'add', 'app', '/site.name:Default Web Site', '/path:/my shop'],
    ...[`/physicalPath:${folder}`, '/applicationPool:my shop'],
  ],
  ['icacls', folder, '/reset', '/T', '/C', '/Q'],
  ['icacls', folder, '/grant', `${account}:(OI)(CI)RX`, '/Q'],
  [
    ...['icacls', `${folder}\\data`, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F'],
    ...['*S-1-5-32-544:(OI)(CI)F', `${account}:(OI)(CI)M`, '/Q'],
  ],
  ['icacls', `${folder}\\log`, '/grant', `${account}:(OI)(CI)M`, '/Q'],
  ['icacls', `${folder}\\media`, '/grant', `${account}:(OI)(CI)M`, '/Q'],
  [
    ...['icacls', `${folder}\\data\\secret.key`, '/inheritance:r', '/grant:r', '*S-1-5-18:F'],
    ...['*S-1-5-32-544:F', `${account}:R`, '/Q'],
  ],
  ['appcmd', 'unlock', 'config', place, '-section:system.webServer/handlers', '/commit:apphost'],
  ['appcmd', 'set', 'config', place, anonymous, '/enabled:true', '/userName:', '/commit:apphost'],
  ['appcmd', 'set', 'apppool', '/apppool.name:my shop', '/autoStart:true'],
  ['appcmd', 'start', 'apppool', '/apppool.name:my shop'],
];

const withdrawn = (name: string): string[] => [
  'icacls',
  folder + name,
  '/remove:g',
  account,
  '/T',
  '/C',
  '/Q',
];
const takenBack = [
  ['appcmd', 'stop', 'apppool', '/apppool.name:my shop'],
  ['appcmd', 'clear', 'config', place, anonymous, '/commit:apphost'],
  ['appcmd', 'clear', 'config', place, '-section:system.webServer/handlers', '/commit:apphost'],
  ...['\\media', '\\log', '\\data', ''].map(withdrawn),
  ['appcmd', 'delete', 'app', `/app.name:${place}`],
  ['appcmd', 'delete', 'apppool', '/apppool.name:my shop'],
];

interface World {
  readonly windows: Windows;
  readonly tools: StandIns;
  /** On the drive. */
  readonly project: string;
  readonly words: readonly string[];
  readonly feed: string;
}

async function world(context: TestContext): Promise<World> {
  const windows = await windowsWorld(context);
  const tools = await standIns(windows, ['appcmd', 'icacls']);
  tools.answer(...server);
  const feed = feedIn(context);
  const words = ['new', 'Demo', folder, '--iis', place, '--no-deploy', '--yes', '--main-feed', feed];
  return { windows, tools, feed, words, project: join(windows.drive, 'sites', "O'Neill & Co") };
}

test('a project becomes a site in IIS, and is none again', { skip: wineMissing }, async (context) => {
  const { windows, tools, project, words, feed } = await world(context);
  for (const node of nodeVersions) {
    await context.test(`node ${node}`, async () => {
      tools.forget();
      const ran = await windows.zookit(node, [...words, '--json']);
      assertDone(ran);
      assert.deepEqual(changesOf(tools), made);
      const steps = json(ran)['steps'] as { product: string; status: string; place: string }[];
      assert.deepEqual(
        steps.map(({ product, place: where, status }) => [product, where, status]),
        [
          ['Demo', folder, node === nodeVersions[0] ? 'installed' : 'present'],
          ['IISApplication', `IIS:${place}`, 'installed'],
        ],
      );
      assert.equal(json(ran)['url'], 'http://localhost:8080/my%20shop/');

      tools.forget();
      const again = await windows.zookit(node, words);
      assertDone(again);
      assert.deepEqual(changesOf(tools), [], 'it is there already');
      assert.equal(again.stdout.trim().split('\n').at(-1), 'http://localhost:8080/my%20shop/');

      const gone = await windows.zookit(node, [
        'uninstall',
        '--iis',
        place.toUpperCase(),
        '--yes',
        '--main-feed',
        feed,
      ]);
      assertDone(gone);
      assert.deepEqual(changesOf(tools), takenBack);
      assert.ok(existsSync(join(project, 'wsgi.py')), 'the project stays');
      const nothing = await windows.zookit(node, ['uninstall', '--iis', place, '--yes', '--main-feed', feed]);
      assert.match(nothing.stderr, /has made no site .*PRODUCT_UNKNOWN/);
    });
  }
});

test('a command that fails takes all before it back', { skip: wineMissing }, async (context) => {
  const { windows, tools, project, words } = await world(context);
  tools.answer(...server, {
    program: 'icacls',
    when: '/reset',
    status: 5,
    stdout: 'Access is denied.\n',
  });
  const ran = await windows.zookit('22', words);
  assert.equal(ran.status, 5, ran.stderr);
  assert.match(ran.stderr, /icacls\.exe' ended with 5[\s\S]*Access is denied/);
  const done = made.slice(0, 5);
  assert.deepEqual(changesOf(tools), [...done, ...takenBack.slice(-2)]);
  assert.ok(existsSync(join(project, 'wsgi.py')), 'what was finished before stays');
  tools.answer(...server);
  tools.forget();
  assertDone(await windows.zookit('22', words));
  assert.deepEqual(changesOf(tools), made, 'the same command goes on');
});

test('what cannot be is said before anything is made', { skip: wineMissing }, async (context) => {
  const { windows, tools, words, feed } = await world(context);
  const elsewhere = ['C:\\users\\anna\\shop', '--iis', 'Default Web Site/x', '--yes', '--main-feed', feed];
  for (const [given, message] of [
    [['new', 'Demo', ...elsewhere], /No application pool can read .*SITE_INVALID/],
    [[...words, '--auth', 'windows', '--host', 'zoo'], /do not reach a site of the form 'zoo'/],
    [[...words, '--binding', 'nonsense'], /'nonsense' is not a binding/],
    [[...words, '--serve'], /IIS serves it/],
  ] as const) {
    const ran = await windows.zookit('22', given);
    assert.match(ran.stderr, message);
    assert.ok(ran.status === 2 || ran.status === 3, String(ran.status));
  }
  assert.deepEqual(tools.calls(), []);
  assert.ok(!existsSync(join(windows.drive, 'sites')));
});

// WebPICMD's words: each switch means words of ours, or is told; what shells make of them; what is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppError } from '../src/errors.js';
import { asksForWebpiHelp, isWebpiWords, translateWebpi, webpiHelp } from '../src/webpi-words.js';

/** Our words, without what --accept-eula brings along. */
function ours(...typed: string[]): string {
  return translateWebpi(typed).words.join(' ');
}

test('each form means words of our own', () => {
  const cases: readonly (readonly [string[], string])[] = [
    [['/List'], 'list --webpi --all'],
    [['/List', '/ListOption:All'], 'list --webpi --all'],
    [['/list', '/listoption:available'], 'list --webpi --all --available'],
    [['/LIST', '/LISTOPTION:INSTALLED'], 'list --webpi --all --installed'],
    [['/List', '/ListOption:Feeds'], 'feed list'],
    [
      ['/List', '/ListOption:Languages', '/XML:C:\\f\\main.xml'],
      'list --languages --main-feed=C:\\f\\main.xml',
    ],
    [['/Install', '/Products:Python,Django'], 'install Python Django'],
    [['/Install', '/Products:A', '/AcceptEula'], 'install A --accept-eula --yes'],
    [
      ['/Products:A,b', '/AcceptEula', '/SuppressReboot', '/Feeds:http://x.test/f.xml'],
      'install A b --accept-eula --yes --feed=http://x.test/f.xml',
    ],
    [['/Install', '/Application:Blog'], 'install --title=Blog'],
    [['/Install', '/Application:My Blog@C:\\a b.app'], 'install --title=My Blog --answers=C:\\a b.app'],
    [
      ['/Install', '/Products:A', '/Language:de', '/Log:C:\\l.txt', '/SuppressPostFinish'],
      'install A --language=de --log=C:\\l.txt',
    ],
    [
      ['/Install', '/Products:A', '/Feeds:http://a.test/1,http://b.test/2', '/Feeds:C:\\3'],
      'install A --feed=http://a.test/1 --feed=http://b.test/2 --feed=C:\\3',
    ],
    [['/Install', '/Products:A', '--root', 'D:\\z', '--json'], 'install A --root D:\\z --json'],
    [
      ['/Install', '/Products:A', '--root', '/srv/z', '/XML:/f.xml', '--log', '/log', '/AcceptEula'],
      'install A --accept-eula --yes --main-feed=/f.xml --root /srv/z --log /log',
    ],
    [['/List:Installed', '/XML:f.xml'], 'list --webpi --all --installed --main-feed=f.xml'],
    [['/ListOption:Available'], 'list --webpi --all --available'],
    [['/Install', '/Products:A', '/List'], 'install A'],
    [['/List', '/Install', '/Products:A'], 'list --webpi --all'],
  ];
  for (const [typed, expected] of cases) {
    assert.ok(isWebpiWords(typed), typed.join(' '));
    assert.equal(ours(...typed), expected);
  }
});

test('what PowerShell and quotes make of lists', () => {
  const forms = [
    ['/Products:A,B'],
    ['/Products:A', 'B'],
    ['/Products:', 'A,B'],
    ['/Products:', 'A', 'B'],
    ['/Products:A,', 'B'],
    ['/Products:"A,B"'],
    ["/Products:'A, B'"],
    ['/Products:"A"', '"B"'],
    ['/Products:A', '/Products:B'],
  ];
  for (const form of forms) assert.equal(ours('/Install', ...form), 'install A B', form.join(' '));
  assert.equal(
    ours('/Install', '/Products:A', '/XML:', '/srv/feeds/main.xml'),
    'install A --main-feed=/srv/feeds/main.xml',
  );
});

test('what changes nothing here is told', () => {
  const told: readonly (readonly [string, RegExp])[] = [
    ['/ForceReboot', /never restarts/],
    ['/IISExpress', /IIS Express/],
    ['/UseRemoteDatabase', /DbServer/],
    ['/OptInMU', /Microsoft Update/],
    ['/Url:http://x.test', /\/Url belongs to \/Offline/],
    ['/Path:C:\\x', /\/Path belongs to \/Offline/],
  ];
  for (const [word, says] of told) {
    const { words, notices } = translateWebpi(['/Install', '/Products:A', word]);
    assert.deepEqual(words, ['install', 'A']);
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', says);
  }
  assert.deepEqual(translateWebpi(['/Install', '/Products:A', '/SuppressReboot']).notices, []);
});

test('passwords go apart, and into no word or notice', () => {
  const typed = ['/Install', '/Products:A', '/SQLPassword:s3:cret,!', '/mysqlpassword:other secret'];
  const { words, notices, secrets } = translateWebpi(typed);
  assert.deepEqual(secrets, {
    ZOOKIT_PARAM_SQLPASSWORD: 's3:cret,!',
    ZOOKIT_PARAM_MYSQLPASSWORD: 'other secret',
  });
  assert.doesNotMatch([...words, ...notices].join('\n'), /s3:cret|other secret/);
});

describe('what is refused', () => {
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [['/Instal', '/Products:A'], /'\/Instal' .*\n.*`\/Install`/],
    [['/Install', '/Product:A'], /`\/Products`/],
    [['/Install', '/Frobnicate'], /`zookit \/\?`/],
    [['/Install'], /No product is named/],
    [['/AcceptEula'], /No product is named/],
    [['/Install', '/Products:'], /'\/Products' names nothing/],
    [['/Install', '/Products:A', '/XML'], /'\/XML' needs a value/],
    [['/Install', 'A'], /'A' belongs to no switch/],
    [['/Install', 'A'], /`\/Products:A`/],
    [['/Install', '-Products:A'], /'-Products:A' belongs to no switch\n.*`\/Products:A`/],
    [['/Install', '/products=A,B'], /`\/Products:A,B`/],
    [['/Install', '/Application:@x.app'], /'\/Application' names no application/],
    [['/Install', '/AcceptEula:yes'], /'\/AcceptEula' takes no value\n.*`\/AcceptEula` alone/],
    [['/Install', '/Products:A', '/Log:a', 'b'], /'b' belongs to no switch\n.*quotes/],
    [['/Install:A'], /'\/Install' takes no value/],
    [['/List', '/ListOption:Everything'], /'Everything' is nothing/],
    [['/List', '/ListOption:constructor'], /'constructor' is nothing/],
    [['/Offline', '/Products:A'], /\/Offline needs products and a folder/],
    [['/Offline', '/Path:C:\\x'], /\/Offline needs products and a folder/],
  ];
  for (const [typed, says] of wrong)
    test(typed.join(' '), () => {
      assert.throws(
        () => translateWebpi(typed),
        (error: Error & { code?: string; hint?: string }) =>
          error.code === 'USAGE' && says.test(`${error.message}\n${error.hint ?? ''}`),
      );
    });
});

test('no error of a misspelled password tells it', () => {
  for (const typed of [
    ['/Products:A', '/SQLPassword:geheim', 'geheim'],
    ['/Products:A', '-SQLPassword=geheim'],
    ['/Products:A', '/MySQLPassword=geheim'],
  ])
    assert.throws(
      () => translateWebpi(['/Install', ...typed]),
      ({ message, hint = '', details }: AppError) =>
        ![message, hint, ...details].join('\n').includes('geheim'),
    );
});

test('help is asked for in three ways', () => {
  for (const word of ['/?', '/h', '/HELP']) assert.ok(asksForWebpiHelp(['/Install', word]), word);
  assert.ok(!asksForWebpiHelp(['/Install', '/Products:help']));
});

test('an offline cache', () => {
  const given = [
    '/offline',
    '/Products:A,B',
    '/Path:C:\\my cache',
    '/Url:http://x.test',
    '/XML:list.xml',
    '/Language:de',
  ];
  const { words, notices } = translateWebpi(given);
  const own = ['bundle', 'webpi', 'A', 'B', '--out=C:\\my cache', '--url=http://x.test'];
  assert.deepEqual(words, [...own, '--main-feed=list.xml', '--language=de']);
  assert.deepEqual(notices, []);
  assert.deepEqual(translateWebpi(['/Offline', '/Products:all', '/Path:c']).words, [
    ...['bundle', 'webpi', '--all', '--out=c'],
  ]);
});

test('only words of that form are taken for them', () => {
  for (const word of ['list', '--json', '/srv/feed.xml', '', '/'])
    assert.equal(isWebpiWords([word]), false, word);
  for (const word of ['/?', '/install', '/Products:A,B', '/XML:/srv/feed.xml'])
    assert.ok(isWebpiWords([word]), word);
});

test('the help names every switch that the words know', () => {
  const help = webpiHelp();
  for (const name of [
    '/List',
    '/ListOption:',
    '/Install',
    '/Products:',
    '/Application:',
    '/Offline',
    '/XML:',
    '/Feeds:',
    '/Language:',
    '/Log:',
    '/AcceptEula',
    '/SuppressReboot',
    '/ForceReboot',
    '/SuppressPostFinish',
    '/IISExpress',
    '/SQLPassword:',
    '/MySQLPassword:',
    '/UseRemoteDatabase',
    '/OptInMU',
    '/Url:',
    '/?',
  ])
    assert.ok(help.includes(`  ${name}`), name);
});

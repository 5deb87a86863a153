// What `zookit doctor` asks of a Windows server, with recorded answers of appcmd, icacls and reg in several languages: what it
// makes of them, and that no question changes anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from '../../src/catalog/registry.js';
import { runChecks } from '../../src/commands/doctor/check.js';
import { iisChecks } from '../../src/commands/doctor/iis.js';
import { doctorIisFacts, poolSid } from '../../src/commands/doctor/iis-facts.js';
import { windowsFacts } from '../../src/commands/doctor/machine-facts.js';
import type { Context } from '../../src/context.js';
import { parseSitePlace } from '../../src/lib/iis-place.js';
import { check } from '../helpers/checked.js';
import { recordedRun } from '../helpers/recorded-run.js';
import { httpPlatformConfig } from '../helpers/site.js';
import { soundFolder as folder, soundSite } from '../helpers/sound-site.js';

const variables = {
  SystemRoot: 'C:\\Windows',
  ProgramW6432: 'C:\\Program Files',
  PUBLIC: 'C:\\Users\\Public',
};

const platform = soundSite(httpPlatformConfig());

test('the account of a pool as a SID', () => {
  // What every Windows shows for the pool of that name.
  const known = 'S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415';
  assert.equal(poolSid('DefaultAppPool'), known);
  assert.equal(poolSid('DEFAULTAPPPOOL'), known);
});

const answers = {
  'reg.exe query HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp': {
    stdout:
      '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp\r\n    VersionString    REG_SZ    Version 10.0\r\n',
  },
  'reg.exe query HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\VisualStudio': {
    stdout:
      '\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\x64\r\n    Installed    REG_DWORD    0x1\r\n    Version    REG_SZ    v14.44.35211.00\r\n',
  },
  'list site /xml': {
    stdout: '<appcmd><SITE SITE.NAME="Default Web Site" bindings="http/*:80:" /></appcmd>',
  },
  'list apppool': { stdout: '<appcmd><APPPOOL APPPOOL.NAME="shop" /></appcmd>' },
  'list vdir': {
    stdout: `<appcmd><VDIR APP.NAME="Default Web Site/shop" path="/" physicalPath="${folder}" /></appcmd>`,
  },
  'list app /xml': {
    stdout:
      '<appcmd><APP APP.NAME="Default Web Site/shop" SITE.NAME="Default Web Site" APPPOOL.NAME="shop" /></appcmd>',
  },
  'list module': { stdout: '<appcmd><MODULE MODULE.NAME="httpPlatformHandler" /></appcmd>' },
  'list backup': { stdout: '<appcmd />' },
  'list config': { status: 50, stdout: 'ERROR ( message:This section\r\ncannot be used. )\r\n' },
  [`${folder} /findsid *S-1-5-32-568`]: { stdout: `SID gefunden: ${folder}.\r\n1 Dateien verarbeitet\r\n` },
  '/findsid': { stdout: `${folder}\\.venv: Zugriff verweigert\r\nKeine Dateien gefunden\r\n` },
  [`icacls.exe ${folder}\\data`]: { stdout: `${folder}\\data IIS APPPOOL\\shop:(OI)(CI)(M)\r\n` },
  [`icacls.exe ${folder}\\log`]: {
    stdout: `${folder}\\log IIS APPPOOL\\shop:(OI)(CI)(RX)\r\n     VORDEFINIERT\\Benutzer:(M)\r\n`,
  },
  'python.exe -I': { status: 1, stderr: 'Traceback\r\nImportError: DLL load failed\r\n' },
};

test('what appcmd, icacls and reg say, in any language', async () => {
  const recorded = recordedRun(answers);
  const context = { run: recorded.run, variables } as unknown as Context;
  const facts = await doctorIisFacts(context, { site: platform });
  assert.equal(facts.version, 'Version 10.0');
  assert.equal(facts.vcRuntime, '14.44.35211.00');
  assert.deepEqual(facts.place, parseSitePlace('Default Web Site/shop'), 'found by its folder');
  assert.equal(facts.handlersTrouble, 'ERROR ( message:This section cannot be used. )');
  assert.deepEqual(facts.readable, [
    { path: folder, allowed: true },
    { path: `${folder}\\.venv`, allowed: false },
    { path: 'C:\\Program Files\\Zookit\\python\\3.13', allowed: false },
  ]);
  assert.deepEqual(
    facts.writable.map(({ allowed }) => allowed),
    [true, false],
  );
  assert.match(facts.program?.trouble ?? '', /DLL load failed/);
  assert.ok(
    recorded.commands.every((each) => !/ (set|add|delete|unlock|\/grant) /.test(each)),
    'it only looks',
  );

  const bare = recordedRun({});
  const nothing = await doctorIisFacts({ run: bare.run, variables } as unknown as Context, { place: 'Shop' });
  assert.equal(nothing.version, undefined);
  assert.equal(check(runChecks('iis', iisChecks, nothing), 'iis').status, 'bad');
  await assert.rejects(
    doctorIisFacts({ run: bare.run, variables } as unknown as Context, { place: 'a"b' }),
    /cannot be a site/,
  );
});

test('what Windows says of long paths, restarts and its own proxy', async () => {
  const { run } = recordedRun({
    FileSystem: {
      stdout:
        '\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\FileSystem\r\n    LongPathsEnabled    REG_DWORD    0x1\r\n',
    },
    'Internet Settings': {
      stdout:
        '\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings\r\n    ProxyEnable    REG_DWORD    0x1\r\n    ProxyServer    REG_SZ    proxy:8080\r\n',
    },
    RebootPending: { stdout: '\r\nHKEY_LOCAL_MACHINE\\x\\RebootPending\r\n' },
  });
  assert.deepEqual(await windowsFacts(openRegistry(run, variables)), {
    longPaths: true,
    pendingRestart: ['features or updates were installed'],
    userProxy: 'proxy:8080',
  });
});

test('what is no Python is not started, whatever web.config names', async () => {
  const foreign = httpPlatformConfig().replace(/processPath="[^"]*"/, 'processPath="C:\\tools\\other.exe"');
  const recorded = recordedRun(answers);
  const context = { run: recorded.run, variables } as unknown as Context;
  const facts = await doctorIisFacts(context, { site: soundSite(foreign) });
  assert.equal(facts.program, undefined);
  assert.ok(recorded.commands.every((each) => !each.includes('other.exe')));
});

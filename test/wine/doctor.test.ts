// `zookit doctor` under a Windows node: registry, files and paths are real, appcmd and icacls are stand-ins that answer as a
// server does. What it asks changes nothing there.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { check, checksOf } from '../helpers/checked.js';
import { httpPlatformConfig } from '../helpers/site.js';
import { standIns } from '../helpers/stand-ins.js';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';

const place = 'Default Web Site/shop';
const folder = 'C:\\sites\\shop';
const inetsrv = 'windows/system32/inetsrv';
const lockedHandlers = `<configuration><configSections><sectionGroup name="system.webServer">
  <section name="handlers" overrideModeDefault="Deny" /></sectionGroup></configSections></configuration>`;

test('doctor on a Windows server', { skip: wineMissing }, async (context) => {
  const windows = await windowsWorld(context);
  const python = 'Program Files\\Zookit\\python\\3.13\\python.exe';
  const { answer, calls, forget } = await standIns(windows, ['appcmd', 'icacls', python]);
  const write = (path: string, text: string): void => {
    const file = join(windows.drive, ...path.split('/'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write('sites/shop/web.config', httpPlatformConfig({ WSGI_APP: 'wsgi.application' }));
  write('sites/shop/wsgi.py', 'application = None\n');
  write('sites/shop/data/site.json', '{}');
  write(`${inetsrv}/config/applicationHost.config`, lockedHandlers);
  const inetStp = 'HKLM\\SOFTWARE\\Microsoft\\InetStp';
  await windows.run(['reg', 'add', inetStp, '/v', 'VersionString', '/d', 'Version 10.0', '/f']);

  answer(
    {
      program: 'appcmd',
      when: 'list site',
      stdout: `<appcmd><SITE SITE.NAME="Default Web Site" /></appcmd>`,
    },
    { program: 'appcmd', when: 'list apppool', stdout: '<appcmd><APPPOOL APPPOOL.NAME="shop" /></appcmd>' },
    {
      program: 'appcmd',
      when: 'list vdir',
      stdout: `<appcmd><VDIR APP.NAME="${place}" path="/" physicalPath="${folder}" /></appcmd>`,
    },
    {
      program: 'appcmd',
      when: 'list app /xml',
      stdout: `<appcmd><APP APP.NAME="${place}" SITE.NAME="Default Web Site" APPPOOL.NAME="shop" /></appcmd>`,
    },
    {
      program: 'appcmd',
      when: 'list module',
      stdout: '<appcmd><MODULE MODULE.NAME="httpPlatformHandler" /></appcmd>',
    },
    { program: 'appcmd', when: 'list backup', stdout: '<appcmd />' },
    { program: 'icacls', when: `${folder} /findsid *S-1-5-32-568`, stdout: `SID Found: ${folder}.\n` },
    {
      program: 'icacls',
      when: `${folder}\\data`,
      stdout: `${folder}\\data IIS APPPOOL\\shop:(OI)(CI)(RX)\n`,
    },
  );

  for (const node of nodeVersions) {
    await context.test(`names what is wrong and what mends it (node ${node})`, async () => {
      forget();
      const checks = checksOf(await windows.zookit(node, ['doctor', folder, '--iis', place, '--json']));
      assert.match(check(checks, 'iis').found, /^Version 10\.0, 1 sites$/);
      const module = check(checks, 'iis-module');
      assert.deepEqual([module.status, /500\.21/.test(module.found)], ['bad', true], 'its file is not there');
      assert.equal(check(checks, 'iis-place').found, `${place} in the pool 'shop'`);
      const unlock = check(checks, 'iis-sections').hint ?? '';
      assert.match(unlock, /inetsrv\\appcmd\.exe unlock config "Default Web Site\/shop" -section:/);
      assert.match(check(checks, 'iis-reads').found, /read 'C:\\Program Files\\Zookit\\python\\3\.13'$/);
      assert.match(check(checks, 'iis-writes').hint ?? '', /"IIS AppPool\\shop:\(OI\)\(CI\)M"/);
      assert.equal(check(checks, 'iis-python').status, 'ok');
      assert.match(check(checks, 'long-paths').hint ?? '', /reg add .*LongPathsEnabled/);
      const changes = /^(set|add|delete|unlock|lock|clear)$|^\/(grant|reset|remove|inheritance)/;
      assert.deepEqual(
        calls().filter((call) => call.arguments.some((word) => changes.test(word))),
        [],
      );
    });
  }

  await context.test('what was mended is well', async () => {
    write(`${inetsrv}/httpPlatformHandler.dll`, 'x');
    write(`${inetsrv}/config/applicationHost.config`, '<configuration />');
    const runtime = 'HKLM\\SOFTWARE\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\x64';
    await windows.run(['reg', 'add', runtime, '/v', 'Installed', '/t', 'REG_DWORD', '/d', '1', '/f']);
    await windows.run(['reg', 'add', runtime, '/v', 'Version', '/d', 'v14.44', '/f']);
    const files = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\FileSystem';
    await windows.run(['reg', 'add', files, '/v', 'LongPathsEnabled', '/t', 'REG_DWORD', '/d', '1', '/f']);
    const checks = checksOf(await windows.zookit('22', ['doctor', '--iis', place, '--json']));
    assert.equal(check(checks, 'site').found, 'the form httpplatform', 'the folder is the application’s');
    for (const id of ['iis-module', 'iis-place', 'iis-sections', 'vc-runtime', 'long-paths'])
      assert.equal(check(checks, id).status, 'ok', id);
  });
});

// `zookit doctor` on a Windows server, with recorded answers of appcmd, icacls and reg: each thing that keeps IIS from
// running a site, and the command that mends it, word for word.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../src/commands/doctor-check.js';
import type { CheckResult } from '../../src/commands/doctor-check.js';
import { iisChecks } from '../../src/commands/doctor-iis.js';
import type { DoctorIisFacts } from '../../src/commands/doctor-iis-facts.js';
import { doctorIisFacts, poolSid } from '../../src/commands/doctor-iis-facts.js';
import { windowsFacts } from '../../src/commands/doctor-machine-facts.js';
import type { SiteFacts } from '../../src/commands/doctor-site-facts.js';
import { openRegistry } from '../../src/catalog/registry.js';
import type { Context } from '../../src/context.js';
import type { IisFacts } from '../../src/lib/iis-facts.js';
import { parseSitePlace } from '../../src/lib/iis-place.js';
import { readWebConfig } from '../../src/site/webconfig.js';
import { check } from '../helpers/checked.js';
import { recordedRun } from '../helpers/recorded-run.js';
import { httpPlatformConfig } from '../helpers/site.js';

const variables = {
  SystemRoot: 'C:\\Windows',
  ProgramW6432: 'C:\\Program Files',
  PUBLIC: 'C:\\Users\\Public',
};
const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const icacls = 'C:\\Windows\\System32\\icacls.exe';
const folder = 'C:\\sites\\shop';

function siteOf(text: string): SiteFacts {
  return {
    directory: folder,
    windows: true,
    config: readWebConfig(text, `${folder}\\web.config`),
    allowsDoubleEscaping: true,
    hidesBin: false,
    variables: {},
    shellVariables: [],
    missing: [],
    environment: {
      directory: `${folder}\\.venv`,
      there: true,
      requirements: { asked: 0, unmet: [] },
    },
    folders: [
      { name: 'data', state: 'writable' },
      { name: 'log', state: 'writable' },
    ],
    openSecrets: [],
    unserved: [],
  };
}

const platform = siteOf(httpPlatformConfig());

function fastcgi(processor: string): SiteFacts {
  return siteOf(`<configuration><system.webServer><handlers>
    <add name="site" path="*" verb="*" modules="FastCgiModule" scriptProcessor="${processor.replaceAll('"', '&quot;')}" />
    </handlers></system.webServer></configuration>`);
}

const configuration = `<configuration>
  <configSections><sectionGroup name="system.webServer">
    <section name="handlers" overrideModeDefault="Deny" /><section name="httpErrors" overrideModeDefault="Allow" />
  </sectionGroup></configSections>
  <system.webServer><fastCgi>
    <application fullPath="C:\\Python\\python.exe" arguments="&quot;C:\\hosting\\zoofcgi.py&quot;" />
  </fastCgi></system.webServer>
  <location path="Default Web Site/shop" overrideMode="Allow"><system.webServer><handlers />
    <security><authentication><anonymousAuthentication userName="" /></authentication></security>
  </system.webServer></location>
</configuration>`;

const server: IisFacts = {
  sites: [{ name: 'Default Web Site', bindings: ['http/*:80:'] }],
  pools: [{ name: 'shop', variables: new Map() }],
  applications: [
    {
      name: 'Default Web Site/',
      site: 'Default Web Site',
      pool: 'DefaultAppPool',
      folder: 'C:\\inetpub\\wwwroot',
    },
    { name: 'Default Web Site/shop', site: 'Default Web Site', pool: 'shop', folder },
  ],
  modules: ['StaticFileModule', 'httpPlatformHandler', 'FastCgiModule'],
  backups: [],
  configuration,
  profiles: 'C:\\Users',
};

const healthy: DoctorIisFacts = {
  version: 'Version 10.0',
  iis: server,
  moduleFiles: new Set(['httpplatformhandler.dll', 'iisfcgi.dll']),
  vcRuntime: '14.44.1',
  appcmd,
  icacls,
  site: platform,
  place: parseSitePlace('Default Web Site/shop'),
  readable: [{ path: folder, allowed: true }],
  writable: [{ path: `${folder}\\data`, allowed: true }],
  program: { path: 'C:\\Python\\python.exe' },
};

function results(about: Partial<DoctorIisFacts> = {}): CheckResult[] {
  return runChecks('iis', iisChecks, { ...healthy, ...about });
}

function iis(about: Partial<IisFacts>): Partial<DoctorIisFacts> {
  return { iis: { ...server, ...about } };
}

/** The one thing that is wrong, and what mends it. */
function assertBad(about: Partial<DoctorIisFacts>, id: string, found: RegExp, hint: string): void {
  const all = results(about).filter(({ status }) => status === 'bad');
  assert.deepEqual(
    all.map((each) => each.id),
    [id],
  );
  assert.match(all[0]?.found ?? '', found);
  assert.ok(all[0]?.hint?.includes(hint), `${all[0]?.hint ?? ''} has ${hint}`);
}

test('a server and a site that are well', () => {
  assert.deepEqual(
    results().filter(({ status }) => status !== 'ok'),
    [],
  );
  assert.equal(check(results(), 'iis-place').found, "Default Web Site/shop in the pool 'shop'");
});

test('what is missing on the server', () => {
  const { version, iis: asked, ...none } = healthy;
  assert.ok(version !== undefined && asked);
  const bare = runChecks('iis', iisChecks, none);
  assert.match(check(bare, 'iis').hint ?? '', /`zookit install PythonHostingPackage`/);
  const plain = { modules: ['FastCgiModule'] };
  assertBad(iis(plain), 'iis-module', /500\.21/, '`zookit install HttpPlatformHandler`');
  assertBad({ moduleFiles: new Set() }, 'iis-module', /httpPlatformHandler/, '`zookit install');
  assertBad(
    { program: { path: 'C:\\Program Files\\Zookit\\python\\3.13\\python.exe', trouble: 'it is not there' } },
    'iis-python',
    /does not run: it is not there/,
    '`zookit install Python@3.13`',
  );
  const zoo = siteOf(`<configuration><system.webServer>
    <heliconZoo><application name="shop"><environmentVariables /></application></heliconZoo>
    <handlers><add name="shop#x64" path="*" verb="*" modules="HeliconZoo_x64" scriptProcessor="python.3.13.pipe" /></handlers>
    </system.webServer></configuration>`);
  assertBad(
    { site: zoo },
    'iis-module',
    /Helicon Zoo's module is missing: IIS answers 500\.21/,
    'zookit serve',
  );
  const helicon = results({ site: zoo, ...iis({ modules: ['HeliconZoo_x64'] }) });
  assert.equal(check(helicon, 'iis-module').status, 'ok');
  const { vcRuntime, ...others } = healthy;
  assert.ok(vcRuntime);
  assert.match(check(runChecks('iis', iisChecks, others), 'vc-runtime').hint ?? '', /install VCRuntime/);
});

test('a place that is not there, or has another folder', () => {
  const elsewhere = server.applications.map((each) => ({ ...each, folder: 'D:\\old' }));
  assertBad(
    iis({ applications: elsewhere }),
    'iis-place',
    /has the folder 'D:\\old'/,
    `${appcmd} set vdir "Default Web Site/shop/" /physicalPath:${folder}`,
  );
  assertBad(
    iis({ applications: [] }),
    'iis-place',
    /no application 'Default Web Site\/shop'/,
    `${appcmd} add app "/site.name:Default Web Site" /path:/shop /physicalPath:${folder}`,
  );
});

test('sections that are locked at the place', () => {
  const locked = configuration.replace('overrideMode="Allow"', '');
  assertBad(
    iis({ configuration: locked }),
    'iis-sections',
    /^system\.webServer\/handlers may not stand in it: IIS answers 500\.19$/,
    `${appcmd} unlock config "Default Web Site/shop" -section:system.webServer/handlers /commit:apphost`,
  );
  assertBad(
    { handlersTrouble: 'ERROR ( message:Configuration error Line 7: doubled )' },
    'iis-sections',
    /Line 7/,
    `${folder}\\web.config`,
  );
});

test('rights that the pool lacks', () => {
  assertBad(
    { readable: [{ path: `${folder}\\.venv`, allowed: false }] },
    'iis-reads',
    /no entry lets the pool 'shop' read 'C:\\sites\\shop\\\.venv'/,
    `${icacls} ${folder}\\.venv /grant "IIS AppPool\\shop:(OI)(CI)RX"`,
  );
  assertBad(
    { writable: [{ path: `${folder}\\log`, allowed: false }] },
    'iis-writes',
    /may not write/,
    `${icacls} ${folder}\\log /grant "IIS AppPool\\shop:(OI)(CI)M"`,
  );
  const home = { ...platform, directory: 'C:\\Users\\me\\shop' };
  const there = server.applications.map((each) => ({ ...each, folder: home.directory }));
  assertBad({ site: home, ...iis({ applications: there }) }, 'iis-profile', /profile/, 'inetpub');
});

test('the registered FastCGI program, letter for letter', () => {
  const written = 'C:\\Python\\python.exe|"C:\\hosting\\zoofcgi.py"';
  assert.equal(check(results({ site: fastcgi(written) }), 'fastcgi').status, 'ok');
  const lower = fastcgi(written.toLowerCase());
  assertBad({ site: lower }, 'fastcgi', /differ by a letter/, `'${written}'`);
  assertBad({ site: fastcgi(written.replaceAll('"', '')) }, 'fastcgi', /differ by a letter/, written);
  assertBad(
    { site: fastcgi('C:\\Other\\python.exe|a.py') },
    'fastcgi',
    /is not registered/,
    `${appcmd} set config -section:system.webServer/fastCgi "/+[fullPath='C:\\Other\\python.exe',arguments='a.py']" /commit:apphost`,
  );
  const shared = [...server.applications, { ...server.applications[1], name: 'Default Web Site/b' }];
  assertBad(
    { site: fastcgi(written), ...iis({ applications: shared as IisFacts['applications'] }) },
    'iis-pool',
    /'shop' is shared with Default Web Site\/b/,
    `${appcmd} set app "Default Web Site/shop" /applicationPool:POOL`,
  );
});

test('static files are opened as IUSR unless the pool does it', () => {
  const usual = configuration.replace('userName=""', 'userName="IUSR"');
  const found = check(results(iis({ configuration: usual })), 'iis-static');
  assert.equal(found.status, 'note');
  assert.match(found.found, /401\.3/);
  assert.ok(found.hint?.includes(`${appcmd} set config "Default Web Site/shop" -section:`), found.hint);
});

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

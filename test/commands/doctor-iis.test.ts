// `zookit doctor` on a Windows server, as facts: each thing that keeps IIS from running a site, and the
// command that mends it, word for word. What it asks for them: doctor-iis-look.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks } from '../../src/commands/doctor/check.js';
import type { CheckResult } from '../../src/commands/doctor/check.js';
import { iisChecks } from '../../src/commands/doctor/iis.js';
import type { DoctorIisFacts } from '../../src/commands/doctor/iis-facts.js';
import type { SiteFacts } from '../../src/commands/doctor/site-facts.js';
import type { IisFacts } from '../../src/lib/iis-facts.js';
import { parseSitePlace } from '../../src/lib/iis-place.js';
import { check } from '../helpers/checked.js';
import { httpPlatformConfig } from '../helpers/site.js';
import { soundFolder as folder, soundSite } from '../helpers/sound-site.js';

const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const icacls = 'C:\\Windows\\System32\\icacls.exe';

const platform = soundSite(httpPlatformConfig());

function fastcgi(processor: string): SiteFacts {
  return soundSite(`<configuration><system.webServer><handlers>
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
  const zoo = soundSite(`<configuration><system.webServer>
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

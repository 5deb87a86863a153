// The page of the handbook, word for word: which commands make a site in IIS of which project, and what takes each back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdministratorCommand } from '../../installers/iis/administration.js';
import { item } from '../../installers/iis/appcmd.js';
import { siteCommands } from '../../installers/iis/commands.js';
import { sectionsOf } from '../../installers/iis/access.js';
import type { SiteRequest } from '../../installers/iis/site.js';
import type { IisFacts } from '../../src/lib/iis-facts.js';

const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const icacls = 'C:\\Windows\\System32\\icacls.exe';

const shop: SiteRequest = {
  place: { site: 'Default Web Site', path: '/shop' },
  folder: 'C:\\sites\\shop',
  pool: 'shop',
  form: 'httpplatform',
  windowsAuthentication: false,
  sqlite: true,
  programs: { appcmd, icacls },
};

const server: IisFacts = {
  sites: [{ name: 'Default Web Site', bindings: ['http/*:80:'] }],
  pools: [{ name: 'DefaultAppPool', variables: new Map() }],
  applications: [
    {
      name: 'Default Web Site/',
      site: 'Default Web Site',
      pool: 'DefaultAppPool',
      folder: 'C:\\inetpub\\wwwroot',
    },
  ],
  modules: ['httpPlatformHandler', 'FastCgiModule', 'HeliconZoo_x64', 'WindowsAuthenticationModule'],
  backups: [],
  configuration: '',
  profiles: 'C:\\Users',
};

/** Words joined by ` | `, so that blanks inside one show; programs by their short names. */
function shown(words: readonly string[] | undefined): string {
  const short: Readonly<Record<string, string>> = { [appcmd]: 'appcmd', [icacls]: 'icacls' };
  return (words ?? []).map((word) => short[word] ?? word).join(' | ');
}

function page(commands: readonly AdministratorCommand[]): string[] {
  return commands.flatMap(({ command, undo }) => [
    shown(command),
    ...(undo ? [`  undo: ${shown(undo)}`] : []),
  ]);
}

test('a Django project with SQLite below Default Web Site', () => {
  const app = 'Default Web Site/shop';
  const anonymous = '-section:system.webServer/security/authentication/anonymousAuthentication';
  assert.deepEqual(page(siteCommands(shop, server)), [
    'appcmd | add | backup | zookit-Default-Web-Site-shop',
    'appcmd | add | apppool | /name:shop | /managedRuntimeVersion: | /enable32BitAppOnWin64:false | ' +
      '/autoStart:false | /startMode:AlwaysRunning | /processModel.setProfileEnvironment:true | ' +
      '/processModel.idleTimeout:00:00:00 | /recycling.disallowOverlappingRotation:true',
    '  undo: appcmd | delete | apppool | /apppool.name:shop',
    'appcmd | set | config | -section:system.applicationHost/applicationPools | ' +
      "/+[name='shop'].environmentVariables.[name='PYTHONUTF8',value='1'] | " +
      "/+[name='shop'].environmentVariables.[name='PYTHONUNBUFFERED',value='1'] | " +
      "/+[name='shop'].environmentVariables.[name='ZOOKIT_SITE',value='Default Web Site/shop'] | /commit:apphost",
    'appcmd | add | app | /site.name:Default Web Site | /path:/shop | /physicalPath:C:\\sites\\shop | ' +
      '/applicationPool:shop',
    `  undo: appcmd | delete | app | /app.name:${app}`,
    'icacls | C:\\sites\\shop | /reset | /T | /C | /Q',
    'icacls | C:\\sites\\shop | /grant | IIS AppPool\\shop:(OI)(CI)RX | /Q',
    '  undo: icacls | C:\\sites\\shop | /remove:g | IIS AppPool\\shop | /T | /C | /Q',
    'icacls | C:\\sites\\shop\\data | /inheritance:r | /grant:r | *S-1-5-18:(OI)(CI)F | ' +
      '*S-1-5-32-544:(OI)(CI)F | IIS AppPool\\shop:(OI)(CI)M | /Q',
    '  undo: icacls | C:\\sites\\shop\\data | /remove:g | IIS AppPool\\shop | /T | /C | /Q',
    'icacls | C:\\sites\\shop\\log | /grant | IIS AppPool\\shop:(OI)(CI)M | /Q',
    '  undo: icacls | C:\\sites\\shop\\log | /remove:g | IIS AppPool\\shop | /T | /C | /Q',
    'icacls | C:\\sites\\shop\\media | /grant | IIS AppPool\\shop:(OI)(CI)M | /Q',
    '  undo: icacls | C:\\sites\\shop\\media | /remove:g | IIS AppPool\\shop | /T | /C | /Q',
    'icacls | C:\\sites\\shop\\data\\secret.key | /inheritance:r | /grant:r | *S-1-5-18:F | ' +
      '*S-1-5-32-544:F | IIS AppPool\\shop:R | /Q',
    `appcmd | unlock | config | ${app} | -section:system.webServer/handlers | /commit:apphost`,
    `  undo: appcmd | clear | config | ${app} | -section:system.webServer/handlers | /commit:apphost`,
    `appcmd | set | config | ${app} | ${anonymous} | /enabled:true | /userName: | /commit:apphost`,
    `  undo: appcmd | clear | config | ${app} | ${anonymous} | /commit:apphost`,
    'appcmd | set | apppool | /apppool.name:shop | /autoStart:true',
    'appcmd | start | apppool | /apppool.name:shop',
    '  undo: appcmd | stop | apppool | /apppool.name:shop',
  ]);
});

test('a site of its own, with blanks and a quote, for Windows accounts', () => {
  const request: SiteRequest = {
    ...shop,
    place: { site: 'Shop Two', path: '/' },
    folder: "C:\\sites\\O'Neill & Co",
    pool: 'Shop Two',
    binding: 'http/*:8080:shop.example.com',
    form: 'fastcgi',
    windowsAuthentication: true,
    sqlite: false,
  };
  const lines = page(siteCommands(request, server));
  const authentication = '-section:system.webServer/security/authentication';
  for (const wanted of [
    'appcmd | add | site | /name:Shop Two | /bindings:http/*:8080:shop.example.com | ' +
      "/physicalPath:C:\\sites\\O'Neill & Co | /serverAutoStart:false",
    '  undo: appcmd | delete | site | /site.name:Shop Two',
    'appcmd | set | app | /app.name:Shop Two/ | /applicationPool:Shop Two',
    "icacls | C:\\sites\\O'Neill & Co\\static | /grant | *S-1-5-11:(OI)(CI)RX | /Q",
    "  undo: icacls | C:\\sites\\O'Neill & Co\\static | /remove:g | *S-1-5-11 | /T | /C | /Q",
    "icacls | C:\\sites\\O'Neill & Co\\media | /grant | *S-1-5-11:(OI)(CI)RX | /Q",
    `appcmd | set | config | Shop Two | ${authentication}/anonymousAuthentication | /enabled:false | /commit:apphost`,
    `appcmd | set | config | Shop Two | ${authentication}/windowsAuthentication | /enabled:true | /commit:apphost`,
    '  undo: ' +
      `appcmd | clear | config | Shop Two | ${authentication}/windowsAuthentication | /commit:apphost`,
  ])
    assert.ok(lines.includes(wanted), `${wanted}\nis not in\n${lines.join('\n')}`);
  assert.deepEqual(
    lines.filter((line) => !line.startsWith('  ')).slice(-4),
    [
      'appcmd | set | apppool | /apppool.name:Shop Two | /autoStart:true',
      'appcmd | set | site | /site.name:Shop Two | /serverAutoStart:true',
      'appcmd | start | apppool | /apppool.name:Shop Two',
      'appcmd | start | site | /site.name:Shop Two',
    ],
    'pool and site start last, when all is ready',
  );
  const all = lines.join('\n');
  assert.match(all, /\[name='SITE_HOSTS',value='shop\.example\.com'\]/);
  assert.match(all, /\[name='SITE_REMOTE_USER',value='1'\]/);
  assert.doesNotMatch(all, /disallowOverlappingRotation|add \| app \|/);
});

test('each form frees the sections that its web.config has, where they are locked', () => {
  const locked = ['handlers', 'httpPlatform', 'heliconZoo', 'httpErrors'].map(
    (name) => `<section name="${name}" overrideModeDefault="Deny"/>`,
  );
  const configuration = `<configuration><configSections><sectionGroup name="system.webServer">${locked.join('')}
    </sectionGroup></configSections></configuration>`;
  const unlocked = (form: SiteRequest['form']): string[] =>
    siteCommands({ ...shop, form }, { ...server, configuration })
      .filter(({ command }) => command[1] === 'unlock')
      .map(({ command }) => command[4]?.replace('-section:system.webServer/', '') ?? '');
  assert.deepEqual(unlocked('httpplatform'), ['handlers', 'httpPlatform', 'httpErrors']);
  assert.deepEqual(unlocked('fastcgi'), ['handlers', 'httpErrors']);
  assert.deepEqual(unlocked('zoo'), ['handlers', 'heliconZoo', 'httpErrors']);
  assert.ok(sectionsOf('fastcgi').includes('system.webServer/security/requestFiltering'));
});

test('what a place had of its own before is put back, not cleared', () => {
  const configuration = `<configuration>
    <location path="Default Web Site/Shop" overrideMode="Deny"><system.webServer><handlers accessPolicy="Read"/>
      <security><authentication><anonymousAuthentication enabled="false" userName="shop-user"/></authentication></security>
    </system.webServer></location></configuration>`;
  const lines = page(siteCommands(shop, { ...server, configuration }));
  const app = 'Default Web Site/shop';
  assert.ok(
    lines.includes(
      `  undo: appcmd | lock | config | ${app} | -section:system.webServer/handlers | /commit:apphost`,
    ),
    lines.join('\n'),
  );
  const anonymous = '-section:system.webServer/security/authentication/anonymousAuthentication';
  assert.ok(
    lines.includes(
      `  undo: appcmd | set | config | ${app} | ${anonymous} | /enabled:false | /userName:shop-user | /commit:apphost`,
    ),
  );
});

test('what is there already and is ours is left', () => {
  const own: IisFacts = {
    ...server,
    pools: [
      ...server.pools,
      { name: 'Shop', variables: new Map([['ZOOKIT_SITE', 'default web site/shop']]) },
    ],
    applications: [
      ...server.applications,
      { name: 'Default Web Site/shop', site: 'Default Web Site', pool: 'shop', folder: 'c:\\sites\\shop\\' },
    ],
    backups: ['zookit-Default-Web-Site-shop', 'zookit-default-web-site-shop-2'],
  };
  const lines = page(siteCommands(shop, own));
  assert.equal(lines[0], 'appcmd | add | backup | zookit-Default-Web-Site-shop-3');
  assert.doesNotMatch(lines.join('\n'), /add \| (apppool|app|site)/);
  assert.match(lines.join('\n'), /start \| apppool/);
});

test('the names that a site answers to reach Django', () => {
  const bindings = ['http/*:80:', 'http/*:80:shop.example.com', 'https/*:443:shop.example.com'];
  const facts = { ...server, sites: [{ name: 'default web site', bindings }] };
  assert.match(
    page(siteCommands(shop, facts)).join('\n'),
    /\[name='SITE_HOSTS',value='shop\.example\.com'\]/,
  );
});

test('every command but the backup and parts of another is taken back; every one says why', () => {
  const commands = siteCommands(shop, server);
  for (const { why } of commands) assert.match(why, /^[a-z].{8,}[^.]$/);
  const kept = commands.filter(({ undo }) => !undo).map(({ command }) => command.slice(1, 3).join(' '));
  assert.deepEqual(kept, [
    'add backup',
    'set config',
    'C:\\sites\\shop /reset',
    'C:\\sites\\shop\\data\\secret.key /inheritance:r',
    'set apppool',
  ]);
});

test('quotes in a value of a collection are doubled', () => {
  assert.equal(item({ name: "it's", value: '1' }), "[name='it''s',value='1']");
});

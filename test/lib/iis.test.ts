// What is read of IIS: names, bindings, what appcmd lists, what applicationHost.config locks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { askIis } from '../../src/lib/iis-facts.js';
import {
  addressOf,
  checkPool,
  iisPlace,
  isSameFolder,
  parseBinding,
  parseSitePlace,
  siteOfPlace,
  usualPool,
} from '../../src/lib/iis-place.js';
import { sectionState } from '../../src/lib/iis-sections.js';
import { recordedRun } from '../helpers/recorded-run.js';

const isUsage = (error: unknown): boolean => error instanceof AppError && error.code === 'USAGE';

test('a place is typed, written and read again', () => {
  for (const [typed, place, pool] of [
    ['Default Web Site/shop', 'IIS:Default Web Site/shop', 'shop'],
    [' Default Web Site / team / shop ', 'IIS:Default Web Site/team/shop', 'team-shop'],
    ['Shop (test)/', 'IIS:Shop (test)', 'Shop (test)'],
    ['Käse', 'IIS:Käse', 'Käse'],
  ] as const) {
    const read = parseSitePlace(typed);
    assert.equal(iisPlace(read), place);
    assert.deepEqual(siteOfPlace(place), read);
    assert.equal(usualPool(read), pool);
  }
  assert.equal(siteOfPlace('C:\\sites\\shop'), undefined);
  assert.equal(siteOfPlace('machine'), undefined);
});

test('names that would be more than a name are refused', () => {
  const bad = ['', '/shop', 'a//b', "it's", 'a"b', 'a\nb', 'a\\b', 'a:b', "x']", 'a,b', 'site/..', '%TEMP%'];
  for (const text of bad) assert.throws(() => parseSitePlace(text), isUsage, JSON.stringify(text));
  for (const text of ['', 'a/b', 'a"', 'x'.repeat(65)]) assert.throws(() => checkPool(text), isUsage);
  assert.equal(checkPool('shop 2'), 'shop 2');
});

test('bindings, and the address that they mean', () => {
  for (const text of ['*:80:', 'http/*:0:', 'http/*:65536:', 'ftp/*:21:', 'http/*:80:a"b', 'net.tcp/808:*'])
    assert.throws(() => parseBinding(text), isUsage, text);
  assert.deepEqual(parseBinding('HTTPS/[::1]:8443:Shop.example'), {
    protocol: 'https',
    address: '[::1]',
    port: 8443,
    host: 'Shop.example',
  });
  for (const [bindings, path, address] of [
    [['http/*:80:'], '/shop', 'http://localhost/shop/'],
    [['http/*:8080:'], '/', 'http://localhost:8080/'],
    [
      ['net.tcp/808:*', 'https/*:443:a.example', 'http/*:80:b.example'],
      '/my shop',
      'http://b.example/my%20shop/',
    ],
    [['https/*:443:a.example'], '/', 'https://a.example/'],
    [['http/10.0.0.7:80:*.example'], '/', 'http://10.0.0.7/'],
    [['net.pipe/*'], '/', undefined],
  ] as const)
    assert.equal(addressOf(bindings, path), address);
});

test('folders are the same in any case and with any ending', () => {
  assert.equal(isSameFolder('C:\\Sites\\shop\\', 'c:/sites/./shop'), true);
  assert.equal(isSameFolder('C:\\Sites\\shop', 'C:\\Sites\\shop2'), false);
});

const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const variables = { SystemRoot: 'C:\\Windows', SystemDrive: 'C:', PUBLIC: 'D:\\Users\\Public' };
const xml = (...elements: readonly string[]): { stdout: string } => ({
  stdout: `<?xml version="1.0" encoding="UTF-8"?>\r\n<appcmd>\r\n${elements.join('\r\n')}\r\n</appcmd>\r\n`,
});

const answers = {
  'list site': xml(
    '<SITE SITE.NAME="Default Web Site" SITE.ID="1" bindings="http/*:80:,https/*:443:" state="Started" />',
  ),
  'list apppool': xml(
    '<APPPOOL APPPOOL.NAME="shop" PipelineMode="Integrated" RuntimeVersion="" state="Started"><add name="shop">' +
      '<environmentVariables><add name="ZOOKIT_SITE" value="Default Web Site/shop" /></environmentVariables>' +
      '</add></APPPOOL>',
  ),
  'list app ': xml(
    '<APP path="/" APP.NAME="Default Web Site/" APPPOOL.NAME="DefaultAppPool" SITE.NAME="Default Web Site" />',
  ),
  'list vdir': xml(
    '<VDIR VDIR.NAME="Default Web Site/docs" physicalPath="C:\\docs" path="/docs" APP.NAME="Default Web Site/" />',
    '<VDIR VDIR.NAME="Default Web Site/" physicalPath="%SystemDrive%\\inetpub\\wwwroot" path="/" APP.NAME="Default Web Site/" />',
  ),
  'list module': xml('<MODULE MODULE.NAME="FastCgiModule" type="native" preCondition="" />'),
  'list backup': { status: 1 },
};

test('what a server has, as one value', async () => {
  const { run, commands } = recordedRun(answers);
  const read = (path: string): Promise<string | undefined> =>
    Promise.resolve(
      path.endsWith('redirection.config')
        ? '<configuration><configurationRedirection enabled="true" path="\\\\files\\iis"/></configuration>'
        : '<configuration/>',
    );
  assert.deepEqual(await askIis({ run, variables, read }), {
    sites: [{ name: 'Default Web Site', bindings: ['http/*:80:', 'https/*:443:'] }],
    pools: [
      { name: 'shop', variables: new Map([['ZOOKIT_SITE', 'Default Web Site/shop']]), isStarted: true },
    ],
    applications: [
      {
        name: 'Default Web Site/',
        site: 'Default Web Site',
        pool: 'DefaultAppPool',
        folder: 'C:\\inetpub\\wwwroot',
      },
    ],
    modules: ['FastCgiModule'],
    backups: [],
    configuration: '<configuration/>',
    sharedAt: '\\\\files\\iis',
    profiles: 'D:\\Users',
  });
  assert.deepEqual(
    commands,
    ['site', 'apppool /config', 'vdir', 'app', 'module', 'backup'].map(
      (what) => `${appcmd} list ${what} /xml`,
    ),
  );
});

test('a server without IIS, and one that does not answer, are told in words', async () => {
  const read = (): Promise<undefined> => Promise.resolve(undefined);
  await assert.rejects(askIis({ run: recordedRun().run, variables, read }), {
    code: 'NO_INSTALLER',
    message: 'IIS is not on this machine',
  });
  for (const said of [
    { status: 5, stdout: 'ERROR ( hresult:80070005, message:Access is denied )' },
    { status: 5, ...xml('<ERROR hresult="80070005" message="Access is denied" />') },
  ]) {
    const { run } = recordedRun({ '': said });
    await assert.rejects(askIis({ run, variables, read }), (error) => {
      assert.ok(error instanceof AppError);
      assert.match(`${error.message}\n${error.details.join('\n')}`, /does not say[\s\S]*Access is denied/);
      return true;
    });
  }
});

test('locks: by default, by location, by the older attribute; the nearest counts', () => {
  const config = (locations: string): string => `<configuration><configSections>
    <sectionGroup name="system.webServer"><section name="handlers" overrideModeDefault="Deny"/>
    <section name="httpErrors" overrideModeDefault="Allow"/></sectionGroup></configSections>${locations}</configuration>`;
  const inside = (path: string, lock: string, section = '<handlers a="1"/>'): string =>
    `<location path="${path}" ${lock}><system.webServer>${section}</system.webServer></location>`;
  const shop = { site: 'Default Web Site', path: '/shop' };
  const locked = (locations: string, section = 'system.webServer/handlers'): boolean =>
    sectionState(config(locations), section, shop).locked;
  assert.equal(locked(''), true);
  assert.equal(locked('', 'system.webServer/httpErrors'), false);
  assert.equal(locked('', 'system.webServer/unknown'), false);
  assert.equal(locked(inside('', 'overrideMode="Allow"')), false);
  assert.equal(locked(inside('.', 'allowOverride="true"')), false);
  assert.equal(
    locked(inside('', 'overrideMode="Allow"') + inside('default web site', 'overrideMode="Deny"')),
    true,
  );
  assert.equal(locked(inside('Default Web Site/shop', 'overrideMode="Allow"')), false);
  assert.equal(locked(inside('Default Web Site/other', 'overrideMode="Allow"')), true);
  assert.equal(locked(inside('', 'overrideMode="Allow"', '<modules/>')), true);
  assert.equal(locked(inside('', 'overrideMode="Inherit"')), true);
  const stated = (path: string): unknown =>
    sectionState(config(inside(path, '')), 'system.webServer/handlers', shop).stated;
  assert.deepEqual(stated('Default Web Site/SHOP/'), new Map([['a', '1']]));
  assert.equal(stated('Default Web Site'), undefined);
});

test('without the file only what Windows locks by itself counts as locked', () => {
  const shop = { site: 'Default Web Site', path: '/shop' };
  assert.deepEqual(sectionState('', 'system.webServer/handlers', shop), { locked: true });
  assert.deepEqual(sectionState('', 'system.webServer/httpErrors', shop), { locked: false });
});

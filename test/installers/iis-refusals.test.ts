// What no good administrator would do, said before anything is changed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseSite } from '../../installers/iis/refusals.js';
import type { SiteRequest } from '../../installers/iis/site.js';
import { AppError } from '../../src/errors.js';
import type { ErrorCode } from '../../src/errors.js';
import type { IisFacts } from '../../src/lib/iis-facts.js';

const request: SiteRequest = {
  place: { site: 'Default Web Site', path: '/shop' },
  folder: 'C:\\sites\\shop',
  pool: 'shop',
  form: 'httpplatform',
  windowsAuthentication: false,
  sqlite: true,
  programs: { appcmd: 'appcmd', icacls: 'icacls' },
};

const facts: IisFacts = {
  sites: [{ name: 'Default Web Site', bindings: ['http/*:80:', 'net.tcp/808:*'] }],
  pools: [{ name: 'DefaultAppPool', variables: new Map() }],
  applications: [
    {
      name: 'Default Web Site/',
      site: 'Default Web Site',
      pool: 'DefaultAppPool',
      folder: 'C:\\inetpub\\wwwroot',
    },
  ],
  modules: ['HttpPlatformHandler', 'FastCgiModule'],
  backups: [],
  configuration: '',
  profiles: 'C:\\Users',
};

type Case = readonly [
  name: string,
  request: Partial<SiteRequest>,
  facts: Partial<IisFacts>,
  code: ErrorCode,
  message: RegExp,
  hint: RegExp,
];

const cases: readonly Case[] = [
  [
    'a configuration that servers share',
    {},
    { sharedAt: '\\\\files\\iis' },
    'INSTALLER_FAILED',
    /shares its configuration/,
    /--shared-configuration/,
  ],
  [
    "a folder in a user's profile",
    { folder: 'c:\\users\\anna\\shop' },
    {},
    'SITE_INVALID',
    /No application pool can read/,
    /C:\\sites/,
  ],
  [
    'a module that is missing',
    { form: 'zoo' },
    {},
    'INSTALLER_FAILED',
    /no module 'HeliconZoo_x64'/,
    /--host httpplatform/,
  ],
  [
    'Windows accounts in a form that does not pass them on',
    { windowsAuthentication: true },
    {},
    'USAGE',
    /of the form 'httpplatform'/,
    /--host fastcgi/,
  ],
  [
    'Windows accounts without their module',
    { windowsAuthentication: true, form: 'fastcgi' },
    {},
    'INSTALLER_FAILED',
    /no module 'WindowsAuthenticationModule'/,
    /IIS-WindowsAuthentication/,
  ],
  ["somebody else's pool", { pool: 'defaultapppool' }, {}, 'USAGE', /belongs to somebody else/, /--pool/],
  [
    "another site's own pool",
    {},
    { pools: [{ name: 'shop', variables: new Map([['ZOOKIT_SITE', 'Default Web Site/other']]) }] },
    'USAGE',
    /belongs to somebody else/,
    /--pool shop-site/,
  ],
  [
    'the root of a site that is there',
    { place: { site: 'Default Web Site', path: '/' } },
    {},
    'USAGE',
    /is another application/,
    /Choose another name/,
  ],
  [
    'a site that is not there',
    { place: { site: 'Shop', path: '/' } },
    {},
    'USAGE',
    /IIS has no site 'Shop'/,
    /--binding/,
  ],
  [
    'an application below a site that is not there',
    { place: { site: 'Shop', path: '/a' }, binding: 'http/*:8080:' },
    {},
    'USAGE',
    /can be all of it only/,
    /--iis "Shop" --binding http\/\*:8080:/,
  ],
  [
    "another site's binding",
    { place: { site: 'Shop', path: '/' }, binding: 'http/*:80:' },
    {},
    'USAGE',
    /is that of the site 'Default Web Site'/,
    /another port/,
  ],
  [
    'a binding for a site that has others',
    { binding: 'http/*:8080:' },
    {},
    'USAGE',
    /with other bindings/,
    /Leave `--binding` out/,
  ],
];

for (const [name, more, other, code, message, hint] of cases) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => refuseSite({ ...request, ...more }, { ...facts, ...other }),
      (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.match(error.hint ?? '', hint);
        return true;
      },
    );
  });
}

test('not refused: the same when somebody says so, or when it is not so', () => {
  refuseSite(request, facts);
  refuseSite({ ...request, sharedConfiguration: true }, { ...facts, sharedAt: '\\\\files\\iis' });
  refuseSite({ ...request, folder: 'C:\\Users2\\shop' }, facts);
  refuseSite({ ...request, binding: 'HTTP/*:80:' }, facts);
  refuseSite({ ...request, place: { site: 'Shop', path: '/' }, binding: 'http/*:8080:' }, facts);
});

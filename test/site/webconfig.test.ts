// web.config as a value: the three forms, their variables, limits, and what is refused with its line.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../src/errors.js';
import { readWebConfig } from '../../src/site/webconfig.js';
import { httpPlatformConfig } from '../helpers/site.js';

const zooSite = (handlers: string, applications: string): string => `<?xml version="1.0"?>
<configuration>
  <system.web><customErrors mode="Off" /></system.web>
  <system.webServer>
    <heliconZoo><clear />${applications}</heliconZoo>
    <handlers>${handlers}</handlers>
    <rewrite><rules><rule name="any" /></rules></rewrite>
  </system.webServer>
</configuration>`;

const zooRow = (name: string, bits: string): string =>
  `<add name="${name}" path="*" verb="*" modules="HeliconZoo_${bits}" scriptProcessor="python.2.7.pipe" />`;

const zooApplication = (name: string, value: string): string =>
  `<application name="${name}"><environmentVariables><add name="WSGI_APP" value="${value}" /></environmentVariables></application>`;

function refused(text: string): AppError {
  try {
    readWebConfig(text, 'C:\\site\\web.config');
  } catch (error) {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, 'SITE_INVALID');
    return error;
  }
  throw new assert.AssertionError({ message: 'it was read' });
}

describe('readWebConfig', () => {
  it('reads the httpPlatform form inside a location', () => {
    const config = readWebConfig(httpPlatformConfig({ WSGI_APP: 'wsgi.application', B: '' }), 'web.config');
    assert.equal(config.form, 'httpplatform');
    assert.equal(config.process?.arguments, '"%ProgramW6432%\\Zookit\\hosting\\zoohttp.py"');
    assert.deepEqual(config.variables, [
      { name: 'WSGI_APP', value: 'wsgi.application' },
      { name: 'B', value: '' },
    ]);
    assert.deepEqual(config.limits, {
      maxAllowedContentLength: 30_000_000,
      maxUrl: 4096,
      maxQueryString: 2048,
    });
  });

  it('reads the fastcgi form with appSettings, where clear and remove work', () => {
    const config = readWebConfig(
      `<configuration><appSettings><add key="A" value="1"/><add key="b" value="2"/><remove key="B"/><add key="C" value="3"/></appSettings>
      <system.webServer><handlers><add name="site" path="*" verb="*" modules="FastCgiModule"
      scriptProcessor="C:\\Program Files\\Zookit\\python\\3.13\\python.exe|&quot;C:\\Program Files\\Zookit\\hosting\\zoofcgi.py&quot;"/></handlers></system.webServer></configuration>`,
      'web.config',
    );
    assert.equal(config.form, 'fastcgi');
    assert.deepEqual(config.process, {
      program: 'C:\\Program Files\\Zookit\\python\\3.13\\python.exe',
      arguments: '"C:\\Program Files\\Zookit\\hosting\\zoofcgi.py"',
    });
    assert.deepEqual(
      config.variables.map((each) => each.name),
      ['A', 'C'],
    );
  });

  it('reads the zoo form with names behind #, without regard to case', () => {
    const rows = zooRow('Python.Project#x64', 'x64') + zooRow('Python.Project#x86', 'x86');
    const config = readWebConfig(zooSite(rows, zooApplication('python.project', 'a')), 'web.config');
    assert.equal(config.form, 'zoo');
    assert.equal(config.engine, 'python.2.7.pipe');
    assert.equal(config.application, 'python.project');
    assert.deepEqual(config.variables, [{ name: 'WSGI_APP', value: 'a' }]);
  });

  it('reads the older zoo shape: one application for each handler', () => {
    const rows = zooRow('django.project.x64', 'x64') + zooRow('django.project.x86', 'x86');
    const both = zooApplication('django.project.x86', 'x86') + zooApplication('django.project.x64', 'x64');
    const config = readWebConfig(zooSite(rows, both), 'web.config');
    assert.equal(config.application, 'django.project.x64');
    assert.deepEqual(config.variables, [{ name: 'WSGI_APP', value: 'x64' }]);
  });

  it('reads a folder that takes the handlers away', () => {
    const config = readWebConfig(
      '<configuration><system.webServer><handlers><remove name="a#x64"/><clear/></handlers></system.webServer></configuration>',
      'web.config',
    );
    assert.equal(config.form, 'none');
    assert.deepEqual(config.handlers, [{ kind: 'remove', name: 'a#x64' }, { kind: 'clear' }]);
  });

  it('reads locations of folders below, hidden segments and limits', () => {
    const config = readWebConfig(
      `<configuration><location path="content\\media/"><system.webServer><handlers><clear/></handlers></system.webServer></location>
      <system.webServer><security><requestFiltering>
        <requestLimits maxAllowedContentLength="4294967295" maxUrl="8192"/>
        <hiddenSegments><add segment=".venv"/><add segment="data"/><remove segment="DATA"/></hiddenSegments>
      </requestFiltering></security></system.webServer></configuration>`,
      'web.config',
    );
    assert.deepEqual(config.locations, [{ path: 'content/media', handlers: [{ kind: 'clear' }] }]);
    assert.deepEqual(config.hiddenSegments, ['web.config', '.venv']);
    assert.deepEqual(config.limits, {
      maxAllowedContentLength: 4_294_967_295,
      maxUrl: 8192,
      maxQueryString: 2048,
    });
  });

  it('refuses with file, line, wanted and found', () => {
    const error = refused(
      '<configuration>\n<system.webServer>\n<handlers>\n<add path="*"/></handlers></system.webServer></configuration>',
    );
    assert.match(error.message, /line 4 of 'C:\\site\\web.config'/);
    assert.deepEqual(error.details, ["Wanted an attribute 'name' of <add>", "Found 'path'"]);
  });

  const refusals: readonly (readonly [why: string, text: string, found: RegExp])[] = [
    ['text that is not well-formed', '<configuration>\n<a>\n</configuration>', /unexpected close tag/],
    ['another root', '<Configuration/>', /<Configuration>/],
    [
      'a section in other letters',
      '<configuration><System.webServer/></configuration>',
      /<System\.webServer>/,
    ],
    [
      'a handler added twice, in any case',
      zooSite(zooRow('a#x64', 'x64') + zooRow('A#X64', 'x86'), zooApplication('a', '')),
      /a second handler 'A#X64'/,
    ],
    [
      'a zoo handler without its application',
      zooSite(zooRow('a#x64', 'x64'), zooApplication('b', '')),
      /Found 'b'/,
    ],
    [
      'an httpPlatform handler without its section',
      '<configuration><system.webServer><handlers><add name="a" path="*" modules="httpPlatformHandlerV2"/></handlers></system.webServer></configuration>',
      /Found none/,
    ],
    ['a variable twice', httpPlatformConfig({ Path: 'a', PATH: 'b' }), /'PATH' twice/],
    [
      'a limit that is no number',
      httpPlatformConfig(
        {},
        '<security><requestFiltering><requestLimits maxUrl="many"/></requestFiltering></security>',
      ),
      /'many'/,
    ],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><configuration/>', /document type/],
  ];
  for (const [why, text, found] of refusals) {
    it(`refuses ${why}`, () => assert.match(refused(text).details.join('\n'), found));
  }
});

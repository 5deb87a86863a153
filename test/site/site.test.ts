// A folder as a site: who answers which address, and which programs are ours.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folderWebConfig, siteVariables, siteWebConfig } from '../../installers/webconfig.js';
import { AppError } from '../../src/errors.js';
import { readSite, servedBy } from '../../src/site/site.js';
import { httpPlatformConfig, makeSite, staticFolderConfig } from '../helpers/site.js';
import { anotherUser } from '../helpers/user.js';

const isInvalid = (error: unknown): boolean => error instanceof AppError && error.code === 'SITE_INVALID';

describe('readSite', () => {
  it('gives folders whose handler is removed or cleared to files, at segment borders', async (context) => {
    const directory = await makeSite(context, {
      'web.config': httpPlatformConfig(),
      'static/web.config': staticFolderConfig,
      'media/web.config':
        '<configuration><system.webServer><handlers><clear/></handlers></system.webServer></configuration>',
      'pages/web.config': '<configuration><system.webServer/></configuration>',
      'data/web.config': '<broken',
      '.venv/web.config': '<broken',
      'plain/a.txt': '',
    });
    const site = await readSite(directory);
    const answers = [
      '/',
      '/static',
      '/static/a/b.css',
      '/staticfile',
      '/media/',
      '/plain/a.txt',
      '/pages/x',
    ].map((path) => servedBy(site, path, false));
    assert.deepEqual(answers, ['worker', 'files', 'files', 'worker', 'files', 'worker', 'worker']);
    assert.equal(servedBy(site, '/STATIC/a', false), 'worker');
    assert.equal(servedBy(site, '/STATIC//a', true), 'files');
  });

  it('lets a folder inside files take the handler back, and a location speak for a folder', async (context) => {
    const root = httpPlatformConfig().replace(
      '</configuration>',
      `<location path="content/media"><system.webServer><handlers><remove name="site"/></handlers></system.webServer></location></configuration>`,
    );
    const directory = await makeSite(context, {
      'web.config': root,
      'static/web.config': staticFolderConfig,
      'static/live/web.config': httpPlatformConfig(),
      'content/media/inner/web.config': '<configuration/>',
    });
    const site = await readSite(directory);
    assert.equal(servedBy(site, '/static/x', false), 'files');
    assert.equal(servedBy(site, '/static/live/x', false), 'worker');
    assert.equal(servedBy(site, '/content/x', false), 'worker');
    assert.equal(servedBy(site, '/content/media/inner/x', false), 'files');
  });

  it('does not follow links out of the site', async (context) => {
    const other = await makeSite(context, { 'web.config': '<broken' });
    const directory = await makeSite(context, { 'web.config': httpPlatformConfig() });
    await symlink(other, join(directory, 'linked'));
    assert.deepEqual((await readSite(directory)).places, []);
  });

  it('reads web.config in the encoding that it is written in', async (context) => {
    const text = httpPlatformConfig({ TITLE: 'Магазин' }).replace('UTF-8', 'UTF-16');
    const directory = await makeSite(context, { 'web.config': Buffer.from(`\uFEFF${text}`, 'utf16le') });
    assert.equal((await readSite(directory)).config.variables.at(-1)?.value, 'Магазин');
  });

  it('tells a folder that cannot be listed in words', async (context) => {
    const words = process.getuid?.() === 0 ? await anotherUser() : [];
    if (words === undefined || process.platform === 'win32') {
      context.skip('nobody here is without rights');
      return;
    }
    const directory = await makeSite(context, { 'web.config': httpPlatformConfig(), 'closed/a.txt': '' });
    await chmod(directory, 0o755);
    await chmod(join(directory, 'closed'), 0o311);
    const code = `const { readSite } = await import(process.argv[1]);
      await readSite(process.argv[2]).catch((error) => console.log(error.code, error.message));`;
    const site = fileURLToPath(new URL('../../src/site/site.js', import.meta.url));
    const [program, ...rest] = [...words, process.execPath];
    const told = spawnSync(program, [...rest, '--input-type=module', '-e', code, site, directory]);
    await chmod(join(directory, 'closed'), 0o755);
    assert.equal(told.stdout.toString(), `SITE_INVALID Cannot read '${join(directory, 'closed')}'\n`);
  });

  for (const form of ['httpplatform', 'fastcgi', 'zoo'] as const) {
    it(`reads what our own projects have in the form ${form}`, async (context) => {
      const names = { form, applicationName: 'python.project' };
      const variables = siteVariables({ kind: 'wsgi', callable: 'wsgi.application' });
      const directory = await makeSite(context, {
        'web.config': siteWebConfig({ ...names, pythonMinor: '3.13', variables }),
        'static/web.config': folderWebConfig(names),
      });
      const site = await readSite(directory);
      assert.equal(site.config.form, form);
      assert.deepEqual(site.config.variables, variables);
      assert.equal(servedBy(site, '/static/a.css', false), 'files');
      assert.ok(site.config.hiddenSegments.includes('.venv'));
    });
  }

  const refusals: readonly (readonly [why: string, files: Readonly<Record<string, string>>, what: RegExp])[] =
    [
      ['a folder without web.config', { 'a.txt': '' }, /no web\.config/],
      ['no handler', { 'web.config': '<configuration/>' }, /line 1/],
      [
        'a foreign program',
        { 'web.config': httpPlatformConfig().replace('zoohttp.py', 'other\\server.py') },
        /line \d+/,
      ],
      [
        'a broken web.config below',
        { 'web.config': httpPlatformConfig(), 'static/web.config': '<configuration>' },
        /static.web\.config/,
      ],
    ];
  for (const [why, files, what] of refusals) {
    it(`refuses ${why}`, async (context) => {
      const directory = await makeSite(context, files);
      await assert.rejects(readSite(directory), (error) => {
        assert.ok(isInvalid(error));
        assert.match((error as AppError).message, what);
        return true;
      });
    });
  }

  it('refuses an engine that is not Python, and a folder that is not there', async (context) => {
    const directory = await makeSite(context, {
      'web.config': `<configuration><system.webServer><heliconZoo><application name="a"/></heliconZoo>
        <handlers><add name="a#x64" path="*" modules="HeliconZoo_x64" scriptProcessor="ruby.2.3x64.rack"/></handlers></system.webServer></configuration>`,
    });
    await assert.rejects(
      readSite(directory),
      (error) => isInvalid(error) && /ruby/.test((error as AppError).details.join()),
    );
    await assert.rejects(readSite(join(directory, 'missing')), isInvalid);
  });
});

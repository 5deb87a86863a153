// The packed tarball, installed elsewhere: what npm drops or adds shows only there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as tar from 'tar';
import { temporaryFolder, tree } from './helpers/folder.js';
import { linksOf, pages, readPage } from './helpers/pages.js';
import { userVariables } from './helpers/variables.js';

const top = fileURLToPath(new URL('../../', import.meta.url));

test('the packed tarball holds what it runs on, and runs', async (context) => {
  const folder = temporaryFolder(context);
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: top,
    stdio: 'pipe',
  });
  const [tarball = ''] = readdirSync(folder);
  const unpacked = join(folder, 'elsewhere', 'node_modules');
  mkdirSync(unpacked, { recursive: true });
  await tar.extract({ file: join(folder, tarball), cwd: unpacked });
  const files = tree(join(unpacked, 'package'));
  assert.ok(files.includes('templates/django/_gitignore'), 'npm drops .gitignore files');
  assert.ok(files.includes('feed/packages/python-workers/zoofcgi.py'));
  assert.deepEqual(
    files.filter((name) => /__pycache__|\.pyc$|^dist\/test|\.tsbuildinfo$|\.env$/.test(name)),
    [],
  );
  for (const page of pages) {
    const targets = linksOf(readPage(page)).map((link) => join(dirname(page), link.replace(/#.*/, '')));
    for (const path of [page, ...targets])
      assert.ok(existsSync(join(unpacked, 'package', path)), `${page} leads to ${path}, which is not packed`);
  }
  // Dependencies as an installation would put them beside it; fetching them again would test npm, not us.
  const environment = { ...userVariables(), ZOOKIT_ROOT: join(folder, 'root') };
  execFileSync('ln', [
    '-s',
    join(top, 'node_modules'),
    join(folder, 'elsewhere', 'node_modules', 'package', 'node_modules'),
  ]);
  const zookit = (...args: string[]): string =>
    execFileSync(process.execPath, [join(unpacked, 'package/dist/src/main.cjs'), ...args], {
      env: environment,
      encoding: 'utf8',
    });
  assert.match(zookit('--version'), /^\d+\.\d+\.\d+\n$/);
  const plan = JSON.parse(zookit('plan', 'WSGIProject', '--json')) as { ok: boolean };
  assert.equal(plan.ok, true);
});

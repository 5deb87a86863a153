// Which files a visitor may have, over a real folder with links.
import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openStaticFile } from '../../src/site/staticfiles.js';
import { makeSite } from '../helpers/site.js';

async function folder(context: TestContext): Promise<string> {
  return makeSite(context, {
    'web.config': 'x',
    'static/site.css': 'body {}',
    'static/web.config': 'x',
    'static/Web.Config': 'x',
    'static/code.py': 'x',
    'static/code.PYC': 'x',
    'static/.env': 'x',
    'static/prod.env': 'x',
    'static/.well/a.txt': 'x',
    'static/db.sqlite3': 'x',
    'static/db.sqlite3-wal': 'x',
    'static/data/a.txt': 'fine',
    'static/a b/ä.txt': 'fine',
    'data/secret.txt': 'x',
    'log/a.txt': 'x',
  });
}

async function answers(directory: string, paths: readonly string[]): Promise<readonly string[]> {
  const open: string[] = [];
  for (const path of paths) {
    const file = await openStaticFile(directory, path);
    if (file) open.push(path);
    await file?.handle.close();
  }
  return open;
}

describe('openStaticFile', () => {
  it('opens files, with what conditions need', async (context) => {
    const directory = await folder(context);
    const file = await openStaticFile(directory, '/static/site.css');
    await file?.handle.close();
    assert.equal(file?.size, 7);
    assert.match(file.etag, /^"[0-9a-z]+-7"$/);
    const paths = ['/static/data/a.txt', '/static/a b/ä.txt'];
    assert.deepEqual(await answers(directory, paths), paths);
  });

  it('opens nothing private, no folder, and nothing that is not there', async (context) => {
    const directory = await folder(context);
    await mkdir(join(directory, 'static', 'empty'));
    const paths = [
      ...['/web.config', '/static/web.config', '/static/Web.Config', '/static/code.py', '/static/code.PYC'],
      ...[
        '/static/.env',
        '/static/prod.env',
        '/static/.well/a.txt',
        '/static/db.sqlite3',
        '/static/db.sqlite3-wal',
      ],
      ...['/data/secret.txt', '/log/a.txt', '/static', '/static/', '/static/empty', '/static/no.css', '/'],
      ...[
        '/static//site.css',
        '/static/site.css/',
        '/static/site.css.',
        '/static/site.css ',
        '/static\\site.css',
      ],
      ...['/static/site.css::$DATA', '/static/../data/secret.txt', `/static/${'a'.repeat(300)}`],
    ];
    assert.deepEqual(await answers(directory, paths), []);
  });

  it('resolves links: inside the site by the real name, outside never', async (context) => {
    const directory = await folder(context);
    const other = await makeSite(context, { 'secret.txt': 'x' });
    const link = (to: string, name: string): Promise<void> => symlink(to, join(directory, 'static', name));
    await link(join(directory, 'static', 'site.css'), 'inside.css');
    await link(join(directory, 'data', 'secret.txt'), 'data.txt');
    await link(join(directory, 'static', 'code.py'), 'code.txt');
    await link(join(other, 'secret.txt'), 'outside.txt');
    await link(other, 'folder');
    await link('loop', 'loop');
    const paths = ['inside.css', 'data.txt', 'code.txt', 'outside.txt', 'folder/secret.txt', 'loop'];
    assert.deepEqual(
      await answers(
        directory,
        paths.map((name) => `/static/${name}`),
      ),
      ['/static/inside.css'],
    );
  });
});

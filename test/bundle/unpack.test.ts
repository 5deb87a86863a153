// The unpacker of a bundle: it makes what the tool's archive says, and nothing outside of its folder.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { toolArchive } from '../../src/bundle/tool.js';
import type { TestEntry } from '../helpers/archives.js';
import { makeTarGz } from '../helpers/archives.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const top = fileURLToPath(new URL('../../../', import.meta.url));
const unpacker = join(top, 'templates', 'bundle', 'unpack.cjs');

test('the tool is the same bytes twice, and runs where it was unpacked', async (context) => {
  const folder = temporaryFolder(context);
  const archive = await toolArchive(top);
  assert.ok(archive.equals(await toolArchive(top)));
  writeFileSync(join(folder, 'tool.tar.gz'), archive);
  const goal = join(folder, 'goal');
  const ran = spawnSync(process.execPath, [unpacker, join(folder, 'tool.tar.gz'), goal], {
    encoding: 'utf8',
  });
  assert.equal(ran.status, 0, ran.stderr);
  const program = join(goal, 'zookit', 'dist', 'src', 'main.cjs');
  if (process.platform !== 'win32') assert.equal(statSync(program).mode & 0o111, 0o111);
  const env = { ZOOKIT_ROOT: join(folder, 'root'), PATH: '' };
  const list = spawnSync(process.execPath, [program, 'list', 'Django', '--json'], { env, encoding: 'utf8' });
  assert.equal(list.status, 0, list.stderr);
  assert.ok((JSON.parse(list.stdout) as { id: string }[]).some(({ id }) => id === 'Django'));
  const files = tree(join(goal, 'zookit'));
  assert.ok(files.includes('LICENSE') && files.includes('templates/django/_gitignore'));
  assert.deepEqual(
    files.filter((name) =>
      /\.map$|\.d\.ts$|^dist\/test|^src\/|^node_modules\/(typescript|eslint|prettier|undici-types)\/|(^|\/)node_modules\/@types\//.test(
        name,
      ),
    ),
    [],
  );
});

test('nothing is written outside of the folder', (context) => {
  const folder = temporaryFolder(context);
  const hostile: readonly TestEntry[] = [
    { name: '../outside.txt', content: 'x' },
    { name: 'zookit/../../outside.txt', content: 'x' },
    { name: '/tmp-outside.txt', content: 'x' },
    { name: 'other/file.txt', content: 'x' },
    { name: 'zookit/a:b', content: 'x' },
    { name: 'zookit\\..\\x', content: 'x' },
    { name: 'zookit/link', type: 'link', target: '/' },
    { name: 'zookit/hard', type: 'hardlink', target: 'zookit/x' },
  ];
  for (const [index, entry] of hostile.entries()) {
    const archive = join(folder, `${index}.tar.gz`);
    writeFileSync(archive, makeTarGz([entry]));
    const ran = spawnSync(process.execPath, [unpacker, archive, join(folder, 'goal', 'deep')], {
      encoding: 'utf8',
    });
    assert.equal(ran.status, 3, entry.name);
    assert.match(ran.stderr, /\(BUNDLE_INVALID\)$/m);
    assert.doesNotMatch(ran.stderr, /^\s+at /m);
  }
  assert.ok(!existsSync(join(folder, 'outside.txt')) && !existsSync(join(folder, 'goal')));
  const cut = join(folder, 'cut.tar.gz');
  writeFileSync(cut, makeTarGz([{ name: 'zookit/a', content: 'x' }]));
  const bytes = readFileSync(cut);
  writeFileSync(cut, bytes.subarray(0, bytes.length - 12));
  const ran = spawnSync(process.execPath, [unpacker, cut, join(folder, 'goal')], { encoding: 'utf8' });
  assert.notEqual(ran.status, 0);
  assert.doesNotMatch(ran.stderr, /^\s+at /m);
});

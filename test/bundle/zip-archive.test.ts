// A bundle as one zip: every reader gets the same files, the same bytes whenever it is made.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { archiveTop, isBundleArchive, writeZip } from '../../src/bundle/zip-archive.js';
import { unpack } from '../../src/lib/archive.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const files = {
  'a.txt': Buffer.from('first\n'),
  'below/empty': Buffer.alloc(0),
  'below/large.bin': Buffer.alloc(2_500_000, 'some bytes '),
  'below/with blank ü.txt': Buffer.from('ü'),
};

function written(folder: string): string {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes, { mode: name === 'a.txt' ? 0o755 : 0o644 });
  }
  return folder;
}

test('what goes in comes out, by our reader, by Python and by unzip', async (context) => {
  const folder = temporaryFolder(context);
  const source = written(join(folder, 'source'));
  const zip = join(folder, 'bundle.zip');
  await writeZip(zip, source, Object.keys(files).reverse());
  assert.equal(await isBundleArchive(zip), true);
  await unpack(zip, join(folder, 'out'));
  for (const [name, bytes] of Object.entries(files))
    assert.deepEqual(readFileSync(join(folder, 'out', archiveTop, name)), bytes, name);
  assert.deepEqual(
    tree(join(folder, 'out', archiveTop)).filter((name) => name in files),
    Object.keys(files).sort(),
  );
  for (const words of [
    ['python3', '-c', 'import sys, zipfile; assert zipfile.ZipFile(sys.argv[1]).testzip() is None', zip],
    ['unzip', '-tq', zip],
  ]) {
    const [program = '', ...rest] = words;
    const done = spawnSync(program, rest, { encoding: 'utf8' });
    if (!done.error) assert.equal(done.status, 0, `${program}: ${done.stderr}`);
  }
});

test('the same files give the same bytes on another day and in another folder', async (context) => {
  const folder = temporaryFolder(context);
  const [one, two] = [written(join(folder, 'one')), written(join(folder, 'two'))];
  for (const name of Object.keys(files)) utimesSync(join(two, name), 1, 1);
  const names = Object.keys(files);
  await writeZip(join(folder, 'one.zip'), one, names);
  await writeZip(join(folder, 'two.zip'), two, [...names].reverse());
  assert.deepEqual(readFileSync(join(folder, 'two.zip')), readFileSync(join(folder, 'one.zip')));
});

test('any other file is no archive of a bundle', async (context) => {
  const folder = temporaryFolder(context);
  for (const content of ['', 'short', 'PK\u0003\u0004'.padEnd(100, 'x')]) {
    writeFileSync(join(folder, 'file'), content);
    assert.equal(await isBundleArchive(join(folder, 'file')), false, content);
  }
});

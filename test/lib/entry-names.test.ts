// Names of an archive's entries: what would come to lie outside, in ways that no single name shows.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unpack } from '../../src/lib/archive.js';
import type { ArchiveEntry } from '../../src/lib/entry-names.js';
import { createEntryChecker } from '../../src/lib/entry-names.js';
import type { TestEntry } from '../helpers/archives.js';
import { makeTarGz } from '../helpers/archives.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const root: TestEntry[] = [
  { name: 'p/q/', type: 'folder' },
  { name: 'p/q/up', type: 'link', target: '../..' },
];

const escapes: Readonly<Record<string, readonly TestEntry[]>> = {
  'a link behind a link and up again': [...root, { name: 'out', type: 'link', target: 'p/q/up/../outside' }],
  'the same as a hard link': [...root, { name: 'out', type: 'hardlink', target: 'p/q/up/../outside' }],
  'a hard link to a link, which counts from another folder then': [
    ...root,
    { name: 'top', type: 'hardlink', target: 'p/q/up' },
    { name: 'top/written', content: 'x' },
  ],
  'a link that is spelled in another way': [
    { name: 'a/./l', type: 'link', target: '..' },
    { name: 'a/l/out', type: 'link', target: '..' },
    { name: 'out/written', content: 'x' },
  ],
  'a link with two slashes': [
    { name: 'a//l', type: 'link', target: '..' },
    { name: 'a/l/out', type: 'link', target: '..' },
    { name: 'out/written', content: 'x' },
  ],
};

for (const [what, entries] of Object.entries(escapes)) {
  test(`refused, with nothing outside: ${what}`, async (context) => {
    const folder = temporaryFolder(context);
    writeFileSync(join(folder, 'outside'), 'secret');
    const archive = join(folder, 'bad.tar.gz');
    writeFileSync(archive, makeTarGz(entries));
    await assert.rejects(unpack(archive, join(folder, 'out')), { code: 'INSTALLER_FAILED' });
    assert.deepEqual(tree(folder), ['bad.tar.gz', 'outside']);
    assert.equal(readFileSync(join(folder, 'outside'), 'utf8'), 'secret');
  });
}

test('a link may not lead out of the folders that are dropped', async (context) => {
  const folder = temporaryFolder(context);
  const archive = join(folder, 'a.tar.gz');
  const link = (target: string): Buffer =>
    makeTarGz([
      { name: 'top/bin/tool', content: 'x' },
      { name: 'top/bin/l', type: 'link', target },
    ]);
  writeFileSync(archive, link('../../outside'));
  await assert.rejects(unpack(archive, join(folder, 'out'), { strip: 1 }), /outside of the folder/);
  await unpack(archive, join(folder, 'whole'));
  writeFileSync(archive, link('..'));
  await unpack(archive, join(folder, 'out'), { strip: 1 });
  assert.deepEqual(tree(join(folder, 'out')), ['bin', 'bin/l -> ..', 'bin/tool']);
});

test('names that are one on some disk are refused', () => {
  const file = (name: string): ArchiveEntry => ({ name, type: 'file', size: 1 });
  for (const [one, other] of [
    ['a/b', 'A/c'],
    ['\u00e9/b', 'e\u0301/c'],
    ['a/b', 'a/./b'],
    ['a/b', 'a//b'],
  ] as const) {
    const { check } = createEntryChecker(100);
    check(file(one));
    assert.throws(() => check(file(other)), { code: 'INSTALLER_FAILED' }, `${one} ${other}`);
  }
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppError } from '../../src/errors.js';
import { unpack } from '../../src/lib/archive.js';
import type { TestEntry } from '../helpers/archives.js';
import { makeTarGz, makeZip } from '../helpers/archives.js';
import { temporaryFolder, tree } from '../helpers/folder.js';

const formats = { zip: makeZip, 'tar.gz': makeTarGz } as const;

const good: readonly TestEntry[] = [
  { name: 'top/', type: 'folder', mode: 0o444 },
  { name: 'top/bin/tool', content: '#!/bin/sh\n', mode: 0o755 },
  { name: 'top/readme.txt', content: 'hello' },
  { name: 'top/current', type: 'link', target: 'bin/tool' },
];

for (const [name, make] of Object.entries(formats)) {
  test(`${name}: files, modes and inner links come out, whatever the file is called`, async (context) => {
    const folder = temporaryFolder(context);
    const archive = join(folder, 'misnamed.bin');
    writeFileSync(archive, make(good));
    await unpack(archive, join(folder, 'out'));
    assert.deepEqual(tree(join(folder, 'out')), [
      'top',
      'top/bin',
      'top/bin/tool',
      'top/current -> bin/tool',
      'top/readme.txt',
    ]);
    if (process.platform === 'win32') return;
    const modeOf = (path: string): number => statSync(join(folder, 'out', path)).mode & 0o777;
    assert.equal(modeOf('top/bin/tool'), 0o755);
    assert.equal(
      modeOf('top') & 0o700,
      0o700,
      'a folder that its owner may enter, whatever the archive says',
    );
  });

  test(`${name}: strip drops the top folder, and refuses when there is not one`, async (context) => {
    const folder = temporaryFolder(context);
    const archive = join(folder, 'a');
    writeFileSync(archive, make(good));
    await unpack(archive, join(folder, 'out'), { strip: 1 });
    assert.equal(readFileSync(join(folder, 'out/readme.txt'), 'utf8'), 'hello');
    writeFileSync(
      archive,
      make([
        { name: 'a', content: '' },
        { name: 'b', content: '' },
      ]),
    );
    await assert.rejects(unpack(archive, join(folder, 'two'), { strip: 1 }), /all files lie in one folder/);
  });
}

/** Each: what it is, the entries, the name that the error must hold. */
const hostile: readonly (readonly [string, readonly TestEntry[], RegExp])[] = [
  ['climbs out', [{ name: '../evil.txt', content: 'x' }], /\.\.\/evil\.txt/],
  ['climbs out in the middle', [{ name: 'a/../../evil.txt', content: 'x' }], /climbs out|\.\.\//],
  ['absolute', [{ name: '/tmp/evil.txt', content: 'x' }], /absolute|\/tmp\/evil\.txt/],
  ['drive letter', [{ name: 'C:/evil.txt', content: 'x' }], /C:\/evil\.txt/],
  ['UNC', [{ name: '\\\\host\\share\\evil.txt', content: 'x' }], /evil\.txt/],
  ['backslash', [{ name: 'a\\..\\evil.txt', content: 'x' }], /evil\.txt/],
  ['device name', [{ name: 'sub/aux.txt', content: 'x' }], /aux\.txt/],
  ['device name without extension', [{ name: 'NUL', content: 'x' }], /NUL/],
  ['alternate stream', [{ name: 'file.txt:stream', content: 'x' }], /file\.txt:stream/],
  ['trailing dot', [{ name: 'dir./x', content: 'x' }], /dir\.\/x/],
  ['trailing blank', [{ name: 'file ', content: 'x' }], /file /],
  [
    'case clash',
    [
      { name: 'Read.me', content: '1' },
      { name: 'read.ME', content: '2' },
    ],
    /read\.ME/,
  ],
  [
    'case clash of folders',
    [
      { name: 'Lib/a', content: '1' },
      { name: 'lib/b', content: '2' },
    ],
    /lib\/b/,
  ],
  [
    'the same file twice',
    [
      { name: 'a', content: '1' },
      { name: 'a', content: '2' },
    ],
    /'a'/,
  ],
  ['link out of the tree', [{ name: 'out', type: 'link', target: '../../etc' }], /'out'/],
  ['absolute link', [{ name: 'out', type: 'link', target: '/etc' }], /'out'/],
  [
    'file behind a link',
    [
      { name: 'a', type: 'link', target: 'b' },
      { name: 'a/x', content: 'x' },
    ],
    /a\/x/,
  ],
];

test('zip: backslashes between names, as older .NET writes them, are slashes', async (context) => {
  const folder = temporaryFolder(context);
  const archive = join(folder, 'blog.zip');
  writeFileSync(
    archive,
    makeZip([
      { name: 'blog\\', type: 'folder' },
      { name: 'blog\\media\\a.txt', content: 'a' },
    ]),
  );
  await unpack(archive, join(folder, 'out'));
  assert.deepEqual(tree(join(folder, 'out')), ['blog', 'blog/media', 'blog/media/a.txt']);
});

for (const [what, entries, named] of hostile) {
  for (const [format, make] of Object.entries(formats)) {
    test(`${format} refused: ${what}`, async (context) => {
      const folder = temporaryFolder(context);
      const archive = join(folder, 'bad');
      writeFileSync(archive, make(entries));
      await assert.rejects(unpack(archive, join(folder, 'out')), (error) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, 'INSTALLER_FAILED');
        assert.match(error.message, named);
        return true;
      });
      assert.deepEqual(tree(folder), ['bad'], 'nothing is written, inside or outside');
    });
  }
}

/** Paths of all files that this process has open; undefined where nobody tells. */
function openFiles(): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc/self/fd').flatMap((each) => {
    try {
      return [readlinkSync(`/proc/self/fd/${each}`)];
    } catch {
      return [];
    }
  });
}

test('an archive that was refused is not open any more: Windows could not remove its folder', async (context) => {
  const folder = temporaryFolder(context);
  const archive = join(folder, 'bad');
  const content = randomBytes(8_000_000);
  for (const make of Object.values(formats)) {
    writeFileSync(
      archive,
      make([
        { name: '../out', content: 'x' },
        { name: 'rest', content },
      ]),
    );
    await assert.rejects(unpack(archive, join(folder, 'out')), { code: 'INSTALLER_FAILED' });
    assert.ok(!openFiles()?.includes(archive));
  }
});

test('tar.gz refused: hard link out of the tree, devices', async (context) => {
  const folder = temporaryFolder(context);
  const archive = join(folder, 'bad');
  for (const entry of [
    { name: 'x', type: 'hardlink', target: '../outside' },
    { name: 'dev', type: 'device' },
  ] as const) {
    writeFileSync(archive, makeTarGz([entry]));
    await assert.rejects(unpack(archive, join(folder, 'out')), { code: 'INSTALLER_FAILED' });
  }
  assert.deepEqual(tree(folder), ['bad']);
});

test('refused: too many entries, too many bytes, a bomb', async (context) => {
  const folder = temporaryFolder(context);
  const archive = join(folder, 'bad');
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, content: 'x'.repeat(100) }));
  for (const make of Object.values(formats)) {
    writeFileSync(archive, make(many));
    const limits = { entries: 1000, bytes: 1_000_000, ratio: 200 };
    await assert.rejects(
      unpack(archive, join(folder, 'out'), { limits: { ...limits, entries: 10 } }),
      /entries|limits/,
    );
    await assert.rejects(
      unpack(archive, join(folder, 'out'), { limits: { ...limits, bytes: 1000 } }),
      /bytes|limits/,
    );
  }
  writeFileSync(archive, makeTarGz([{ name: 'zeros', content: Buffer.alloc(120_000_000) }]));
  await assert.rejects(unpack(archive, join(folder, 'out')), /times its size|ratio/);
  assert.deepEqual(tree(folder), ['bad']);
});

test('refused in words: garbage, an empty file, a zip cut short', async (context) => {
  const folder = temporaryFolder(context);
  const archive = join(folder, 'bad.zip');
  const zip = makeZip(good);
  for (const bytes of [Buffer.from('not an archive'), Buffer.alloc(0), zip.subarray(0, zip.length / 2)]) {
    writeFileSync(archive, bytes);
    await assert.rejects(unpack(archive, join(folder, 'out')), (error) => {
      assert.ok(error instanceof AppError);
      assert.match(error.message, /^Cannot unpack 'bad\.zip': /);
      return true;
    });
  }
  assert.deepEqual(tree(folder), ['bad.zip']);
});

// install.sh on bundles that somebody has changed: refused by name, before anything of the bundle has run. What would run
// first, the bundle's Node, is a program here that leaves a mark.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, tree } from '../helpers/folder.js';
import { makeBundle, newKey, seal, toolParts } from '../helpers/small-bundle.js';

const skip = process.platform === 'win32' && 'a script of sh';
const openssl = /^OpenSSL [3-9]/.test(spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout);

test('install.sh refuses what was changed, before anything has run', { skip }, async (context) => {
  const top = temporaryFolder(context);
  const good = join(top, 'good');
  const mark = join(top, 'mark');
  const node = join(top, 'node');
  writeFileSync(node, `#!/bin/sh\n: >'${mark}'\n`);
  chmodSync(node, 0o755);
  const key = newKey();
  const { fingerprint = '' } = await makeBundle(good, { ...toolParts(), key, node });
  // Never unpacked here, and copied for every case.
  writeFileSync(join(good, 'tool', 'zookit.tar.gz'), 'the tool');
  const digest = seal(good, key);
  let number = 0;
  const run = (folder: string, ...words: string[]): { status: number | null; stderr: string } => {
    rmSync(mark, { force: true });
    const prefix = join(top, `prefix-${number}`);
    return spawnSync('sh', [join(folder, 'install.sh'), '--prefix', prefix, ...words], { encoding: 'utf8' });
  };
  const copied = (change: (folder: string) => void): string => {
    const folder = join(top, `stick-${++number}`);
    cpSync(good, folder, { recursive: true });
    change(folder);
    return folder;
  };
  const refused = (folder: string, words: RegExp, ...options: string[]): void => {
    const ran = run(folder, ...options);
    assert.equal(ran.status, 3, ran.stderr);
    assert.match(ran.stderr, words);
    assert.match(ran.stderr, /^error: .* \((BUNDLE|SIGNATURE)_INVALID\)$/m);
    assert.ok(!existsSync(mark), `the bundle's Node has run:\n${ran.stderr}`);
    assert.ok(!existsSync(join(top, `prefix-${number}`)), 'nothing is written');
  };

  await context.test('as it was made, it goes on to the first program', () => {
    run(
      copied(() => undefined),
      '--key',
      fingerprint,
      '--digest',
      digest,
    );
    assert.ok(existsSync(mark));
  });
  await context.test('one flipped byte or one missing file', () => {
    const files = tree(good).filter(
      (name) => !/^(SHA256SUMS|install\.sh)/.test(name) && /\.|node$/.test(name.slice(name.lastIndexOf('/'))),
    );
    assert.ok(files.includes('tool/unpack.cjs') && files.some((name) => name.startsWith('files/')));
    for (const name of files.filter((each) => existsSync(join(good, each)))) {
      const pattern = new RegExp(name.replace(/[.+]/g, '\\$&'));
      const flipped = copied((folder) => {
        const bytes = readFileSync(join(folder, name));
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        writeFileSync(join(folder, name), bytes);
      });
      refused(flipped, pattern);
      refused(
        copied((folder) => rmSync(join(folder, name))),
        pattern,
      );
    }
  });
  await context.test('an added file, whatever its name', () => {
    for (const name of [
      'more.txt',
      'tool/ a b',
      'files/a\nfeed/feed.xml',
      'runtime/.hidden',
      "feed/'$(id)",
    ]) {
      const added = copied((folder) => {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), '');
      });
      refused(added, /' was added to '/);
    }
  });
  await context.test('no list at all', () => {
    refused(
      copied((folder) => rmSync(join(folder, 'SHA256SUMS'))),
      /SHA256SUMS' is missing/,
    );
  });
  await context.test('a link', () => {
    refused(
      copied((folder) => symlinkSync(top, join(folder, 'elsewhere'))),
      /elsewhere' is a link/,
    );
    const linked = copied((folder) => {
      rmSync(join(folder, 'feed', 'feed.xml'));
      symlinkSync(join(good, 'feed', 'feed.xml'), join(folder, 'feed', 'feed.xml'));
    });
    refused(linked, /feed\/feed\.xml' is a link/);
  });
  await context.test('another key, no key, another list', () => {
    const other = copied((folder) => seal(folder, newKey()));
    if (openssl) refused(other, /SHA256SUMS\.sig' is not by the key/);
    refused(
      copied(() => undefined),
      /another key/,
      '--key',
      `SHA256:${'0'.repeat(64)}`,
    );
    refused(
      copied((folder) => rmSync(join(folder, 'SHA256SUMS.sig'))),
      /SHA256SUMS\.sig' is missing/,
    );
    refused(
      copied((folder) => appendFileSync(join(folder, 'SHA256SUMS.sig'), '\v')),
      /SHA256SUMS\.sig' is no signature/,
    );
    refused(
      copied(() => undefined),
      /another list/,
      '--digest',
      '0'.repeat(64),
    );
  });
  await context.test('file and list exchanged after they were checked', () => {
    const evil = copied((folder) => {
      const runtime = tree(folder).find((name) => /^runtime\/.*node$/.test(name)) ?? '';
      appendFileSync(join(folder, runtime), '# evil\n');
      seal(folder, key);
    });
    const bundle = copied(() => undefined);
    const programs = join(top, 'programs');
    mkdirSync(programs);
    // The first program that the script asks once all is checked.
    writeFileSync(
      join(programs, 'uname'),
      `#!/bin/sh\ncp -R '${evil}/.' '${bundle}/'\nPATH=/usr/bin:/bin exec uname "$@"\n`,
    );
    chmodSync(join(programs, 'uname'), 0o755);
    const before = process.env['PATH'] ?? '';
    process.env['PATH'] = `${programs}:${before}`;
    const ran = run(bundle);
    process.env['PATH'] = before;
    assert.match(ran.stderr, /node' has changed meanwhile \(BUNDLE_INVALID\)/);
    assert.ok(!existsSync(mark));
  });
  await context.test('lines of the list that are none', () => {
    const bad = [
      'junk',
      `${'0'.repeat(64)}  ../outside`,
      `${'0'.repeat(64)}  /etc/passwd`,
      `${'0'.repeat(64)} *feed/feed.xml`,
    ];
    for (const line of bad)
      refused(
        copied((folder) => writeFileSync(join(folder, 'SHA256SUMS'), `${line}\n`)),
        /line that is none/,
      );
  });
  await context.test('what systems leave on sticks is told only', () => {
    const ran = run(copied((folder) => writeFileSync(join(folder, 'tool', '._unpack.cjs'), '')));
    assert.match(ran.stderr, /notice: not of this bundle: tool\/\._unpack\.cjs/);
    assert.ok(existsSync(mark));
  });
});

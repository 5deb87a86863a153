// What is refused of a bundle: everything that is not as it was signed, each with the file's name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSums } from '../../src/bundle/sums.js';
import { verifyBundle } from '../../src/bundle/verify.js';
import type { AppError, ErrorCode } from '../../src/errors.js';
import { temporaryFolder } from '../helpers/folder.js';
import { sha256 } from '../helpers/feed-xml.js';
import { makeBundle, newKey, seal, toolParts } from '../helpers/small-bundle.js';

const refused =
  (code: ErrorCode, words: RegExp) =>
  (error: AppError): boolean => {
    assert.equal(error.code, code, error.message);
    assert.match([error.message, ...error.details].join('\n'), words);
    return true;
  };

test('a bundle is what its list says, and tells what it is', async (context) => {
  const folder = join(temporaryFolder(context), 'bundle');
  const key = newKey();
  const made = await makeBundle(folder, { ...toolParts(), key });
  const verified = await verifyBundle(folder, { key: made.fingerprint ?? '' });
  assert.equal(verified.digest, made.digest);
  assert.equal(verified.fingerprint, made.fingerprint);
  assert.deepEqual(
    verified.index.products.map(({ id }) => id),
    ['Tool'],
  );
  assert.deepEqual(verified.strays, []);
});

test('what operating systems leave on a stick is told, no more', async (context) => {
  const folder = join(temporaryFolder(context), 'bundle');
  await makeBundle(folder, toolParts());
  mkdirSync(join(folder, 'System Volume Information'));
  writeFileSync(join(folder, 'System Volume Information', 'x'), '');
  writeFileSync(join(folder, 'feed', '._feed.xml'), '');
  writeFileSync(join(folder, 'Desktop.ini'), '');
  const { strays } = await verifyBundle(folder);
  assert.deepEqual([...strays].sort(), ['Desktop.ini', 'System Volume Information', 'feed/._feed.xml']);
});

test('every single change is refused by the name of its file', async (context) => {
  const top = temporaryFolder(context);
  const good = join(top, 'good');
  const key = newKey();
  const { fingerprint = '' } = await makeBundle(good, { ...toolParts(), key });
  const sums = parseSums(readFileSync(join(good, 'SHA256SUMS'), 'utf8'), good);
  let number = 0;
  const changed = (change: (folder: string) => void): string => {
    const folder = join(top, String(++number));
    cpSync(good, folder, { recursive: true });
    change(folder);
    return folder;
  };
  for (const { path } of sums) {
    const escaped = new RegExp(path.replace(/[.+]/g, '\\$&'));
    const flipped = changed((folder) => flipLast(join(folder, path)));
    // A damaged key is refused as a key.
    const code = path === 'signer.pem' ? /SIGNATURE_INVALID|BUNDLE_INVALID/ : /BUNDLE_INVALID/;
    await assert.rejects(verifyBundle(flipped), (error: AppError) => {
      assert.match(error.code, code);
      assert.match(error.message, escaped);
      return true;
    });
    const missing = changed((folder) => rmSync(join(folder, path)));
    await assert.rejects(
      verifyBundle(missing),
      refused(path === 'signer.pem' ? 'SIGNATURE_INVALID' : 'BUNDLE_INVALID', escaped),
    );
  }
  const cases: readonly [ErrorCode, RegExp, (folder: string) => void][] = [
    ['BUNDLE_INVALID', /'feed\/more\.xml' was added/, (f) => writeFileSync(join(f, 'feed', 'more.xml'), '')],
    [
      'BUNDLE_INVALID',
      /'feed\/feed\.xml' is a link/,
      (f) => {
        renameSync(join(f, 'feed', 'feed.xml'), join(f, '..', `feed-${number}.xml`));
        symlinkSync(join(f, '..', `feed-${number}.xml`), join(f, 'feed', 'feed.xml'));
      },
    ],
    ['BUNDLE_INVALID', /'elsewhere' is a link/, (f) => symlinkSync(top, join(f, 'elsewhere'))],
    ['BUNDLE_INVALID', /SHA256SUMS/, (f) => rmSync(join(f, 'SHA256SUMS'))],
    ['SIGNATURE_INVALID', /not by its key/, (f) => appendFileSync(join(f, 'SHA256SUMS'), ' ')],
    ['SIGNATURE_INVALID', /'SHA256SUMS\.sig' is missing/, (f) => rmSync(join(f, 'SHA256SUMS.sig'))],
    ['SIGNATURE_INVALID', /not by its key/, (f) => flipLast(join(f, 'SHA256SUMS.sig'))],
    ['SIGNATURE_INVALID', /not by its key 'signer\.pem'/, (f) => seal(f, newKey())],
    [
      'SIGNATURE_INVALID',
      /'signer\.pem' of .* is no key/,
      (f) => writeFileSync(join(f, 'signer.pem'), 'junk'),
    ],
  ];
  for (const [code, words, change] of cases)
    await assert.rejects(verifyBundle(changed(change), { key: fingerprint }), refused(code, words));
});

test(
  'names that a terminal would obey are shown without that',
  { skip: process.platform === 'win32' },
  async (context) => {
    const folder = join(temporaryFolder(context), 'bundle');
    await makeBundle(folder, toolParts());
    writeFileSync(join(folder, '._\u001b[31mstray'), '');
    assert.deepEqual((await verifyBundle(folder)).strays, ['._?[31mstray']);
    writeFileSync(join(folder, '\u001b[31madded'), '');
    await assert.rejects(verifyBundle(folder), refused('BUNDLE_INVALID', /'\?\[31madded' was added/));
  },
);

const noPipes = process.platform === 'win32' && 'there are no such pipes';
test('a pipe in the place of a file is refused, not waited for', { skip: noPipes }, async (context) => {
  const top = temporaryFolder(context);
  for (const name of ['SHA256SUMS', 'SHA256SUMS.sig', 'signer.pem', 'bundle.json']) {
    const folder = join(top, name);
    await makeBundle(folder, { ...toolParts(), key: newKey() });
    rmSync(join(folder, name));
    execFileSync('mkfifo', [join(folder, name)]);
    const words = new RegExp(`'${name}' is (no plain file|a link or a device)`);
    await assert.rejects(verifyBundle(folder), refused('BUNDLE_INVALID', words));
  }
});

test('a key that is named must have signed', async (context) => {
  const top = temporaryFolder(context);
  const [signed, unsigned] = [join(top, 'signed'), join(top, 'unsigned')];
  const { fingerprint = '' } = await makeBundle(signed, { ...toolParts(), key: newKey() });
  await makeBundle(unsigned, toolParts());
  assert.equal((await verifyBundle(unsigned)).fingerprint, undefined);
  const spelled = fingerprint.replace('SHA256:', '').toUpperCase();
  assert.equal((await verifyBundle(signed, { key: spelled })).fingerprint, fingerprint);
  await assert.rejects(
    verifyBundle(unsigned, { key: fingerprint }),
    refused('SIGNATURE_INVALID', /not signed/),
  );
  const other = `SHA256:${sha256('another key')}`;
  await assert.rejects(verifyBundle(signed, { key: other }), refused('SIGNATURE_INVALID', /another key/));
  await assert.rejects(verifyBundle(signed, { key: 'mine' }), refused('USAGE', /fingerprint|^$/));
});

test('no line of the list can name what lies outside, or one file twice', () => {
  const hash = sha256('');
  const good = `${hash}  a/b.txt\n`;
  assert.deepEqual(parseSums(good, 'x'), [{ path: 'a/b.txt', sha256: hash }]);
  const bad = ['../a', '/a', 'a/../b', 'a//b', 'C:/a', 'a\\b', 'a/', './a', 'SHA256SUMS', 'a.', 'a\u0001'];
  for (const path of bad)
    assert.throws(() => parseSums(`${hash}  ${path}\n`, 'x'), refused('BUNDLE_INVALID', /Line 1/), path);
  assert.throws(() => parseSums(`${good}${hash}  A/B.txt\n`, 'x'), refused('BUNDLE_INVALID', /Line 2/));
  assert.throws(() => parseSums('', 'x'), refused('BUNDLE_INVALID', /Line 1/));
  assert.throws(() => parseSums(`${good}\n${good}`, 'x'), refused('BUNDLE_INVALID', /Line 2/));
});

function flipLast(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

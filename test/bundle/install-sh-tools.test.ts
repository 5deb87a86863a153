// install.sh on systems that have few programs: with the ones that it names it checks everything, by Python where openssl is
// missing; without them it refuses, and never takes a check that could not be made for one that was passed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { programOnPath } from '../../src/lib/programs.js';
import { temporaryFolder } from '../helpers/folder.js';
import { pythonsHere } from '../helpers/pythons.js';
import { makeBundle, newKey, seal, toolParts } from '../helpers/small-bundle.js';

const skip = process.platform !== 'linux' && 'the programs of a Linux';
/** Those that the script names as needed. */
const needed =
  'cat chmod cp cut dirname find grep head id mkdir mktemp mv rm sed sort tr uname base64 sha256sum'.split(
    ' ',
  );
const [python] = await pythonsHere();

interface Place {
  readonly bundle: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly digest: string;
  /** Runs the bundle's script with nothing on PATH but these; whether the bundle's Node has run. */
  readonly run: (programs: Readonly<Record<string, string>>, ...words: readonly string[]) => Ran;
}

interface Ran {
  readonly status: number | null;
  readonly stderr: string;
  readonly started: boolean;
}

test('the named programs are enough', { skip }, async (context) => {
  const { run, fingerprint, digest } = await place(context);
  const words = ['--key', fingerprint, '--digest', digest];
  assert.ok(run(await programs(), ...words).started, 'no openssl, no Python, no getconf, no comm');
});

test('an added file is found without comm', { skip }, async (context) => {
  const { run, bundle } = await place(context);
  for (const name of ['more.txt', 'install.sh\nREADME.txt']) {
    writeFileSync(join(bundle, name), '');
    const ran = run(await programs());
    assert.match(ran.stderr, /' was added to '.*\(BUNDLE_INVALID\)/);
    assert.ok(!ran.started);
    rmSync(join(bundle, name));
  }
});

test('names that a terminal would obey are shown without that', { skip }, async (context) => {
  const { run, bundle } = await place(context);
  for (const name of ['._\u001b[31mstray', '\u001b[31madded']) writeFileSync(join(bundle, name), '');
  const { stderr } = run(await programs());
  assert.match(stderr, /not of this bundle: \._\[31mstray\n.*'\[31madded' was added/);
});

test('what is missing is named, and nothing of the bundle runs', { skip }, async (context) => {
  const { run } = await place(context);
  for (const name of ['sha256sum', 'find', 'grep', 'sort', 'sed', 'cut', 'mktemp', 'base64']) {
    const all = await programs();
    const ran = run(Object.fromEntries(Object.entries(all).filter(([each]) => each !== name)));
    assert.equal(ran.status, 3, ran.stderr);
    assert.match(ran.stderr, new RegExp(`^error: .*'${name}'.* \\(NO_INSTALLER\\)$`, 'm'));
    assert.ok(!ran.started, name);
  }
});

test(
  'without openssl a Python tells a signature of another key',
  {
    skip: skip || (!python && 'no Python is installed'),
  },
  async (context) => {
    const { run, bundle, key, fingerprint } = await place(context);
    const all = { ...(await programs()), python3: python?.path ?? '' };
    assert.ok(run(all, '--key', fingerprint).started, 'the right one is taken');
    writeFileSync(join(bundle, 'README.txt'), 'something else\n');
    const signer = readFileSync(join(bundle, 'signer.pem'));
    seal(bundle, newKey());
    assert.deepEqual(
      readFileSync(join(bundle, 'signer.pem')),
      signer,
      'the key in it is still the first one',
    );
    const ran = run(all, '--key', fingerprint);
    assert.match(ran.stderr, /SHA256SUMS\.sig' is not by the key 'signer\.pem' \(SIGNATURE_INVALID\)/);
    assert.ok(!ran.started);
    seal(bundle, key);
    assert.ok(run(all).started);
  },
);

test('with neither, a key that was asked for takes the digest as well', { skip }, async (context) => {
  const { run, fingerprint } = await place(context);
  const ran = run(await programs(), '--key', fingerprint);
  assert.equal(ran.status, 3, ran.stderr);
  assert.match(ran.stderr, /SHA256SUMS\.sig' is by that key .*\(SIGNATURE_INVALID\)\nhint: .*--digest HEX/);
  assert.ok(!ran.started);
});

test('a full disk is told as such, and leaves no half of a tool', { skip }, async (context) => {
  const { run, bundle } = await place(context);
  const all = await programs();
  const full = join(temporaryFolder(context), 'cp');
  const words = `case "$*" in */runtime/*) echo 'cp: No space left on device' >&2; exit 1 ;; esac`;
  writeFileSync(full, `#!/bin/sh\n${words}\nexec '${all['cp'] ?? ''}' "$@"\n`, { mode: 0o755 });
  const ran = run({ ...all, cp: full });
  assert.equal(ran.status, 4, ran.stderr);
  assert.match(ran.stderr, /^error: There is no room for .* \(DISK_FULL\)\nhint: /m);
  assert.ok(!ran.started);
  assert.deepEqual(readdirSync(join(bundle, '..', 'prefix', 'lib', 'zookit')), []);
});

test('what a killed run has left goes, what another run is making stays', { skip }, async (context) => {
  const { run, bundle } = await place(context);
  const library = join(bundle, '..', 'prefix', 'lib', 'zookit');
  const [ours, nobodys] = [`.new-${process.pid}`, '.new-2147483646'];
  const all = await programs();
  const making = join(temporaryFolder(context), 'uname');
  const words = `mkdir -p '${library}/${ours}' '${library}/${nobodys}'`;
  writeFileSync(making, `#!/bin/sh\n${words}\nexec '${all['uname'] ?? ''}' "$@"\n`, { mode: 0o755 });
  assert.ok(run({ ...all, uname: making }).started);
  const left = readdirSync(library);
  assert.ok(left.includes(ours) && !left.includes(nobodys), left.join());
});

test('an account without HOME is asked for a folder', { skip }, async (context) => {
  const { bundle } = await place(context);
  const all = { ...(await programs()), id: join(bundle, '..', 'id') };
  writeFileSync(all.id, '#!/bin/sh\necho 1000\n', { mode: 0o755 });
  const PATH = pathOf(context, all);
  const ran = spawnSync('/bin/sh', [join(bundle, 'install.sh')], { encoding: 'utf8', env: { PATH } });
  assert.equal(ran.status, 2, ran.stderr);
  assert.match(ran.stderr, /no HOME \(USAGE\)\nhint: .*--prefix DIR/);
});

async function place(context: TestContext): Promise<Place> {
  const top = temporaryFolder(context);
  const good = join(top, 'good');
  const mark = join(top, 'mark');
  const node = join(top, 'node');
  writeFileSync(node, `#!/bin/sh\n: >'${mark}'\n`);
  chmodSync(node, 0o755);
  const key = newKey();
  const { fingerprint = '' } = await makeBundle(good, { ...toolParts(), key, node });
  writeFileSync(join(good, 'tool', 'zookit.tar.gz'), 'the tool');
  const digest = seal(good, key);
  const bundle = join(top, 'bundle');
  cpSync(good, bundle, { recursive: true });
  const run: Place['run'] = (all, ...words) => {
    for (const each of [mark, join(top, 'prefix')]) rmSync(each, { recursive: true, force: true });
    const script = [join(bundle, 'install.sh'), '--prefix', join(top, 'prefix'), ...words];
    const env = { PATH: pathOf(context, all), HOME: top };
    const { status, stderr } = spawnSync('/bin/sh', script, { encoding: 'utf8', env });
    return { status, stderr, started: existsSync(mark) };
  };
  return { bundle, key, fingerprint, digest, run };
}

/** The needed programs of this system, by name. */
async function programs(): Promise<Record<string, string>> {
  const found = await Promise.all(
    needed.map(async (name) => [name, await programOnPath(name, '/usr/bin:/bin')] as const),
  );
  return Object.fromEntries(found.map(([name, path]) => [name, path ?? '']));
}

function pathOf(context: TestContext, all: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(context);
  for (const [name, path] of Object.entries(all)) symlinkSync(path, join(folder, name));
  return folder;
}

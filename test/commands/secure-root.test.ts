// The folders that administrators' programs come from: made closed, and refused when they are somebody else's.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { secureWindowsFolders } from '../../src/commands/secure-root.js';
import { AppError } from '../../src/errors.js';
import { foreignHands } from '../../src/lib/folder-owner.js';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { recordedRun } from '../helpers/recorded-run.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

const somebody = 65534;
const asRoot = { skip: process.getuid?.() === 0 ? false : 'only root can make folders of others' };
const variables = { SystemRoot: 'C:\\Windows' };
const isRefused = (words: RegExp) => (error: unknown) =>
  error instanceof AppError && error.code === 'NEEDS_ADMIN' && words.test(error.message);

test('of Windows: made, closed, and looked at from then on', async (context) => {
  const folder = join(temporaryFolder(context), 'ProgramData', 'Zookit');
  const { run, commands } = recordedRun({
    icacls: {},
    powershell: { stdout: 'O:S-1-5-21-1-2-3-1001G:SYD:PAI(A;OICI;FA;;;BA)\r\n' },
  });
  await secureWindowsFolders({ run, variables }, [[folder, 'private']]);
  assert.ok(existsSync(folder));
  assert.equal(commands.filter((command) => command.includes('icacls')).length, 2);
  await assert.rejects(
    secureWindowsFolders({ run, variables }, [[folder, 'private']]),
    isRefused(/cannot be trusted: its owner is no administrator/),
  );
  assert.equal(commands.length, 3, 'nothing of it was changed');
});

test('of Windows: what cannot be closed, or was filled meanwhile, is not used', async (context) => {
  const folder = join(temporaryFolder(context), 'Zookit');
  const failing = recordedRun({ icacls: { status: 5, stderr: 'denied' } });
  await assert.rejects(
    secureWindowsFolders({ run: failing.run, variables }, [[folder, 'private']]),
    isRefused(/icacls ended with 5: denied/),
  );
  assert.ok(!existsSync(folder));
  const planting = recordedRun({
    icacls: () => {
      writeFileSync(join(folder, 'version.dll'), '');
      return {};
    },
  });
  await assert.rejects(
    secureWindowsFolders({ run: planting.run, variables }, [[folder, 'private']]),
    isRefused(/put something into it/),
  );
});

test('of others: anybody who could put another folder in its place counts', asRoot, async (context) => {
  const parent = join(temporaryFolder(context), 'lib');
  const root = join(parent, 'zookit');
  mkdirSync(parent, { mode: 0o755 });
  assert.equal(await foreignHands(root), undefined, 'a folder for all, where names are safe, is above it');
  mkdirSync(root);
  assert.equal(await foreignHands(root), undefined);
  chmodSync(root, 0o1777);
  assert.match((await foreignHands(root)) ?? '', /others may write into '.*\/zookit'/);
  chmodSync(root, 0o755);
  chownSync(parent, somebody, somebody);
  assert.match((await foreignHands(root)) ?? '', /user 65534 owns '.*\/lib'/);
  chownSync(parent, 0, somebody);
  chmodSync(parent, 0o775);
  assert.match((await foreignHands(join(root, 'deeper', 'still'))) ?? '', /may write into '.*\/lib'/);
});

test('root takes no root of another user; one below a folder of theirs may be named', asRoot, async (t) => {
  const { feed } = await serveFeed(t, feedXml(entryXml('App', '1.0')));
  const zookit = zookitWorld(t);
  mkdirSync(zookit.root);
  chownSync(zookit.root, somebody, somebody);
  const words = ['install', 'App', '--main-feed', feed];
  const refused = await zookit.run(words);
  assertFails(refused, 3, 'NEEDS_ADMIN', /cannot be trusted: user 65534 owns/);
  assert.match(refused.stderr, /hint: .*chown -R root .*--root DIR/);
  assertDone(await zookit.run([...words, '--root', join(zookit.root, 'mine')]));
});

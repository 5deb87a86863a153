// What sites run programs from is replaced while their pools rest, and taken back while they rest again.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { whilePoolsRest } from '../../installers/iis/resting-pools.js';
import { replaceFolder } from '../../installers/staging.js';
import { undo } from '../../src/install/undo.js';
import { temporaryFolder } from '../helpers/folder.js';
import type { Answer } from '../helpers/recorded-run.js';
import { recordedRun } from '../helpers/recorded-run.js';
import type { TestJob } from '../helpers/job.js';
import { jobOf, windows } from '../helpers/job.js';

const pool = (name: string, state: string, owned: boolean): string =>
  `<APPPOOL APPPOOL.NAME="${name}" state="${state}"><add name="${name}"><environmentVariables>${
    owned ? `<add name="ZOOKIT_SITE" value="Default Web Site/${name}"/>` : ''
  }</environmentVariables></add></APPPOOL>`;
const pools = `<appcmd>${pool('shop', 'Started', true)}${pool('blog', 'Stopped', true)}${pool('other', 'Started', false)}</appcmd>`;
const server: Readonly<Record<string, Answer>> = { 'list apppool': { stdout: pools }, '': {} };

const appcmd = 'C:\\Windows\\System32\\inetsrv\\appcmd.exe';
const stop = `${appcmd} stop apppool /apppool.name:shop`;
const start = `${appcmd} start apppool /apppool.name:shop`;

function trial(context: TestContext, answers = server): TestJob {
  return jobOf(context, { kind: 'none' }, { answers, job: { programs: temporaryFolder(context) } });
}

test('the pools of our sites rest while their Python is replaced; others go on', async (context) => {
  const { job, commands, changes } = trial(context);
  const goal = join(job.programs, 'python', '3.13');
  await whilePoolsRest(job, goal, () => Promise.resolve(void commands.push('swap')), windows);
  assert.deepEqual(commands.slice(1), [stop, 'swap', start]);
  const { run, commands: back } = recordedRun({ '': {} });
  await undo({ changes, kind: undefined, tools: { run, pipPythons: [], wheelFolders: [] } });
  assert.deepEqual(back, [stop, start], 'the same rest, the other way round');
});

test('a pool starts again after a swap that fails', async (context) => {
  const { job, commands } = trial(context);
  const swap = (): Promise<void> => Promise.reject(new Error('held'));
  await assert.rejects(whilePoolsRest(job, join(job.programs, 'hosting'), swap, windows), /held/);
  assert.deepEqual(commands.slice(1), [stop, start]);
});

test('workers that are replaced can be read by pools as before', async (context) => {
  const { job, commands } = trial(context);
  const goal = join(job.programs, 'hosting');
  await whilePoolsRest(job, goal, () => Promise.resolve(), windows);
  assert.ok(
    commands.includes(`C:\\Windows\\System32\\icacls.exe ${goal} /grant *S-1-5-32-568:(OI)(CI)RX /Q`),
    commands.join('\n'),
  );
});

test('nobody rests for another product, on another system, or where there is no IIS', async (context) => {
  const swaps: string[] = [];
  const swap = (): Promise<void> => Promise.resolve(void swaps.push('swap'));
  const { job, commands } = trial(context);
  await whilePoolsRest(job, join(job.programs, 'products', 'uv'), swap, windows);
  const linux = { ...job, platform: { os: 'linux', arch: 'x64', osVersion: '' } as const };
  await whilePoolsRest(linux, join(job.programs, 'hosting'), swap, windows);
  assert.deepEqual([commands, swaps], [[], ['swap', 'swap']]);
  const bare = trial(context, { appcmd: { status: 127 } });
  await whilePoolsRest(bare.job, join(bare.job.programs, 'python', '3.13'), swap, windows);
  assert.deepEqual([bare.commands.length, bare.changes, swaps.length], [1, [], 3]);
});

test('a folder that is replaced goes through all of it', async (context) => {
  const { job, commands, changes } = trial(context);
  const goal = join(job.programs, 'python', '3.13');
  mkdirSync(goal, { recursive: true });
  await replaceFolder(job, goal, (staging) => {
    mkdirSync(staging);
    writeFileSync(join(staging, 'new'), 'new');
    return Promise.resolve();
  });
  assert.equal(readFileSync(join(goal, 'new'), 'utf8'), 'new');
  assert.deepEqual(
    commands.slice(1).map((each) => each.split('inetsrv')[1]?.replaceAll('/', '\\')),
    [stop, start].map((each) => each.split('inetsrv')[1]?.replaceAll('/', '\\')),
  );
  assert.deepEqual(
    changes.map((change) => (change.kind === 'ran' ? change.command[1] : change.kind)),
    ['created', 'stop', 'replaced', 'start'],
  );
});

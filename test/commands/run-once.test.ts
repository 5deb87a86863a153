import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addRunOnce, removeRunOnce, resumeLine } from '../../src/commands/run-once.js';
import { recordedRun } from '../helpers/recorded-run.js';

const variables = { SystemRoot: 'C:\\Windows' };
const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\RunOnce';

test('what Windows runs after the restart, word for word', async () => {
  const line = resumeLine('C:\\Program Files\\nodejs\\node.exe', 'C:\\zookit\\main.cjs', 'D:\\My Zookit');
  assert.equal(
    line,
    '"C:\\Program Files\\nodejs\\node.exe" "C:\\zookit\\main.cjs" install --resume --root "D:\\My Zookit"',
  );
  assert.equal(resumeLine('node', 'zookit', undefined), 'node zookit install --resume');
  const { run, commands } = recordedRun({ 'reg.exe': {} });
  assert.equal(await addRunOnce(run, variables, line), undefined);
  await removeRunOnce(run, variables);
  assert.deepEqual(commands, [
    `C:\\Windows\\System32\\reg.exe add ${key} /v Zookit /t REG_SZ /d ${line} /f /reg:64`,
    `C:\\Windows\\System32\\reg.exe delete ${key} /v Zookit /f /reg:64`,
  ]);
});

test('a line that Windows would not run is not written, and a registry that refuses is told', async () => {
  const { run, commands } = recordedRun({ 'reg.exe': { status: 1 } });
  assert.match((await addRunOnce(run, variables, 'x'.repeat(261))) ?? '', /more than 260/);
  assert.deepEqual(commands, []);
  assert.match((await addRunOnce(run, variables, 'x')) ?? '', /could not be written/);
});

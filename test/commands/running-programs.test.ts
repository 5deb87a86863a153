import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { refuseRunningPrograms, runningNames } from '../../src/commands/running-programs.js';
import type { AppError } from '../../src/errors.js';
import type { Platform, Step } from '../../src/types.js';
import { jobOf, windows } from '../helpers/job.js';
import { recordedRun } from '../helpers/recorded-run.js';

const platform: Platform = { os: 'windows', arch: 'x64', osVersion: '10.0' };
const list = '"System","4","Services","0","1 K"\r\n"DevEnv.exe","77","Console","1","90,000 K"\r\n';

function needing(context: TestContext, name: string): Step {
  const incompatibilities = [{ kind: 'process', name, message: 'Close it first.' }] as const;
  return jobOf(context, { kind: 'none' }, { entry: { incompatibilities } }).job.step;
}

test('a program that may not run is named with the words of the feed', async (context) => {
  const { run, commands } = recordedRun({ tasklist: { stdout: list } });
  const surroundings = { platform, run, variables: windows };
  await assert.rejects(
    refuseRunningPrograms(surroundings, [needing(context, 'devenv')]),
    (error: AppError) =>
      error.code === 'CONFLICT' &&
      /while 'devenv' runs/.test(error.message) &&
      error.details[0] === 'Close it first.',
  );
  assert.deepEqual(commands, ['C:\\Windows\\System32\\tasklist.exe /fo csv /nh']);
  await refuseRunningPrograms(surroundings, [needing(context, 'word.exe')]);
});

test('nobody is asked where no feed wants to know, or elsewhere', async (context) => {
  const { run, commands } = recordedRun();
  await refuseRunningPrograms({ platform, run, variables: windows }, []);
  const linux = { ...platform, os: 'linux' } as const;
  await refuseRunningPrograms({ platform: linux, run, variables: {} }, [needing(context, 'devenv')]);
  assert.deepEqual(commands, []);
});

test('names of programs, in lower case and without their ending', () => {
  assert.deepEqual([...runningNames(list)], ['system', 'devenv']);
  assert.deepEqual([...runningNames('INFO: No tasks are running.\r\n')], []);
});

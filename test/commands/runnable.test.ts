import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installerKinds } from '../../installers/index.js';
import { refuseTakingAway, refuseWhatCannotRun, restartNotices } from '../../src/commands/runnable.js';
import type { Installed } from '../../src/install/installed.js';
import type { AppError } from '../../src/errors.js';
import type { Platform } from '../../src/types.js';
import { jobOf } from '../helpers/job.js';

const windows: Platform = { os: 'windows', arch: 'x64', osVersion: '10.0' };
const linux: Platform = { os: 'linux', arch: 'x64', osVersion: '' };

test('rights are asked for once, before anything, and only where they are needed', (context) => {
  const msi = jobOf(context, { kind: 'msi', commands: [] }).job.step;
  const none = jobOf(context, { kind: 'none' }).job.step;
  refuseWhatCannotRun({ kinds: installerKinds, platform: windows }, true, [none, msi]);
  refuseWhatCannotRun({ kinds: installerKinds, platform: windows }, false, [none]);
  refuseWhatCannotRun({ kinds: installerKinds, platform: linux }, false, [none]);
  assert.throws(
    () => refuseWhatCannotRun({ kinds: installerKinds, platform: windows }, false, [none, msi]),
    (error: AppError) =>
      error.code === 'NEEDS_ADMIN' && /'Demo'/.test(error.message) && /Run as/.test(error.hint ?? ''),
  );
});

test('what only Windows can run is refused elsewhere', (context) => {
  const { step } = jobOf(context, { kind: 'feature', names: ['X'] }).job;
  assert.throws(
    () => refuseWhatCannotRun({ kinds: installerKinds, platform: linux }, true, [step]),
    (error: AppError) => error.code === 'NO_INSTALLER' && /runs on windows only/.test(error.message),
  );
});

test('a restart that Windows waits for is told before anything is installed', (context) => {
  const { step } = jobOf(context, { kind: 'none' }).job;
  assert.match(restartNotices({ pendingRestart: ['a', 'b'] }, [step]).join(), /waits for a restart \(a, b\)/);
  assert.deepEqual(restartNotices({ pendingRestart: ['a'] }, []), []);
  assert.deepEqual(restartNotices({}, [step]), []);
});

test('what its own installer takes away needs the same rights', () => {
  const installed = (kind: 'msi' | 'exe', undo?: readonly string[]): Installed => ({
    run: 'r',
    product: 'Demo',
    version: '1',
    place: 'machine',
    kind,
    changes: [{ kind: 'ran', command: ['x'], ...(undo ? { undo } : {}) }],
  });
  const kinds = installerKinds;
  refuseTakingAway({ kinds }, true, [installed('msi', ['msiexec'])]);
  refuseTakingAway({ kinds }, false, [installed('exe')]);
  assert.throws(
    () => refuseTakingAway({ kinds }, false, [installed('msi', ['msiexec'])]),
    (error: AppError) => error.code === 'NEEDS_ADMIN' && /take away 'Demo'/.test(error.message),
  );
});

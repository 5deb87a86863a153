// Which program puts wheels into an environment: uv, a pip that is there, at last a kept wheel of pip, run by itself.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { installWheels, removePackages } from '../../installers/wheels.js';
import type { AppError } from '../../src/errors.js';
import { environmentPython } from '../../src/lib/environment.js';
import { temporaryFolder } from '../helpers/folder.js';
import { recordedRun } from '../helpers/recorded-run.js';

const wheels = [
  { name: 'Demo', version: '1.0', sha256: 'a'.repeat(64), path: '/kept/demo-1.0-py3-none-any.whl' },
];
const noPip = { status: 1, stderr: '/usr/bin/python3: No module named pip' };

test('a wheel of pip comes last, under the environment itself', async (context) => {
  const environment = temporaryFolder(context);
  const python = environmentPython(environment);
  const pipWheel = resolve('/kept/pip-26.3-py3-none-any.whl');
  const recorded = recordedRun({ '-m pip': noPip, 'pip-26.3': {}, '': {} });
  const tools = {
    environment,
    pipPythons: ['/usr/bin/python3'],
    pipWheel,
    run: recorded.run,
    toolCache: environment,
  };
  await removePackages(['Demo'], tools);
  assert.equal(recorded.commands.length, 2);
  assert.match(recorded.commands[0] ?? '', /^\/usr\/bin\/python3 -m pip --python /);
  assert.ok(recorded.commands[1]?.startsWith(`${python} ${pipWheel}`), recorded.commands[1]);
  assert.match(recorded.commands[1] ?? '', /pip uninstall --isolated .*--yes Demo$/);
  await installWheels(wheels, tools);
  const install = recorded.commands.find((command) => /pip-26\.3.* install /.test(command)) ?? '';
  assert.match(install, /--no-index --no-deps --require-hashes/);
  assert.doesNotMatch(install, /--python/);
});

test('without one it is told what is missing', async (context) => {
  const environment = temporaryFolder(context);
  const recorded = recordedRun({ '-m pip': noPip });
  const tools = { environment, pipPythons: ['/usr/bin/python3'], run: recorded.run, toolCache: environment };
  await assert.rejects(removePackages(['Demo'], tools), (error: AppError) => {
    assert.equal(error.code, 'PYTHON_FAILED');
    assert.match(error.message, /neither uv nor a pip/);
    return true;
  });
});

// What is printed goes to a pipe that closes, or to a disk that is full.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../helpers/folder.js';
import { userVariables } from '../helpers/variables.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

describe('output that does not arrive', { concurrency: 2 }, () => {
  test('an install whose talk nobody hears is carried out', async (t) => {
    const folder = temporaryFolder(t);
    const child = spawn(process.execPath, [program, 'install', 'PythonWorkers', '--yes'], {
      cwd: folder,
      env: { ...userVariables(), ZOOKIT_ROOT: join(folder, 'root') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    child.stderr.destroy();
    assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0);
    assert.ok(existsSync(join(folder, 'root/hosting/zoofcgi.py')));
  });

  test(
    'data that a full disk loses is an error in words',
    { skip: existsSync('/dev/full') ? false : 'no /dev/full here' },
    async (t) => {
      const folder = temporaryFolder(t);
      mkdirSync(join(folder, 'root'));
      const child = spawn(process.execPath, [program, 'feed', 'list', '--json'], {
        env: { ...userVariables(), ZOOKIT_ROOT: join(folder, 'root') },
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      });
      let talk = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (talk += text));
      assert.equal(await new Promise((resolve) => child.once('close', resolve)), 4);
      assert.match(talk, /^error: Cannot write to standard output: .* \(DISK_FULL\)$/m);
      assert.doesNotMatch(talk, /\n {4}at /);
    },
  );
});

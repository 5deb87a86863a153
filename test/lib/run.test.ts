// Programs that cannot even be started: a result like any other failure, never an exception of Node's.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../src/lib/run.js';
import { temporaryFolder } from '../helpers/folder.js';

test('what cannot be started ended with 127, whether Node says so at once or later', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const words = ['x'.repeat(4_000_000)];
  for (const [what, started] of [
    ['no such program', run(join(folder, 'missing'), [])],
    ['a line that is too long', run(process.execPath, words)],
    ['a folder that is a file', run(process.execPath, [], { cwd: file })],
    ['a word that no system takes', run(process.execPath, ['a\u0000b'])],
  ] as const) {
    const { status, stderr } = await started;
    assert.equal(status, 127, what);
    assert.match(stderr, /: [A-Z]/, what);
  }
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readStory, storyOf } from '../../installers/msi-log.js';
import { temporaryFolder } from '../helpers/folder.js';

test('the first action that failed, with what stands above it', () => {
  const { lines, hint } = readStory(
    [
      'Action start 10:00:00: InstallFiles.',
      'Action ended 10:00:00: InstallFiles. Return value 1.',
      'CustomAction runHelper returned actual error code 1602',
      '',
      'Action ended 10:00:01: runHelper. Return value 3.',
      'Action ended 10:00:01: INSTALL. Return value 3.',
      'MSI (s): Product: Demo -- Error 1722. There is a problem with this package. Action runHelper, location: x.exe',
    ].join('\r\n'),
  );
  assert.deepEqual(lines, [
    'Action ended 10:00:00: InstallFiles. Return value 1.',
    'CustomAction runHelper returned actual error code 1602',
    'Action ended 10:00:01: runHelper. Return value 3.',
    'MSI (s): Product: Demo -- Error 1722. There is a problem with this package. Action runHelper, location: x.exe [a program of the package failed]',
  ]);
  assert.equal(hint, undefined);
});

test('2738 and 2739 say what to do', () => {
  const vbscript = readStory('DEBUG: Error 2738:  Could not access VBScript run time for custom action x.');
  assert.match(vbscript.lines[0] ?? '', /\[VBScript could not start\]$/);
  assert.match(vbscript.hint ?? '', /regsvr32\.exe vbscript\.dll/);
  const jscript = readStory(
    'Product: Demo -- The installer has encountered an error. The error code is 2739.',
  );
  assert.match(jscript.hint ?? '', /HKCU.*regsvr32\.exe jscript\.dll.*SysWOW64.*optional feature/);
});

test('a log that floods is cut, and a good one tells nothing', () => {
  const flood = Array.from({ length: 100 }, (_, index) => `Error 1304. File ${index}`).join('\n');
  assert.equal(readStory(flood).lines.length, 8);
  assert.deepEqual(readStory('Return value 1\nReturn value 30\nall fine'), { lines: [] });
});

test('an action that never ran is told where none failed', () => {
  const early = [
    'Action ended: skipped. Return value 0.',
    'Action start: boom.',
    'Action ended: boom. Return value 0.',
  ];
  const all = ['Action ended: x. Return value 0.', ...early, 'Action ended: INSTALL. Return value 0.'];
  assert.deepEqual(readStory(all.join('\n')).lines, early);
  const later = readStory([...early, '', 'x', 'y', 'Action ended: z. Return value 3.'].join('\n'));
  assert.deepEqual(later.lines, ['x', 'y', 'Action ended: z. Return value 3.']);
});

test('no log is an empty story', async (context) => {
  assert.deepEqual(await storyOf(join(temporaryFolder(context), 'none.log')), { lines: [] });
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
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

test('a Windows of another language is understood', () => {
  const { lines, hint } = readStory(
    [
      'Aktion gestartet um 10:00:00: runHelper.',
      'Produkt: Demo -- Fehler 1722. Es liegt ein Problem vor.',
      'Aktion beendet um 10:00:01: runHelper. Rückgabewert 3.',
      'Aktion beendet um 10:00:01: andere. Rückgabewert 1.',
      'MSI (s) (A4:B8) [10:00:01:123]: Note: 1: 2738 ',
    ].join('\r\n'),
  );
  assert.deepEqual(lines, [
    'Aktion gestartet um 10:00:00: runHelper.',
    'Produkt: Demo -- Fehler 1722. Es liegt ein Problem vor. [a program of the package failed]',
    'Aktion beendet um 10:00:01: runHelper. Rückgabewert 3.',
    'MSI (s) (A4:B8) [10:00:01:123]: Note: 1: 2738 [VBScript could not start]',
  ]);
  assert.match(hint ?? '', /vbscript\.dll/);
});

test('numbers that stop nothing hide no number that does', () => {
  const noise = Array.from(
    { length: 30 },
    (_, index) => `DEBUG: Error 2826:  Control Line${index} on dialog`,
  );
  const { lines } = readStory([...noise, 'Error 1925. You do not have sufficient privileges'].join('\n'));
  assert.equal(lines.length, 8);
  assert.match(lines.at(-1) ?? '', /^Error 1925\..*\[administrator rights are needed\]$/);
});

test('logs are read in whatever bytes Windows has written them', async (context) => {
  const folder = temporaryFolder(context);
  const text = 'Aktion beendet um 10:00:01: größe. Rückgabewert 3.\r\nError 1304. Datei ä\r\n';
  const wide = Buffer.from(text, 'utf16le');
  for (const [name, bytes] of [
    ['wide with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), wide])],
    ['wide', wide],
    ['utf-8', Buffer.from(text)],
    ['ansi', Buffer.from(text, 'latin1')],
  ] as const) {
    const path = join(folder, `${name}.log`);
    writeFileSync(path, bytes);
    const { lines } = await storyOf(path);
    assert.deepEqual(lines, [
      'Aktion beendet um 10:00:01: größe. Rückgabewert 3.',
      'Error 1304. Datei ä [a file cannot be written]',
    ]);
  }
});

test('no log is an empty story', async (context) => {
  assert.deepEqual(await storyOf(join(temporaryFolder(context), 'none.log')), { lines: [] });
});

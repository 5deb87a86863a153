// The stand-ins themselves: what they remember is what was typed, in the places where Windows has its programs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standIns } from '../helpers/stand-ins.js';
import { windowsWorld, wineMissing } from '../helpers/wine.js';

test('stand-ins for programs of Windows', { skip: wineMissing }, async (context) => {
  const windows = await windowsWorld(context);
  const { answer, calls, forget } = await standIns(windows, ['appcmd', 'icacls', 'dism', 'tools\\own.exe']);
  const appcmd = 'C:\\windows\\system32\\inetsrv\\appcmd.exe';

  await context.test('remember every word', async () => {
    const words = ['set', 'config', "/+[name='a b',value='\"c\"']", 'C:\\end\\', 'ä', ''];
    assert.equal((await windows.run([appcmd, ...words])).status, 0);
    await windows.run(['C:\\windows\\system32\\icacls.exe', 'C:\\x', '/reset', '/T']);
    await windows.run(['C:\\tools\\own.exe']);
    assert.deepEqual(
      calls().map((call) => [call.program, call.arguments]),
      [
        ['appcmd', words],
        ['icacls', ['C:\\x', '/reset', '/T']],
        ['own', []],
      ],
    );
    assert.match(calls()[0]?.line ?? '', /appcmd\.exe.* set config /);
    forget();
    assert.deepEqual(calls(), []);
  });

  await context.test('answer what they are told', async () => {
    answer(
      { program: 'appcmd', status: 5 },
      { program: 'appcmd', when: 'list app', stdout: 'APP "Default Web Site/"\n\tC:\\inetpub\n' },
      { program: 'dism', status: 3010 },
    );
    const listed = await windows.run([appcmd, 'list', 'app', '/x']);
    assert.deepEqual([listed.status, listed.stdout], [0, 'APP "Default Web Site/"\n\tC:\\inetpub\n']);
    assert.equal((await windows.run([appcmd, 'add', 'app'])).status, 5);
    const found = await windows.run(['cmd', '/c', 'dism /online & if errorlevel 3010 exit /b 7']);
    assert.equal(found.status, 7);
  });
});

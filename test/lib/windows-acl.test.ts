// Folders of administrators on Windows: commands word for word, and what security descriptors say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeFolder, descriptorArguments, troubleIn, untrustedFolder } from '../../src/lib/windows-acl.js';
import { recordedRun } from '../helpers/recorded-run.js';

const variables = { SystemRoot: 'C:\\Windows' };
const icacls = 'C:\\Windows\\System32\\icacls.exe';

test('a folder is closed by the numbers of groups, word for word', async () => {
  const { run, commands } = recordedRun({ icacls: {} });
  assert.equal(await closeFolder(run, variables, 'C:\\ProgramData\\Zookit', 'private'), undefined);
  assert.equal(await closeFolder(run, variables, 'C:\\Program Files\\Zookit', 'shared'), undefined);
  const full = '*S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F';
  const read = '*S-1-5-32-545:(OI)(CI)RX *S-1-5-32-568:(OI)(CI)RX';
  assert.deepEqual(commands, [
    `${icacls} C:\\ProgramData\\Zookit /inheritance:r /grant:r ${full} /Q`,
    `${icacls} C:\\ProgramData\\Zookit /setowner *S-1-5-32-544 /Q`,
    `${icacls} C:\\Program Files\\Zookit /inheritance:r /grant:r ${full} ${read} /Q`,
    `${icacls} C:\\Program Files\\Zookit /setowner *S-1-5-32-544 /Q`,
  ]);
  const failing = recordedRun({ icacls: { status: 5, stderr: 'Zugriff verweigert\r\n' } });
  assert.equal(
    await closeFolder(failing.run, variables, 'C:\\x', 'private'),
    'icacls ended with 5: Zugriff verweigert',
  );
  assert.equal(failing.commands.length, 1);
});

/** As icacls leaves it, as Program Files inherits it, as ProgramData does. */
const closed = 'O:BAG:S-1-5-21-1-2-3-513D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)';
const programs =
  'O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:SYD:AI(A;ID;FA;;;SY)(A;OICIIOID;GA;;;CO)(A;ID;0x1200a9;;;AC)(A;ID;FRFX;;;BU)';
const open = 'O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;CIID;DCLCRPCR;;;BU)';

test('who owns a folder, and who may write there, is told by its descriptor', () => {
  for (const descriptor of [closed, programs, closed.replace('O:BA', 'O:SY')])
    assert.equal(troubleIn(descriptor), undefined, descriptor);
  assert.match(troubleIn(open) ?? '', /others may write there \(BU\)/);
  assert.match(troubleIn(closed.replace('0x1200a9', '0x1301bf')) ?? '', /others may write/);
  assert.match(
    troubleIn(closed.replace(';;;BU', ';;;S-1-5-21-1-2-3-1001').replace('0x1200a9', 'FA')) ?? '',
    /1001/,
  );
  assert.equal(troubleIn(closed.replace('(A;OICI;0x1200a9;;;BU)', '(D;OICI;FA;;;BU)')), undefined, 'denied');
  assert.match(
    troubleIn(closed.replace('O:BA', 'O:S-1-5-21-1-2-3-1001')) ?? '',
    /no administrator \(S-1-5-21/,
  );
  assert.match(troubleIn('O:BAG:SY') ?? '', /everybody/);
  assert.match(troubleIn('') ?? '', /cannot be told/);
});

test('all folders are asked for in one go, quotes in their names doubled', async () => {
  const { run, commands } = recordedRun({ powershell: { stdout: `${closed}\r\n${open}\r\n` } });
  const found = await untrustedFolder(run, variables, ['C:\\a', "D:\\b's"]);
  assert.equal(found?.folder, "D:\\b's");
  assert.deepEqual(commands, [
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoProfile -NonInteractive -Command (Get-Acl -LiteralPath 'C:\\a','D:\\b''s' -ErrorAction Stop).Sddl",
  ]);
  assert.equal(
    descriptorArguments(['C:\\O\u2019Neil\u2018\u201a\u201b']).at(-1),
    "(Get-Acl -LiteralPath 'C:\\O\u2019\u2019Neil\u2018\u2018\u201a\u201a\u201b\u201b' -ErrorAction Stop).Sddl",
  );
  assert.equal(await untrustedFolder(run, variables, []), undefined);
  const mute = recordedRun();
  assert.match((await untrustedFolder(mute.run, variables, ['C:\\a']))?.reason ?? '', /cannot be told/);
  const silent = recordedRun({ powershell: {} });
  assert.equal(await untrustedFolder(silent.run, variables, ['C:\\a']), undefined, 'Wine');
});

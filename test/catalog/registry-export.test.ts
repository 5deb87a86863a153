// Files as reg.exe of Windows exports them; the tier `wine` has a real one write them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { openRegistry } from '../../src/catalog/registry.js';
import { parseExport } from '../../src/catalog/registry-export.js';
import type { Run } from '../../src/lib/run.js';

const asked = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme';
const variables = { SystemRoot: 'C:\\Windows' };

const text = [
  'Windows Registry Editor Version 5.00',
  '',
  '[HKEY_LOCAL_MACHINE\\Software\\ACME]',
  '@="Größe Ł ж"',
  '"Exe \\"q\\" \\\\"="C:\\\\Prögram \\"x\\"\\\\y"',
  '"two lines"="first\r\n[second]"',
  '"number"=dword:000004d2',
  '"long"=hex(b):00,f2,05,2a,01,00,00,00',
  '"home"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,74,00,\\',
  '  25,00,5c,00,c4,00,00,00',
  '"list"=hex(7):61,00,00,00,62,00,62,00,00,00,00,00',
  '"bytes"=hex:0a,ff',
  '"none"=hex(0):',
  '"empty"=""',
  '',
  '[HKEY_LOCAL_MACHINE\\Software\\ACME\\Süb]',
  '',
  '[HKEY_LOCAL_MACHINE\\Software\\ACME\\Süb\\InstallPath]',
  '@="C:\\\\x"',
  '',
].join('\r\n');

test('every type of value, whatever its letters', () => {
  const [key, sub, path, ...more] = parseExport(asked, text, variables);
  assert.deepEqual(key, {
    path: asked,
    subkeys: ['Süb'],
    values: [
      { name: '', type: 'REG_SZ', text: 'Größe Ł ж' },
      { name: 'Exe "q" \\', type: 'REG_SZ', text: 'C:\\Prögram "x"\\y' },
      { name: 'two lines', type: 'REG_SZ', text: 'first\r\n[second]' },
      { name: 'number', type: 'REG_DWORD', text: '1234' },
      { name: 'long', type: 'REG_QWORD', text: '5000000000' },
      { name: 'home', type: 'REG_EXPAND_SZ', text: 'C:\\Windows\\Ä' },
      { name: 'list', type: 'REG_MULTI_SZ', text: 'a\\0bb' },
      { name: 'bytes', type: 'REG_BINARY', text: '0AFF' },
      { name: 'none', type: 'REG_NONE', text: '' },
      { name: 'empty', type: 'REG_SZ', text: '' },
    ],
  });
  assert.deepEqual([sub?.path, sub?.subkeys], [`${asked}\\Süb`, ['InstallPath']]);
  assert.deepEqual(path?.values, [{ name: '', type: 'REG_SZ', text: 'C:\\x' }]);
  assert.deepEqual(more, []);
});

/** A reg.exe that prints what a console's code page leaves of a value, and exports the whole of it. */
function reg(printed: string): { run: Run; asked: string[] } {
  const said: string[] = [];
  const run: Run = (_program, args) => {
    said.push(args[0] ?? '');
    if (args[0] === 'export') writeFileSync(args[2] ?? '', Buffer.from(`\uFEFF${text}`, 'utf16le'));
    const stdout = args[0] === 'query' ? `\r\n${asked}\r\n    (Default)    REG_SZ    ${printed}\r\n` : '';
    return Promise.resolve({ status: 0, stdout, stderr: '' });
  };
  return { run, asked: said };
}

test('what print may have lost is exported; plain text is not', async () => {
  for (const printed of ['Gr\uFFFDe', 'Gr??e']) {
    const { run, asked: said } = reg(printed);
    const key = await openRegistry(run, variables).key(asked, 64);
    assert.equal(key?.values[0]?.text, 'Größe Ł ж', printed);
    assert.deepEqual(said, ['query', 'export']);
  }
  for (const printed of ['plain', '\\??\\C:\\file']) {
    const { run, asked: said } = reg(printed);
    assert.equal((await openRegistry(run, variables).key(asked, 64))?.values[0]?.text, printed);
    assert.deepEqual(said, ['query']);
  }
});

test('trees are exported; a part that may not be read leaves what can be printed', async () => {
  const { run, asked: said } = reg('plain');
  const keys = await openRegistry(run, variables).tree(asked, 64);
  assert.deepEqual([keys.length, said], [3, ['export']]);
  const denied: Run = (program, args, options) =>
    args[0] === 'export'
      ? Promise.resolve({ status: 1, stdout: '', stderr: 'denied' })
      : run(program, args, options);
  const printed = await openRegistry(denied, variables).tree(asked, 64);
  assert.deepEqual(
    printed.map(({ values }) => values[0]?.text),
    ['plain'],
  );
});

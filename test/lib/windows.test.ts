import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandVariables, systemProgram } from '../../src/lib/windows.js';

const variables = {
  SystemRoot: 'C:\\Windows',
  'ProgramFiles(x86)': 'C:\\P86',
  TEMP: 'D:\\T%windir%',
  Path: 'x',
};

test('programs of Windows are named by their whole path, in the half that this process is for', () => {
  assert.equal(systemProgram(variables, 'reg.exe'), 'C:\\Windows\\System32\\reg.exe');
  assert.equal(
    systemProgram({ ...variables, PROCESSOR_ARCHITEW6432: 'AMD64' }, 'reg.exe'),
    'C:\\Windows\\Sysnative\\reg.exe',
  );
});

test('variables are found in any case and filled in once', () => {
  assert.equal(expandVariables('%programfiles(X86)%\\a', variables), 'C:\\P86\\a');
  assert.equal(expandVariables('%TEMP%;%tmp%', variables), 'D:\\T%windir%;D:\\T%windir%');
  assert.equal(expandVariables('%WinDir%\\%SysWow64%', variables), 'C:\\Windows\\C:\\Windows\\SysWOW64');
});

test('what nobody knows stays as it is written', () => {
  assert.equal(expandVariables('100% of %NOPE% and %%', variables), '100% of %NOPE% and %%');
  assert.equal(expandVariables('', variables), '');
});

test('a percent sign of its own hides no name behind it', () => {
  assert.equal(expandVariables('100% of %path%, %', variables), '100% of x, %');
  assert.equal(expandVariables('%NOPE%path%', variables), '%NOPEx');
  assert.equal(expandVariables('%%path%%', variables), '%x%');
  assert.equal(expandVariables('%path%%path%', variables), 'xx');
});

// Comes in: the folder of an unpacked Python on Windows. Goes out: the commands that make it ready and known: its library
// compiled, its keys in the registry, so that launchers and editors find it. Pure but for `placeRegistered`, which only asks.
// Format: PEP 514. The company is our own: under PythonCore the official installer would overwrite it (field note 30).
import { win32 } from 'node:path';
import type { Change } from '../src/kind.js';
import type { Run } from '../src/lib/run.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram } from '../src/lib/windows.js';
import type { Architecture } from '../src/types.js';
import type { AdministratorCommand } from './iis/administration.js';

export interface UnpackedPython {
  readonly folder: string;
  readonly version: string;
  readonly arch: Architecture;
}

/** `HKLM\SOFTWARE\Python\Zookit\3.13`: one key for each minor version, as there is one folder for each. */
export function registryKey({ version }: Pick<UnpackedPython, 'version'>): string {
  return `HKLM\\SOFTWARE\\Python\\Zookit\\${version.split('.').slice(0, 2).join('.')}`;
}

/** A 32-bit Python is registered where 32-bit programs look. */
export function viewOf(arch: Architecture): string {
  return arch === 'x86' ? '/reg:32' : '/reg:64';
}

/** All values of a registration; the first command's undo takes the whole key away. */
export function registrationCommands(python: UnpackedPython, variables: Variables): AdministratorCommand[] {
  const { folder, version, arch } = python;
  const reg = systemProgram(variables, 'reg.exe');
  const key = registryKey(python);
  const minor = version.split('.').slice(0, 2).join('.');
  const bits = arch === 'x86' ? '32bit' : '64bit';
  const values: readonly (readonly [why: string, below: string, name: string, value: string])[] = [
    // First: whose key it is shows in the change that can be undone.
    ['its folder', '\\InstallPath', '', folder],
    ['its name in lists', '', 'DisplayName', `Python ${minor} (Zookit)`],
    ['its version', '', 'Version', version],
    ['the version of its language and library', '', 'SysVersion', minor],
    ['its width', '', 'SysArchitecture', bits],
    ['its interpreter', '\\InstallPath', 'ExecutablePath', win32.join(folder, 'python.exe')],
    [
      'its interpreter without a console',
      '\\InstallPath',
      'WindowedExecutablePath',
      win32.join(folder, 'pythonw.exe'),
    ],
  ];
  return values.map(([why, below, name, value], index) => ({
    why: `tell Windows of this Python: ${why}`,
    command: [
      ...[reg, 'add', key + below, ...(name === '' ? ['/ve'] : ['/v', name])],
      ...['/t', 'REG_SZ', '/d', value, '/f', viewOf(arch)],
    ],
    // reg.exe ends with 1 when there is no such key.
    ...(index === 0 ? { undo: [reg, 'delete', key, '/f', viewOf(arch)], gone: [1] } : {}),
  }));
}

/** The registration that a change of the journal is about: its key, its view, the folder that it names. */
export function registrationIn(
  change: Change,
): { readonly key: string; readonly view: string; readonly folder: string } | undefined {
  const [, verb, key = '', , view = ''] = (change.kind === 'ran' && change.undo) || [];
  if (change.kind !== 'ran' || verb !== 'delete') return undefined;
  return { key, view, folder: change.command[change.command.indexOf('/d') + 1] ?? '' };
}

/** The folder that is registered under a key of a version; undefined when none is. */
export async function placeRegistered(
  { key, view }: { readonly key: string; readonly view: string },
  run: Run,
  variables: Variables,
): Promise<string | undefined> {
  const query = ['query', `${key}\\InstallPath`, '/ve', view];
  const { status, stdout } = await run(systemProgram(variables, 'reg.exe'), query);
  return status === 0 ? /\sREG_(?:EXPAND_)?SZ\s+(.+?)\\?\s*$/m.exec(stdout)?.[1] : undefined;
}

/** Pools cannot write bytecode: without it every start of a worker would compile what it imports (field note 31). */
export function compileCommand(folder: string): readonly [program: string, ...words: string[]] {
  const tests = '[\\\\/](test|tests|idlelib)[\\\\/]';
  const words = ['-I', '-X', 'utf8', '-m', 'compileall', '-q', '-q', '-j', '0', '-x', tests];
  return [win32.join(folder, 'python.exe'), ...words, win32.join(folder, 'Lib')];
}

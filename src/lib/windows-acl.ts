// Comes in: a folder of Windows. Goes out: the commands that close it for all but administrators, and what its security
// descriptor says of who may write there. Groups by their numbers only: their names are in the language of Windows.
import type { Run } from './run.js';
import { lastLines } from './run.js';
import type { Variables } from './windows.js';
import { systemProgram } from './windows.js';

// https://learn.microsoft.com/windows/win32/secauthz/well-known-sids
const system = '*S-1-5-18:(OI)(CI)F';
const administrators = '*S-1-5-32-544:(OI)(CI)F';
const users = '*S-1-5-32-545:(OI)(CI)RX';
const webServer = '*S-1-5-32-568:(OI)(CI)RX';

/** What only administrators may look into, and what everybody may read: programs that the web server runs. */
const grants = { private: [system, administrators], shared: [system, administrators, users, webServer] };
export type Sharing = keyof typeof grants;

/**
 * Arguments of icacls, one list a call: a plain folder of ProgramData lets every user create files, and whoever owns a folder
 * may always open it again (field notes 1 and 4).
 */
export function closingArguments(folder: string, sharing: Sharing): readonly (readonly string[])[] {
  return [
    [folder, '/inheritance:r', '/grant:r', ...grants[sharing], '/Q'],
    [folder, '/setowner', '*S-1-5-32-544', '/Q'],
  ];
}

/** Closes a folder; returns what icacls said when it could not. */
export async function closeFolder(
  run: Run,
  variables: Variables,
  folder: string,
  sharing: Sharing,
): Promise<string | undefined> {
  for (const args of closingArguments(folder, sharing)) {
    const result = await run(systemProgram(variables, 'icacls.exe'), args);
    if (result.status !== 0) return `icacls ended with ${result.status}: ${lastLines(result, 1).join('')}`;
  }
  return undefined;
}

/**
 * Owners and rights in the language of security descriptors; no other tool of Windows tells an owner's number. PowerShell
 * takes the printer's quotes for single ones too. A folder that it may not ask about ends it with a status.
 */
export function descriptorArguments(folders: readonly string[]): readonly string[] {
  const quoted = folders.map((folder) => `'${folder.replace(/['\u2018-\u201b]/g, '$&$&')}'`).join(',');
  const command = `(Get-Acl -LiteralPath ${quoted} -ErrorAction Stop).Sddl`;
  return ['-NoProfile', '-NonInteractive', '-Command', command];
}

/** The first folder that may not be trusted, and why; undefined when only administrators may write into all of them. */
export async function untrustedFolder(
  run: Run,
  variables: Variables,
  folders: readonly string[],
): Promise<{ readonly folder: string; readonly reason: string } | undefined> {
  if (folders.length === 0) return undefined;
  const program = systemProgram(variables, 'WindowsPowerShell\\v1.0\\powershell.exe');
  const { status, stdout } = await run(program, descriptorArguments(folders));
  // A system that answers nothing (Wine) knows no owners: there is nobody to fear.
  if (status === 0 && stdout.trim() === '') return undefined;
  const descriptors = stdout.split(/\r?\n/).filter((line) => line.trim() !== '');
  for (const [index, folder] of folders.entries()) {
    const reason = troubleIn(descriptors[index] ?? '');
    if (reason !== undefined) return { folder, reason };
  }
  return undefined;
}

/** Who may do everything on Windows anyway: the system, administrators, Windows' own installer. */
const trusted: ReadonlySet<string> = new Set([
  ...['SY', 'BA', 'S-1-5-18', 'S-1-5-32-544'],
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
]);

/** https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format */
export function troubleIn(descriptor: string): string | undefined {
  const [, owner] = /^O:(S-[\d-]+|[A-Z]{2})/.exec(descriptor) ?? [];
  if (owner === undefined) return 'its owner cannot be told';
  if (!trusted.has(owner)) return `its owner is no administrator (${owner})`;
  const list = /D:[A-Z]*((?:\([^()]*\))*)/.exec(descriptor)?.[1];
  if (list === undefined) return 'everybody may write there';
  for (const [, ace = ''] of list.matchAll(/\(([^()]*)\)/g)) {
    const [type = '', flags = '', rights = '', , , who = ''] = ace.split(';');
    // One that is only for what is made below later says nothing of the folder.
    const counts = /^X?A$/.test(type) && !/IO/.test(flags);
    if (counts && !trusted.has(who) && mayWrite(rights)) return `others may write there (${who})`;
  }
  return undefined;
}

/** Any right but to read, to list, to run and to see who may. */
const harmless: ReadonlySet<string> = new Set(['FR', 'FX', 'GR', 'GX', 'RC', 'RP', 'LO']);
/** FILE_READ_DATA, FILE_READ_EA, FILE_EXECUTE, FILE_READ_ATTRIBUTES, READ_CONTROL, SYNCHRONIZE, GENERIC_READ and _EXECUTE. */
const harmlessBits = 0x1 | 0x8 | 0x20 | 0x80 | 0x20000 | 0x100000 | 0x80000000 | 0x20000000;

function mayWrite(rights: string): boolean {
  if (/^0x[0-9a-f]+$/i.test(rights)) return (Number(rights) & ~harmlessBits) !== 0;
  return (rights.match(/../g) ?? []).some((right) => !harmless.has(right));
}

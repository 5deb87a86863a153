// Comes in: a process's environment and text with `%NAME%`. Goes out: absolute paths of Windows' own programs, text with
// the variables filled in. Reads nothing; works on any system with the variables of a Windows one.
import { win32 } from 'node:path';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The value of a variable, by name in any case, as Windows has it. */
export function variableOf(variables: Variables, name: string): string | undefined {
  const exact = variables[name];
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  return Object.entries(variables).find(([key]) => key.toLowerCase() === folded)?.[1];
}

/** `C:\Windows`. */
export function windowsFolder(variables: Variables): string {
  return variableOf(variables, 'SystemRoot') ?? variableOf(variables, 'windir') ?? 'C:\\Windows';
}

/**
 * The absolute path of a program of System32, never one that only has its name on PATH. A 32-bit process on a 64-bit
 * Windows sees the 64-bit one as `Sysnative` (https://learn.microsoft.com/windows/win32/winprog64/file-system-redirector).
 */
export function systemProgram(variables: Variables, name: string): string {
  const redirected = variableOf(variables, 'PROCESSOR_ARCHITEW6432') !== undefined;
  return win32.join(windowsFolder(variables), redirected ? 'Sysnative' : 'System32', name);
}

/** What feeds count on and not every process has: WebPI knew `%SysWow64%`, a 32-bit Windows has no second folder. */
function usual(variables: Variables, name: string): string | undefined {
  switch (name.toLowerCase()) {
    case 'syswow64':
      return win32.join(windowsFolder(variables), 'SysWOW64');
    case 'windir':
    case 'systemroot':
      return windowsFolder(variables);
    case 'programw6432':
    case 'programfiles(x86)':
      return variableOf(variables, 'ProgramFiles');
    case 'tmp':
      return variableOf(variables, 'TEMP');
    default:
      return undefined;
  }
}

/**
 * Fills in `%NAME%`, once: what a value holds stays as it is, and so does a name that nobody knows; its second `%` may be the
 * first one of the next name, as in `100% of %TEMP%`.
 */
export function expandVariables(text: string, variables: Variables): string {
  const parts = text.split('%');
  let filled = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 1) {
    const [name = '', after] = parts.slice(index, index + 2);
    const closed = after !== undefined && name !== '';
    const value = closed ? (variableOf(variables, name) ?? usual(variables, name)) : undefined;
    if (value === undefined) filled += `%${name}`;
    else {
      filled += value + (after ?? '');
      index += 1;
    }
  }
  return filled;
}

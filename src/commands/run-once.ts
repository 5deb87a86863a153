// Comes in: how this process was started. Goes out: the commands by which Windows goes on by itself after a restart, and
// by which it does not. Only when it was asked for: a program that starts by itself is nothing to be surprised by.
import type { Run } from '../lib/run.js';
import type { Variables } from '../lib/windows.js';
import { systemProgram } from '../lib/windows.js';

// https://learn.microsoft.com/windows/win32/setupapi/run-and-runonce-registry-keys
const key = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\RunOnce';
const name = 'Zookit';
/** Characters; Windows passes over a longer line. */
const longestLine = 260;

/** The command line that goes on: with the same program, the same script and the same root. */
export function resumeLine(node: string, script: string, root: string | undefined): string {
  const words = [node, script, 'install', '--resume', ...(root === undefined ? [] : ['--root', root])];
  return words.map((word) => (/^[\w-]+$/.test(word) ? word : `"${word}"`)).join(' ');
}

/** The arguments of reg.exe that write it. */
export function runOnceArguments(line: string): readonly string[] {
  return ['add', key, '/v', name, '/t', 'REG_SZ', '/d', line, '/f', '/reg:64'];
}

/** The arguments of reg.exe that take it away again. */
export const noRunOnceArguments: readonly string[] = ['delete', key, '/v', name, '/f', '/reg:64'];

/** Lets Windows run the line once, when an administrator has logged on; returns why not, if not. */
export async function addRunOnce(run: Run, variables: Variables, line: string): Promise<string | undefined> {
  if (line.length > longestLine) return `Windows runs no line of more than ${longestLine} characters`;
  const { status } = await run(systemProgram(variables, 'reg.exe'), runOnceArguments(line));
  return status === 0 ? undefined : 'the registry could not be written';
}

/** Takes the line away; there may be none any more: Windows removes it before it runs it. */
export async function removeRunOnce(run: Run, variables: Variables): Promise<void> {
  await run(systemProgram(variables, 'reg.exe'), noRunOnceArguments);
}

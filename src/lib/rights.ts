// Comes in: nothing. Goes out: whether this process has administrator rights. Never raises them.
import type { Run, RunResult } from './run.js';
import { systemProgram } from './windows.js';

// https://learn.microsoft.com/windows/win32/secauthz/well-known-sids: high and system mandatory level.
const elevated = /S-1-16-(12288|16384)\b/;
const levelled = /S-1-16-\d+/;

/** Root, or on Windows a process whose token is elevated. */
export async function isAdministrator(run: Run): Promise<boolean> {
  if (process.platform !== 'win32') return process.getuid?.() === 0;
  return isElevated(await run(systemProgram(process.env, 'whoami.exe'), ['/groups']));
}

/**
 * What `whoami /groups` says of the token, in any language. A system that answers without any level (Wine) knows no
 * elevation: there is nothing to lack.
 */
export function isElevated({ status, stdout }: Pick<RunResult, 'status' | 'stdout'>): boolean {
  return status === 0 && (elevated.test(stdout) || !levelled.test(stdout));
}

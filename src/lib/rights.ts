// Comes in: nothing. Goes out: whether this process has administrator rights. Never raises them.
import type { Run } from './run.js';
import { systemProgram } from './windows.js';

// https://learn.microsoft.com/windows/win32/secauthz/well-known-sids: high and system mandatory level.
const elevated = /S-1-16-(12288|16384)\b/;
const levelled = /S-1-16-\d+/;

/**
 * Root, or on Windows a process whose token is elevated. A system that answers without any level (Wine) knows no
 * elevation: there is nothing to lack.
 */
export async function isAdministrator(run: Run): Promise<boolean> {
  if (process.platform !== 'win32') return process.getuid?.() === 0;
  const { status, stdout } = await run(systemProgram(process.env, 'whoami.exe'), ['/groups']);
  return status === 0 && (elevated.test(stdout) || !levelled.test(stdout));
}

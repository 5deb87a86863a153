// Comes in: nothing. Goes out: whether this process has administrator rights. Never raises them.
import type { Run } from './run.js';

// https://learn.microsoft.com/windows/win32/secauthz/well-known-sids: high and system mandatory level.
const elevated = /S-1-16-(12288|16384)\b/;

/** Root, or on Windows a process whose token is elevated. */
export async function isAdministrator(run: Run): Promise<boolean> {
  if (process.platform !== 'win32') return process.getuid?.() === 0;
  return elevated.test((await run('whoami', ['/groups'])).stdout);
}

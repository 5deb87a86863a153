// Goes out: the words that run a program as somebody without rights, where this machine can do that.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programOnPath } from '../../src/lib/programs.js';

/** Words before a program, for a user who may write nothing here; none when the tests' own user cannot become one. */
export async function anotherUser(): Promise<readonly string[] | undefined> {
  const setpriv = await programOnPath('setpriv', process.env['PATH'] ?? '');
  if (process.getuid?.() !== 0 || setpriv === undefined) return undefined;
  const words = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const zookit = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));
  const tried = spawnSync(setpriv, [...words, process.execPath, zookit, '--version']);
  return tried.status === 0 ? [setpriv, ...words] : undefined;
}

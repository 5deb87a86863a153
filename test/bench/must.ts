// Runs a program that has to succeed.
import { spawnSync } from 'node:child_process';

/** What it said; throws with all of it when it fails. */
export function must(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return { stdout, stderr };
  throw new Error(
    `${program} ${args.join(' ')} ended with ${String(status ?? error?.message)}:\n${stdout}\n${stderr}`,
  );
}

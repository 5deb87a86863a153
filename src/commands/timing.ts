// Comes in: a piece of work and its name. Goes out: its result; with --verbose a line that says how long it took.
import type { Context } from '../context.js';

/** Does the work and says its seconds with --verbose, failed or not. */
export async function timed<T>(
  { terminal }: Pick<Context, 'terminal'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    terminal.detail(`  ${what} (${((performance.now() - started) / 1000).toFixed(2)} s)`);
  }
}

// Comes in: a command and how long it usually takes. Goes out: the same command, disturbed at moments that a seed chooses,
// so that a failure can be run again: ZOOKIT_SEED, ZOOKIT_MOMENTS.
import { setTimeout as pause } from 'node:timers/promises';
import { sha256 } from './feed-xml.js';
import { seeded } from './random.js';
import type { Ended, Started, Zookit } from './zookit.js';

/** How often each command is disturbed. */
export const momentCount = Number(process.env['ZOOKIT_MOMENTS'] ?? 8);
export const seed = Number(process.env['ZOOKIT_SEED'] ?? Date.now() % 1_000_000);

export interface Moment {
  readonly index: number;
  /** Milliseconds after the start. */
  readonly after: number;
  /** For the message of a failure. */
  readonly name: string;
}

/** Moments of a duration, spread over all of it; a little beyond its end too. */
export function* moments(what: string, duration: number, count = momentCount): Generator<Moment> {
  const random = seeded(seed + Number.parseInt(sha256(what).slice(0, 6), 16));
  for (let index = 0; index < count; index++) {
    const share = (index + random.below(1000) / 1000) / count;
    const after = Math.round(duration * 1.05 * share);
    yield { index, after, name: `${what}, stopped after ${after} ms of ${duration} (ZOOKIT_SEED=${seed})` };
  }
}

/** Milliseconds that a run of these words takes here. */
export async function durationOf(zookit: Zookit, words: readonly string[]): Promise<number> {
  const started = performance.now();
  await zookit.run(words);
  return Math.round(performance.now() - started);
}

/** Starts it and sends the signal at the moment. */
export async function disturbed(
  started: Started,
  { after }: Pick<Moment, 'after'>,
  signal: NodeJS.Signals,
): Promise<Ended> {
  await Promise.race([pause(after), started.ended]);
  started.child.kill(signal);
  return started.ended;
}

// Comes in: things to do, by name. Goes out: their seconds, over several rounds, and a table of them. Rounds go through all
// things in turn, so that whatever else the machine does falls on all of them alike.
import { columns } from '../../src/lib/terminal.js';

export interface Contestant {
  readonly name: string;
  /** What is to be there before the clock starts. */
  readonly prepare: () => void;
  /** What is measured; may return what it said. */
  readonly run: () => string | undefined;
  /** The seconds in what it said, when it holds the clock itself. */
  readonly secondsOf?: (said: string) => number;
}

export interface Measured {
  readonly name: string;
  readonly seconds: readonly number[];
  /** What was said in the round that was nearest to the median. */
  readonly said: string;
}

export interface Row {
  readonly name: string;
  /** Seconds. */
  readonly median: number;
  /** The first row's median to this one's. */
  readonly ratio?: number;
  readonly goal?: string;
  readonly ok?: boolean;
}

/** Runs all contestants once unmeasured, then `rounds` times. */
export function race(contestants: readonly Contestant[], rounds: number): Measured[] {
  const runs = new Map(contestants.map(({ name }) => [name, [] as { seconds: number; said: string }[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, prepare, run, secondsOf } of contestants) {
      prepare();
      const started = performance.now();
      const said = run() ?? '';
      const seconds = secondsOf?.(said) ?? (performance.now() - started) / 1000;
      if (round > 0) runs.get(name)?.push({ seconds, said });
    }
  }
  return [...runs].map(([name, each]) => {
    const middle = median(each.map(({ seconds }) => seconds));
    const nearest = [...each].sort((a, b) => Math.abs(a.seconds - middle) - Math.abs(b.seconds - middle))[0];
    return { name, seconds: each.map(({ seconds }) => seconds), said: nearest?.said ?? '' };
  });
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? NaN : (low + high) / 2;
}

/** Name, median seconds, ratio, goal, and whether it is reached. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, median: seconds, ratio, goal, ok }) => [
    name,
    `${seconds.toFixed(3)} s`,
    ratio === undefined ? '' : ratio.toFixed(2),
    goal ?? '',
    ok === undefined ? '' : ok ? 'ok' : 'missed',
  ]);
  return columns([['what', 'median', 'ratio', 'goal', ''], ...cells]);
}

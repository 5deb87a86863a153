// A journal of a process that is gone after some lines: what comes after the last one never happens, undoing included.
import type { Journal } from '../../src/install/journal.js';

export interface StoppingJournal {
  readonly journal: Journal;
  /** Resolves at the line that is not written any more. */
  readonly stopped: Promise<undefined>;
}

/** Writes `lines` lines, then hangs for ever. */
export function stopAfterLines(journal: Journal, lines: number): StoppingJournal {
  let left = lines;
  let stop: (value: undefined) => void = () => undefined;
  const stopped = new Promise<undefined>((resolve) => (stop = resolve));
  return {
    stopped,
    journal: {
      read: () => journal.read(),
      append: (line) => {
        if (left-- > 0) return journal.append(line);
        stop(undefined);
        return new Promise(() => undefined);
      },
    },
  };
}

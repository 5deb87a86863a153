// Goes out: the command lines of all processes that anybody on this machine can see, while a test runs something. Linux
// only: elsewhere there are none.
import { readFileSync, readdirSync } from 'node:fs';

export interface CommandLineWatch {
  /** Stops looking; each command line once, words joined by spaces. */
  readonly end: () => string[];
}

/** Looks at the process list again and again until it is told to end. */
export function watchCommandLines(): CommandLineWatch {
  const seen = new Set<string>();
  const look = (): void => {
    if (process.platform !== 'linux') return;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) seen.add(commandLine(pid));
  };
  const timer = setInterval(look, 20);
  return {
    end: () => {
      clearInterval(timer);
      look();
      return [...seen];
    },
  };
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return ''; // it ended meanwhile
  }
}

// Comes in: the environment of a terminal. Goes out: the few signs that are drawn on it, in ASCII where a console may show
// boxes instead. No sign carries a meaning that words do not tell as well.

export interface Symbols {
  readonly rule: string;
  /** Stands for what was cut off. */
  readonly more: string;
  readonly full: string;
  readonly empty: string;
}

const ascii: Symbols = { rule: '-', more: '...', full: '#', empty: '.' };
const unicode: Symbols = { rule: '─', more: '…', full: '█', empty: '░' };

/** Windows' old console shows what its font has; Windows Terminal sets WT_SESSION. Elsewhere the locale tells (POSIX 8.2). */
export function symbolsFor(
  variables: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Symbols {
  if (variables['TERM'] === 'dumb') return ascii;
  if (platform === 'win32') return (variables['WT_SESSION'] ?? '') === '' ? ascii : unicode;
  if (variables['TERM'] === 'linux') return ascii;
  const locale = [variables['LC_ALL'], variables['LC_CTYPE'], variables['LANG']].find((each) => each);
  return /utf-?8/i.test(locale ?? '') ? unicode : ascii;
}

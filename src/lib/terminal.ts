// Comes in: what is to be said. Goes out: lines on stderr (talk) and stdout (data). Knows no product; relies on no
// colour. Progress is a line that is written over on a terminal, nothing elsewhere.
import { appendFileSync } from 'node:fs';
import { inspect, stripVTControlCharacters as stripColors } from 'node:util';
import { messageOf } from '../errors.js';
import { cut, plainLine } from './text-width.js';

export interface TerminalOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
  readonly color: boolean;
  /** All that is said goes into this file too, whatever is quiet. */
  readonly log?: string;
}

export interface Terminal {
  readonly interactive: boolean;
  readonly json: boolean;
  /** Data for stdout, one line or several. */
  readonly print: (text: string) => void;
  /** The one JSON value of `--json`. */
  readonly printJson: (value: unknown) => void;
  /** Whether that value is out already: a failure must not print a second one. */
  readonly printedJson: () => boolean;
  /** Talk: what happens now. Silent with --quiet. */
  readonly say: (text: string) => void;
  /** A warning: said even with --quiet. */
  readonly warn: (text: string) => void;
  /** Only with --verbose. */
  readonly detail: (text: string) => void;
  /** A line, or several, that the next ones write over; `undefined` takes them away. Nothing where no terminal is. */
  readonly progress: (text: string | readonly string[] | undefined) => void;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
}

/**
 * What is written may not arrive. When nobody reads on, or hears the talk, the work goes on to its end; data that a full
 * disk lost is told by `lost`.
 */
export function watchOutput(lost: (error: Error) => void): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') lost(error);
  });
}

/** The terminal of this process. */
export function createTerminal(options: TerminalOptions): Terminal {
  const err = process.stderr;
  const live = err.isTTY && !options.quiet && !options.json;
  let drawn = 0;
  let printed = false;
  const clear = (): void => {
    if (drawn > 0) err.write(`\r\u001b[K${'\u001b[1A\u001b[K'.repeat(drawn - 1)}`);
    drawn = 0;
  };
  let logFile = options.log;
  const log = (text: string): void => {
    if (logFile === undefined) return;
    try {
      appendFileSync(logFile, `${new Date().toISOString()} ${stripColors(text)}\n`, { mode: 0o600 });
    } catch (error) {
      // What is at work is more important than its log, and the disk may be full of it.
      err.write(`notice: Nothing more is written to the log '${logFile}': ${messageOf(error)}\n`);
      logFile = undefined;
    }
  };
  const line = (text: string): void => {
    clear();
    err.write(`${text}\n`);
    log(text);
  };
  const paint = (code: number) => (text: string) =>
    options.color ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    interactive: process.stdin.isTTY && err.isTTY && !options.json,
    json: options.json,
    print: (text) => {
      clear();
      process.stdout.write(`${text}\n`);
    },
    printedJson: () => printed,
    printJson: (value) => {
      clear();
      printed = true;
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    say: (text) => {
      if (options.quiet) log(text);
      else line(text);
    },
    warn: line,
    detail: (text) => {
      if (options.verbose) line(text);
      else log(text);
    },
    progress: (text) => {
      if (!live) return;
      clear();
      if (text === undefined) return;
      const width = Math.max(20, err.columns) - 1;
      // What a running program says may move the cursor.
      const lines = [text].flat().map((each) => cut(plainLine(each), width));
      err.write(lines.join('\n'));
      drawn = lines.length;
    },
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    green: paint(32),
  };
}

/** Whether colours are wanted: https://no-color.org, `--no-color`, and a terminal at all. */
export function wantsColor(noColorOption: boolean): boolean {
  const forbidden = noColorOption || (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb';
  return !forbidden && process.stderr.isTTY;
}

/** `12.3 MB`; sizes in powers of 1000, as downloads are told. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

/** Rows as aligned columns; the last one is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A thrown thing that is a bug of ours, whole. */
export function bugText(error: unknown): string {
  return inspect(error, { depth: 4 });
}

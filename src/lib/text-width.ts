// Comes in: text that anybody may have written. Goes out: text that fits a terminal: its width in columns, cut, wrapped,
// without control characters. Pure; knows no terminal.
import { stripVTControlCharacters } from 'node:util';

let segmenter: Intl.Segmenter | undefined;

/** What people see as one character; made when the first text needs it, which help's does not. */
function graphemes(text: string): Iterable<{ readonly segment: string }> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Blocks whose characters take two columns (Unicode's EastAsianWidth: W and F), and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const plainAscii = /^[\u0020-\u007e]*$/;

/** One line without colours, and with blanks in place of control characters: a stranger's text moves no cursor. */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** The columns that a line takes; colours take none. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (plainAscii.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes(plain)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** The line in at most `width` columns; `more` stands for what is left out. */
export function cut(text: string, width: number, more = '...'): string {
  if (widthOf(text) <= width) return text;
  const room = width - widthOf(more);
  if (room <= 0) return more.slice(0, Math.max(0, width));
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes(stripVTControlCharacters(text))) {
    const next = wide.test(segment) ? 2 : 1;
    if (used + next > room) break;
    kept += segment;
    used += next;
  }
  return `${kept.trimEnd()}${more}`;
}

/** The line with blanks up to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `width` columns, broken between words; a longer word is broken where it must be. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => Math.max(1, width - (lines.length === 0 ? 0 : indent.length));
  const end = (): void => {
    lines.push(lines.length === 0 ? line : indent + line);
    line = '';
  };
  const leading = /^ */.exec(text)?.[0] ?? '';
  const words = text.trim().split(/ +/);
  words[0] = leading + (words[0] ?? '');
  for (const word of words) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= room()) {
      line = joined;
      continue;
    }
    if (line !== '') end();
    let rest = word;
    while (widthOf(rest) > room()) {
      line = cut(rest, room(), '') || (rest[0] ?? '');
      rest = rest.slice(line.length);
      end();
    }
    line = rest;
  }
  if (line !== '' || lines.length === 0) end();
  return lines;
}

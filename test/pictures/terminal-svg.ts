// Comes in: lines of runs, a title. Goes out: an SVG picture of that terminal with real text in it, which one can select and
// a reader can read aloud. Brings its own dark ground, so that it is the same on light and on dark pages.
import { widthOf } from '../../src/lib/text-width.js';
import type { Look, Run } from './terminal-runs.js';

export interface PictureWords {
  readonly title: string;
  /** One sentence on what is to be seen. */
  readonly description: string;
}

const letter = { width: 8.4, height: 19, size: 14 };
const margin = { side: 16, top: 44, bottom: 14 };
const ground = '#0d1117';
const plain = '#e6edf3';
/** Black, red, green, yellow, blue, magenta, cyan, white, and the same brighter; each with a contrast of 4.5 or more. */
const colors = [
  ...['#8b949e', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#e6edf3'],
  ...['#8b949e', '#ffa198', '#7ee787', '#f2cc60', '#a5d6ff', '#e2c5ff', '#76e3ea', '#ffffff'],
];

/** The whole picture; `columns` is the width of the terminal. */
export function terminalSvg(
  lines: readonly (readonly Run[])[],
  columns: number,
  { title, description }: PictureWords,
): string {
  const width = Math.ceil(columns * letter.width + 2 * margin.side);
  const height = margin.top + lines.length * letter.height + margin.bottom;
  const rows = lines.map((runs, index) => runs.map((run) => runSvg(run, baseline(index))).join(''));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${ground}" stroke="#484f58"/>`,
    ...['#ff7b72', '#e3b341', '#56d364'].map(
      (color, index) => `<circle cx="${20 + index * 20}" cy="20" r="6" fill="${color}"/>`,
    ),
    `<g font-family="ui-monospace, 'Cascadia Mono', Consolas, Menlo, 'DejaVu Sans Mono', monospace" font-size="${letter.size}" fill="${plain}" xml:space="preserve">`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function baseline(line: number): number {
  return margin.top + line * letter.height + letter.size;
}

/** A run has its length said, so that columns stand below each other in any font. */
function runSvg({ column, text, look }: Run, y: number): string {
  const x = rounded(margin.side + column * letter.width);
  const length = rounded(widthOf(text) * letter.width);
  const box =
    look.reversed === true
      ? `<rect x="${x}" y="${y - letter.size}" width="${length}" height="${letter.height}" fill="${colorOf(look)}"/>`
      : '';
  return `${box}<text x="${x}" y="${y}" textLength="${length}"${attributes(look)}>${escaped(text)}</text>`;
}

function colorOf({ color }: Look): string {
  return (color === undefined ? undefined : colors[color]) ?? plain;
}

function attributes(look: Look): string {
  const words: string[] = [];
  if (look.reversed === true) words.push(`fill="${ground}"`);
  else if (look.color !== undefined) words.push(`fill="${colorOf(look)}"`);
  else if (look.faint === true) words.push('fill="#9ea7b3"');
  if (look.bold === true) words.push('font-weight="bold"');
  if (look.underlined === true) words.push('text-decoration="underline"');
  return words.map((word) => ` ${word}`).join('');
}

function rounded(number: number): string {
  return String(Math.round(number * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

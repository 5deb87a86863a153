// Comes in: what a terminal shows, as text with its colour sequences (ECMA-48, "select graphic rendition"). Goes out: lines
// of runs, each a text with one look. Knows no picture. All other sequences are refused: a screen has none.
import { widthOf } from '../../src/lib/text-width.js';

/** How a run looks; colours are the terminal's own sixteen. */
export interface Look {
  readonly color?: number;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly underlined?: boolean;
  readonly reversed?: boolean;
}

export interface Run {
  /** The column where it begins, from 0. */
  readonly column: number;
  readonly text: string;
  readonly look: Look;
}

/** Lines of runs; blanks without a look are in none. Throws when something else than colours is in the text. */
export function runsOf(screen: string): readonly (readonly Run[])[] {
  let look: Look = {};
  return screen.split('\n').map((line) => {
    const runs: Run[] = [];
    let column = 0;
    for (const [, numbers, text = ''] of line.matchAll(/(?:\u001b\[([\d;]*)m)?([^\u001b]*)/g)) {
      if (numbers !== undefined) look = looked(look, numbers);
      runs.push(...piecesOf(column, text, look));
      column += widthOf(text);
    }
    const seen = line.replace(/\u001b\[[\d;]*m/g, '');
    if (/[\u0000-\u001f\u007f]/.test(seen)) throw new Error(`Not only colours: ${JSON.stringify(line)}`);
    return runs;
  });
}

/** Two and more blanks are places, not text, unless they are seen: some readers of pictures draw one of them only. */
function piecesOf(column: number, text: string, look: Look): readonly Run[] {
  if (look.reversed === true || look.underlined === true) return text === '' ? [] : [{ column, text, look }];
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: piece, index }) => ({
    column: column + widthOf(text.slice(0, index)),
    text: piece,
    look,
  }));
}

function looked(before: Look, numbers: string): Look {
  return (numbers === '' ? '0' : numbers)
    .split(';')
    .map(Number)
    .reduce<Look>((look, number) => withNumber(look, number), before);
}

function withNumber(look: Look, number: number): Look {
  if (number === 0) return {};
  if (number === 1) return { ...look, bold: true };
  if (number === 2) return { ...look, faint: true };
  if (number === 4) return { ...look, underlined: true };
  if (number === 7) return { ...look, reversed: true };
  if (number === 22) return without(without(look, 'bold'), 'faint');
  if (number === 24) return without(look, 'underlined');
  if (number === 27) return without(look, 'reversed');
  if (number >= 30 && number <= 37) return { ...look, color: number - 30 };
  if (number >= 90 && number <= 97) return { ...look, color: number - 90 + 8 };
  if (number === 39) return without(look, 'color');
  // Backgrounds and the rest: nothing of ours has them.
  return look;
}

function without(look: Look, name: keyof Look): Look {
  return Object.fromEntries(Object.entries(look).filter(([key]) => key !== name));
}

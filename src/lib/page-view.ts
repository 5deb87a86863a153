// Comes in: a page, where somebody is on it, the size of the terminal. Goes out: the lines that show it, none wider than
// the terminal and no more than it is high. Pure: a screen can be looked at without one.
import type { Page, PageState, Question, Row } from './page.js';
import { shownRows } from './page.js';
import type { Symbols } from './symbols.js';
import { cut, plainLine, widthOf, wrapped } from './text-width.js';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How things are drawn: signs, and emphasis when colours are wanted. */
export interface Look {
  readonly symbols: Symbols;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
}

export interface View {
  /** All but the line that is typed into, and what is below it. */
  readonly lines: readonly string[];
  /** Below the line that is typed into. */
  readonly below: readonly string[];
  /** How far the body may be moved at once; 0 when all of it is shown. */
  readonly bodyStep: number;
}

const widest = 100;

/** The columns that lines may take: the last one stays free, because some consoles break the line there. */
export function usableWidth({ columns }: Size): number {
  return Math.max(20, Math.min(columns, widest) - 1);
}

/** The first lines of every screen. */
export function heading(title: string, size: Size, look: Look): string[] {
  const width = usableWidth(size);
  return [
    look.bold(cut(`Zookit   ${plainLine(title)}`, width, look.symbols.more)),
    look.symbols.rule.repeat(width),
  ];
}

/** The whole page. */
export function pageView(page: Page, state: PageState, size: Size, look: Look): View {
  const width = usableWidth(size);
  const { question } = page;
  const head = [
    ...heading(page.title, size, look),
    ...problemLines(page, state, width, look),
    ...wrapped(plainLine(page.ask), width).map((line) => look.bold(line)),
  ];
  const foot = ['', ...helpLines(page, size, width, look)];
  const rows = shownRows(question, state);
  const above = aboveRows(question, state, '', width, look);
  const room = size.rows - 1 - head.length - foot.length - above.length - 1;
  const all = detailLines(question, rows[state.cursor], width, look);
  const wanted = question.kind === 'text' ? 1 : Math.max(1, rows.length);
  const body = page.body(width).map((line) => cut(line, width, look.symbols.more));
  // What is to be decided on is shown before what is said of a row.
  const least = question.kind === 'one' && body.length > 0 ? body.length + 1 + wanted : 4;
  const detail = room - all.length < least ? [] : all;
  const free = room - detail.length;
  const split = shared(free, body.length === 0 ? 0 : body.length + 1, wanted);
  const shownBody = bodyLines(body, state.top, split.body, look);
  const list = listLines(question, state, rows, split.list, width, look);
  const count = countText(state, rows.length, split.list);
  const lower = [...detail, ...foot];
  // A list to pick from has its count above it.
  if (question.kind === 'one' && rows.length > split.list) lower[0] = look.dim(`  (${count}: Up, Down)`);
  const upper = [...head, '', ...shownBody.lines, ...(shownBody.lines.length === 0 ? [] : [''])];
  if (question.kind === 'text') return { lines: upper, below: foot, bodyStep: shownBody.step };
  return {
    lines: [...upper, ...aboveRows(question, state, count, width, look), ...list, ...lower],
    below: [],
    bodyStep: shownBody.step,
  };
}

/** Divides the lines between body and list; the list keeps what it needs to be usable. */
function shared(free: number, body: number, list: number): { body: number; list: number } {
  if (body + list <= free) return { body, list };
  const least = Math.min(list, Math.max(3, free - body, Math.floor(free / 2)), Math.max(1, free));
  return { body: Math.max(0, free - least), list: least };
}

function problemLines(page: Page, state: PageState, width: number, look: Look): string[] {
  const said = state.problem === undefined ? (page.problem ?? []) : [state.problem];
  if (said.length === 0) return [];
  const lines = said.flatMap((line) => wrapped(plainLine(line), width, '  '));
  return [...lines.slice(0, 8).map((line, index) => (index === 0 ? look.red(line) : line)), ''];
}

function bodyLines(
  body: readonly string[],
  top: number,
  height: number,
  look: Look,
): { lines: readonly string[]; step: number } {
  // One line of the height is the blank one below.
  const room = Math.max(0, height - 1);
  if (body.length <= room) return { lines: body, step: 0 };
  if (room < 2) return { lines: [], step: 0 };
  const step = Math.max(1, room - 1);
  const first = Math.min(top, Math.max(0, body.length - step));
  const shown = body.slice(first, first + step);
  const note = `(lines ${first + 1} to ${first + shown.length} of ${body.length}: PgUp, PgDn)`;
  return { lines: [...shown, look.dim(note)], step };
}

const fewRows = 8;

/** How many rows there are, and which of them are seen. */
function countText({ cursor }: PageState, count: number, height: number): string {
  if (count <= height) return `${count} shown`;
  const first = firstShown(cursor, count, height);
  return `${first + 1} to ${first + height} of ${count}`;
}

/** The row that a list begins with, so that the cursor is in it. */
function firstShown(cursor: number, count: number, height: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(height / 2), count - height));
}

/** Tabs and search, above a list to pick from. */
function aboveRows(question: Question, state: PageState, count: string, width: number, look: Look): string[] {
  if (question.kind !== 'several') return [];
  const names = question.tabs.map(({ name }, index) => (index === state.tab ? `[${name}]` : ` ${name} `));
  const tabs = question.tabs.length > 1 ? [tabLine(names, state.tab, width, look)] : [];
  // Nobody searches what is seen at a glance.
  const few = question.rows.length <= fewRows && state.search === '';
  const search = few ? '' : `Search: ${state.search === '' ? '(type to search)' : state.search}`;
  const right = `${state.picked.length} picked, ${count}`;
  const gap = ' '.repeat(Math.max(2, width - widthOf(search) - right.length));
  return [...tabs, cut(`${search}${gap}${right}`, width, look.symbols.more)];
}

/** The tabs around the chosen one: it is always to be seen. */
function tabLine(names: readonly string[], chosen: number, width: number, look: Look): string {
  let first = 0;
  while (first < chosen && widthOf(names.slice(first, chosen + 1).join(' ')) > width - 3) first++;
  return cut(names.slice(first).join(' '), width, look.symbols.more);
}

function listLines(
  question: Question,
  state: PageState,
  rows: readonly Row[],
  height: number,
  width: number,
  look: Look,
): string[] {
  if (question.kind === 'text') return [];
  if (rows.length === 0) return ['  Nothing fits the search'];
  const first = firstShown(state.cursor, rows.length, height);
  return rows.slice(first, first + height).map((row, index) => {
    const here = first + index === state.cursor;
    const box = question.kind === 'several' ? (state.picked.includes(row.value) ? '[x] ' : '[ ] ') : '';
    const line = cut(
      `${here ? '>' : ' '} ${box}${plainLine((width < 69 ? row.short : undefined) ?? row.label)}`,
      width,
      look.symbols.more,
    );
    return here ? look.bold(line) : line;
  });
}

/** Always as many lines, so that nothing jumps while the cursor moves. */
function detailLines(question: Question, row: Row | undefined, width: number, look: Look): string[] {
  if (question.kind === 'text' || question.rows.every(({ detail }) => detail === undefined)) return [];
  const lines = wrapped(plainLine(row?.detail ?? ''), width);
  const [first = '', second = ''] = lines;
  const rest =
    lines.length > 2 ? cut(`${second} ${lines.slice(2).join(' ')}`, width, look.symbols.more) : second;
  return ['', look.dim(first), look.dim(rest)];
}

/** From this height on there is room for a second line of keys. */
const roomy = 18;

/** The keys, the longest way to say them that there is room for. */
function helpLines({ question, first }: Page, { rows }: Size, width: number, look: Look): string[] {
  const ends = first === true ? ['Ctrl-C ends'] : ['Esc goes back   Ctrl-C ends', 'Esc back   Ctrl-C ends'];
  const fits = (lines: readonly string[]): boolean =>
    lines.every((line) => widthOf(line) <= width) && (lines.length === 1 || rows >= roomy);
  const ways = ends.flatMap((end) =>
    keysOf(question).map((keys) => [...keys.slice(0, -1), `${keys.at(-1) ?? ''}   ${end}`]),
  );
  const lines = ways.find(fits) ?? ways.at(-1) ?? [];
  return lines.map((line) => look.dim(cut(line, width, look.symbols.more)));
}

/** Ways to say the keys of a question, line by line, the longest first. */
function keysOf(question: Question): readonly (readonly string[])[] {
  if (question.kind === 'one') return [['Up and Down move   Enter chooses'], ['Enter chooses']];
  const on = 'Enter goes on';
  if (question.kind === 'text') {
    // Nobody edits what is not shown.
    if (question.standard === '' || question.secret) return [[on]];
    return [[`${on}   Tab edits the answer in brackets`], [`${on}   Tab edits`], [on]];
  }
  const tabs = 'Space picks   Left/Right: tabs';
  const ways = [[`Space picks   ${on}`], [on]];
  return question.tabs.length > 1 ? [[`${tabs}   ${on}`], [tabs, on], ...ways] : ways;
}

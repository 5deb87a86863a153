// The nouns of a screen with one question: the page, what it asks, how it is answered. Plain data and pure functions;
// knows no terminal, no product and no library.

/** A line to choose. */
export interface Row {
  readonly value: string;
  readonly label: string;
  /** The same for a terminal of less than 70 columns. */
  readonly short?: string;
  /** Said below the list while the cursor is on the row. */
  readonly detail?: string;
}

export interface RowTab {
  readonly name: string;
  /** Values of the rows that it shows. */
  readonly values: ReadonlySet<string>;
}

export type Question =
  | { readonly kind: 'one'; readonly rows: readonly Row[]; readonly standard?: string }
  | {
      readonly kind: 'several';
      readonly rows: readonly Row[];
      readonly standard: readonly string[];
      /** Shown one at a time; none = all rows in one list. */
      readonly tabs: readonly RowTab[];
      /** What is missing when nothing is picked; absent = that is an answer too. */
      readonly emptyProblem?: string;
    }
  | {
      readonly kind: 'text';
      readonly standard: string;
      /** Shown as stars. */
      readonly secret: boolean;
      /** A sentence that says what is wrong with an answer. */
      readonly check?: (text: string) => string | undefined;
    };

export interface Page {
  /** The name of its answer. */
  readonly id: string;
  /** What one is at: `New project`. */
  readonly title: string;
  /** The question, as a sentence. */
  readonly ask: string;
  /** Lines above the question, for that many columns. */
  readonly body: (width: number) => readonly string[];
  /** What was wrong with the last answer, or with what it led to. */
  readonly problem?: readonly string[];
  readonly question: Question;
  /** There is no page before it. */
  readonly first?: boolean;
}

/** A row that goes back, for those who look for one. */
export const backRow: Row = { value: '\u0000back', label: 'Back' };

export type Answer = string | readonly string[];

export type Reply = { readonly kind: 'answer'; readonly value: Answer } | { readonly kind: 'back' };

/** Where somebody is on a page. */
export interface PageState {
  /** Among the rows that are shown. */
  readonly cursor: number;
  readonly tab: number;
  readonly search: string;
  readonly picked: readonly string[];
  /** The first line of the body that is shown. */
  readonly top: number;
  readonly problem?: string;
}

export interface Key {
  /** Node's name of it: `up`, `return`, `escape`, a letter. */
  readonly name: string;
  /** What it types. */
  readonly sequence: string;
  readonly ctrl: boolean;
}

/** A page as it is first seen: the cursor on the usual answer. */
export function openedPage({ question }: Page): PageState {
  const empty = { cursor: 0, tab: 0, search: '', picked: [], top: 0 };
  if (question.kind === 'text') return empty;
  if (question.kind === 'several') return { ...empty, picked: question.standard };
  const index = question.rows.findIndex(({ value }) => value === question.standard);
  return { ...empty, cursor: Math.max(0, index) };
}

/** The rows of the tab that fit the search. */
export function shownRows(question: Question, { tab, search }: PageState): readonly Row[] {
  if (question.kind === 'text') return [];
  const tabs = question.kind === 'several' ? question.tabs : [];
  const values = tabs[tab]?.values;
  const words = search.toLowerCase().split(' ').filter(Boolean);
  return question.rows.filter(({ value, label, detail = '' }) => {
    const text = `${value} ${label} ${detail}`.toLowerCase();
    return (values?.has(value) ?? true) && words.every((word) => text.includes(word));
  });
}

/** What a key does on a list; `bodyStep` is how far the body may be moved at once, 0 when all of it is shown. */
export function pressed(page: Page, state: PageState, key: Key, bodyStep: number): PageState | Reply {
  const { question } = page;
  if (key.name === 'escape') return { kind: 'back' };
  if (bodyStep > 0 && key.name === 'pagedown') return { ...state, top: state.top + bodyStep };
  if (bodyStep > 0 && key.name === 'pageup') return { ...state, top: Math.max(0, state.top - bodyStep) };
  const rows = shownRows(question, state);
  const moved = moves[key.name]?.(state.cursor, rows.length);
  if (moved !== undefined) return { ...state, cursor: Math.max(0, Math.min(rows.length - 1, moved)) };
  if (key.name === 'return' || key.name === 'enter') return answered(question, state, rows);
  return question.kind === 'several' ? pressedOnSeveral(question, state, key, rows) : state;
}

const moves: Readonly<Record<string, (cursor: number, count: number) => number>> = {
  up: (cursor) => cursor - 1,
  down: (cursor) => cursor + 1,
  pageup: (cursor) => cursor - 8,
  pagedown: (cursor) => cursor + 8,
  home: () => 0,
  end: (_, count) => count - 1,
};

function answered(question: Question, state: PageState, rows: readonly Row[]): PageState | Reply {
  if (question.kind === 'several') {
    if (state.picked.length === 0 && question.emptyProblem !== undefined)
      return { ...state, problem: question.emptyProblem };
    // In the order of the list, however they were picked.
    const value = question.rows.map((row) => row.value).filter((each) => state.picked.includes(each));
    return { kind: 'answer', value };
  }
  const row = rows[state.cursor];
  if (row === backRow) return { kind: 'back' };
  return row ? { kind: 'answer', value: row.value } : state;
}

function pressedOnSeveral(
  question: Extract<Question, { kind: 'several' }>,
  state: PageState,
  key: Key,
  rows: readonly Row[],
): PageState {
  const { problem, ...calm } = state;
  const row = rows[state.cursor];
  if (key.name === 'space') {
    if (!row) return calm;
    const { picked } = state;
    const without = picked.filter((value) => value !== row.value);
    return { ...calm, picked: without.length < picked.length ? without : [...picked, row.value] };
  }
  const count = question.tabs.length;
  if (count > 1 && ['left', 'right', 'tab'].includes(key.name)) {
    const step = key.name === 'left' ? count - 1 : 1;
    return { ...calm, tab: (state.tab + step) % count, cursor: 0 };
  }
  if (key.name === 'backspace') return { ...calm, search: state.search.slice(0, -1), cursor: 0 };
  if (key.ctrl || !/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(key.sequence))
    return problem === undefined ? state : calm;
  return { ...calm, search: state.search + key.sequence, cursor: 0 };
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Key, Page, PageState } from '../../src/lib/page.js';
import { openedPage, pressed } from '../../src/lib/page.js';
import type { Look, Size } from '../../src/lib/page-view.js';
import { pageView } from '../../src/lib/page-view.js';
import { widthOf } from '../../src/lib/text-width.js';

const plain = (text: string): string => text;
const look: Look = {
  symbols: { rule: '-', more: '...', full: '#', empty: '.' },
  bold: plain,
  dim: plain,
  red: plain,
};
const sizes: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 60, rows: 20 },
  { columns: 40, rows: 12 },
  { columns: 200, rows: 50 },
];

const products: Page = {
  id: 'products',
  title: 'Install products with a title that is longer than anybody would want to read in a line',
  ask: 'Which products?',
  body: () => Array.from({ length: 30 }, (_, index) => `line ${index + 1} of the body ${'x'.repeat(90)}`),
  question: {
    kind: 'several',
    standard: ['P3'],
    emptyProblem: 'Nothing is picked',
    rows: Array.from({ length: 40 }, (_, index) => ({
      value: `P${index}`,
      label: `P${index} 1.0 ${'long title '.repeat(12)}`,
      detail: `About ${index}, ${'and so on '.repeat(30)}`,
    })),
    tabs: [
      { name: 'All', values: new Set(Array.from({ length: 40 }, (_, index) => `P${index}`)) },
      { name: 'Drivers', values: new Set(['P1', 'P2']) },
    ],
  },
};

function key(name: string, sequence = ''): Key {
  return { name, sequence, ctrl: false };
}

/** Presses keys one after the other; the page must not end. */
function after(page: Page, ...keys: readonly Key[]): PageState {
  let state = openedPage(page);
  for (const each of keys) {
    const next = pressed(page, state, each, 0);
    assert.ok(!('kind' in next), 'the page ended');
    state = next;
  }
  return state;
}

describe('a page', () => {
  test('fits every terminal, whatever stands on it, and shows the row under the cursor', () => {
    for (const size of sizes) {
      for (const state of [
        after(products),
        after(products, key('end')),
        after(products, key('pagedown'), key('down')),
      ]) {
        const { lines } = pageView(products, state, size, look);
        assert.ok(lines.length < size.rows, `${lines.length} lines in ${size.rows} rows`);
        for (const line of lines) assert.ok(widthOf(line) < size.columns, line);
        assert.equal(lines.filter((line) => line.startsWith('> ')).length, 1, lines.join('\n'));
      }
    }
  });

  test('a list that is cut says which of its rows are seen, also where one row only is chosen', () => {
    const rows = Array.from({ length: 9 }, (_, index) => ({ value: `T${index}`, label: `Task ${index}` }));
    const page: Page = { ...products, body: () => [], question: { kind: 'one', rows } };
    const seen = (lines: number): string =>
      pageView(page, openedPage(page), { columns: 40, rows: lines }, look).lines.join('\n');
    assert.match(seen(14), /Task 6\n {2}\(1 to 7 of 9: Up, Down\)/);
    assert.doesNotMatch(seen(24), /of 9/);
  });

  test('no key is told that does nothing: a hidden answer cannot be edited', () => {
    const keys = (secret: boolean): string => {
      const page: Page = { ...products, question: { kind: 'text', standard: 'before', secret } };
      return pageView(page, openedPage(page), { columns: 80, rows: 24 }, look).below.join('\n');
    };
    assert.match(keys(false), /Tab edits/);
    assert.doesNotMatch(keys(true), /Tab/);
  });

  test('a body that is too long is moved, and its end can be reached', () => {
    const size = { columns: 80, rows: 24 };
    const first = pageView(products, openedPage(products), size, look);
    assert.ok(first.bodyStep > 0);
    let state = openedPage(products);
    for (let presses = 0; presses < 30; presses++) {
      const next = pressed(products, state, key('pagedown'), first.bodyStep);
      assert.ok(!('kind' in next));
      state = next;
    }
    assert.match(pageView(products, state, size, look).lines.join('\n'), /^line 30 of the body/m);
  });

  test('picks with Space, searches with letters, changes tabs, answers in the order of the list', () => {
    const state = after(products, key('down'), key('space', ' '), key('end'), key('space', ' '));
    assert.deepEqual(pressed(products, state, key('return'), 0), {
      kind: 'answer',
      value: ['P1', 'P3', 'P39'],
    });
    const searched = after(
      products,
      key('p', 'p'),
      key('2', '2'),
      key('space', ' '),
      key('backspace'),
      key('tab'),
    );
    assert.deepEqual(pressed(products, searched, key('return'), 0), { kind: 'answer', value: ['P2', 'P3'] });
    const shown = pageView(products, searched, { columns: 80, rows: 24 }, look).lines.join('\n');
    assert.match(shown, /\[Drivers\]/);
    assert.match(shown, /Search: p .* 2 picked, 2 shown/);
  });

  test('an empty pick is told where one must be picked; Escape goes back', () => {
    const empty = after(products, key('down'), key('down'), key('down'), key('space', ' '), key('return'));
    assert.equal(empty.problem, 'Nothing is picked');
    assert.deepEqual(pressed(products, empty, key('escape'), 0), { kind: 'back' });
  });

  test('a search that nothing fits says so and stays', () => {
    const state = after(products, key('z', 'z'), key('q', 'q'));
    assert.match(
      pageView(products, state, { columns: 60, rows: 20 }, look).lines.join('\n'),
      /Nothing fits the search/,
    );
    assert.deepEqual(pressed(products, state, key('return'), 0), { kind: 'answer', value: ['P3'] });
  });

  test('a list that is cut says which part of it is seen; a short one has no search', () => {
    const shown = (page: Page, state = openedPage(page)): string =>
      pageView(page, state, { columns: 80, rows: 24 }, look).lines.join('\n');
    const plainBody = { ...products, body: () => [] };
    assert.match(shown(plainBody), /Search: .* 1 picked, 1 to 12 of 40$/m);
    assert.match(shown(plainBody, after(plainBody, key('end'))), / 1 picked, 29 to 40 of 40$/m);
    const rows = ['a', 'b'].map((value) => ({ value, label: value }));
    const few: Page = { ...plainBody, question: { kind: 'several', rows, standard: [], tabs: [] } };
    assert.match(shown(few), /^ +0 picked, 2 shown$/m);
    assert.doesNotMatch(shown(few), /Search/);
    assert.match(shown(few, after(few, key('b', 'b'))), /^Search: b +0 picked, 1 shown$/m);
  });

  test('the keys are told wherever there is room', () => {
    const last = (page: Page, size: Size): string => {
      const { lines, below } = pageView(page, openedPage(page), size, look);
      const all = [...lines, ...below];
      return all.slice(all.lastIndexOf('') + 1).join('|');
    };
    const [wide, narrow, small] = sizes as readonly [Size, Size, Size];
    assert.equal(
      last(products, wide),
      'Space picks   Left/Right: tabs   Enter goes on   Esc goes back   Ctrl-C ends',
    );
    assert.equal(
      last(products, narrow),
      'Space picks   Left/Right: tabs|Enter goes on   Esc goes back   Ctrl-C ends',
    );
    assert.equal(last(products, small), 'Enter goes on   Esc back   Ctrl-C ends');
    const text = (standard: string): Page => ({
      ...products,
      question: { kind: 'text', standard, secret: false },
    });
    assert.match(last(text('x'), wide), /Tab edits/);
    assert.doesNotMatch(last(text(''), wide), /Tab edits/);
  });
});

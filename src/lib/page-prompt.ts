// Comes in: a page. Goes out: its answer, or the wish to go back. The only file that knows inquirer's core, and loads it
// when the first page is shown. Draws on stderr, so that stdout stays data; Ctrl-C becomes INTERRUPTED.
import { AppError } from '../errors.js';
import type { Key, Page, Reply } from './page.js';
import { openedPage, pressed } from './page.js';
import type { Look, Size } from './page-view.js';
import { pageView } from './page-view.js';

/** Asks one page after the other on this process's terminal. */
export type AskPage = (page: Page) => Promise<Reply>;

const clearScreen = '\u001b[H\u001b[2J';
const hideCursor = '\u001b[?25l';

/** The size of this process's terminal; 80 by 24 where it does not tell. */
export function terminalSize(): Size {
  const { columns, rows } = process.stderr;
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

/** Begins an empty screen: nothing of the page before stays. */
export function emptyScreen(): void {
  process.stderr.write(clearScreen);
}

type Shown = (settings: { page: Page; look: Look }, context: object) => Promise<Reply>;

/** Shows pages as this look says. */
export function createAskPage(look: Look, signal: AbortSignal): AskPage {
  let prompt: Shown | undefined;
  return async (page) => {
    if (!prompt) await tellEscapeSoon();
    prompt ??= await pagePrompt();
    emptyScreen();
    try {
      return await prompt({ page, look }, { output: process.stderr, clearPromptOnDone: true, signal });
    } catch (error) {
      if (!(error instanceof Error) || !/^(Exit|Abort)PromptError$/.test(error.name)) throw error;
      throw new AppError('INTERRUPTED', 'Stopped at a question: nothing was changed', { cause: error });
    }
  };
}

/** How long a key may take to arrive, in milliseconds: Esc begins many of them (terminals send an arrow as several bytes). */
const escapeCodeTimeout = 100;

/**
 * Node waits half a second after Esc by itself, and takes one that is pressed again meanwhile for a part of the first. The
 * first reader of a stream decides how long (`escapeCodeTimeout` of `readline.createInterface`).
 */
async function tellEscapeSoon(): Promise<void> {
  const { createInterface } = await import('node:readline');
  createInterface({ input: process.stdin, terminal: true, escapeCodeTimeout }).close();
}

async function pagePrompt(): Promise<Shown> {
  const { createPrompt, useEffect, useKeypress, useState } = await import('@inquirer/core');
  return createPrompt<Reply, { page: Page; look: Look }>(({ page, look }, done) => {
    const { question } = page;
    const [state, setState] = useState(openedPage(page));
    const [size, setSize] = useState(terminalSize());
    const [typed, setTyped] = useState('');
    const [standard, setStandard] = useState(question.kind === 'text' ? question.standard : '');
    const view = pageView(page, state, size, look);
    useEffect(() => {
      const resized = (): void => {
        emptyScreen();
        setSize(terminalSize());
      };
      process.stderr.on('resize', resized);
      return () => process.stderr.off('resize', resized);
    }, []);
    useKeypress((event, line) => {
      const key = { sequence: '', ...event } as Key;
      if (question.kind !== 'text') {
        // What is typed is kept by the page, not by the line.
        line.clearLine(0);
        const next = pressed(page, state, key, view.bodyStep);
        if ('kind' in next) done(next);
        else setState(next);
        return;
      }
      if (key.name === 'escape') done({ kind: 'back' });
      else if (key.name === 'return' || key.name === 'enter') {
        const value = typed === '' ? standard : typed;
        const problem = question.check?.(value);
        if (problem === undefined) done({ kind: 'answer', value });
        else {
          line.write(typed);
          setState({ ...state, problem });
        }
      } else if (key.name === 'tab') {
        line.clearLine(0);
        const text = typed === '' && !question.secret ? standard : typed;
        line.write(text);
        setTyped(text);
      } else if (key.name === 'backspace' && typed === '') setStandard('');
      else if (view.bodyStep > 0 && (key.name === 'pagedown' || key.name === 'pageup')) {
        const next = pressed(page, state, key, view.bodyStep);
        if (!('kind' in next)) setState(next);
      } else setTyped(line.line);
    });
    if (question.kind !== 'text') return hideCursor + view.lines.join('\n');
    const shown = question.secret ? '*'.repeat(typed.length) : typed;
    const usual =
      typed === '' && standard !== ''
        ? `${look.dim(question.secret ? '(as before)' : `(${standard})`)} `
        : '';
    return [[...view.lines, `> ${usual}${shown}`].join('\n'), view.below.join('\n')];
  });
}

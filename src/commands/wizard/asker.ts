// Comes in: pages. Goes out: their answers, from the keyboard or from a file. Also says what happens between the pages:
// on a screen of its own, or line by line. Knows no page by name.
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page, Reply } from '../../lib/page.js';
import { backRow } from '../../lib/page.js';
import type { AskPage } from '../../lib/page-prompt.js';
import { emptyScreen, terminalSize } from '../../lib/page-prompt.js';
import type { Look } from '../../lib/page-view.js';
import { heading, usableWidth } from '../../lib/page-view.js';
import type { Terminal } from '../../lib/terminal.js';
import { plainLine, wrapped } from '../../lib/text-width.js';
import { answerFrom, answerRefused } from './answers.js';
import type { Answers } from './flow.js';

export interface Asker {
  /** Whether somebody is there to mend an answer. */
  readonly keys: boolean;
  /** Answers that no page on the way asks for: choices of versions. */
  readonly given: Answers;
  /** The whole file of answers; absent where somebody is at the keys. */
  readonly file?: Answers;
  readonly ask: (page: Page) => Promise<Reply>;
  /** Waits, and says so when it takes long. */
  readonly waiting: <T>(title: string, work: Promise<T>) => Promise<T>;
  /** Begins the page on which things are done, and says what is said there. */
  readonly begin: (title: string, lines: readonly string[]) => Pick<Terminal, 'say' | 'warn'>;
  /** Ends the screens; these lines stay on the terminal. */
  readonly end: (lines: readonly string[]) => void;
  /** Where all that is said is kept; absent = nowhere but where it is said. */
  readonly log?: string;
}

const busyAfter = 200;

/** Asks on the terminal. `notes` is what was said between two pages: it is shown on the next one. */
export function answersByKeys(
  askPage: AskPage,
  look: Look,
  terminal: Terminal,
  notes: string[],
  log: string,
): Asker {
  const begun = (title: string): void => {
    emptyScreen();
    for (const line of heading(title, terminalSize(), look)) process.stderr.write(`${line}\n`);
  };
  const ask = (page: Page): Promise<Reply> => {
    const said = notes.splice(0);
    const asked = withBackRow(page);
    if (said.length === 0) return askPage(asked);
    const body: Page['body'] = (width) => [
      ...said.flatMap((line) => wrapped(plainLine(line), width, '  ')),
      ...page.body(width),
    ];
    return askPage({ ...asked, body });
  };
  const waiting = async <T>(title: string, work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => {
      begun(title);
      process.stderr.write('\nOne moment: looking at the feeds and at this machine\n');
    }, busyAfter);
    return work.finally(() => clearTimeout(timer));
  };
  return {
    keys: true,
    given: {},
    log,
    ask,
    waiting,
    end(lines) {
      emptyScreen();
      lines.forEach((line) => terminal.say(line));
    },
    begin(title, lines) {
      begun(title);
      const say = (text: string): void => {
        keep(log, text);
        const width = usableWidth(terminalSize());
        for (const line of text.split('\n')) terminal.say(wrapped(plainLine(line), width, '    ').join('\n'));
      };
      lines.forEach(say);
      return { say, warn: say };
    },
  };
}

/** Esc goes back from everywhere; in a list somebody may look for a row that does. */
function withBackRow(page: Page): Page {
  const { question, first } = page;
  const leads = (value: string): boolean => value === 'start' || value === 'feeds';
  if (question.kind !== 'one' || first === true || question.rows.some(({ value }) => leads(value)))
    return page;
  return { ...page, question: { ...question, rows: [...question.rows, backRow] } };
}

/** Answers of a file; what is wrong with one ends the wizard. */
export function answersByFile(file: Answers, terminal: Terminal): Asker {
  const asked = new Set<string>();
  let before: Page | undefined;
  const choices = Object.entries(file).filter(([page]) => page.startsWith('choice:'));
  return {
    keys: false,
    file,
    given: Object.fromEntries(choices),
    ask: (page) => {
      // What led back to a page would do so again, without an end. Where a text is asked, it was the answer after it.
      if (asked.has(page.id))
        throw answerRefused(file, page.question.kind === 'text' && before ? before : page, page.id);
      asked.add(page.id);
      before = page;
      const value = answerFrom(file, page);
      const shown = page.question.kind === 'text' && page.question.secret ? '...' : [value].flat().join(', ');
      terminal.say(`${page.ask} ${shown}`.trimEnd());
      return Promise.resolve({ kind: 'answer', value });
    },
    waiting: (_title, work) => work,
    begin: (_title, lines) => {
      lines.forEach((line) => terminal.say(line));
      return terminal;
    },
    end: (lines) => lines.forEach((line) => terminal.say(line)),
  };
}

/** Screens are wiped: what was said on them stays in a file. A log that cannot be written stops nothing. */
function keep(log: string, text: string): void {
  try {
    mkdirSync(dirname(log), { recursive: true });
    appendFileSync(log, `${new Date().toISOString()} ${plainLine(text)}\n`, { mode: 0o600 });
  } catch {
    // The disk may be full, and what is at work tells so itself.
  }
}

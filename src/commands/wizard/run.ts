// Comes in: the words of a command. Goes out: what it answers, as the value of its `--json`, or its error. The wizard does
// nothing in another way than these words do when they are typed.
import type { Command } from '../../command.js';
import { parseWords } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import type { Terminal } from '../../lib/terminal.js';
import type { CommandWords } from './words.js';

/** The commands that pages lead to. */
const runnable: Readonly<Record<string, () => Promise<Command>>> = {
  install: async () => (await import('../install.js')).install,
  new: async () => (await import('../new.js')).newProject,
  upgrade: async () => (await import('../upgrade.js')).upgrade,
  verify: async () => (await import('../verify.js')).verify,
  uninstall: async () => (await import('../uninstall.js')).uninstallProducts,
  bundle: async () => (await import('../bundle.js')).bundle,
  feed: async () => (await import('../feed.js')).feed,
};

export interface Ended {
  readonly value: unknown;
  readonly error?: AppError;
  /** What it said when all was done: how to go on. */
  readonly next: readonly string[];
}

/** Runs a command that asks nothing; throws only what is a bug. */
export async function runWords(
  context: Context,
  { words, variables }: CommandWords,
  talk: Pick<Terminal, 'say' | 'warn'> = context.terminal,
): Promise<Ended> {
  const [name = '', ...rest] = words;
  const command = await runnable[name]?.();
  if (!command) throw new Error(`no command ${name}`);
  let value: unknown;
  let printed = false;
  const next: string[] = [];
  const say = (line: string): void => {
    if (printed) next.push(line);
    talk.say(line);
  };
  const terminal: Terminal = {
    ...context.terminal,
    warn: talk.warn,
    say,
    interactive: false,
    json: true,
    print: say,
    printJson: (given) => {
      value = given;
      printed = true;
    },
    printedJson: () => printed,
  };
  const own = { ...context, terminal, variables: { ...context.variables, ...variables }, shown: true };
  try {
    await command.run(own, parseWords(command, name, rest));
    return { value, next };
  } catch (error) {
    if (error instanceof AppError) return { value, error, next };
    throw error;
  } finally {
    terminal.progress(undefined);
  }
}

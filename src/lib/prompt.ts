// Comes in: a question. Goes out: an answer. The only file that knows inquirer, and loads it when the first question
// is asked. Asks on stderr, so that stdout stays data; Ctrl-C becomes INTERRUPTED.
import { AppError } from '../errors.js';

export interface Choice {
  readonly value: string;
  readonly name: string;
}

export interface Prompt {
  confirm(message: string, standard?: boolean): Promise<boolean>;
  text(message: string, standard?: string): Promise<string>;
  password(message: string): Promise<string>;
  /** Answers the value of the one that is chosen by its name. */
  choose(message: string, choices: readonly Choice[], standard?: string): Promise<string>;
}

/** Questions on this process's terminal. */
export function createPrompt(): Prompt {
  return {
    confirm: (message, standard = true) =>
      ask({ type: 'confirm', message, default: standard }) as Promise<boolean>,
    text: (message, standard) =>
      ask({
        type: 'input',
        message,
        ...(standard === undefined ? {} : { default: standard }),
      }) as Promise<string>,
    password: (message) => ask({ type: 'password', message, mask: '*' }) as Promise<string>,
    choose: (message, choices, standard) =>
      ask({
        type: 'select',
        message,
        choices,
        ...(standard === undefined ? {} : { default: standard }),
      }) as Promise<string>,
  };
}

interface Question {
  readonly type: 'confirm' | 'input' | 'password' | 'select';
  readonly message: string;
  readonly default?: boolean | string;
  readonly mask?: string;
  readonly choices?: readonly Choice[];
}

async function ask(question: Question): Promise<unknown> {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ output: process.stderr });
  try {
    const answers = (await prompt([{ ...question, name: 'answer' }] as never)) as { answer: unknown };
    return answers.answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new AppError('INTERRUPTED', 'Stopped at a question: nothing was changed', { cause: error });
    }
    throw error;
  }
}

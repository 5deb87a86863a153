// `zookit wizard`, and `zookit` alone on a terminal: choose, see what comes along, accept, watch, open the site. What is
// done is done by the commands; with --answers a file takes the place of the keys.
import { join, resolve } from 'node:path';
import type { Command, Options } from '../command.js';
import { text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { createAskPage } from '../lib/page-prompt.js';
import { symbolsFor } from '../lib/symbols.js';
import { readAnswers } from './wizard/answers.js';
import { answersByFile, answersByKeys } from './wizard/asker.js';
import type { WalkSettings } from './wizard/walk.js';
import { walk } from './wizard/walk.js';
import { WizardWorld } from './wizard/world.js';

export const wizard: Command = {
  usage: 'wizard',
  options: {
    answers: text('FILE', 'a file of answers instead of the keyboard'),
    'record-answers': text('FILE', 'write what is chosen into this file, without secrets'),
  },
  examples: ['zookit', 'zookit wizard --record-answers shop.json', 'zookit wizard --answers shop.json'],
  async run(context, { options }) {
    const file = textOption(options, 'answers');
    const { terminal } = context;
    if (file === undefined && !terminal.interactive)
      throw new AppError('USAGE', 'The wizard asks on a terminal, and this is none', {
        details: ['Wanted a terminal for input and output, without `--json`'],
        hint: 'Give the answers in a file: `zookit wizard --answers FILE`; or see `zookit --help`',
      });
    if (file === undefined && context.variables['TERM'] === 'dumb')
      throw new AppError('USAGE', 'The wizard draws whole screens, and this terminal shows lines only', {
        details: ['Found TERM=dumb'],
        hint: 'Type commands instead, see `zookit --help`; or answer by a file: `zookit wizard --answers FILE`',
      });
    const settings = settingsOf(context, options);
    if (file !== undefined)
      return walk(new WizardWorld(context), answersByFile(await readAnswers(file), terminal), settings);
    // What is said between two screens is shown on the next one.
    const notes: string[] = [];
    const say = (line: string): void => void notes.push(line);
    const quiet = { ...terminal, say, warn: say };
    const symbols = symbolsFor(context.variables, process.platform);
    const look = { symbols, bold: terminal.bold, dim: terminal.dim, red: terminal.red };
    const asker = answersByKeys(createAskPage(look, context.signal), look, terminal, notes, logFor(context));
    return walk(new WizardWorld({ ...context, terminal: quiet }), asker, settings);
  },
};

function settingsOf(context: Context, options: Options): WalkSettings {
  const record = textOption(options, 'record-answers');
  return { context, options, ...(record === undefined ? {} : { record: resolve(record) }) };
}

/** Screens are wiped: what was said while they were shown stays in a file. */
function logFor({ paths }: Context): string {
  return join(paths.logs, `wizard-${new Date().toISOString().replace(/[:.]/g, '-')}.log`);
}

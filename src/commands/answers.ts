// Comes in: the parameters that an entry asks for, and what the user said. Goes out: an answer for each. Asks only on a
// terminal, and only what was not said. Knows no parameter by name.
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { conditionHolds } from '../lib/condition.js';
import type { Entry, Parameter } from '../types.js';
import type { AnswerFile } from './answer-file.js';
import { answerTo } from './answer-file.js';

export interface Said {
  /** `--param NAME=VALUE` and what options of a command stand for, by parameter name in any case. */
  readonly given: ReadonlyMap<string, string>;
  /** What an answer file says, by lower-case name; the other two come first. It may answer what nobody asks. */
  readonly file?: AnswerFile;
  /** False with --yes: defaults are taken without a question. */
  readonly ask: boolean;
}

/** Splits `NAME=VALUE` words; throws USAGE. */
export function parseParameters(words: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const index = word.indexOf('=');
    if (index <= 0) {
      // The rest of the word may be a password with a colon before it.
      throw new AppError('USAGE', `'${/^\w*/.exec(word)?.[0] ?? ''}' is not NAME=VALUE`, {
        hint: 'For example `--param DbName=shop`',
      });
    }
    given.set(word.slice(0, index).toLowerCase(), word.slice(index + 1));
  }
  return given;
}

/** Answers to all of an entry's parameters that count, by declared name; throws USAGE for what is wrong or missing. */
export async function answersFor(entry: Entry, said: Said, context: Context): Promise<Map<string, string>> {
  refuseUnknown(entry, said);
  const answers = new Map<string, string>();
  for (const parameter of entry.parameters) {
    if (!counts(parameter, answers)) {
      // A skeleton may name it all the same: what does not count is empty.
      answers.set(parameter.name, '');
      continue;
    }
    const answer = saidFor(parameter, said, context) ?? (await askFor(parameter, said, context));
    if (answer === undefined) throw missing(entry, parameter);
    answers.set(parameter.name, checked(parameter, answer));
  }
  return answers;
}

/** Whether a parameter's condition holds for the answers so far. */
function counts({ when }: Parameter, answers: ReadonlyMap<string, string>): boolean {
  if (!when) return true;
  const found = [...answers].find(([name]) => name.toLowerCase() === when.parameter.toLowerCase());
  return conditionHolds(when.values, found?.[1]);
}

/** What was said of a parameter without a question: by option, variable or file, in this order. */
export function saidFor(parameter: Parameter, said: Said, context: Context): string | undefined {
  const name = parameter.name.toLowerCase();
  const variable = Object.entries(context.variables).find(
    ([key]) => key.toLowerCase() === `zookit_param_${name}`,
  );
  return said.given.get(name) ?? variable?.[1] ?? (said.file && answerTo(parameter, said.file));
}

async function askFor(parameter: Parameter, said: Said, context: Context): Promise<string | undefined> {
  if (!said.ask || !context.terminal.interactive) return parameter.default;
  const { prompt } = context;
  const { type, title, default: standard } = parameter;
  if (type === 'password') return prompt.password(title);
  if (type === 'choice')
    return prompt.choose(
      title,
      parameter.choices.map(({ value }) => value),
      standard,
    );
  return prompt.text(title, standard);
}

function checked(parameter: Parameter, answer: string): string {
  const { name, type, choices } = parameter;
  if (type === 'choice') {
    const choice = choices.find(({ value }) => value.toLowerCase() === answer.toLowerCase());
    if (choice) return choice.value;
    throw wrong(name, answer, `Wanted one of ${choices.map(({ value }) => value).join(', ')}`);
  }
  if (type === 'number' && answer !== '' && !/^\d+$/.test(answer))
    throw wrong(name, answer, 'Wanted a whole number');
  return answer;
}

function wrong(name: string, answer: string, wanted: string): AppError {
  return new AppError('USAGE', `'${answer}' is no value for '${name}'`, {
    details: [wanted],
    hint: `Give another one with \`--param ${name}=VALUE\``,
  });
}

function refuseUnknown(entry: Entry, { given }: Said): void {
  const known = entry.parameters.map(({ name }) => name);
  const names = new Set(known.map((name) => name.toLowerCase()));
  const unknown = [...given.keys()].find((name) => !names.has(name));
  if (unknown === undefined) return;
  throw new AppError('USAGE', `'${entry.productId}' has no parameter '${unknown}'`, {
    details: [known.length > 0 ? `It has ${known.join(', ')}` : 'It has none'],
    hint: `See them with \`zookit show ${entry.productId}\``,
  });
}

function missing(entry: Entry, parameter: Parameter): AppError {
  return new AppError(
    'USAGE',
    `'${entry.productId}' needs a value for '${parameter.name}' (${parameter.title})`,
    {
      hint: `Give it with \`--param ${parameter.name}=VALUE\``,
    },
  );
}

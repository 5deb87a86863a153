// Comes in: the parameters that an entry asks for, and what the user said. Goes out: an answer for each. Asks only on a
// terminal, and only what was not said. Knows no parameter by name.
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { conditionHolds } from '../lib/condition.js';
import { PatternError, fitting, patternProblem } from '../lib/guarded-match.js';
import { nearestHint } from '../lib/nearest.js';
import { filledReferences } from '../lib/references.js';
import type { Entry, Parameter } from '../types.js';
import type { AnswerFile } from './answer-file.js';
import { answerTo, fitsTag } from './answer-file.js';

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
  if (!asksLater(entry)) refuseUnknown(entry.productId, entry.parameters, said);
  return answersTo(entry.productId, entry.parameters, said, context);
}

/** Whether its package asks more, once it is fetched: until then nobody knows which names are wrong. */
export function asksLater({ installers }: Entry): boolean {
  return installers.some(({ action }) => action.kind === 'webdeploy');
}

/** Answers to parameters, in their order; throws USAGE for what is wrong, and for all that is missing at once. */
export async function answersTo(
  product: string,
  parameters: readonly Parameter[],
  said: Said,
  context: Context,
): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const lacking: Parameter[] = [];
  for (const parameter of parameters) {
    if (!counts(parameter, answers)) {
      // A skeleton may name it all the same: what does not count is empty.
      answers.set(parameter.name, '');
      continue;
    }
    const given = saidFor(parameter, said, context);
    const answer = given ?? (await askUntilRight(withDefault(parameter, answers), said, context));
    const isMissing = answer === undefined || (answer === '' && parameter.rules?.required === true);
    const other = parameters.find(({ name }) => name === parameter.rules?.unlessSaid);
    if (isMissing && !(other && saidFor(other, said, context))) lacking.push(parameter);
    answers.set(parameter.name, isMissing ? '' : checkedAnswer(parameter, answer));
  }
  if (lacking.length > 0) throw missing(product, lacking);
  return answers;
}

/** The parameter with a default that stands for itself. */
function withDefault(parameter: Parameter, answers: ReadonlyMap<string, string>): Parameter {
  if (parameter.rules?.references !== true || parameter.default === undefined) return parameter;
  const known = new Map([...answers].map(([name, answer]) => [name.toLowerCase(), answer]));
  return { ...parameter, default: filledReferences(parameter.default, known) };
}

/** Whether a parameter's condition holds for the answers so far. */
function counts({ when }: Parameter, answers: ReadonlyMap<string, string>): boolean {
  if (!when) return true;
  const found = [...answers].find(([name]) => name.toLowerCase() === when.parameter.toLowerCase());
  return conditionHolds(when.values, found?.[1]);
}

/**
 * What was said of a parameter without a question: by option, variable or file, in this order; each by the parameter's name,
 * else by one of its tags. In a variable's name `_` stands for what no such name can hold.
 */
export function saidFor(parameter: Parameter, said: Said, context: Context): string | undefined {
  const variables = Object.entries(context.variables).flatMap(([key, value]) => {
    const [, name] = /^zookit_param_(.+)$/i.exec(key) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
  return (
    namedFor(parameter, [...said.given]) ??
    namedFor(parameter, variables) ??
    (said.file && answerTo(parameter, said.file))
  );
}

function namedFor(parameter: Parameter, said: readonly (readonly [string, string])[]): string | undefined {
  const name = parameter.name.toLowerCase();
  const found =
    said.find(([key]) => key === name) ??
    said.find(([key]) => key === name.replace(/[^a-z0-9_]/g, '_')) ??
    said.find(([key]) => fitsTag(parameter, key));
  return found?.[1];
}

/** Asks again after an answer that is refused: what was typed before is not lost; the third one is told as an error. */
async function askUntilRight(
  parameter: Parameter,
  said: Said,
  context: Context,
): Promise<string | undefined> {
  if (!said.ask || !context.terminal.interactive) return askFor(parameter, said, context);
  const { rules } = parameter;
  if (rules?.hidden === true) return parameter.default;
  if (parameter.description !== undefined) context.terminal.say(parameter.description);
  for (let tries = 1; ; tries++) {
    try {
      const answer = (await askFor(parameter, said, context)) ?? '';
      if (answer === '' && rules?.required === true) throw refused(parameter, answer, 'Wanted an answer');
      const right = checkedAnswer(parameter, answer);
      if (rules?.confirm === true && right !== '') await confirmed(parameter, right, context);
      return right;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'USAGE' || tries === 3) throw error;
      context.terminal.warn([error.message, ...error.details].join('; '));
    }
  }
}

/** A new password is typed twice: nobody sees what was typed. */
async function confirmed(parameter: Parameter, answer: string, { prompt }: Context): Promise<void> {
  if ((await prompt.password(`${parameter.title} (once more)`)) === answer) return;
  throw new AppError('USAGE', `The two answers to '${parameter.name}' differ`, {
    hint: 'Run the same command again, and type the same twice',
  });
}

async function askFor(parameter: Parameter, said: Said, context: Context): Promise<string | undefined> {
  if (!said.ask || !context.terminal.interactive) return parameter.default;
  const { prompt } = context;
  const { type, title, default: standard } = parameter;
  if (type === 'password') return (await prompt.password(title)) || standard || '';
  if (type === 'choice')
    return prompt.choose(
      title,
      parameter.choices.map((choice) => ({ value: choice.value, name: choice.title ?? choice.value })),
      standard,
    );
  return prompt.text(title, standard);
}

function checkedAnswer(parameter: Parameter, answer: string): string {
  const { type, choices, rules } = parameter;
  if (answer === '' && rules) return answer;
  if (rules && /\p{Cc}/u.test(answer))
    throw refused({ ...parameter, type: 'password' }, answer, 'Wanted a value without control characters');
  if (rules?.pattern !== undefined) checkPattern(parameter, rules.pattern, answer);
  if (type === 'choice') {
    const choice = choices.find(({ value }) => value.toLowerCase() === answer.toLowerCase());
    if (choice) return choice.value;
    const values = choices.map(({ value }) => value);
    throw wrong(parameter, answer, `Wanted one of ${values.join(', ')}`);
  }
  if (type === 'number' && answer !== '' && !/^\d+$/.test(answer))
    throw wrong(parameter, answer, 'Wanted a whole number');
  return answer;
}

function wrong(parameter: Parameter, answer: string, wanted: string): AppError {
  const { name, type, default: standard = '' } = parameter;
  const values = parameter.choices.map(({ value }) => value);
  const usual = standard === '' ? (type === 'number' ? 'NUMBER' : 'VALUE') : standard;
  const example = option(name, values[0] ?? usual);
  return new AppError('USAGE', `'${answer}' is no value for '${name}'`, {
    details: [wanted],
    hint: nearestHint(answer, values, `Give another one, for example \`${example}\``),
  });
}

/** An answer that a package's rules do not allow; a secret one is not shown. */
function refused(parameter: Parameter, answer: string, wanted: string): AppError {
  const { name, type } = parameter;
  if (type !== 'password') return wrong(parameter, answer, wanted);
  return new AppError('USAGE', `The value for '${name}' is not one that its package allows`, {
    details: [wanted, `Found ${answer.length} characters`],
    hint: `Give another one in the variable ZOOKIT_PARAM_${name.replace(/\W/g, '_').toUpperCase()}`,
  });
}

/** A pattern that is written for .NET only is told by the installer as left to do. */
function checkPattern(parameter: Parameter, pattern: string, answer: string): void {
  if (patternProblem(pattern) !== undefined) return;
  try {
    if (fitting(pattern, [answer]).length === 1) return;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw refused(parameter, answer, `Wanted '${pattern}', but ${error.message}`);
  }
  const help = parameter.description === undefined ? [] : [`: ${parameter.description}`];
  throw refused(parameter, answer, `Wanted a value that fits '${pattern}'${help.join('')}`);
}

/** Throws USAGE for an answer by `--param` that no parameter takes. */
export function refuseUnknown(product: string, parameters: readonly Parameter[], { given }: Said): void {
  const known = parameters.map(({ name }) => name);
  const unknown = [...given].find(
    (one) => !parameters.some((parameter) => namedFor(parameter, [one]) !== undefined),
  )?.[0];
  if (unknown === undefined) return;
  throw new AppError('USAGE', `'${product}' has no parameter '${unknown}'`, {
    details: [known.length > 0 ? `It has ${known.join(', ')}` : 'It has none'],
    hint: nearestHint(unknown, known, `See them with \`zookit show ${product}\``),
  });
}

function missing(product: string, parameters: readonly Parameter[]): AppError {
  const names = parameters.map(({ name, title }) => `'${name}' (${title})`).join(', ');
  return new AppError('USAGE', `'${product}' needs a value for ${names}`, {
    hint: `Give it with ${parameters.map(({ name }) => `\`${option(name)}\``).join(' and ')}`,
  });
}

function option(name: string, value = 'VALUE'): string {
  const word = `${name}=${value}`;
  return /\s/.test(word) ? `--param "${word}"` : `--param ${word}`;
}

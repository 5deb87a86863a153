// Comes in: the products that were chosen, and answers so far. Goes out: the questions of their feed that count, each as a
// page. The same rules as for the options of `install` and `new`; knows no parameter by name.
import type { Context } from '../../context.js';
import { conditionHolds } from '../../lib/condition.js';
import type { Page } from '../../lib/page.js';
import { plainLine, wrapped } from '../../lib/text-width.js';
import type { Catalog, Entry, Parameter } from '../../types.js';
import type { Answers } from './flow.js';
import { parameterPage } from './flow.js';
import { findProduct } from '../../lib/find-product.js';

/** The entries whose questions are asked. */
export function askingEntries(catalog: Catalog, answers: Answers): Entry[] {
  const page = askingPages[String(answers['start'])];
  const ids = page === undefined ? [] : [answers[page] ?? []].flat();
  const entries = ids.flatMap((id) => findProduct(catalog, id)?.entries[0] ?? []);
  return answers['start'] === 'bundle' ? entries.map(onlyWhatBrings) : entries;
}

/** The page that the products of a task are chosen on. */
const askingPages: Readonly<Record<string, string>> = {
  install: 'products',
  new: 'template',
  bundle: 'bundle',
};

/** A bundle holds products: every other question has time until its installation. */
function onlyWhatBrings(entry: Entry): Entry {
  const parameters = entry.parameters.filter(({ choices }) => choices.some(({ product }) => product));
  return { ...entry, parameters };
}

/** The questions to ask: those that a variable answers are not. */
export function questionsOf(catalog: Catalog, answers: Answers, context: Context): Parameter[] {
  return countingQuestions(catalog, answers, context).filter(
    ({ name }) => variableOf(name, context) === undefined,
  );
}

/** The questions that count, by what was answered before them. */
export function countingQuestions(catalog: Catalog, answers: Answers, context: Context): Parameter[] {
  const found = new Map<string, Parameter>();
  for (const { parameters } of askingEntries(catalog, answers)) {
    for (const parameter of parameters) {
      const name = parameter.name.toLowerCase();
      if (!found.has(name) && counts(parameter, parameters, answers, context)) found.set(name, parameter);
    }
  }
  return [...found.values()];
}

function counts(
  { when }: Parameter,
  parameters: readonly Parameter[],
  answers: Answers,
  context: Context,
): boolean {
  if (!when) return true;
  const wanted = when.parameter.toLowerCase();
  const other = parameters.find(({ name }) => name.toLowerCase() === wanted);
  if (!other) return false;
  return conditionHolds(when.values, answerFor(other, answers, context));
}

/** What a question is answered by: a variable, a page, else its default. */
export function answerFor(
  { name, default: standard }: Parameter,
  answers: Answers,
  context: Context,
): string | undefined {
  const answer = variableOf(name, context) ?? answers[parameterPage(name)] ?? standard;
  return typeof answer === 'string' ? answer : undefined;
}

function variableOf(name: string, { variables }: Context): string | undefined {
  const wanted = variableFor(name).toLowerCase();
  return Object.entries(variables).find(([variable]) => variable.toLowerCase() === wanted)?.[1];
}

/** Answers that may enter no file and no command line. */
export function isSecret({ type, tags }: Parameter): boolean {
  return type === 'password' || tags.some((tag) => tag.toLowerCase() === 'nostore');
}

/** The page that asks it. */
export function questionPage(parameter: Parameter, standard: string, title: string): Page {
  const { name, type, choices } = parameter;
  const frame = { id: parameterPage(name), title, ask: parameter.title || name };
  if (type === 'choice') {
    const rows = choices.map(({ value, title: words = value, product }) => ({
      value,
      label: product === undefined ? words : `${words}   (brings ${product})`,
    }));
    return { ...frame, body: () => [], question: { kind: 'one', rows, standard } };
  }
  const check = type === 'number' ? { check: numberProblem } : {};
  const note =
    type === 'password'
      ? [`Shown as stars. It is kept in no answer file; next time ${variableFor(name)} can say it.`]
      : [];
  return {
    ...frame,
    body: (width) => note.flatMap((line) => wrapped(plainLine(line), width)),
    question: { kind: 'text', standard, secret: type === 'password', ...check },
  };
}

function numberProblem(text: string): string | undefined {
  return text === '' || /^\d+$/.test(text) ? undefined : `'${plainLine(text)}' is not a whole number`;
}

/** The variable that can answer a question instead of a command line. */
export function variableFor(name: string): string {
  return `ZOOKIT_PARAM_${name.toUpperCase()}`;
}

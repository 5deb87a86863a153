// Comes in: the products that were chosen, and answers so far. Goes out: the questions of their feed that count, each as a
// page. The same rules as for the options of `install` and `new`; knows no parameter by name.
import { findProduct } from '../catalog/search.js';
import type { Context } from '../context.js';
import { conditionHolds } from '../lib/condition.js';
import type { Page } from '../lib/page.js';
import { plainLine, wrapped } from '../lib/text-width.js';
import type { Catalog, Entry, Parameter } from '../types.js';
import type { Answers } from './wizard-flow.js';
import { parameterPage } from './wizard-flow.js';

/** The entries whose questions are asked. */
export function askingEntries(catalog: Catalog, answers: Answers): Entry[] {
  const ids = answers['start'] === 'new' ? [answers['template']] : [answers['products'] ?? []].flat();
  const known = ids.filter((id): id is string => typeof id === 'string');
  return known.flatMap((id) => findProduct(catalog, id)?.entries[0] ?? []);
}

/** The questions that count, by what was answered before them; those that a variable answers are not asked. */
export function questionsOf(catalog: Catalog, answers: Answers, { variables }: Context): Parameter[] {
  const spoken = new Set(
    Object.keys(variables).flatMap((name) => /^zookit_param_(.+)$/i.exec(name)?.[1]?.toLowerCase() ?? []),
  );
  const found = new Map<string, Parameter>();
  for (const { parameters } of askingEntries(catalog, answers)) {
    for (const parameter of parameters) {
      const name = parameter.name.toLowerCase();
      if (!found.has(name) && !spoken.has(name) && counts(parameter, parameters, answers, variables))
        found.set(name, parameter);
    }
  }
  return [...found.values()];
}

function counts(
  { when }: Parameter,
  parameters: readonly Parameter[],
  answers: Answers,
  variables: Context['variables'],
): boolean {
  if (!when) return true;
  const wanted = when.parameter.toLowerCase();
  const other = parameters.find(({ name }) => name.toLowerCase() === wanted);
  if (!other) return false;
  const variable = Object.entries(variables).find(
    ([name]) => name.toLowerCase() === `zookit_param_${wanted}`,
  );
  const answer = variable?.[1] ?? answers[parameterPage(other.name)] ?? other.default;
  return conditionHolds(when.values, typeof answer === 'string' ? answer : undefined);
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
    const rows = choices.map(({ value, product }) => ({
      value,
      label: product === undefined ? value : `${value}   (brings ${product})`,
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

// Comes in: the `zk:parameter`s of an entry. Goes out: its questions. The names and tags are WebPI's, so that answer
// files of WebPI fit (webpi-feed 7). Asks nothing and answers nothing.
import type { XmlElement } from '../lib/xml.js';
import type { Parameter, ParameterChoice } from '../types.js';
import { additions, attributeOf, warn } from './element.js';
import type { Reading } from './element.js';

const types: readonly string[] = [
  'text',
  'choice',
  'number',
  'password',
  'folder',
] satisfies Parameter['type'][];

/** The questions of an entry in their order; of two with one name the first one counts. */
export function readParameters(reading: Reading, entry: XmlElement): Parameter[] {
  const parameters = new Map<string, Parameter>();
  for (const element of additions(entry, 'parameter')) {
    const parameter = readParameter(reading, element);
    if (!parameter) continue;
    const key = parameter.name.toLowerCase();
    if (parameters.has(key)) warn(reading, element, `parameter '${parameter.name}' is there twice`);
    else parameters.set(key, parameter);
  }
  return [...parameters.values()];
}

function readParameter(reading: Reading, element: XmlElement): Parameter | undefined {
  const name = attributeOf(element, 'name') ?? '';
  if (!/^[A-Z_][A-Z0-9_ .-]*$/i.test(name)) {
    warn(reading, element, `'${name}' cannot be the name of a parameter`);
    return undefined;
  }
  const choices = additions(element, 'choice').flatMap((each) => readChoice(reading, each) ?? []);
  const fallback = attributeOf(element, 'default');
  const when = readCondition(reading, element);
  return {
    name,
    type: readType(reading, element, choices.length > 0),
    title: attributeOf(element, 'title') ?? name,
    ...(fallback === undefined ? {} : { default: fallback }),
    tags: listOf(attributeOf(element, 'tags'), ','),
    choices,
    ...(when ? { when } : {}),
  };
}

function readType(reading: Reading, element: XmlElement, hasChoices: boolean): Parameter['type'] {
  const type = attributeOf(element, 'type')?.toLowerCase() ?? (hasChoices ? 'choice' : 'text');
  if (types.includes(type)) return type as Parameter['type'];
  warn(reading, element, `unknown type '${type}', taken as text`);
  return 'text';
}

function readChoice(reading: Reading, element: XmlElement): ParameterChoice | undefined {
  const value = attributeOf(element, 'value');
  if (!value) {
    warn(reading, element, "'zk:choice' without a value");
    return undefined;
  }
  const product = attributeOf(element, 'product');
  const range = attributeOf(element, 'range');
  const title = attributeOf(element, 'title');
  return { value, ...(title ? { title } : {}), ...(product ? { product } : {}), ...(range ? { range } : {}) };
}

/** `Database=postgresql|mysql`: asked only when that parameter has one of these values. */
function readCondition(reading: Reading, element: XmlElement): Parameter['when'] {
  const text = attributeOf(element, 'when');
  if (!text) return undefined;
  const [, parameter, values] = /^\s*([^=]+?)\s*=(.*)$/.exec(text) ?? [];
  if (parameter && values?.trim()) return { parameter, values: listOf(values, '|') };
  warn(reading, element, `'when' must read Name=value|value, not '${text}'`);
  return undefined;
}

function listOf(text: string | undefined, separator: string): string[] {
  return (text ?? '')
    .split(separator)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

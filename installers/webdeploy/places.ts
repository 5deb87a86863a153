// Comes in: a text and one `parameterEntry` of a Web Deploy package. Goes out: the places in the text that its value takes, and
// how the value is written there. What cannot be understood is an error in words. Changes nothing, knows no value.
import type { TextPlace } from '../../src/lib/guarded-match.js';
import { PatternError, placesOf } from '../../src/lib/guarded-match.js';
import { fillIn } from '../../src/lib/template.js';
import { XmlError, parseXml } from '../../src/lib/xml.js';
import type { ParameterEntry } from './parameters.js';
import { outlineOf } from './xml-outline.js';
import { XPathError, selectByXPath } from './xpath.js';

/** A place, and the value as it is to stand there. */
export interface ValuePlace extends TextPlace {
  readonly write: (value: string) => string;
}

/** Places of an entry in a file's text; or why there are none that could be found here. */
export type Places = { readonly places: readonly ValuePlace[] } | { readonly problem: string };

/** `name` is the file's, whose ending says how values are written. */
export function placesFor({ type, match }: ParameterEntry, name: string, text: string): Places {
  try {
    if (type === 'textfile') return { places: inText(placesOf(match, text), name, text) };
    if (type === 'xmlfile') return xmlPlaces(match, text);
    if (type === 'textfileposition') return position(match, name, text);
    return { problem: `entries of type '${type}' are not known` };
  } catch (error) {
    const known = [PatternError, XPathError, XmlError].some((kind) => error instanceof kind);
    if (known && error instanceof Error) return { problem: error.message };
    throw error;
  }
}

function inText(places: readonly TextPlace[], name: string, text: string): ValuePlace[] {
  return places.map((place) => ({ ...place, write: (value) => written(value, name, text, place) }));
}

/** A value as its file's language wants it: a quote in a password ends no string. */
function written(value: string, name: string, text: string, { start }: TextPlace): string {
  if (/\.(php|inc)$/i.test(name)) return phpText(value, quoteAt(text, start));
  if (/\.sql$/i.test(name)) return sqlText(value, quoteAt(text, start));
  return fillIn('@@Value@@', name, new Map([['Value', value]]));
}

function phpText(value: string, quote: string | undefined): string {
  if (quote === "'") return value.replace(/[\\']/g, '\\$&');
  return quote === '"' ? value.replace(/[\\"$]/g, '\\$&') : value;
}

/** https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql: a quote inside of a string is doubled. */
function sqlText(value: string, quote: string | undefined): string {
  return quote === undefined ? value : value.replaceAll(quote, quote + quote);
}

/** The quote of the string that is open at a place of its line. */
function quoteAt(text: string, end: number): string | undefined {
  let open: string | undefined;
  for (let index = text.lastIndexOf('\n', end - 1) + 1; index < end; index++) {
    const letter = text[index];
    if (letter === '\\' && open !== undefined) index++;
    else if (letter === open) open = undefined;
    else if (open === undefined && (letter === "'" || letter === '"')) open = letter;
  }
  return open;
}

const xmlText = (value: string): string => fillIn('@@Value@@', 'value.xml', new Map([['Value', value]]));

function xmlPlaces(match: string, text: string): Places {
  // Refuses what is not well-formed, and entities of its own.
  parseXml(text);
  const places: ValuePlace[] = [];
  for (const found of selectByXPath(match, outlineOf(text))) {
    if (found.kind === 'attribute') {
      places.push({ ...found.attribute.place, write: xmlText });
      continue;
    }
    const { content, whole, spelled, children } = found.element;
    if (children.length > 0)
      return { problem: `it means the element '${spelled}', which has elements inside` };
    if (content) places.push({ ...content, write: xmlText });
    else {
      const start = text.slice(whole.start, whole.end).replace(/\s*\/>$/, '>');
      places.push({ ...whole, write: (value) => `${start}${xmlText(value)}</${spelled}>` });
    }
  }
  return { places };
}

/** `line;column;length`, counted from 1. */
function position(match: string, name: string, text: string): Places {
  const [line, column, length] =
    /^\s*(\d+)\s*;\s*(\d+)\s*;\s*(\d+)\s*$/.exec(match)?.slice(1).map(Number) ?? [];
  if (line === undefined || column === undefined || length === undefined)
    return { problem: `'${match}' is not line;column;length` };
  const lines = [...text.matchAll(/([^\r\n]*)(?:\r\n|\r|\n|$)/g)];
  const found = lines[line - 1];
  if (line < 1 || column < 1 || !found || column - 1 + length > (found[1] ?? '').length)
    return { problem: `line ${line} has no ${length} characters at column ${column}` };
  const start = found.index + column - 1;
  return { places: inText([{ start, end: start + length }], name, text) };
}

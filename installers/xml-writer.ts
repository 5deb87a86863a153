// Comes in: names, attributes and the lines of children. Goes out: lines of XML, indented, every value escaped.
// Knows no format; refuses characters that XML 1.0 cannot hold. (Reading XML is src/lib/xml.ts.)
import { AppError } from '../src/errors.js';

export type Attributes = Readonly<Record<string, string>>;

/** A whole document of one root element, LF at each line's end. */
export function document(root: string, children: readonly string[]): string {
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...block(root, children), ''].join('\n');
}

/** An element with children, as lines. */
export function block(name: string, children: readonly string[], attributes: Attributes = {}): string[] {
  return [`<${name}${written(attributes)}>`, ...children.map((line) => `  ${line}`), `</${name}>`];
}

/** An element without children, as one line. Throws USAGE for a value with a control character. */
export function element(name: string, attributes: Attributes = {}): string {
  return `<${name}${written(attributes)} />`;
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(name, value)}"`)
    .join('');
}

const escapes: Attributes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(name: string, value: string): string {
  // XML 1.0 section 2.2 has no way to write them; a line break would be read back as a blank.
  if (/[\u0000-\u001f\u007f\ufffe\uffff]/.test(value)) {
    throw new AppError('USAGE', `The attribute '${name}' cannot hold a value with a control character`, {
      hint: 'Give it as one line of plain text',
    });
  }
  return value.replace(/[&<>"]/g, (character) => escapes[character] ?? character);
}

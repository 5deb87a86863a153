// Comes in: elements as values. Goes out: the text of an XML document, indented, the same for the same values. Knows no
// name of any element.

/** An element to write: with text or with children, not with both. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlNode[];
  readonly text: string;
}

type Attributes = Readonly<Record<string, string | undefined>>;

/** An element; attributes without a value are left out. */
export function node(name: string, attributes: Attributes = {}, children: readonly XmlNode[] = []): XmlNode {
  return { name, attributes: present(attributes), children, text: '' };
}

/** An element with text. */
export function textNode(name: string, text: string, attributes: Attributes = {}): XmlNode {
  return { name, attributes: present(attributes), children: [], text };
}

/** The whole document, with its declaration and a line end. */
export function documentText(root: XmlNode): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${linesOf(root, '').join('\n')}\n`;
}

function linesOf({ name, attributes, children, text }: XmlNode, indent: string): string[] {
  const start = `${indent}<${[name, ...attributes.map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ')}`;
  if (children.length === 0) return [text === '' ? `${start}/>` : `${start}>${escaped(text)}</${name}>`];
  return [`${start}>`, ...children.flatMap((each) => linesOf(each, `${indent}  `)), `${indent}</${name}>`];
}

function present(attributes: Attributes): [string, string][] {
  return Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Line ends and tabs as references: a parser would make blanks of them in attributes (XML 1.0, 3.3.3). */
function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (each) => escapes[each] ?? `&#${each.charCodeAt(0)};`);
}

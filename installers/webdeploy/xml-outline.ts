// Comes in: the text of an XML file that is well-formed. Goes out: its elements and attributes with the places where they stand
// in the text, so that a value can be changed and all else stays as it is. Checks nothing: src/lib/xml.ts has done that.
import type { TextPlace } from '../../src/lib/guarded-match.js';
import { XmlError } from '../../src/lib/xml.js';

export interface OutlineAttribute {
  /** Without prefix. */
  readonly name: string;
  readonly value: string;
  /** Of the value, between its quotes. */
  readonly place: TextPlace;
}

export interface OutlineElement {
  /** Without prefix; empty for the document itself. */
  readonly name: string;
  /** As it is written. */
  readonly spelled: string;
  readonly attributes: readonly OutlineAttribute[];
  readonly children: readonly OutlineElement[];
  /** From `<` of the start tag to `>` of the end tag. */
  readonly whole: TextPlace;
  /** Between the tags; undefined for `<empty/>`. */
  readonly content?: TextPlace;
  /** Text directly inside, as the author meant it, trimmed. */
  readonly text: string;
}

interface OpenElement {
  name: string;
  spelled: string;
  attributes: OutlineAttribute[];
  children: OpenElement[];
  whole: { start: number; end: number };
  content?: { start: number; end: number };
  text: string;
}

/** Settings are never that deep. */
const deepest = 200;

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<\/[^>]*>|<([^\s/>!?]+)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;
const attributeShape = /([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** The document, whose one child is the root element; throws XmlError for a bottomless one. */
export function outlineOf(text: string): OutlineElement {
  const document = newElement('', '', 0);
  const open = [document];
  const innermost = (): OpenElement => open[open.length - 1] ?? document;
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [tag, data, spelled, rest = ''] = match;
    innermost().text += plain(text.slice(end, match.index)) + (data ?? '');
    end = match.index + tag.length;
    if (spelled !== undefined) {
      const element = newElement(localName(spelled), spelled, match.index);
      element.attributes = attributesIn(rest, match.index + 1 + spelled.length);
      innermost().children.push(element);
      if (rest.endsWith('/')) element.whole.end = end;
      else {
        element.content = { start: end, end };
        open.push(element);
        if (open.length > deepest) throw new XmlError(`its elements are nested more than ${deepest} deep`, 1);
      }
    } else if (tag.startsWith('</')) {
      const closed = open.pop();
      if (!closed?.content) continue;
      closed.content.end = match.index;
      closed.whole.end = end;
      closed.text = closed.text.trim();
    }
  }
  return document;
}

function newElement(name: string, spelled: string, start: number): OpenElement {
  return { name, spelled, attributes: [], children: [], whole: { start, end: start }, text: '' };
}

function attributesIn(text: string, offset: number): OutlineAttribute[] {
  return [...text.matchAll(attributeShape)].map((match) => {
    const [whole, name = '', double, single] = match;
    const raw = double ?? single ?? '';
    const end = offset + match.index + whole.length - 1;
    return { name: localName(name), value: plain(raw), place: { start: end - raw.length, end } };
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text without references; entities of a file's own are refused before. */
function plain(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name = '') => {
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      if (hex !== undefined || decimal !== undefined)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      return named[name as string] ?? whole;
    },
  );
}

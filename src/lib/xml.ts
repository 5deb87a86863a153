// Comes in: the text of an XML file. Goes out: a tree of elements that know their line. The only file that knows
// xml2js. Refuses DTDs and entities of their own (bombs, external files); knows no feed and no web.config.
import { Parser } from 'xml2js';

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** Empty when there is none. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All text directly inside, trimmed. */
  readonly text: string;
  /** Where the element's start tag ends, 1-based. */
  readonly line: number;
}

export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly value: string;
}

/** The text is not well-formed, or uses what is refused. */
export class XmlError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = 'XmlError';
    this.line = line;
  }
}

interface OpenElement {
  name: string;
  namespace: string;
  attributes: XmlAttribute[];
  children: OpenElement[];
  text: string;
  line: number;
}

/** What the sax parser inside xml2js calls; xml2js's own types leave it out. */
interface SaxParser {
  readonly line: number;
  onopentag: (node: SaxNode) => void;
  onclosetag: (name: string) => void;
  ontext: (text: string) => void;
  oncdata: (text: string) => void;
  ondoctype: (text: string) => void;
  onerror: (error: Error) => void;
  write(text: string): SaxParser;
  close(): SaxParser;
}

interface SaxNode {
  readonly local: string;
  readonly uri: string;
  readonly attributes: Readonly<
    Record<string, { local: string; prefix: string; uri: string; value: string } | undefined>
  >;
}

/** Sentences of the parser, and what they mean. */
const plainReasons: Readonly<Record<string, string>> = {
  'non-whitespace before first tag': 'text before the first tag: this is no XML',
  'text data outside of root node': 'text outside of the root element',
  'unclosed root tag': 'the end of the root element is missing',
  'invalid character in entity name': 'a single & (write &amp;)',
  'unencoded <': 'a single < (write &lt;)',
};

/** Characters that no XML may hold (https://www.w3.org/TR/xml/#charsets); sax refuses them only as `&#27;`. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/** Those that it only advises against: nobody means them, and terminals obey them. */
const discouraged = /[\u007f-\u0084\u0086-\u009f]/g;

/** A text without these needs no look at its pieces: what a reference by number stands for is seen only there. */
const suspicious = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]|&#/;

/**
 * Reads a whole document; throws XmlError. The tree is built from the parser's events: xml2js's own objects drop the
 * lines and the order of children, and take three times as long.
 */
export function parseXml(source: string): XmlElement {
  const parser = new Parser({ xmlns: true }) as unknown as { saxParser: SaxParser };
  const sax = parser.saxParser;
  const document: OpenElement = { name: '', namespace: '', attributes: [], children: [], text: '', line: 1 };
  const open = [document];
  const innermost = (): OpenElement => open[open.length - 1] ?? document;

  const isSuspicious = suspicious.test(source);
  const checked = (text: string): string => {
    if (!isSuspicious) return text;
    const [found] = forbidden.exec(text) ?? [];
    if (found === undefined) return text.replace(discouraged, '\uFFFD');
    const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    throw new XmlError(`the character U+${code}, which XML forbids`, sax.line + 1);
  };

  sax.onopentag = (node) => {
    const element: OpenElement = {
      name: node.local,
      namespace: node.uri,
      attributes: attributesOf(node, checked),
      children: [],
      text: '',
      line: sax.line + 1,
    };
    innermost().children.push(element);
    open.push(element);
  };
  sax.onclosetag = () => {
    const closed = open.pop();
    if (closed) closed.text = closed.text.trim();
  };
  sax.ontext = (text) => void (innermost().text += checked(text));
  sax.oncdata = sax.ontext;
  sax.ondoctype = () => {
    throw new XmlError('a document type declaration, which is refused', sax.line + 1);
  };
  sax.onerror = (error) => {
    // sax packs line, column and character into its message; only the first line of it is a sentence.
    const reason = error.message.split('\n')[0]?.toLowerCase().replace(/\.$/, '') ?? 'not well-formed';
    throw new XmlError(plainReasons[reason] ?? reason, sax.line + 1);
  };

  sax.write(source.startsWith('\uFEFF') ? source.slice(1) : source).close();
  const [root] = document.children;
  if (!root) throw new XmlError('no root element', 1);
  return root;
}

/** The value of an attribute, by exact local name; without a namespace unless one is given. */
export function attribute(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attributes.find((each) => each.name === name && each.namespace === namespace)?.value;
}

function attributesOf(node: SaxNode, checked: (text: string) => string): XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  for (const each of Object.values(node.attributes)) {
    if (!each || each.prefix === 'xmlns' || each.local === 'xmlns') continue;
    attributes.push({ name: each.local || each.prefix, namespace: each.uri, value: checked(each.value) });
  }
  return attributes;
}

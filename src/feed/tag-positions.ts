// Comes in: the text of a well-formed XML file. Goes out: where each element begins and ends in it. For editing one
// element while every other byte stays; what elements mean is for others to know.

/** An element with the offsets of its text: `[start, end)` is all of it, `[innerStart, innerEnd)` its content. */
export interface PlacedElement {
  /** Without prefix. */
  readonly name: string;
  readonly prefix: string;
  readonly start: number;
  readonly end: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly children: readonly PlacedElement[];
}

interface OpenElement {
  name: string;
  prefix: string;
  start: number;
  end: number;
  innerStart: number;
  innerEnd: number;
  children: OpenElement[];
}

/** Comments, CDATA, instructions, tags; a quoted attribute may hold `>`. */
const markup =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([\w.:-]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;

/** The root element of a text that `parseXml` has accepted. */
export function placeElements(text: string): PlacedElement {
  const document: OpenElement = emptyElement('', 0, 0);
  const open = [document];
  for (const match of text.matchAll(markup)) {
    const [whole, closing, qualified, , selfClosing] = match;
    if (qualified === undefined) continue;
    const after = match.index + whole.length;
    if (closing === '/') {
      const element = open.pop();
      if (element) Object.assign(element, { innerEnd: match.index, end: after });
      continue;
    }
    const element = emptyElement(qualified, match.index, after);
    (open[open.length - 1] ?? document).children.push(element);
    if (selfClosing !== '/') open.push(element);
  }
  return document.children[0] ?? document;
}

/** The first child of that local name (any case), or undefined. */
export function childOf(element: PlacedElement, name: string): PlacedElement | undefined {
  return element.children.find((child) => child.name.toLowerCase() === name.toLowerCase());
}

function emptyElement(qualified: string, start: number, end: number): OpenElement {
  const colon = qualified.indexOf(':');
  return {
    name: qualified.slice(colon + 1),
    prefix: colon < 0 ? '' : qualified.slice(0, colon),
    start,
    end,
    innerStart: end,
    innerEnd: end,
    children: [],
  };
}

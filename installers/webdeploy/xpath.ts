// Comes in: an XPath of a Web Deploy package, and an XML file's outline. Goes out: the attributes and elements that it means.
// A subset, said below; what lies beyond it is refused, never guessed. Prefixes do not count: packages declare them nowhere.
// https://www.w3.org/TR/1999/REC-xpath-19991116/#location-paths
import type { OutlineAttribute, OutlineElement } from './xml-outline.js';

/** The XPath uses what is not understood here; the message is the end of a sentence. */
export class XPathError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'XPathError';
  }
}

export type XPathFound =
  | { readonly kind: 'attribute'; readonly attribute: OutlineAttribute }
  | { readonly kind: 'element'; readonly element: OutlineElement };

type Test = (element: OutlineElement, position: number) => boolean;

interface Step {
  /** `//` stands before it. */
  readonly deep: boolean;
  readonly name: string;
  readonly isAttribute: boolean;
  readonly tests: readonly Test[];
}

/**
 * What an XPath means: `/a/b`, `//b`, `*`, `@c`, `text()`, and predicates `[@c='1']`, `[c='1']`, `[@c]`, `[2]`,
 * `[local-name()='b']`, joined by `and`. Throws XPathError for any other.
 */
export function selectByXPath(xpath: string, document: OutlineElement): XPathFound[] {
  let found: readonly OutlineElement[] = [document];
  const steps = stepsOf(xpath.trim());
  for (const [index, step] of steps.entries()) {
    if (step.name === 'text()') {
      if (index < steps.length - 1) throw new XPathError('a step follows text()');
      break;
    }
    if (!step.isAttribute) {
      found = [...new Set(found.flatMap((element) => childrenFor(step, element)))];
      continue;
    }
    if (index < steps.length - 1) throw new XPathError('a step follows an attribute');
    const holders = step.deep ? [...new Set(found.flatMap(withDescendants))] : found;
    return holders.flatMap(({ attributes }) =>
      attributes
        .filter(({ name }) => step.name === '*' || name === step.name)
        .map((attribute) => ({ kind: 'attribute', attribute }) as const),
    );
  }
  return found.filter((each) => each !== document).map((element) => ({ kind: 'element', element }));
}

/** A position counts among the children of one parent. */
function childrenFor({ deep, name, tests }: Step, element: OutlineElement): OutlineElement[] {
  const parents = deep ? withDescendants(element) : [element];
  return parents.flatMap(({ children }) => {
    const named = children.filter((each) => name === '*' || each.name === name);
    return tests.reduce((left, test) => left.filter((each, index) => test(each, index + 1)), named);
  });
}

function withDescendants(element: OutlineElement): OutlineElement[] {
  return [element, ...element.children.flatMap(withDescendants)];
}

const stepShape = /^(\/\/|\/)?(?:(text\(\))|(@)?(?:[\w.-]+:)?([\p{L}_][\p{L}\w.-]*|\*))/u;
const predicateShape = /^\s*\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]/;

function stepsOf(xpath: string): Step[] {
  const steps: Step[] = [];
  let rest = xpath;
  while (rest !== '') {
    const [whole, slash, text, at, name] = stepShape.exec(rest) ?? [];
    if (whole === undefined || (slash === undefined && steps.length > 0))
      throw new XPathError(`'${rest.slice(0, 60)}' is not understood`);
    rest = rest.slice(whole.length);
    const tests: Test[] = [];
    for (let match = predicateShape.exec(rest); match; match = predicateShape.exec(rest)) {
      tests.push(testOf(match[1] ?? ''));
      rest = rest.slice(match[0].length);
    }
    if (/^\(|^::/.test(rest)) throw new XPathError(`'${(whole + rest).slice(0, 60)}' is not understood`);
    if (at !== undefined && tests.length > 0) throw new XPathError('an attribute has a predicate');
    steps.push({ deep: slash === '//', name: text ?? name ?? '', isAttribute: at !== undefined, tests });
  }
  if (steps.length === 0) throw new XPathError('it is empty');
  return steps;
}

const comparison =
  /^\s*(?:(local-name\(\)|name\(\))|(text\(\)|\.)|(@)?(?:[\w.-]+:)?([\p{L}_][\p{L}\w.-]*))\s*=\s*(?:"([^"]*)"|'([^']*)')\s*$/u;

function testOf(predicate: string): Test {
  const parts = predicate.split(/\s+and\s+(?=(?:[^"']|"[^"]*"|'[^']*')*$)/);
  const tests = parts.map(singleTest);
  return (element, position) => tests.every((test) => test(element, position));
}

function singleTest(text: string): Test {
  const number = /^\s*(\d+)\s*$/.exec(text)?.[1];
  if (number !== undefined) return (_, position) => position === Number(number);
  const present = /^\s*@(?:[\w.-]+:)?([\w.-]+)\s*$/.exec(text)?.[1];
  if (present !== undefined) return ({ attributes }) => attributes.some(({ name }) => name === present);
  const [whole, ownName, ownText, at, name, double, single] = comparison.exec(text) ?? [];
  if (whole === undefined) throw new XPathError(`'[${text.slice(0, 60)}]' is not understood`);
  const wanted = double ?? single ?? '';
  if (ownName !== undefined) return (element) => element.name === wanted;
  if (ownText !== undefined) return (element) => element.text === wanted;
  if (at === undefined)
    return ({ children }) => children.some((each) => each.name === name && each.text === wanted);
  return ({ attributes }) => attributes.some((each) => each.name === name && each.value === wanted);
}

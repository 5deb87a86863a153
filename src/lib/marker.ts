// Comes in: the text of an environment marker and a CPython on a platform. Goes out: whether the marker holds there.
// Never evaluates for the machine it runs on; refuses what only that machine could know.
import { AppError } from '../errors.js';
import { markerEnvironment, type PythonTarget } from './python-target.js';
import { matchesSpecifier } from './specifier.js';

type Token =
  | { readonly kind: 'text' | 'name' | 'operator'; readonly value: string }
  | { readonly kind: 'and' | 'or' | '(' | ')' };

/** A marker, read: a tree over comparisons. */
export type Marker =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Marker[] }
  | { readonly kind: 'compare'; readonly left: Operand; readonly operator: string; readonly right: Operand };

type Operand = { readonly kind: 'text' | 'name'; readonly value: string };

/** Names of PEP 345 that old metadata still uses. */
const oldNames = new Map([
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.version', 'platform_version'],
  ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
]);

const lexicon =
  /\s*(?:(?<text>'[^']*'|"[^"]*")|(?<operator>===|==|~=|!=|<=|>=|<|>|not\s+in\b|in\b)|(?<word>[A-Za-z][A-Za-z_.]*)|(?<bracket>[()]))/y;

/** Whether a PEP 508 marker holds for a target, `extra` being empty. Throws AppError FEED_INVALID. */
export function markerHolds(marker: string, target: PythonTarget): boolean {
  const values = markerEnvironment(target);
  const holds = (node: Marker): boolean => {
    if (node.kind === 'compare') return comparisonHolds(node, values, marker);
    return node.kind === 'and' ? node.of.every(holds) : node.of.some(holds);
  };
  return holds(parseMarker(marker));
}

/** A PEP 508 marker as a tree; throws AppError FEED_INVALID when it is none, or asks for `platform_release`. */
export function parseMarker(marker: string): Marker {
  const tokens = tokenize(marker);
  let position = 0;
  const next = (): Token | undefined => tokens[position++];

  const alternatives = (): Marker => joined('or', conjunction);
  const conjunction = (): Marker => joined('and', term);
  const joined = (kind: 'and' | 'or', part: () => Marker): Marker => {
    const of = [part()];
    while (tokens[position]?.kind === kind) {
      position += 1;
      of.push(part());
    }
    const [only] = of;
    return of.length === 1 && only ? only : { kind, of };
  };
  const term = (): Marker => {
    if (tokens[position]?.kind !== '(') return comparison();
    position += 1;
    const inner = alternatives();
    if (next()?.kind !== ')') throw invalid(marker, 'a bracket is not closed');
    return inner;
  };
  const comparison = (): Marker => {
    const left = next();
    const operator = next();
    const right = next();
    if (!isOperand(left) || operator?.kind !== 'operator' || !isOperand(right))
      throw invalid(marker, 'a comparison is not complete');
    if (left.kind === right.kind) throw invalid(marker, 'a comparison needs one name and one quoted text');
    return { kind: 'compare', left, operator: operator.value, right };
  };

  const tree = alternatives();
  if (position < tokens.length) throw invalid(marker, 'something follows its end');
  return tree;
}

function tokenize(marker: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < marker.trimEnd().length) {
    lexicon.lastIndex = position;
    const groups = lexicon.exec(marker)?.groups;
    if (!groups) throw invalid(marker, `'${marker.slice(position).trim()}' is not understood`);
    position = lexicon.lastIndex;
    tokens.push(tokenOf(groups, marker));
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, marker: string): Token {
  const { text, operator, word, bracket } = groups;
  if (text !== undefined) return { kind: 'text', value: text.slice(1, -1) };
  if (operator !== undefined) return { kind: 'operator', value: operator.replace(/\s+/, ' ') };
  if (word === 'and' || word === 'or') return { kind: word };
  if (word !== undefined) return { kind: 'name', value: knownName(word, marker) };
  return { kind: bracket === '(' ? '(' : ')' };
}

function knownName(word: string, marker: string): string {
  const name = oldNames.get(word) ?? word;
  if (name === 'platform_release' || name === 'platform_version')
    throw invalid(marker, `only the machine itself knows its '${name}'`);
  return name;
}

function isOperand(token: Token | undefined): token is Operand {
  return token?.kind === 'text' || token?.kind === 'name';
}

function comparisonHolds(
  node: Extract<Marker, { kind: 'compare' }>,
  values: ReadonlyMap<string, string>,
  marker: string,
): boolean {
  const valueOf = (operand: Operand): string => {
    const value = operand.kind === 'text' ? operand.value : values.get(operand.value);
    if (value === undefined) throw invalid(marker, `'${operand.value}' is no name of PEP 508`);
    return value;
  };
  const isExtra = [node.left, node.right].some((each) => each.kind === 'name' && each.value === 'extra');
  const spelled = (value: string): string => (isExtra ? value.toLowerCase().replace(/[-_.]+/g, '-') : value);
  const left = spelled(valueOf(node.left));
  const right = spelled(valueOf(node.right));
  const byVersion = matchesSpecifier(left, node.operator, right);
  if (byVersion !== undefined) return byVersion;
  return compareTexts(left, node.operator, right, marker);
}

function compareTexts(left: string, operator: string, right: string, marker: string): boolean {
  switch (operator) {
    case 'in':
      return right.includes(left);
    case 'not in':
      return !right.includes(left);
    case '==':
    case '===':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      throw invalid(marker, `'${operator}' compares versions only`);
  }
}

function invalid(marker: string, reason: string): AppError {
  return new AppError('FEED_INVALID', `The marker '${marker}' cannot be evaluated`, {
    details: [reason],
    hint: 'Pin the package again with `zookit feed pin NAME==VERSION --save FEED`',
  });
}

// Comes in: the text of a version as feeds and programs write it. Goes out: its parts, and how two of them compare.
// Knows PEP 440's order and what free text looks like; knows no ranges and no library.

/** A version, taken apart. Two versions with equal parts compare as equal even when their texts differ. */
export interface VersionParts {
  /** 0 = empty, 1 = text without a leading number, 2 = dotted numbers first. */
  readonly rank: 0 | 1 | 2;
  readonly epoch: number;
  /** As many as were written. */
  readonly numbers: readonly (number | bigint)[];
  /** Where it stands before the release of the same numbers; `phases.release` when it is that release. */
  readonly phase: number;
  readonly phaseNumber: number;
  /** PEP 440's `.postN`; -1 = none. */
  readonly post: number;
  /** PEP 440's `.devN`; Infinity = none. */
  readonly dev: number;
  /** What is left: `SP1`, a local label. Lower case. */
  readonly tail: string;
}

/** Steps towards a release, lowest first; `floor` is below everything that has the same numbers. */
export const phases = { floor: -1, named: 0, alpha: 1, beta: 2, candidate: 3, release: 4 } as const;

const words = 'alpha|a|beta|b|preview|pre|rc|c';

/** PEP 440, appendix B, with a blank allowed where it allows a dot (`3.0 RC`). */
const python = new RegExp(
  '^v?(?:(?<epoch>\\d+)!)?(?<numbers>\\d+(?:\\.\\d+)*)' +
    `(?:[-_. ]?(?<phase>${words})[-_. ]?(?<phaseNumber>\\d*))?` +
    '(?:-(?<implicit>\\d+)|[-_. ]?(?<post>post|rev|r)[-_. ]?(?<postNumber>\\d*))?' +
    '(?:[-_. ]?(?<dev>dev)[-_. ]?(?<devNumber>\\d*))?' +
    '(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  'i',
);
const leading = /^v?(?<numbers>\d+(?:\.\d+)*)(?<tail>.*)$/is;
const namedPhase = /^(?:-[a-z]|[-_. ]*(?:alpha|beta|preview|pre|rc|ctp|dev|nightly|snapshot)\b)/i;

const none = { epoch: 0, phase: phases.release, phaseNumber: 0, post: -1, dev: Infinity, tail: '' };
const known = new Map<string, VersionParts>();

/** The parts of a version; every text has some. Memoised: feeds repeat the same few thousand texts. */
export function versionParts(text: string): VersionParts {
  const found = known.get(text);
  if (found) return found;
  const parts = parse(text.trim());
  known.set(text, parts);
  return parts;
}

function parse(text: string): VersionParts {
  if (text === '') return { ...none, rank: 0, numbers: [] };
  const groups = python.exec(text)?.groups;
  if (groups) return fromPython(groups);
  const loose = leading.exec(text)?.groups;
  if (!loose) return { ...none, rank: 1, numbers: [], tail: text.toLowerCase() };
  const tail = loose['tail'] ?? '';
  const phase = namedPhase.test(tail) ? phases.named : phases.release;
  return {
    ...none,
    rank: 2,
    numbers: numbersOf(loose['numbers'] ?? ''),
    phase,
    tail: tail.trim().toLowerCase(),
  };
}

function fromPython(groups: Readonly<Record<string, string | undefined>>): VersionParts {
  const dev = groups['dev'] === undefined ? Infinity : Number(groups['devNumber']);
  const post = groups['post'] === undefined ? -1 : Number(groups['postNumber']);
  const released = dev !== Infinity && post === -1 ? phases.floor : phases.release;
  return {
    rank: 2,
    epoch: Number(groups['epoch'] ?? 0),
    numbers: numbersOf(groups['numbers'] ?? ''),
    phase: groups['phase'] === undefined ? released : phaseOf(groups['phase']),
    phaseNumber: Number(groups['phaseNumber'] ?? 0),
    post: groups['implicit'] === undefined ? post : Number(groups['implicit']),
    dev,
    tail: (groups['local'] ?? '').toLowerCase(),
  };
}

function phaseOf(word: string): number {
  const first = word.charAt(0).toLowerCase();
  return first === 'a' ? phases.alpha : first === 'b' ? phases.beta : phases.candidate;
}

function numbersOf(dotted: string): readonly (number | bigint)[] {
  // Build numbers made of a date and a time do not fit into a double.
  return dotted.split('.').map((digits) => (digits.length > 15 ? BigInt(digits) : Number(digits)));
}

/** Negative, zero or positive; missing numbers are zeros. */
export function compareParts(left: VersionParts, right: VersionParts): number {
  return (
    order(left.rank, right.rank) ||
    order(left.epoch, right.epoch) ||
    compareNumbers(left.numbers, right.numbers) ||
    order(left.phase, right.phase) ||
    order(left.phaseNumber, right.phaseNumber) ||
    order(left.post, right.post) ||
    order(left.dev, right.dev) ||
    compareText(left.tail, right.tail)
  );
}

/** Dotted numbers of any length; missing ones are zeros. */
export function compareNumbers(
  left: readonly (number | bigint)[],
  right: readonly (number | bigint)[],
): number {
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const compared = order(left[index] ?? 0, right[index] ?? 0);
    if (compared !== 0) return compared;
  }
  return 0;
}

function order(left: number | bigint, right: number | bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const pieces = /\d+|\D+/g;

/** Runs of digits compare as numbers, the rest by code unit, so that `sp2` comes before `sp10`. */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const lefts = left.match(pieces) ?? [];
  const rights = right.match(pieces) ?? [];
  for (let index = 0; index < Math.max(lefts.length, rights.length); index += 1) {
    const compared = comparePieces(lefts[index] ?? '', rights[index] ?? '');
    if (compared !== 0) return compared;
  }
  return 0;
}

function comparePieces(left: string, right: string): number {
  const numeric = /^\d/.test(left) && /^\d/.test(right);
  if (numeric) return order(BigInt(left), BigInt(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

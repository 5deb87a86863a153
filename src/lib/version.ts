// Comes in: versions and ranges as text. Goes out: their order, and whether a version fits a range. The only file that
// knows semver, which expands `^ ~ x` and hyphens; every comparison is ours (semver takes 7.1.0.2 for 7.1.0).
import Range from 'semver/classes/range.js';
import { AppError } from '../errors.js';
import { compareNumbers, compareParts, phases, versionParts, type VersionParts } from './version-parts.js';

/**
 * Negative, zero or positive. Order: nothing, free text, then dotted numbers of any length with PEP 440's suffixes
 * (`3.14.0rc1 < 3.14 = 3.14.0 < 3.14.0.post1`). Versions that are written differently can be equal.
 */
export function compareVersions(left: string, right: string): number {
  return left === right ? 0 : compareParts(versionParts(left), versionParts(right));
}

/** Alpha, beta, candidate, development release: something before the release of its numbers. */
export function isPrerelease(version: string): boolean {
  return partsArePrerelease(versionParts(version));
}

function partsArePrerelease(parts: VersionParts): boolean {
  return parts.phase < phases.release || parts.dev !== Infinity;
}

type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';

interface Bound {
  readonly operator: Operator;
  readonly parts: VersionParts;
}

/** A range, ready for use: any of the alternatives fits when all of its bounds do. */
export interface VersionRange {
  readonly text: string;
  readonly alternatives: readonly Alternative[];
}

interface Alternative {
  readonly bounds: readonly Bound[];
  /** `!=3.9.*`: what lies between two bounds is taken out. */
  readonly holes: readonly (readonly Bound[])[];
}

/**
 * Whether a version fits a range (npm's syntax, see `parseRange`). Pre-releases fit only a range that names one of the
 * same numbers; free text fits only `*`, or itself. Throws USAGE when the range is none.
 */
export function satisfies(version: string, range: string): boolean {
  if (version === range) return true;
  const parts = versionParts(version);
  return parseRange(range).alternatives.some((alternative) => fits(parts, alternative));
}

function fits(parts: VersionParts, { bounds, holes }: Alternative): boolean {
  if (parts.rank !== 2) return bounds.length === 0 && holes.length === 0;
  if (!bounds.every((bound) => isWithin(parts, bound))) return false;
  if (holes.some((hole) => hole.every((bound) => isWithin(parts, bound)))) return false;
  return !partsArePrerelease(parts) || bounds.some((bound) => names(bound, parts));
}

function names(bound: Bound, parts: VersionParts): boolean {
  if (bound.parts.phaseNumber < 0) return false;
  return partsArePrerelease(bound.parts) && compareNumbers(bound.parts.numbers, parts.numbers) === 0;
}

function isWithin(parts: VersionParts, bound: Bound): boolean {
  const compared = compareParts(parts, bound.parts);
  if (bound.operator === '<') return compared < 0;
  if (bound.operator === '<=') return compared <= 0;
  if (bound.operator === '>') return compared > 0;
  if (bound.operator === '>=') return compared >= 0;
  return bound.operator === '=' ? compared === 0 : compared !== 0;
}

const known = new Map<string, VersionRange>();

/**
 * Reads a range: npm's syntax, where a comma is a blank; `3.13` and `@3.13` are 3.13.*, `5` is 5.*, three or more
 * numbers are that very version; PEP 440's `==`, `!=` and `~=` are understood. Memoised. Throws USAGE when it is none.
 */
export function parseRange(text: string): VersionRange {
  const found = known.get(text);
  if (found) return found;
  const alternatives = text.trim().replace(/^@/, '').replaceAll(',', ' ').split('||');
  const range = { text, alternatives: alternatives.map((part) => parseAlternative(part.trim(), text)) };
  known.set(text, range);
  return range;
}

/** Whether `parseRange` would take it. */
export function isRange(text: string): boolean {
  try {
    parseRange(text);
    return true;
  } catch {
    return false;
  }
}

const operators = /\s*(===|==|~=|!=|~>|>=|<=|>|<|=|\^|~)\s*/g;
const comparator = /^(===|==|~=|!=|~>|>=|<=|>|<|=|\^|~)?(.+)$/;
const wildcard = /^v?(\d+(?:\.\d+)*)?(?:\.?[*xX])+$/;

function parseAlternative(text: string, whole: string): Alternative {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  if (hyphen) {
    const low = expand('>=', hyphen[1] ?? '', whole);
    return { bounds: [...low, ...expand('<=', hyphen[2] ?? '', whole)], holes: [] };
  }
  const bounds: Bound[] = [];
  const holes: (readonly Bound[])[] = [];
  for (const token of text.replace(operators, ' $1').split(/\s+/)) {
    const [, operator = '', operand = ''] = comparator.exec(token) ?? [];
    if (operator === '!=') holes.push(expand('==', operand, whole));
    else if (token !== '') bounds.push(...expand(operator, operand, whole));
  }
  return { bounds, holes };
}

/** One comparator as bounds: operator and operand, which may end in wildcards. */
function expand(operator: string, operand: string, whole: string): readonly Bound[] {
  const wild = wildcard.exec(operand);
  const parts = versionParts(wild ? (wild[1] ?? '') : operand);
  if (wild && parts.rank === 0) return operator === '<' || operator === '>' ? [nothing] : [];
  const loose = parts.tail !== '' && parts.phase === phases.release && !operand.includes('+');
  if (parts.rank !== 2 || loose) throw notARange(whole);
  const plain = !partsArePrerelease(parts) && parts.post === -1 && parts.tail === '' && parts.epoch === 0;
  if (wild && (operator === '==' || operator === '===' || parts.numbers.length > 2)) {
    return wildBounds(operator, parts);
  }
  if (operator === '~=') return compatible(parts, whole);
  if (operator === '==' || operator === '===') return [{ operator: '=', parts }];
  if (operator === '^' || operator === '~' || operator === '~>')
    return caretOrTilde(operator, parts, plain, whole);
  if (plain && parts.numbers.length < 3) return withSemver(operator, parts, whole);
  return [{ operator: operator === '' ? '=' : (operator as Operator), parts }];
}

function notARange(whole: string): AppError {
  return new AppError('USAGE', `'${whole}' is not a range of versions`, {
    hint: 'Write it like `5.2`, `^2.1`, `>=3.12` or `>=3.12,<3.15`',
  });
}

/** `7.1.0.*`, `==3.13.*`, `>=3.12.0.*`: the versions that begin with these numbers are one block. */
function wildBounds(operator: string, parts: VersionParts): readonly Bound[] {
  const [first, end] = prefix(parts.numbers, parts.epoch);
  if (operator === '>' || operator === '>=')
    return [{ operator: '>=', parts: operator === '>' ? end : first }];
  if (operator === '<' || operator === '<=')
    return [{ operator: '<', parts: operator === '<' ? first : end }];
  return [
    { operator: '>=', parts: first },
    { operator: '<', parts: end },
  ];
}

/** `~=3.10.2` is `>=3.10.2, ==3.10.*` (PEP 440); one number alone is not allowed there. */
function compatible(parts: VersionParts, whole: string): readonly Bound[] {
  if (parts.numbers.length < 2) throw notARange(whole);
  const [, end] = prefix(parts.numbers.slice(0, -1), parts.epoch);
  return [
    { operator: '>=', parts },
    { operator: '<', parts: end },
  ];
}

function caretOrTilde(
  operator: string,
  parts: VersionParts,
  plain: boolean,
  whole: string,
): readonly Bound[] {
  const [low, ...rest] = withSemver(operator === '~>' ? '~' : operator, parts, whole);
  if (low && plain && parts.numbers.length < 3) return [low, ...rest];
  // semver saw at most three numbers and no suffix: only its upper bound is right.
  return [{ operator: '>=', parts }, ...rest.map((bound) => atEpoch(bound, parts.epoch))];
}

function atEpoch(bound: Bound, epoch: number): Bound {
  return { ...bound, parts: { ...bound.parts, epoch } };
}

function withSemver(operator: string, parts: VersionParts, whole: string): readonly Bound[] {
  const numbers = parts.numbers.slice(0, 3).map(String).join('.');
  let sets: Range['set'];
  try {
    sets = new Range(`${operator}${numbers}`).set;
  } catch {
    throw notARange(whole);
  }
  return (sets[0] ?? []).flatMap((found) => {
    if (found.value === '') return [];
    const { major, minor, patch, prerelease } = found.semver;
    // semver writes "before 2.0.0 and all its pre-releases" as <2.0.0-0.
    const bound = prerelease.length > 0 ? floor([major, minor, patch]) : release([major, minor, patch]);
    return [{ operator: found.operator === '' ? ('=' as const) : found.operator, parts: bound }];
  });
}

function release(numbers: readonly (number | bigint)[]): VersionParts {
  return { ...floor(numbers), phase: phases.release, phaseNumber: 0 };
}

/** Below every version of these numbers, pre-releases included. */
function floor(numbers: readonly (number | bigint)[], epoch = 0): VersionParts {
  return { rank: 2, epoch, numbers, phase: phases.floor, phaseNumber: -1, post: -1, dev: Infinity, tail: '' };
}

/** Where the versions that begin with these numbers start, and where they end. */
function prefix(numbers: readonly (number | bigint)[], epoch: number): readonly [VersionParts, VersionParts] {
  const last = numbers.at(-1) ?? 0;
  const next = typeof last === 'bigint' ? last + 1n : last + 1;
  return [floor(numbers, epoch), floor([...numbers.slice(0, -1), next], epoch)];
}

const nothing: Bound = { operator: '<', parts: floor([0]) };

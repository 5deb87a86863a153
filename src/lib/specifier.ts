// Comes in: a Python version, an operator, another version. Goes out: whether the specifier of PEP 440 takes it.
// Knows only PEP 440, letter for letter, as markers need it; the looser ranges of feeds are version.ts's.
import { compareNumbers, compareParts, phases, versionParts, type VersionParts } from './version-parts.js';

/**
 * Whether `version operator wanted` holds (PEP 440, version specifiers, pre-releases allowed); undefined when one of
 * them is no version, or the operator is none of PEP 440: then PEP 508 compares texts.
 */
export function matchesSpecifier(version: string, operator: string, wanted: string): boolean | undefined {
  const left = pythonVersion(version);
  if (!left) return undefined;
  if (operator === '===') return version.toLowerCase() === wanted.toLowerCase();
  const prefix = /^(.*)\.\*$/.exec(wanted.trim())?.[1];
  const right = pythonVersion(prefix ?? wanted);
  if (!right) return undefined;
  if (prefix === undefined) return compareBy(operator, left, right);
  if (operator === '==') return beginsWith(left, right.epoch, right.numbers);
  return operator === '!=' ? !beginsWith(left, right.epoch, right.numbers) : undefined;
}

function compareBy(operator: string, left: VersionParts, right: VersionParts): boolean | undefined {
  const order = comparePublic(left, right);
  // Local labels count for equality only, and only when the specifier has one.
  const isEqual = order === 0 && (right.tail === '' || left.tail === right.tail);
  switch (operator) {
    case '==':
      return isEqual;
    case '!=':
      return !isEqual;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return comparePublic(left, firstOf(right)) < 0;
    case '>':
      return comparePublic(right.post < 0 ? beforePosts(left) : left, right) > 0;
    case '~=':
      if (right.numbers.length < 2) return undefined;
      return order >= 0 && beginsWith(left, right.epoch, right.numbers.slice(0, -1));
    default:
      return undefined;
  }
}

function comparePublic(left: VersionParts, right: VersionParts): number {
  return compareParts({ ...left, tail: '' }, { ...right, tail: '' });
}

/** Where the pre-releases of a release begin: `<3.8` takes none of them. */
function firstOf(version: VersionParts): VersionParts {
  if (version.phase < phases.release || version.dev !== Infinity) return version;
  return { ...version, phase: version.post < 0 ? phases.floor : version.phase, dev: 0 };
}

/** The version that a post-release is of: `>3.8` takes none of its post-releases. */
function beforePosts(version: VersionParts): VersionParts {
  return version.post < 0 ? version : { ...version, post: -1, dev: Infinity };
}

/** The parts of a version of PEP 440; undefined for anything looser. */
function pythonVersion(text: string): VersionParts | undefined {
  const parts = versionParts(text.trim());
  const isStrict = parts.rank === 2 && (parts.tail === '' || text.includes('+'));
  return isStrict ? parts : undefined;
}

function beginsWith(version: VersionParts, epoch: number, numbers: VersionParts['numbers']): boolean {
  const beginning = version.numbers.slice(0, numbers.length);
  return version.epoch === epoch && compareNumbers(beginning, numbers) === 0;
}

// Comes in: a Python version, an operator, another version. Goes out: whether the specifier of PEP 440 takes it.
// Knows only PEP 440, letter for letter; the looser ranges of feeds are version.ts's.

interface PythonVersion {
  readonly epoch: number;
  /** Without trailing zeros, so that 3.8 equals 3.8.0. */
  readonly release: readonly number[];
  /** As written. */
  readonly written: readonly number[];
  /** `dev` before pre-releases before final before post-releases. */
  readonly suffix: readonly [pre: number, preNumber: number, post: number, dev: number];
  readonly local: string;
}

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

/**
 * Whether `version operator wanted` holds (PEP 440, version specifiers, pre-releases allowed); undefined when one of
 * them is no version, or the operator is none of PEP 440: then PEP 508 compares texts.
 */
export function matchesSpecifier(version: string, operator: string, wanted: string): boolean | undefined {
  const left = parse(version);
  if (!left) return undefined;
  if (operator === '===') return version.toLowerCase() === wanted.toLowerCase();
  const isPrefix = wanted.trimEnd().endsWith('.*');
  const right = parse(isPrefix ? wanted.trimEnd().slice(0, -2) : wanted);
  if (!right) return undefined;
  if (isPrefix) {
    if (operator === '==') return hasPrefix(left, right);
    return operator === '!=' ? !hasPrefix(left, right) : undefined;
  }
  return compareBy(operator, left, right);
}

function compareBy(operator: string, left: PythonVersion, right: PythonVersion): boolean | undefined {
  const order = compare(left, right);
  const sameLocal = right.local === '' || left.local === right.local;
  switch (operator) {
    case '==':
      return order === 0 && sameLocal;
    case '!=':
      return order !== 0 || !sameLocal;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0 && (isPre(right) || !isPre(left) || !sameRelease(left, right));
    case '>':
      return order > 0 && (isPost(right) || !isPost(left) || !sameRelease(left, right));
    case '~=': {
      if (right.written.length < 2) return undefined;
      return order >= 0 && hasPrefix(left, { ...right, written: right.written.slice(0, -1) });
    }
    default:
      return undefined;
  }
}

function parse(text: string): PythonVersion | undefined {
  const match = pattern.exec(text.trim().toLowerCase());
  if (!match) return undefined;
  const [
    ,
    epoch = '0',
    numbers = '',
    pre,
    preNumber,
    plainPost,
    post,
    postNumber,
    dev,
    devNumber,
    local = '',
  ] = match;
  const written = numbers.split('.').map(Number);
  const release = [...written];
  while (release.length > 1 && release.at(-1) === 0) release.pop();
  const hasPost = post !== undefined || plainPost !== undefined;
  const isDevOfFinal = pre === undefined && !hasPost && dev !== undefined;
  return {
    epoch: Number(epoch),
    written,
    release,
    suffix: [
      pre === undefined ? (isDevOfFinal ? -1 : 3) : preRank(pre),
      Number(preNumber ?? 0),
      hasPost ? Number((plainPost ?? postNumber) || 0) : -1,
      dev === undefined ? Infinity : Number(devNumber ?? 0),
    ],
    local: local.replace(/[-_]/g, '.'),
  };
}

function preRank(word: string): number {
  if (word.startsWith('a')) return 0;
  return word.startsWith('b') ? 1 : 2;
}

/** Order of the public versions: local parts are not looked at. */
function compare(left: PythonVersion, right: PythonVersion): number {
  return (
    left.epoch - right.epoch ||
    compareNumbers(left.release, right.release) ||
    compareNumbers(left.suffix, right.suffix)
  );
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const mine = left[index] ?? 0;
    const other = right[index] ?? 0;
    if (mine !== other) return mine < other ? -1 : 1;
  }
  return 0;
}

function hasPrefix(version: PythonVersion, prefix: PythonVersion): boolean {
  if (version.epoch !== prefix.epoch) return false;
  return prefix.written.every((number, index) => (version.written[index] ?? 0) === number);
}

function isPre(version: PythonVersion): boolean {
  return version.suffix[0] < 3 || version.suffix[3] !== Infinity;
}

function isPost(version: PythonVersion): boolean {
  return version.suffix[2] >= 0;
}

function sameRelease(left: PythonVersion, right: PythonVersion): boolean {
  return left.epoch === right.epoch && compareNumbers(left.release, right.release) === 0;
}

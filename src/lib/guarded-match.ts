// Comes in: a regular expression that somebody else wrote, and text. Goes out: where it fits. Patterns of strangers can run
// for ever: their length, the text's length and the time are limited. Knows no package.
// The pattern is .NET's; what JavaScript has under another name is translated, what it has not is refused, never guessed.
// https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-language-quick-reference
import { Script, createContext } from 'node:vm';

/** Characters; no real package comes near. */
const longestPattern = 2000;
const longestText = 4 * 1024 * 1024;
const mostPlaces = 10_000;
const milliseconds = 1000;

/** A part of a text, from `start` up to and without `end`. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** The pattern cannot be used: unknown syntax, too long, or no end in sight. The message is the end of a sentence. */
export class PatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PatternError';
  }
}

/** All places where the pattern fits, from left to right; throws PatternError. */
export function placesOf(pattern: string, text: string): TextPlace[] {
  if (text.length > longestText) throw new PatternError(`the text is longer than ${longestText} characters`);
  const expression = compiled(pattern, 'g');
  return limited(() => {
    const places: TextPlace[] = [];
    for (const match of text.matchAll(expression)) {
      if (match[0] === '') continue;
      places.push({ start: match.index, end: match.index + match[0].length });
      if (places.length > mostPlaces) throw new PatternError(`it fits at more than ${mostPlaces} places`);
    }
    return places;
  });
}

/** Those of the texts that the pattern fits somewhere; `flags` are JavaScript's. Throws PatternError. */
export function fitting<Text extends string>(
  pattern: string,
  texts: readonly Text[],
  flags: '' | 'i' = '',
): Text[] {
  if (texts.some(({ length }) => length > longestText))
    throw new PatternError(`the text is longer than ${longestText} characters`);
  const expression = compiled(pattern, flags);
  return limited(() => texts.filter((text) => expression.test(text)));
}

/** What the pattern's first group holds where it fits first; undefined when it fits nowhere. Throws PatternError. */
export function firstGroup(pattern: string, text: string): string | undefined {
  if (text.length > longestText) throw new PatternError(`the text is longer than ${longestText} characters`);
  const expression = compiled(pattern, '');
  return limited(() => expression.exec(text)?.[1]);
}

/** How many groups a pattern has; throws PatternError. */
export function groupCount(pattern: string): number {
  const expression = compiled(`${pattern}|`, '');
  return limited(() => (expression.exec('')?.length ?? 1) - 1);
}

/** Why the pattern can be used on no text; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    compiled(pattern, '');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const anchors: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
};

function compiled(pattern: string, flags: string): RegExp {
  if (pattern.length > longestPattern)
    throw new PatternError(`the pattern is longer than ${longestPattern} characters`);
  const [, inline = '', rest = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(pattern) ?? [];
  // JavaScript would take these for something else without a word.
  if (/\\G|\[[^\]]*-\[|\(\?[>#]/.test(rest)) throw new PatternError('it is written for .NET only');
  const translated = rest.replace(/\\([\s\S])/g, (whole, letter: string) => anchors[letter] ?? whole);
  const letters = `${flags}${inline}${/\\p\{/i.test(rest) ? 'u' : ''}`;
  try {
    return new RegExp(
      translated,
      ['g', 'i', 'm', 's', 'u'].filter((flag) => letters.includes(flag)).join(''),
    );
  } catch {
    throw new PatternError('it is no regular expression that can be used here');
  }
}

const script = new Script('work()');
const place = createContext({}) as { work?: () => void };

/** V8 looks at the clock while it tries a pattern, but only in code that a script of `vm` has started. */
function limited<Value>(work: () => Value): Value {
  let value: { readonly of: Value } | undefined;
  place.work = () => {
    value = { of: work() };
  };
  try {
    script.runInContext(place, { timeout: milliseconds });
  } catch (error) {
    if (error instanceof PatternError) throw error;
    // Some patterns are too large for V8, which says so only when they are tried.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new PatternError('it is larger than what can be used here');
  } finally {
    delete place.work;
  }
  if (!value) throw new PatternError(`after ${milliseconds} ms there is no end in sight`);
  return value.of;
}

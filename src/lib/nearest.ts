// Comes in: a word and names. Goes out: those names that the word was probably meant to be. Knows no catalog.

/** Up to three names within a few typing errors of a word, or beginning with it; the nearest first, else as given. */
export function nearestNames(word: string, names: Iterable<string>): readonly string[] {
  const key = word.toLowerCase();
  const limit = Math.max(1, Math.floor(key.length / 3));
  const near: { name: string; distance: number }[] = [];
  for (const name of names) {
    const lower = name.toLowerCase();
    const begins = key.length >= 3 && lower.startsWith(key);
    const distance = lower === key ? 0 : begins ? 1 : typingErrors(lower, key, limit);
    if (distance <= limit) near.push({ name, distance });
  }
  near.sort((left, right) => left.distance - right.distance);
  return [...new Set(near.map(({ name }) => name))].slice(0, 3);
}

/**
 * A hint for a word that is none of the names: the nearest ones as one would type them, then `otherwise`, which tells where
 * all of them are.
 */
export function nearestHint(
  word: string,
  names: Iterable<string>,
  otherwise: string,
  typed: (name: string) => string = (name) => name,
): string {
  const near = nearestNames(word, names).map((name) => `\`${typed(name)}\``);
  return near.length === 0 ? otherwise : `Did you mean ${near.join(' or ')}? ${otherwise}`;
}

/** Letters added, left out, replaced or swapped with their neighbour; `limit + 1` when they are more than `limit`. */
export function typingErrors(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[line - 1] === right[column - 1];
      const swapped = left[line - 2] === right[column - 1] && left[line - 1] === right[column - 2];
      const choices = [
        (row[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (row[column - 1] ?? 0) + (same ? 0 : 1),
      ];
      if (swapped && line > 1 && column > 1) choices.push((before[column - 2] ?? 0) + 1);
      next.push(Math.min(...choices));
    }
    if (Math.min(...next) > limit) return limit + 1;
    [before, row] = [row, next];
  }
  return row[right.length] ?? 0;
}

// Comes in: text that names other things as `{Name}`, and what they stand for. Goes out: the text filled in. Pure.

const reference = /\{([^{}]+)\}/g;

/** The names in a text, in its order. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(reference)].map(([, name = '']) => name.trim());
}

/** Fills in what is known, by lower-case name, once: what a value holds stays as it is; so does what nobody knows. */
export function filledReferences(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(reference, (whole, name: string) => values.get(name.trim().toLowerCase()) ?? whole);
}

// Comes in: the METADATA of a wheel. Goes out: its licence, the way the newest of its fields tells it. Opens nothing.

/**
 * `License-Expression` (PEP 639), else the classifiers, else a short `License`; undefined when nobody tells.
 * https://packaging.python.org/en/latest/specifications/core-metadata/
 */
export function licenseOfMetadata(metadata: string): string | undefined {
  const head = metadata.split(/\r?\n\r?\n/)[0] ?? '';
  const fields = head.split(/\r?\n(?![ \t])/).map((line) => {
    const [, name = '', value = ''] = /^([\w-]+):\s*([\s\S]*)$/.exec(line) ?? [];
    return { name: name.toLowerCase(), value: value.trim() };
  });
  const valuesOf = (name: string): string[] =>
    fields.filter((field) => field.name === name && field.value !== '').map(({ value }) => value);
  const [expression] = valuesOf('license-expression');
  if (expression !== undefined) return expression;
  const classified = valuesOf('classifier').flatMap(
    (value) => /^License :: (?:.* :: )?(.+)$/.exec(value)?.[1] ?? [],
  );
  const named = classified.filter((name) => name !== 'OSI Approved');
  if (named.length > 0) return named.join(', ');
  // Some put the whole text of the licence here.
  const [short] = valuesOf('license');
  return short === undefined || short.includes('\n') || short.length > 100 || /^unknown$/i.test(short)
    ? undefined
    : short;
}

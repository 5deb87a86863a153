// Comes in: a catalog. Goes out: findings about what its entries name: ids that nobody declares, ranges that are none or
// that nothing fits. Knows nothing of versions on a machine, so "nothing fits" is a doubt only.
import { isRange, satisfies } from '../lib/version.js';
import type { Catalog, Dependency, Entry } from '../types.js';
import type { Check, Finding } from './finding.js';
import { forEntries } from './finding.js';
import { findProduct } from '../lib/find-product.js';

type Message = readonly [Finding['severity'], string];

/** Dependencies and choices of parameters. */
export const checkNeeds: Check = (checked) =>
  forEntries(checked, (entry) => [
    ...(entry.dependency ? needs(checked.catalog, entry.dependency, false) : []),
    ...choices(checked.catalog, entry),
  ]);

/** In an `or` a branch that nobody declares is skipped, so it is an error only when no branch is left. */
function needs(catalog: Catalog, dependency: Dependency, optional: boolean): Message[] {
  switch (dependency.kind) {
    case 'product':
      return product(catalog, dependency.id, dependency.range, optional, 'needs');
    case 'all':
      return dependency.of.flatMap((each) => needs(catalog, each, optional));
    case 'any': {
      const none = dependency.of.every((each) => isImpossible(catalog, each));
      return dependency.of.flatMap((each) => needs(catalog, each, optional || !none));
    }
    case 'shared':
      return [];
  }
}

function choices(catalog: Catalog, entry: Entry): Message[] {
  return entry.parameters.flatMap(({ name, choices: each }) =>
    each.flatMap((choice) =>
      choice.product === undefined
        ? []
        : product(
            catalog,
            choice.product,
            choice.range,
            false,
            `choice '${choice.value}' of '${name}' brings`,
          ),
    ),
  );
}

function product(
  catalog: Catalog,
  id: string,
  range: string | undefined,
  optional: boolean,
  verb: string,
): Message[] {
  const found = findProduct(catalog, id);
  if (!found) return [[optional ? 'warning' : 'error', `${verb} '${id}', which no feed declares`]];
  if (range === undefined) return [];
  if (!isRange(range)) return [['error', `${verb} '${id}' with '${range}', which is no range`]];
  const fits = found.entries.some((entry) => satisfies(entry.version, range));
  return fits ? [] : [['warning', `${verb} '${id}' ${range}, and no version in the feeds fits`]];
}

function isImpossible(catalog: Catalog, dependency: Dependency): boolean {
  switch (dependency.kind) {
    case 'product':
      return findProduct(catalog, dependency.id) === undefined;
    case 'all':
      return dependency.of.some((each) => isImpossible(catalog, each));
    case 'any':
      return dependency.of.every((each) => isImpossible(catalog, each));
    case 'shared':
      return true;
  }
}

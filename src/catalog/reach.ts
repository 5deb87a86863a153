// Comes in: a catalog and product ids. Goes out: everything that installing them may touch, and the catalog as it is
// once questions are answered. Chooses neither versions nor branches.
import { conditionHolds } from '../lib/condition.js';
import type { Catalog, Dependency, Entry, Parameter } from '../types.js';

/**
 * Lower-case ids of all products that any version, branch, system or choice of the given ones may bring along,
 * themselves included; ids that no feed declares are left out.
 */
export function reachable(catalog: Catalog, ids: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const lower = id.toLowerCase();
    const key = catalog.products.has(lower) ? lower : (catalog.aliases.get(lower) ?? lower);
    const product = catalog.products.get(key);
    if (!product || reached.has(key)) continue;
    reached.add(key);
    for (const entry of product.entries) open.push(...needsOf(entry));
  }
  return reached;
}

/** Ids that an entry may bring along, as written. */
export function needsOf(entry: Entry): string[] {
  const chosen = entry.parameters.flatMap((parameter) =>
    parameter.choices.flatMap((choice) => choice.product ?? []),
  );
  return [...(entry.dependency ? productsOf(entry.dependency) : []), ...chosen];
}

function productsOf(dependency: Dependency): string[] {
  if (dependency.kind === 'product') return [dependency.id];
  return dependency.kind === 'shared' ? [] : dependency.of.flatMap(productsOf);
}

/**
 * The catalog in which a product needs what its answers bring along. An unanswered question has its default; one whose
 * `when` does not hold brings nothing. Names of parameters are compared in any case, values of choices exactly.
 */
export function withAnswers(
  catalog: Catalog,
  productId: string,
  answers: ReadonlyMap<string, string>,
): Catalog {
  const key = productId.toLowerCase();
  const product = catalog.products.get(key);
  if (!product) return catalog;
  const given = new Map([...answers].map(([name, value]) => [name.toLowerCase(), value]));
  const entries = product.entries.map((entry) => withChosen(entry, given));
  return { ...catalog, products: new Map(catalog.products).set(key, { ...product, entries }) };
}

function withChosen(entry: Entry, given: ReadonlyMap<string, string>): Entry {
  const chosen = chosenProducts(entry, given);
  if (chosen.length === 0) return entry;
  const all = [...(entry.dependency ? [entry.dependency] : []), ...chosen];
  const [only] = all;
  return { ...entry, dependency: all.length === 1 && only ? only : { kind: 'all', of: all } };
}

function chosenProducts(entry: Entry, given: ReadonlyMap<string, string>): Dependency[] {
  return entry.parameters.flatMap((parameter) => {
    const value = answerOf(entry, parameter, given);
    const choice = parameter.choices.find((each) => each.value === value);
    if (!choice?.product) return [];
    const { product, range } = choice;
    return [{ kind: 'product' as const, id: product, ...(range ? { range } : {}) }];
  });
}

/** The value of a parameter; undefined when it is not asked, because the one that it hangs on says something else. */
function answerOf(
  entry: Entry,
  parameter: Parameter,
  given: ReadonlyMap<string, string>,
  depth = 0,
): string | undefined {
  const { when } = parameter;
  if (when) {
    const other = entry.parameters.find((each) => each.name.toLowerCase() === when.parameter.toLowerCase());
    // Conditions that hang on each other in a circle never hold.
    const value =
      other && depth < entry.parameters.length ? answerOf(entry, other, given, depth + 1) : undefined;
    if (!conditionHolds(when.values, value)) return undefined;
  }
  return given.get(parameter.name.toLowerCase()) ?? parameter.default;
}

// Comes in: a plan for a target. Goes out: the plans for every other choice as well: each product that an answer brings, each
// branch of an `or`. A choice that the target cannot have is told, not an error. Decides nothing about versions.
import { AppError } from '../../errors.js';
import type { Dependency, OperatingSystem, Wanted } from '../../types.js';
import type { Planned } from '../planning.js';
import { findProduct } from '../../lib/find-product.js';

export interface Alternatives {
  /** The given plan first. */
  readonly planned: readonly Planned[];
  readonly warnings: readonly string[];
}

/** Plans until no plan brings a choice that was not tried. */
export async function alternativesOf(
  wanted: readonly Wanted[],
  first: Planned,
  plan: (wanted: readonly Wanted[]) => Promise<Planned>,
): Promise<Alternatives> {
  const planned = [first];
  const warnings: string[] = [];
  const tried = new Set<string>();
  const open = choicesOf(wanted, first);
  for (let choice = open.shift(); choice !== undefined; choice = open.shift()) {
    const name = choice.map(({ id, range }) => (range === undefined ? id : `${id}@${range}`)).join(' and ');
    if (tried.has(name.toLowerCase())) continue;
    tried.add(name.toLowerCase());
    try {
      const next = await plan([...wanted, ...choice]);
      planned.push(next);
      open.push(...choicesOf(wanted, next));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'INTERRUPTED') throw error;
      warnings.push(`The alternative ${name} is left out: ${error.message}`);
    }
  }
  return { planned, warnings };
}

/** What could be there besides: for the questions of what is wanted, and for every `or` of what is planned. */
function choicesOf(wanted: readonly Wanted[], { plan, catalog, machine }: Planned): Wanted[][] {
  const answers = wanted.flatMap(({ id }) =>
    (findProduct(catalog, id)?.entries ?? []).flatMap(({ parameters }) =>
      parameters.flatMap(({ choices }) =>
        choices.flatMap(({ product, range }) => (product === undefined ? [] : [[wantedOf(product, range)]])),
      ),
    ),
  );
  const { os } = machine.platform;
  const branches = plan.steps.flatMap(({ entry }) =>
    entry?.dependency ? branchesOf(entry.dependency, os) : [],
  );
  return [...answers, ...branches];
}

/** Each branch of each `or`, as the products that it asks for. */
function branchesOf(dependency: Dependency, os: OperatingSystem): Wanted[][] {
  if (dependency.os !== undefined && dependency.os !== os) return [];
  if (dependency.kind === 'product' || dependency.kind === 'shared') return [];
  const own = dependency.kind === 'any' ? dependency.of.map((branch) => productsOf(branch, os)) : [];
  return [...own, ...dependency.of.flatMap((each) => branchesOf(each, os))].filter(
    ({ length }) => length > 0,
  );
}

/** Of an `or` inside a branch the first one; the others are branches of their own. */
function productsOf(dependency: Dependency, os: OperatingSystem): Wanted[] {
  if (dependency.os !== undefined && dependency.os !== os) return [];
  if (dependency.kind === 'product') return [wantedOf(dependency.id, dependency.range)];
  if (dependency.kind === 'shared') return [];
  const of = dependency.kind === 'any' ? dependency.of.slice(0, 1) : dependency.of;
  return of.flatMap((each) => productsOf(each, os));
}

function wantedOf(id: string, range: string | undefined): Wanted {
  return range === undefined ? { id } : { id, range };
}

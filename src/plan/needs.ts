// Comes in: an entry's dependency tree. Goes out: what counts of it on one system, as a list of needs in which only
// real choices are left. Knows no versions and whether anything can be had.
import { isRange, satisfies } from '../lib/version.js';
import type { Dependency, OperatingSystem } from '../types.js';

export type Need = ProductNeed | ChoiceNeed;

export interface ProductNeed {
  readonly kind: 'product';
  /** As the entry spells it; may be an alias. */
  readonly id: string;
  readonly range?: string;
}

/** An `or` of at least two branches; all needs of the chosen branch must be met. */
export interface ChoiceNeed {
  readonly kind: 'choice';
  readonly branches: readonly (readonly Need[])[];
}

/**
 * What an entry needs on a system, all of it, as written. What is for another system does not count: it is neither
 * needed nor a branch, and an `and` or `or` of nothing that counts is nothing. An `or` of one branch is that branch.
 */
export function needsOf(dependency: Dependency | undefined, os: OperatingSystem): readonly Need[] {
  return (dependency && counted(dependency, os)) ?? [];
}

function counted(dependency: Dependency, os: OperatingSystem): readonly Need[] | undefined {
  if (dependency.os !== undefined && dependency.os !== os) return undefined;
  if (dependency.kind === 'product') {
    const { id, range } = dependency;
    return [{ kind: 'product', id, ...(range === undefined ? {} : { range }) }];
  }
  // The catalog resolves references; one that is left points at nothing, like an unknown product.
  if (dependency.kind === 'shared') return [{ kind: 'product', id: dependency.id }];
  const parts = dependency.of
    .map((part) => counted(part, os))
    .filter((needs): needs is readonly Need[] => needs !== undefined);
  if (parts.length === 0) return undefined;
  if (dependency.kind === 'all') return parts.flat();
  return parts.length === 1 ? parts[0] : [{ kind: 'choice', branches: parts }];
}

/** A need in words: `Python >=3.12`, `B or C`; of many only some are named. */
export function needText(need: Need): string {
  if (need.kind === 'product') return need.range === undefined ? need.id : `${need.id} ${need.range}`;
  return listText(need.branches.map(branchText), 'or');
}

/** A branch of an `or` in words: `B and C`, `B and (C or D)`. */
export function branchText(needs: readonly Need[]): string {
  const [only, ...more] = needs;
  if (only && more.length === 0) return needText(only);
  return listText(
    needs.map((need) => (need.kind === 'choice' ? `(${needText(need)})` : needText(need))),
    'and',
  );
}

const longest = 4;

function listText(parts: readonly string[], word: 'and' | 'or'): string {
  if (parts.length <= longest) return parts.join(` ${word} `);
  const shown = parts.slice(0, longest - 1);
  return `${shown.join(', ')} ${word} ${parts.length - shown.length} more`;
}

/** Whether a version fits a feed's range; a text that is no range (the catalog has warned of it) fits nothing. */
export function isWithin(version: string, range: string): boolean {
  return isRange(range) && satisfies(version, range);
}

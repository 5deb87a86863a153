// Comes in: catalog, machine and wanted products. Goes out: the plan, or an error that says why there is none. The
// door of this stage: pure, synchronous, the same plan however the entries of distinct versions are ordered.
import { AppError } from '../errors.js';
import { nearestNames } from '../lib/nearest.js';
import { parseRange } from '../lib/version.js';
import type { Plan } from '../types.js';
import { conflictError } from './explain.js';
import { noticesOf } from './notices.js';
import { stepsOf } from './order.js';
import { type PlanRequest } from './request.js';
import { search } from './search.js';
import { findProduct } from '../lib/find-product.js';

export type { PlanRequest } from './request.js';

/**
 * The best plan there is: the asked products in order, then breadth-first, each takes what is installed, else
 * recommended, else the newest version for which a plan exists; in an `or` what is installed, then as written.
 * Throws USAGE (a range that is none), PRODUCT_UNKNOWN, NO_INSTALLER, CONFLICT.
 */
export function resolve(request: PlanRequest): Plan {
  for (const { range } of request.wanted) if (range !== undefined) parseRange(range);
  const unknown = request.wanted.filter(({ id }) => !findProduct(request.catalog, id));
  const [first] = unknown;
  if (first) throw unknownProducts(request, [...new Set(unknown.map(({ id }) => id))]);
  const result = search(request);
  if ('blame' in result) throw conflictError(request, result.blame);
  return { steps: stepsOf(result.solution, request), notices: noticesOf(result.solution) };
}

function unknownProducts({ catalog }: PlanRequest, ids: readonly string[]): AppError {
  const near = nearestNames(ids[0] ?? '', [...catalog.products.keys(), ...catalog.aliases.keys()])
    .map((key) => findProduct(catalog, key)?.id ?? key)
    .filter((id, index, all) => all.indexOf(id) === index);
  const names = ids.map((id) => `'${id}'`).join(' and ');
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((id) => `'${id}'`).join(' or ')}?`
      : 'See all products with `zookit list`, or add a feed with `zookit feed add URL`';
  return new AppError('PRODUCT_UNKNOWN', `No feed has ${names}`, { hint });
}

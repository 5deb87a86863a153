// Comes in: a word that was to be a product, an installed one, or a tab, and what there is. Goes out: the error that says so
// with the nearest names. Looks nothing up by itself.
import { nearestProducts } from '../catalog/search.js';
import { AppError } from '../errors.js';
import { nearestHint, nearestNames } from '../lib/nearest.js';
import type { Catalog } from '../types.js';

/** PRODUCT_UNKNOWN for an id that no feed has. */
export function noSuchProduct(catalog: Catalog, id: string): AppError {
  const near = nearestProducts(catalog, bareName(id)).map((name) => `'${name}'`);
  return new AppError('PRODUCT_UNKNOWN', `No feed has '${id}'`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'See all products with `zookit list`, or add a feed with `zookit feed add URL`',
  });
}

/** PRODUCT_UNKNOWN for what Zookit has not installed; `here` is what it has, there or in the environment that is meant. */
export function notInstalled(name: string, here: readonly string[]): AppError {
  const near = nearestNames(bareName(name), here).map((each) => `'${each}'`);
  const asked = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  return new AppError('PRODUCT_UNKNOWN', `Zookit has not installed '${name}' here`, {
    details: here.length > 0 ? [`Found ${[...new Set(here)].join(', ')}`] : ['Nothing is installed'],
    hint: `${asked}See \`zookit list --installed\`; for a project add \`--env DIR\``,
  });
}

/** Without what is typed around a name where none is wanted: a version after it, blanks of a title in it. */
function bareName(typed: string): string {
  return typed.replace(/@.*$/, '').replace(/\s+/g, '') || typed;
}

/** USAGE for a tab that no feed has. */
export function noSuchTab({ tabs }: Catalog, tab: string): AppError {
  const ids = tabs.map(({ id }) => id);
  return new AppError('USAGE', `No feed has a tab '${tab}'`, {
    details: [ids.length > 0 ? `Found ${ids.join(', ')}` : 'The feeds have none'],
    hint: nearestHint(tab, ids, 'See all products with `zookit list`', (near) => `zookit list --tab ${near}`),
  });
}

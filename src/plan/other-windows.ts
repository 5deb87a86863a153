// Comes in: what an entry needs, and a platform. Goes out: what of it counts on this Windows. WebPI's lists ask for the IIS
// of every Windows in one `and`, and WebPI took from a list what was for its own Windows only. Chooses no branch.
import type { Platform, Product } from '../types.js';
import type { Need, ProductNeed } from './needs.js';
import { fitsOsList } from './platform-fit.js';

/** Tells of an id whether it is for other versions or editions of Windows only; undefined when no feed declares it. */
export type ForOthers = (need: ProductNeed) => boolean | undefined;

/**
 * Whether a product is for other versions or editions of Windows only, as WebPI's osLists say: a list that names it means
 * "where it exists". Rules of our own (zk:platform), architectures and other systems are never meant like that.
 */
export function isForOtherWindows(product: Product, platform: Platform): boolean {
  if (platform.os !== 'windows') return false;
  return product.entries.every(
    ({ installers }) =>
      installers.length > 0 &&
      installers.every((each) => each.platforms.length === 0 && !fitsOsList(each, platform)),
  );
}

/**
 * The needs without those that are for another Windows. A branch of an `or` that asks for such a thing is no branch, as
 * long as there is another one; when every branch asks for some, they are taken without it.
 */
export function neededHere(needs: readonly Need[], forOthers: ForOthers): readonly Need[] {
  return needs.flatMap((need): readonly Need[] => {
    if (need.kind === 'product') return forOthers(need) === true ? [] : [need];
    const branches = need.branches.map((each) => each.flatMap((part) => inBranch(part, forOthers)));
    if (branches.some((each) => isWhole(each, forOthers))) return [{ kind: 'choice', branches }];
    const rest = branches
      .map((each) => each.filter((part) => !isForOthers(part, forOthers)))
      .filter((each) => each.length > 0);
    const [only = []] = rest;
    return rest.length === 1 ? only : [{ kind: 'choice', branches: rest.length > 0 ? rest : branches }];
  });
}

/** Ids of what is left out of these needs, as they are written. */
export function leftOut(needs: readonly Need[], forOthers: ForOthers): readonly string[] {
  return needs.flatMap((need) => (isForOthers(need, forOthers) ? [need.id] : []));
}

function inBranch(need: Need, forOthers: ForOthers): readonly Need[] {
  return need.kind === 'product' ? [need] : neededHere([need], forOthers);
}

function isWhole(branch: readonly Need[], forOthers: ForOthers): boolean {
  return branch.every((need) =>
    need.kind === 'choice'
      ? need.branches.some((each) => isWhole(each, forOthers))
      : forOthers(need) === false,
  );
}

function isForOthers(need: Need, forOthers: ForOthers): need is ProductNeed {
  return need.kind === 'product' && forOthers(need) === true;
}

// Comes in: a solution. Goes out: a sentence for each `or` that had a choice (which branch was taken, and why), and for
// each product that names what is for another Windows.
import type { ChoiceNode } from './causes.js';
import { branchText, needText } from './needs.js';
import { branchReason } from './reasons.js';
import type { ChosenBranch, Solution } from './search.js';

/** In the order in which they came up, choices first; without a final stop. */
export function noticesOf({ choices, products }: Solution): readonly string[] {
  const taken = [...choices].map(([node, branch]) => sentence(node, branch));
  const left = [...products].flatMap(([{ product }, { leftOut }]) => {
    const ids = [...new Set(leftOut)];
    const last = ids.pop();
    if (last === undefined) return [];
    const names = ids.length === 0 ? `${last}, which is` : `${ids.join(', ')} and ${last}, which are`;
    return [`'${product.id}' names ${names} for another Windows only: left out`];
  });
  return [...new Set([...taken, ...left])];
}

function sentence(node: ChoiceNode, branch: ChosenBranch): string {
  const taken = takenText(node, branch.option);
  const asker = node.asker.node.product.id;
  return `'${asker}' needs ${needText(node.need)}: ${taken} is taken, ${why(node, branch)}`;
}

function takenText({ need, order }: ChoiceNode, option: number): string {
  return branchText(need.branches[order[option] ?? 0] ?? []);
}

function why(node: ChoiceNode, { option, passedOver }: ChosenBranch): string {
  if (option > 0) {
    const reasons = passedOver.map((blame, before) => branchReason(takenText(node, before), blame));
    return `because ${reasons.join('; ')}`;
  }
  if (node.installed[option]) return 'because it is there already';
  return 'because it is named first';
}

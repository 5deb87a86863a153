// Comes in: an installed product. Goes out: what could not be taken away. The same walk as undo, over the lines of a
// finished step; packages that other products of the environment use stay. Knows no catalog.
import type { Change, InstallerKind, UndoTools } from '../kind.js';
import { normalName } from '../lib/environment.js';
import type { KindName } from '../types.js';
import type { Installed } from './installed.js';
import type { Journal } from './journal.js';
import { undo } from './undo.js';

export interface UninstallTools {
  readonly journal: Journal;
  readonly kinds: ReadonlyMap<KindName, InstallerKind>;
  readonly undo: UndoTools;
}

/** Takes a product away; `others` are the installed products that stay. Returns a sentence for each thing left. */
export async function uninstall(
  product: Installed,
  others: readonly Installed[],
  tools: UninstallTools,
): Promise<string[]> {
  const changes = product.changes.map((change) => withoutShared(change, others)).filter(isWorthUndoing);
  const left = await undo({ changes, kind: tools.kinds.get(product.kind), tools: tools.undo });
  const { run, version, place } = product;
  // With something left it stays on the list, so that the same command can be tried again.
  if (left.length === 0)
    await tools.journal.append({ run, product: product.product, version, place, event: 'removed' });
  return left;
}

/** A finished `packages` change takes away its whole closure, but for what another product put there too. */
function withoutShared(change: Change, others: readonly Installed[]): Change {
  if (change.kind !== 'packages') return change;
  const needed = new Set(
    others
      .flatMap(({ changes }) =>
        changes.flatMap((each) =>
          each.kind === 'packages' && each.environment === change.environment ? each.packages : [],
        ),
      )
      .map(distribution),
  );
  return {
    ...change,
    added: change.packages.filter((each) => !needed.has(distribution(each))),
    replaced: [],
  };
}

/** The environment itself was made by its first product and stays for the others; what was moved aside is long gone. */
function isWorthUndoing(change: Change, _index: number, changes: readonly Change[]): boolean {
  if (change.kind === 'replaced') return false;
  return (
    change.kind !== 'created' ||
    !changes.some((each) => each.kind === 'packages' && each.environment === change.path)
  );
}

function distribution(pinned: string): string {
  return normalName(pinned.split('==')[0] ?? pinned);
}

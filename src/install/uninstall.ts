// Comes in: an installed product. Goes out: what could not be taken away. The same walk as undo, over the lines of a
// finished step; packages that other products of the environment use stay. Knows no catalog.
import type { Change, InstallerKind, UndoTools } from '../kind.js';
import { normalName } from '../lib/environment.js';
import type { KindName } from '../types.js';
import type { Installed } from './installed.js';
import type { Journal } from './journal.js';
import type { Manifests } from './manifest.js';
import { undo } from './undo.js';

export interface UninstallTools {
  readonly journal: Journal;
  readonly kinds: ReadonlyMap<KindName, InstallerKind>;
  readonly undo: UndoTools;
  readonly manifests: Pick<Manifests, 'forget'>;
}

/** Takes a product away; `others` are the installed products that stay. Returns a sentence for each thing left. */
export async function uninstall(
  product: Installed,
  others: readonly Installed[],
  tools: UninstallTools,
): Promise<string[]> {
  const { run, version, place } = product;
  const key = { run, product: product.product, version, place };
  await tools.journal.append({ ...key, event: 'removing' });
  const kind = tools.kinds.get(product.kind);
  const all = finished(product.changes).map((change) => withoutShared(change, others));
  const { changes, kept } = (await kind?.stillOwn?.(all, tools.undo)) ?? { changes: all, kept: [] };
  for (const sentence of kept) tools.undo.tell?.(sentence);
  const left = await undo({ changes, kind, tools: tools.undo });
  // Before the last line: whoever finishes this after a kill does all of it again.
  if (left.length === 0) await tools.manifests.forget(key);
  // With something left it stays on the list, so that the same command can be tried again.
  await tools.journal.append(
    left.length === 0 ? { ...key, event: 'removed' } : { ...key, event: 'kept', left },
  );
  return left;
}

/**
 * The changes of a step that was done, as they count now: what was moved aside is long gone, so what took its place is
 * simply there; what held only meanwhile is over; the environment that its first product made stays for the others.
 */
function finished(changes: readonly Change[]): Change[] {
  const environments = changes.flatMap((each) => (each.kind === 'packages' ? [each.environment] : []));
  return changes
    .filter((change) => !(change.kind === 'ran' && change.passing === true))
    .map((change): Change => (change.kind === 'replaced' ? { kind: 'created', path: change.path } : change))
    .filter((change) => change.kind !== 'created' || !environments.includes(change.path));
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

function distribution(pinned: string): string {
  return normalName(pinned.split('==')[0] ?? pinned);
}

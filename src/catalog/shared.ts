// Comes in: entries with references (`idref`) to shared dependencies, hints and systems. Goes out: the same entries with
// the rules themselves. A reference to nothing, or to itself, is a warning and becomes something that never fits.
import type { Dependency, DiscoveryHint, Entry, Feed, FeedWarning, Installer, OsRule } from '../types.js';
import type { FindShared } from './scope.js';
import { sharedFinder } from './scope.js';

/** What resolving needs to know; `warn` complains about the entry that is being resolved. */
interface Resolving {
  readonly find: FindShared;
  readonly realId: (id: string) => string;
  readonly dependencies: Map<Dependency, Resolved<Dependency>>;
  readonly hints: Map<DiscoveryHint, Resolved<DiscoveryHint>>;
  /** Shared rules that are being resolved right now, each referred to by the one before. */
  chain: number;
  warn: (message: string) => void;
}

/** A resolved tree with its number of nodes; `open` while it is being resolved: meeting it then is a loop. */
type Resolved<T> = { readonly tree: T; readonly size: number } | 'open';

/** Rules that refer to each other can describe trees of any size; a tree larger than this is taken for an attack. */
const maximumNodes = 20_000;
/** Longest chain of references; real ones have three links. */
const maximumChain = 100;

/** A hint that never finds anything. */
const never: DiscoveryHint = { kind: 'any', of: [] };

/** A function from an entry and its feed to the entry with all references resolved; adds to `warnings`. */
export function entryResolver(
  feeds: readonly Feed[],
  realId: (id: string) => string,
  warnings: FeedWarning[],
): (entry: Entry, feed: Feed) => Entry {
  const resolving: Resolving = {
    find: sharedFinder(feeds),
    realId,
    dependencies: new Map(),
    hints: new Map(),
    chain: 0,
    warn: () => undefined,
  };
  return (entry, feed) => {
    const { line, productId } = entry;
    resolving.warn = (message) =>
      void warnings.push({ address: feed.address, line, entry: productId, message });
    return resolveEntry(resolving, entry, feed);
  };
}

function resolveEntry(resolving: Resolving, entry: Entry, feed: Feed): Entry {
  const dependency = entry.dependency && resolveDependency(resolving, entry.dependency, feed).tree;
  const hint = entry.hint && resolveHint(resolving, entry.hint, feed).tree;
  return {
    ...entry,
    ...(dependency ? { dependency } : {}),
    ...(hint ? { hint } : {}),
    parameters: entry.parameters.map((parameter) => ({
      ...parameter,
      choices: parameter.choices.map((choice) =>
        choice.product ? { ...choice, product: resolving.realId(choice.product) } : choice,
      ),
    })),
    installers: entry.installers.map((installer) => resolveInstaller(resolving, installer, feed)),
  };
}

interface Sized<T> {
  readonly tree: T;
  readonly size: number;
}

function resolveDependency(resolving: Resolving, tree: Dependency, feed: Feed): Sized<Dependency> {
  if (tree.kind === 'product') return { tree: { ...tree, id: resolving.realId(tree.id) }, size: 1 };
  if (tree.kind === 'shared') {
    const found = resolveSharedDependency(resolving, tree.id, feed);
    if (!tree.os) return found;
    return { tree: { kind: 'all', of: [found.tree], os: tree.os }, size: found.size + 1 };
  }
  const of = tree.of.map((each) => resolveDependency(resolving, each, feed));
  const size = of.reduce((sum, each) => sum + each.size, 1);
  return { tree: { ...tree, of: of.map((each) => each.tree) }, size };
}

/** What cannot be resolved becomes a product of that name, which no feed declares: fatal in an `and`, else skipped. */
function resolveSharedDependency(resolving: Resolving, id: string, feed: Feed): Sized<Dependency> {
  const unknown: Sized<Dependency> = { tree: { kind: 'product', id }, size: 1 };
  const found = resolving.find('dependencies', feed, id);
  if (!found) {
    resolving.warn(`shared dependency '${id}' is not declared`);
    return unknown;
  }
  return throughMemo(resolving, resolving.dependencies, found.rule, {
    resolve: () => resolveDependency(resolving, found.rule, found.feed),
    refuse: (problem) => {
      resolving.warn(`shared dependency '${id}' ${problem}`);
      return unknown;
    },
  });
}

function resolveHint(resolving: Resolving, tree: DiscoveryHint, feed: Feed): Sized<DiscoveryHint> {
  if (tree.kind === 'shared') return resolveSharedHint(resolving, tree.id, feed);
  if (tree.kind === 'not') {
    const inner = resolveHint(resolving, tree.of, feed);
    return inner.tree === never ? inner : { tree: { kind: 'not', of: inner.tree }, size: inner.size + 1 };
  }
  if (tree.kind !== 'all' && tree.kind !== 'any') return { tree, size: 1 };
  const of = tree.of.map((each) => resolveHint(resolving, each, feed));
  const size = of.reduce((sum, each) => sum + each.size, 1);
  return { tree: { kind: tree.kind, of: of.map((each) => each.tree) }, size };
}

function resolveSharedHint(resolving: Resolving, id: string, feed: Feed): Sized<DiscoveryHint> {
  const found = resolving.find('hints', feed, id);
  if (!found) {
    resolving.warn(`shared hint '${id}' is not declared, it never finds anything`);
    return { tree: never, size: 1 };
  }
  return throughMemo(resolving, resolving.hints, found.rule, {
    resolve: () => resolveHint(resolving, found.rule, found.feed),
    refuse: (problem) => {
      resolving.warn(`shared hint '${id}' ${problem}`);
      return { tree: never, size: 1 };
    },
  });
}

interface Ways<T> {
  readonly resolve: () => Sized<T>;
  readonly refuse: (problem: string) => Sized<T>;
}

/** Resolves a shared rule once, however many entries refer to it. */
function throughMemo<T>(resolving: Resolving, memo: Map<T, Resolved<T>>, rule: T, ways: Ways<T>): Sized<T> {
  const known = memo.get(rule);
  if (known === 'open') return ways.refuse('refers to itself');
  if (known) return known;
  if (resolving.chain >= maximumChain) return ways.refuse('is referred to through too many others');
  memo.set(rule, 'open');
  resolving.chain += 1;
  const resolved = ways.resolve();
  resolving.chain -= 1;
  const kept = resolved.size > maximumNodes ? ways.refuse('is too large') : resolved;
  memo.set(rule, kept);
  return kept;
}

/** An `osList` that no feed declares limits nothing: lists are used without their parents, and the kinds limit enough. */
function resolveInstaller(resolving: Resolving, installer: Installer, feed: Feed): Installer {
  const { osList, ...rest } = installer;
  if (!osList) return installer;
  const shared = 'idref' in osList ? resolving.find('osLists', feed, osList.idref) : undefined;
  if ('idref' in osList && !shared)
    resolving.warn(`system list '${osList.idref}' is not declared, any system fits`);
  const rules = 'idref' in osList ? (shared?.rule ?? []) : osList.rules;
  const resolved = rules.flatMap((rule) => resolveOs(resolving, rule, shared?.feed ?? feed) ?? []);
  return resolved.length > 0 ? { ...rest, osList: { rules: resolved } } : rest;
}

function resolveOs(resolving: Resolving, rule: OsRule, feed: Feed, depth = 0): OsRule | undefined {
  if (rule.idref === undefined) return rule;
  const found = depth < 10 ? resolving.find('oses', feed, rule.idref) : undefined;
  if (!found) {
    resolving.warn(`system '${rule.idref}' is not declared`);
    return undefined;
  }
  const target = resolveOs(resolving, found.rule, found.feed, depth + 1);
  return target && rule.types.length > 0 ? { ...target, types: rule.types } : target;
}

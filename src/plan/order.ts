// Comes in: a solution. Goes out: the steps of the plan, needs before needers, each with its place, its status and
// who needs it. Knows no search; chooses nothing but the order.
import { compareVersions } from '../lib/version.js';
import { choosePackages } from '../lib/wheel.js';
import type { Installer, Step } from '../types.js';
import { newestOf, type Candidate } from './candidates.js';
import type { ProductNode } from './causes.js';
import { placeOf, presencesOf, type PlanRequest } from './request.js';
import type { Solution } from './search.js';
import { findProduct } from '../lib/find-product.js';

/**
 * The steps of a solution: every product after all that it needs, otherwise in the order in which they were found
 * (what is asked first, with its needs, comes first).
 */
export function stepsOf(solution: Solution, request: PlanRequest): readonly Step[] {
  const needs = directNeeds(solution);
  const nodes = needsFirst([...needs.keys()], (node) => needs.get(node) ?? []);
  const indexes = new Map(nodes.map((node, index) => [node, index]));
  const neededBy = new Map<ProductNode, string[]>();
  for (const [node, targets] of needs) {
    for (const target of targets) {
      neededBy.set(target, [...(neededBy.get(target) ?? []), node.product.id]);
    }
  }
  const python = pythonOf(solution, request);
  const asked = new Set(request.wanted.map(({ id }) => findProduct(request.catalog, id)));
  return nodes.map((node) => {
    const after = (needs.get(node) ?? []).map((target) => indexes.get(target) ?? 0);
    return {
      ...describe(node, solution, request, python),
      neededBy: neededBy.get(node) ?? [],
      asked: asked.has(node.product),
      after: after.sort((left, right) => left - right),
    };
  });
}

/** What each product needs, through the branches taken. */
function directNeeds(solution: Solution): ReadonlyMap<ProductNode, readonly ProductNode[]> {
  const needs = new Map<ProductNode, readonly ProductNode[]>();
  for (const [node, { children }] of solution.products) {
    const found = new Set<ProductNode>();
    const open = [...children];
    for (const child of open) {
      if (child.kind === 'product') found.add(child);
      else open.push(...(solution.choices.get(child)?.children ?? []));
    }
    needs.set(node, [...found]);
  }
  return needs;
}

/** Depth first, without recursion: chains of products can be long. */
function needsFirst(
  nodes: readonly ProductNode[],
  needs: (node: ProductNode) => readonly ProductNode[],
): readonly ProductNode[] {
  const entered = new Set<ProductNode>();
  const done: ProductNode[] = [];
  for (const root of nodes) {
    const path = entered.has(root) ? [] : [{ node: root, place: 0 }];
    entered.add(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = needs(top.node)[top.place];
      top.place += 1;
      if (child === undefined) {
        done.push(top.node);
        path.pop();
      } else if (!entered.has(child)) {
        entered.add(child);
        path.push({ node: child, place: 0 });
      }
    }
  }
  return done;
}

type Described = Omit<Step, 'neededBy' | 'asked' | 'after'>;

function describe(
  node: ProductNode,
  solution: Solution,
  request: PlanRequest,
  python: string | undefined,
): Described {
  const { product } = node;
  const candidate = solution.products.get(node)?.candidate;
  if (!candidate) throw new Error('a step without a version');
  const { version, entry, presence, installer } = candidate;
  const title = entry?.title ?? product.entries[0]?.title ?? product.id;
  const known = { product: product.id, version, title, ...(entry && { entry }) };
  if (presence) {
    const { place, path } = presence;
    return { ...known, status: 'present', place, ...(path !== undefined && { path }), bytes: 0 };
  }
  const from = replacedVersion(node, candidate, request);
  return {
    ...known,
    status: from === undefined ? 'install' : 'upgrade',
    ...(installer && { installer }),
    place: placeOf(product, request),
    ...(from !== undefined && { from }),
    bytes: installer ? bytesOf(installer, python, request) : 0,
  };
}

/**
 * The present version that a new one takes the place of. Pythons can be side by side: they replace another one only
 * when an upgrade is asked for; everything else is in its place once.
 */
function replacedVersion(
  { product, interpreter }: ProductNode,
  candidate: Candidate,
  request: PlanRequest,
): string | undefined {
  const newest = newestOf(presencesOf(product, request))?.version;
  if (newest === undefined || !interpreter) return newest;
  const upgrades = request.upgrade?.has(product.id.toLowerCase()) ?? false;
  return upgrades && compareVersions(newest, candidate.version) < 0 ? newest : undefined;
}

/** The Python that packages are chosen for: that of the environment, else that of the plan. */
function pythonOf(solution: Solution, request: PlanRequest): string | undefined {
  const existing = request.machine.environment.python?.version;
  if (existing !== undefined) return existing;
  for (const [node, { candidate }] of solution.products) if (node.interpreter) return candidate.version;
  return undefined;
}

function bytesOf({ file, action }: Installer, python: string | undefined, request: PlanRequest): number {
  const own = file?.size ?? 0;
  if (action.kind !== 'python' || python === undefined || !/^3\.\d/.test(python)) return own;
  const target = { platform: request.machine.platform, version: python };
  const { chosen } = choosePackages(action.packages, target);
  return chosen.reduce((sum, each) => sum + (each.file.size ?? 0), own);
}

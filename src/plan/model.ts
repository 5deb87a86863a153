// Comes in: a request, and bit by bit the versions that a search looks at. Goes out: nodes, and clauses in a solver
// that say what they need and forbid. Only what is looked at is built: a small plan of a large catalog stays small.
import type { Wanted } from '../types.js';
import { not, type Literal } from './assignment.js';
import { candidatesOf, fitsRange, type Candidate } from './candidates.js';
import type { Asker, Cause, ChoiceNode, PlanNode, ProductNode } from './causes.js';
import { isWithin, needsOf, type ChoiceNeed, type Need, type ProductNeed } from './needs.js';
import { isForOtherWindows, leftOut, neededHere } from './other-windows.js';
import { PythonFit } from './python-fit.js';
import { isInterpreter, presencesOf, type PlanRequest } from './request.js';
import { Solver } from './solver.js';
import { findProduct } from '../lib/find-product.js';

/** An option of a node by its place in the order of preference, from 0. */
export function optionLiteral(node: PlanNode, option: number): Literal {
  return 2 * (node.group + 1 + option);
}

function nodeLiteral(node: PlanNode): Literal {
  return 2 * node.group;
}

/** How many options a node has. */
export function optionCount(node: PlanNode): number {
  return node.kind === 'product' ? node.candidates.list.length : node.order.length;
}

function literalsOf(node: ProductNode, fits: (candidate: Candidate) => boolean): readonly Literal[] {
  return node.candidates.list.flatMap((candidate, option) =>
    fits(candidate) ? [optionLiteral(node, option)] : [],
  );
}

/** What is known of a world so far. Owns the solver, because clauses come as nodes are looked at. */
export class Model {
  readonly solver = new Solver<Cause>();
  private readonly products = new Map<string, ProductNode>();
  /** By option literal: the nodes that the option needs. */
  private readonly children = new Map<Literal, readonly PlanNode[]>();
  /** Forbidden with a product that nothing has needed yet; by its lower-case id. */
  private readonly forbidden = new Map<string, { literal: Literal; cause: Cause }[]>();
  /** Options that accept only certain Pythons. */
  private readonly limited: { literal: Literal; asker: Asker }[] = [];
  private readonly interpreters: ProductNode[] = [];
  private readonly ranges = new Map<ProductNode, Map<string | undefined, readonly Literal[]>>();
  private readonly pythons: PythonFit;

  constructor(readonly request: PlanRequest) {
    this.pythons = new PythonFit(request.machine);
  }

  /** Makes a product part of every solution; undefined when no feed declares it. */
  ask(wanted: Wanted): ProductNode | undefined {
    const target = this.productNode(wanted.id);
    if (!target) return undefined;
    const cause: Cause = { kind: 'asked', wanted, target };
    this.solver.add([nodeLiteral(target)], cause);
    const { candidates } = target;
    const { range } = wanted;
    this.solver.add(
      literalsOf(target, (candidate) => fitsRange(candidate, range, candidates)),
      cause,
    );
    return target;
  }

  /** The option that holds, or the most preferred one that is open; whether it holds already. */
  pick(node: PlanNode): { readonly option: number; readonly holds: boolean } | undefined {
    let open: number | undefined;
    for (let option = 0; option < optionCount(node); option += 1) {
      const value = this.solver.value(optionLiteral(node, option));
      if (value === 1) return { option, holds: true };
      if (value === 0) open ??= option;
    }
    return open === undefined ? undefined : { option: open, holds: false };
  }

  /** What an option needs, as nodes; undefined until `expand` has looked. */
  childrenOf(node: PlanNode, option: number): readonly PlanNode[] | undefined {
    return this.children.get(optionLiteral(node, option));
  }

  /** Looks at an option: adds the clauses of all it needs and forbids. */
  expand(node: PlanNode, option: number): void {
    const literal = optionLiteral(node, option);
    const found: PlanNode[] = [];
    this.children.set(literal, found);
    if (node.kind === 'choice') {
      const needs = node.need.branches[node.order[option] ?? 0] ?? [];
      for (const need of needs) this.addNeed(literal, node.asker, need, found, node);
      return;
    }
    const candidate = node.candidates.list[option];
    if (!candidate?.installer) return;
    const asker = { node, candidate };
    if (!this.fitsEnvironment(literal, asker)) return;
    const { entry } = candidate;
    const needs = needsOf(entry?.dependency, this.request.machine.platform.os);
    for (const need of neededHere(needs, this.forOthers)) this.addNeed(literal, asker, need, found);
    this.addIncompatibilities(literal, asker);
    this.addLimits(literal, asker, found);
  }

  /** Ids that a candidate names in an `and`, and that are for another Windows than this one. */
  leftOutBy({ entry }: Candidate): readonly string[] {
    return leftOut(needsOf(entry?.dependency, this.request.machine.platform.os), this.forOthers);
  }

  /** At least one of these nodes' options must be taken if `node` is in the plan: those that leave a cycle. */
  leaveCycle(node: PlanNode, exits: readonly Literal[], path: readonly string[]): void {
    this.solver.add([not(nodeLiteral(node)), ...exits], { kind: 'cycle', path });
  }

  private readonly forOthers = ({ id, range }: ProductNeed): boolean | undefined => {
    const product = findProduct(this.request.catalog, id);
    if (!product || range !== undefined || presencesOf(product, this.request).length > 0) {
      return product && false;
    }
    return isForOtherWindows(product, this.request.machine.platform);
  };

  private productNode(id: string): ProductNode | undefined {
    const product = findProduct(this.request.catalog, id);
    if (!product) return undefined;
    const key = product.id.toLowerCase();
    const known = this.products.get(key);
    if (known) return known;
    const candidates = candidatesOf(product, this.request);
    const { nextGroup } = this.solver;
    const interpreter = isInterpreter(product);
    const node = { kind: 'product' as const, product, candidates, interpreter, group: nextGroup };
    this.solver.addGroup(candidates.list.length, { kind: 'options', node });
    this.products.set(key, node);
    for (const { literal, cause } of this.forbidden.get(key) ?? []) {
      this.solver.add([not(literal), not(nodeLiteral(node))], cause);
    }
    if (interpreter) {
      this.interpreters.push(node);
      for (const { literal, asker } of this.limited) this.limit(literal, asker, node);
    }
    return node;
  }

  private addNeed(literal: Literal, by: Asker, need: Need, found: PlanNode[], within?: ChoiceNode): void {
    const inside = within && { within };
    if (need.kind === 'choice') {
      const node = this.choiceNode(need, by);
      found.push(node);
      this.solver.add([not(literal), nodeLiteral(node)], { kind: 'choice', by, node, ...inside });
      return;
    }
    const target = this.productNode(need.id);
    if (!target) {
      this.solver.add([not(literal)], { kind: 'unknown', by, id: need.id, ...inside });
      return;
    }
    found.push(target);
    const fitting = this.fitting(by, need, target);
    const hopeless = fitting.length === 0;
    const cause: Cause = { kind: 'needs', by, need, target, hopeless, ...inside };
    this.solver.add([not(literal), ...fitting], cause);
    if (!hopeless) this.solver.add([not(literal), nodeLiteral(target)], cause);
  }

  private choiceNode(need: ChoiceNeed, asker: Asker): ChoiceNode {
    const met = need.branches.map((needs) => needs.every((each) => this.isInstalled(each, asker)));
    const written = need.branches.map((_, index) => index);
    const order = [...written.filter((index) => met[index]), ...written.filter((index) => !met[index])];
    const installed = order.map((index) => met[index] ?? false);
    const { nextGroup } = this.solver;
    const node = { kind: 'choice' as const, need, asker, order, installed, group: nextGroup };
    this.solver.addGroup(order.length, { kind: 'options', node });
    return node;
  }

  private isInstalled(need: Need, by: Asker): boolean {
    if (need.kind === 'choice') {
      return need.branches.some((needs) => needs.every((each) => this.isInstalled(each, by)));
    }
    const product = findProduct(this.request.catalog, need.id);
    if (!product) return false;
    const python = isInterpreter(product);
    return presencesOf(product, this.request).some(
      ({ version }) =>
        (need.range === undefined || isWithin(version, need.range)) &&
        (!python || this.pythons.accepts(by.candidate, version)),
    );
  }

  /** The options of a node that a need accepts. What a range accepts is remembered, as many have the same. */
  private fitting(by: Asker, { range }: ProductNeed, target: ProductNode): readonly Literal[] {
    const ranges = this.ranges.get(target) ?? new Map<string | undefined, readonly Literal[]>();
    this.ranges.set(target, ranges);
    const { candidates } = target;
    const known = ranges.get(range) ?? literalsOf(target, (each) => fitsRange(each, range, candidates));
    ranges.set(range, known);
    if (!target.interpreter) return known;
    const pythons = literalsOf(target, ({ version }) => this.pythons.accepts(by.candidate, version));
    return known.filter((literal) => pythons.includes(literal));
  }

  private fitsEnvironment(literal: Literal, by: Asker): boolean {
    const python = this.request.machine.environment.python?.version;
    const { entry, installer } = by.candidate;
    if (python === undefined || !entry?.environment || !installer) return true;
    if (this.pythons.hasPackages(installer, python)) return true;
    this.solver.add([not(literal)], { kind: 'environment', by, python });
    return false;
  }

  private addIncompatibilities(literal: Literal, by: Asker): void {
    for (const rule of by.candidate.entry?.incompatibilities ?? []) {
      const other = rule.kind === 'product' ? findProduct(this.request.catalog, rule.id) : undefined;
      if (!other || other === by.node.product) continue;
      const key = other.id.toLowerCase();
      const present = (this.request.machine.presences.get(key) ?? []).length > 0;
      const cause: Cause = { kind: 'incompatible', by, other, message: rule.message, present };
      const node = this.products.get(key);
      if (present) this.solver.add([not(literal)], cause);
      else if (node) this.solver.add([not(literal), not(nodeLiteral(node))], cause);
      else this.forbidden.set(key, [...(this.forbidden.get(key) ?? []), { literal, cause }]);
    }
  }

  /** A Python that comes into the plan by way of others must fit as well; one that is needed directly does. */
  private addLimits(literal: Literal, asker: Asker, needed: readonly PlanNode[]): void {
    const { entry, installer } = asker.candidate;
    if (installer?.action.kind !== 'python' && !entry?.environment) return;
    this.limited.push({ literal, asker });
    for (const node of this.interpreters) if (!needed.includes(node)) this.limit(literal, asker, node);
  }

  private limit(literal: Literal, by: Asker, target: ProductNode): void {
    const fitting = literalsOf(target, ({ version }) => this.pythons.accepts(by.candidate, version));
    if (fitting.length === optionCount(target)) return;
    this.solver.add([not(literal), not(nodeLiteral(target)), ...fitting], { kind: 'limit', by, target });
  }
}

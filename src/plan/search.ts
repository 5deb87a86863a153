// Comes in: a request whose products exist. Goes out: the best choice of versions and branches, or the causes that
// leave none. The asked products in order, then breadth-first: each node takes its most preferred option with which
// a plan exists. The order is fixed and the solver only ever rules out what is impossible, so the first is the best.
import type { Candidate } from './candidates.js';
import type { Cause, ChoiceNode, PlanNode, ProductNode } from './causes.js';
import { findKnots, roundTrip } from './cycles.js';
import { Model, optionCount, optionLiteral } from './model.js';
import type { PlanRequest } from './request.js';

/** A choice for every node that is needed, in the order in which they are. */
export interface Solution {
  readonly products: ReadonlyMap<ProductNode, ChosenProduct>;
  readonly choices: ReadonlyMap<ChoiceNode, ChosenBranch>;
}

export interface ChosenProduct {
  readonly candidate: Candidate;
  readonly children: readonly PlanNode[];
  /** Ids that it names, and that are for another Windows. */
  readonly leftOut: readonly string[];
}

export interface ChosenBranch {
  /** By preference. */
  readonly option: number;
  readonly children: readonly PlanNode[];
  /** By preference, those before the chosen one: why they are impossible whatever else is chosen; if they are. */
  readonly passedOver: readonly (ReadonlySet<Cause> | undefined)[];
}

export type SearchResult = { readonly solution: Solution } | { readonly blame: ReadonlySet<Cause> };

/** Complete and deterministic: finds the best plan when there is any. Ids that no feed declares are left out. */
export function search(request: PlanRequest): SearchResult {
  const model = new Model(request);
  const agenda = new Agenda();
  for (const wanted of request.wanted) {
    const node = model.ask(wanted);
    if (node) agenda.append([node]);
  }
  for (;;) {
    if (!model.solver.propagate()) {
      if (!model.solver.learn()) return { blame: model.solver.blame() };
      agenda.backTo(model.solver.level);
    } else if (!step(model, agenda) && !untie(model, agenda.nodes)) {
      return { solution: solutionOf(model, agenda.nodes) };
    }
  }
}

/** Settles the next node, or does one thing towards it; false when there is none. */
function step(model: Model, agenda: Agenda): boolean {
  const node = agenda.next;
  if (!node) return false;
  const picked = model.pick(node);
  if (!picked) throw new Error('a needed product has no option, and the solver has not noticed');
  const children = model.childrenOf(node, picked.option);
  if (!children) {
    model.expand(node, picked.option);
  } else if (picked.holds) {
    agenda.settle(children);
  } else {
    agenda.mark();
    model.solver.decide(optionLiteral(node, picked.option));
  }
  return true;
}

/** Nodes to settle, first come first served; can go back to any decision. */
class Agenda {
  readonly nodes: PlanNode[] = [];
  private settled = 0;
  private readonly known = new Set<PlanNode>();
  private readonly marks: { readonly settled: number; readonly length: number }[] = [];

  get next(): PlanNode | undefined {
    return this.nodes[this.settled];
  }

  append(nodes: readonly PlanNode[]): void {
    for (const node of nodes) {
      if (this.known.has(node)) continue;
      this.known.add(node);
      this.nodes.push(node);
    }
  }

  settle(children: readonly PlanNode[]): void {
    this.settled += 1;
    this.append(children);
  }

  mark(): void {
    this.marks.push({ settled: this.settled, length: this.nodes.length });
  }

  backTo(level: number): void {
    const mark = this.marks[level];
    if (!mark) return;
    this.marks.length = level;
    this.settled = mark.settled;
    for (const node of this.nodes.splice(mark.length)) this.known.delete(node);
  }
}

/**
 * Forbids the cycles of a complete choice; false when there are none. Something in a knot must take an option that
 * leads out of it altogether, whichever way round the others go: that rules out all cycles inside it at once.
 */
function untie(model: Model, nodes: readonly PlanNode[]): boolean {
  const chosen = chosenChildren(model, nodes);
  const next = (node: PlanNode): readonly PlanNode[] => chosen.get(node) ?? [];
  const knots = findKnots(nodes, next);
  for (const knot of knots) {
    const members = new Set(knot);
    const exits = knot.flatMap((node) =>
      Array.from({ length: optionCount(node) }, (_, option) => option)
        .filter((option) => !model.childrenOf(node, option)?.some((child) => members.has(child)))
        .map((option) => optionLiteral(node, option)),
    );
    const first = nodes.find((node) => members.has(node) && node.kind === 'product');
    if (!first) continue;
    const path = roundTrip(first, next).flatMap((node) => (node.kind === 'product' ? [node.product.id] : []));
    model.leaveCycle(first, exits, path);
  }
  return knots.length > 0;
}

function chosenChildren(
  model: Model,
  nodes: readonly PlanNode[],
): ReadonlyMap<PlanNode, readonly PlanNode[]> {
  return new Map(
    nodes.map((node) => {
      const picked = model.pick(node);
      return [node, (picked && model.childrenOf(node, picked.option)) ?? []];
    }),
  );
}

function solutionOf(model: Model, nodes: readonly PlanNode[]): Solution {
  const products = new Map<ProductNode, ChosenProduct>();
  const choices = new Map<ChoiceNode, ChosenBranch>();
  for (const node of nodes) {
    const option = model.pick(node)?.option ?? 0;
    const children = model.childrenOf(node, option) ?? [];
    if (node.kind === 'choice') {
      const passedOver = Array.from({ length: option }, (_, before) =>
        model.solver.blameFor(optionLiteral(node, before)),
      );
      choices.set(node, { option, children, passedOver });
    } else {
      const candidate = node.candidates.list[option];
      const leftOut = candidate?.installer ? model.leftOutBy(candidate) : [];
      if (candidate) products.set(node, { candidate, children, leftOut });
    }
  }
  return { products, choices };
}

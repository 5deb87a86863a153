// Comes in: groups (yes or no, and if yes exactly one option) and clauses over them, at any time. Goes out: what
// follows from a decision, or what to learn from a contradiction and which causes leave no solution at all.
// Conflict-driven clause learning with two watched literals. Takes no decision of its own; knows no products.
import { Assignment, not, variableOf, type Clause, type Literal, type Value } from './assignment.js';

/** The state of one search. */
export class Solver<Cause> {
  private readonly assignment = new Assignment<Cause>();
  /** By variable: its group's own variable. */
  private readonly groups: number[] = [];
  /** By a group's own variable: how many options follow it. */
  private readonly sizes = new Map<number, number>();
  /** By literal; most are never watched. */
  private readonly watches: (Clause<Cause>[] | undefined)[] = [];
  /** Conclusions are drawn from the trail up to here. */
  private head = 0;
  /** A clause that fails. */
  private broken: Clause<Cause> | undefined;
  /** To be looked at before anything else: added while another one was broken. */
  private waiting: Clause<Cause>[] = [];
  /** Of one literal, which held already by way of a decision: nothing watches them when that is taken back. */
  private single: Clause<Cause>[] = [];

  /** Decisions taken and not taken back. */
  get level(): number {
    return this.assignment.level;
  }

  /** The variable that the next group will have. */
  get nextGroup(): number {
    return this.groups.length;
  }

  /** Makes a group; the variables of its options follow its own. `cause`: why there are no other options. */
  addGroup(size: number, cause: Cause): void {
    const group = this.nextGroup;
    const literals: Literal[] = [2 * group + 1];
    for (let index = 0; index <= size; index += 1) {
      const variable = this.assignment.addVariable();
      this.groups.push(group);
      this.watches.push(undefined, undefined);
      if (index > 0) literals.push(2 * variable);
    }
    this.sizes.set(group, size);
    this.add(literals, cause);
  }

  /** 1 = true, -1 = false, 0 = open. */
  value(literal: Literal): Value {
    return this.assignment.value(literal);
  }

  /** One of the literals (each given once) must hold, on all levels from now on. */
  add(literals: readonly Literal[], cause: Cause): void {
    const clause = { literals: [...literals], cause };
    if (this.broken) this.waiting.push(clause);
    else this.attach(clause);
  }

  /** Assumes an open literal, on a level of its own; only when everything is propagated. */
  decide(literal: Literal): void {
    this.assignment.decide(literal);
  }

  /** Draws all conclusions; false when something contradicts, which `learn` must settle before anything else. */
  propagate(): boolean {
    while (!this.broken) {
      const clause = this.waiting.pop();
      const literal = this.assignment.trail[this.head];
      if (clause !== undefined) this.attach(clause);
      else if (literal === undefined) return true;
      else {
        this.head += 1;
        this.propagateGroup(literal);
        if (!this.hasBroken()) this.propagateWatches(not(literal));
      }
    }
    return false;
  }

  /**
   * After a contradiction: learns what must not be tried again, and takes back the decisions above the one that led
   * to it, and that one. What is learned may hold since long before, but decisions between are not at fault, and in
   * a search of fixed order they would be taken again. False when it contradicts without any decision: then `blame`
   * tells why.
   */
  learn(): boolean {
    const conflict = this.broken;
    if (!conflict) return true;
    const top = this.assignment.highestLevel(conflict.literals);
    if (top === 0) return false;
    this.broken = undefined;
    this.backTo(top);
    const learned = this.analyse(conflict, top);
    this.backTo(top - 1);
    this.attach(learned);
    return true;
  }

  /** The causes that together leave no solution, after `learn` has answered false. */
  blame(): ReadonlySet<Cause> {
    return this.broken ? this.assignment.causesOfClause(this.broken) : new Set();
  }

  /** Whether a literal fails whatever is decided, and then the causes; undefined when that depends. */
  blameFor(literal: Literal): ReadonlySet<Cause> | undefined {
    const { assignment } = this;
    if (assignment.value(literal) !== -1 || assignment.levelOf(literal) !== 0) return undefined;
    return assignment.causesOfVariable(variableOf(literal));
  }

  private hasBroken(): boolean {
    return this.broken !== undefined;
  }

  private backTo(level: number): void {
    if (level >= this.assignment.level) return;
    this.head = Math.min(this.head, this.assignment.backTo(level));
    this.waiting.push(...this.single);
    this.single = [];
  }

  private attach(clause: Clause<Cause>): void {
    const { assignment } = this;
    const { literals } = clause;
    this.watchBest(literals, 0);
    this.watchBest(literals, 1);
    const [first, second] = literals;
    if (first !== undefined && second !== undefined) {
      (this.watches[first] ??= []).push(clause);
      (this.watches[second] ??= []).push(clause);
    }
    const open = second !== undefined && assignment.value(second) !== -1;
    if (first === undefined || assignment.value(first) === -1) this.broken = clause;
    else if (assignment.value(first) === 0) {
      if (!open) assignment.assign(first, assignment.highestLevel(literals, 1), clause);
    } else if (second === undefined && assignment.levelOf(first) > 0) this.single.push(clause);
  }

  /** Moves the literal that serves longest to `place`: one that holds, else an open one, else the last to fail. */
  private watchBest(literals: Literal[], place: number): void {
    let best = place;
    for (let index = place + 1; index < literals.length; index += 1) {
      if (this.worth(literals[index]) > this.worth(literals[best])) best = index;
    }
    const [chosen, other] = [literals[best], literals[place]];
    if (chosen !== undefined && other !== undefined) [literals[place], literals[best]] = [chosen, other];
  }

  private worth(literal: Literal = 0): number {
    const value = this.assignment.value(literal);
    return value === -1 ? this.assignment.levelOf(literal) - this.level - 1 : value;
  }

  /** `implied` follows from `literal` because both are of one group. */
  private imply(implied: Literal, literal: Literal): void {
    const value = this.assignment.value(implied);
    if (value === -1) this.broken ??= { literals: [implied, not(literal)] };
    else if (value === 0) this.assignment.assign(implied, this.assignment.levelOf(literal), literal);
  }

  private propagateGroup(literal: Literal): void {
    const variable = literal >> 1;
    const group = this.groups[variable] ?? 0;
    const positive = (literal & 1) === 0;
    if (variable !== group && positive) this.imply(2 * group, literal);
    // An option holds: the others fail. The group fails: all options do.
    if ((variable === group) === positive) return;
    const last = group + (this.sizes.get(group) ?? 0);
    for (let option = group + 1; option <= last; option += 1) {
      if (option !== variable) this.imply(2 * option + 1, literal);
    }
  }

  private propagateWatches(failed: Literal): void {
    const watching = this.watches[failed];
    if (!watching) return;
    let kept = 0;
    for (const clause of watching) {
      if (!this.hasBroken() && this.rewatch(clause, failed)) continue;
      watching[kept] = clause;
      kept += 1;
    }
    watching.length = kept;
  }

  /** True when the clause watches another literal from now on. */
  private rewatch(clause: Clause<Cause>, failed: Literal): boolean {
    const { assignment } = this;
    const { literals } = clause;
    if (literals[0] === failed) [literals[0], literals[1]] = [literals[1] ?? failed, failed];
    const first = literals[0] ?? failed;
    const value = assignment.value(first);
    if (value === 1) return false;
    for (let index = 2; index < literals.length; index += 1) {
      const other = literals[index] ?? failed;
      if (assignment.value(other) === -1) continue;
      [literals[1], literals[index]] = [other, failed];
      (this.watches[other] ??= []).push(clause);
      return true;
    }
    if (value === -1) this.broken = clause;
    else assignment.assign(first, assignment.highestLevel(literals, 1), clause);
    return false;
  }

  /** Resolves a failed clause with the reasons of its literals until one of the top level is left: the first one. */
  private analyse(conflict: Clause<Cause>, top: number): Clause<Cause> {
    const { assignment } = this;
    const from: Clause<Cause>[] = [conflict];
    const settled: number[] = [];
    const lower: Literal[] = [];
    const seen = new Set<number>();
    let literals: readonly Literal[] = conflict.literals;
    let place = assignment.trail.length;
    for (let open = 0; ;) {
      for (const literal of literals) {
        if (seen.has(literal >> 1)) continue;
        seen.add(literal >> 1);
        const level = assignment.levelOf(literal);
        if (level === top) open += 1;
        else if (level > 0) lower.push(literal);
        else settled.push(literal >> 1);
      }
      place = this.previousSeen(place, seen, top);
      open -= 1;
      const literal = assignment.trail[place] ?? 0;
      if (open === 0) return { literals: [not(literal), ...lower], from, settled };
      const reason = assignment.reasonOf(literal >> 1);
      if (typeof reason === 'object') from.push(reason);
      literals = typeof reason === 'number' ? [not(reason)] : (reason?.literals ?? []);
    }
  }

  private previousSeen(place: number, seen: ReadonlySet<number>, top: number): number {
    let index = place - 1;
    for (; index > 0; index -= 1) {
      const literal = this.assignment.trail[index] ?? 0;
      if (seen.has(literal >> 1) && this.assignment.levelOf(literal) === top) break;
    }
    return index;
  }
}

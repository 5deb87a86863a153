// Comes in: literals that hold, each with its level and its reason. Goes out: what holds, since when and why; takes
// levels back. The solver's memory: knows how clauses are written, not how anything follows from them.

/** A variable v as `2 * v`, its negation as `2 * v + 1`. */
export type Literal = number;

export const not = (literal: Literal): Literal => literal ^ 1;
export const variableOf = (literal: Literal): number => literal >> 1;

/** At least one of the literals holds. */
export interface Clause<Cause> {
  /** The solver watches the first two, and changes the order. */
  readonly literals: Literal[];
  /** Why it holds; absent for learned clauses and for what a group is by itself. */
  readonly cause?: Cause;
  /** Of a learned clause: the clauses it follows from, and variables that are settled on level 0. */
  readonly from?: readonly Clause<Cause>[];
  readonly settled?: readonly number[];
}

/** A clause; a literal that implies this one because both are of one group; nothing for a decision. */
export type Reason<Cause> = Clause<Cause> | Literal | undefined;

/** 1 = true, -1 = false, 0 = open. */
export type Value = 1 | 0 | -1;

/** Which variables have a value. Levels count decisions; what is found on level 0 holds for good. */
export class Assignment<Cause> {
  /** Decisions taken and not taken back. */
  level = 0;
  /** Everything that holds, in the order in which it was found. */
  readonly trail: Literal[] = [];
  private readonly values: Value[] = [];
  private readonly levels: number[] = [];
  private readonly reasons: Reason<Cause>[] = [];
  private readonly starts: number[] = [];

  /** The number of the new variable. */
  addVariable(): number {
    this.levels.push(0);
    this.reasons.push(undefined);
    return this.values.push(0) - 1;
  }

  value(literal: Literal): Value {
    const value = this.values[literal >> 1] ?? 0;
    return (literal & 1) === 0 ? value : (-value as Value);
  }

  levelOf(literal: Literal): number {
    return this.levels[literal >> 1] ?? 0;
  }

  reasonOf(variable: number): Reason<Cause> {
    return this.reasons[variable];
  }

  /** The level since which all of these have their values; 0 for none. */
  highestLevel(literals: readonly Literal[], first = 0): number {
    let highest = 0;
    for (let index = first; index < literals.length; index += 1) {
      highest = Math.max(highest, this.levelOf(literals[index] ?? 0));
    }
    return highest;
  }

  assign(literal: Literal, level: number, reason: Reason<Cause>): void {
    const variable = literal >> 1;
    this.values[variable] = (literal & 1) === 0 ? 1 : -1;
    this.levels[variable] = level;
    this.reasons[variable] = reason;
    this.trail.push(literal);
  }

  decide(literal: Literal): void {
    this.starts.push(this.trail.length);
    this.level += 1;
    this.assign(literal, this.level, undefined);
  }

  /**
   * Takes back all decisions above a level; what holds on a lower level although it was found later stays. Returns
   * where on the trail that begins: conclusions from there on must be drawn again.
   */
  backTo(level: number): number {
    const start = this.starts[level] ?? this.trail.length;
    const undone = this.trail.splice(start);
    this.starts.length = Math.min(level, this.starts.length);
    this.level = this.starts.length;
    for (const literal of undone) {
      if (this.levelOf(literal) <= level) this.trail.push(literal);
      else this.values[literal >> 1] = 0;
    }
    return start;
  }

  /** The causes from which a clause follows that fails on level 0. */
  causesOfClause(clause: Clause<Cause>): ReadonlySet<Cause> {
    return this.causes([clause], clause.literals.map(variableOf));
  }

  /** The causes why a variable has its value on level 0. */
  causesOfVariable(variable: number): ReadonlySet<Cause> {
    return this.causes([], [variable]);
  }

  private causes(clauses: Clause<Cause>[], variables: number[]): ReadonlySet<Cause> {
    const causes = new Set<Cause>();
    const derived = new Set<Clause<Cause>>();
    const explained = new Set<number>();
    while (clauses.length > 0 || variables.length > 0) {
      const clause = clauses.pop();
      if (clause !== undefined) {
        if (derived.has(clause)) continue;
        derived.add(clause);
        if (clause.cause !== undefined) causes.add(clause.cause);
        clauses.push(...(clause.from ?? []));
        variables.push(...(clause.settled ?? []));
        continue;
      }
      const variable = variables.pop() ?? 0;
      if (explained.has(variable)) continue;
      explained.add(variable);
      const reason = this.levels[variable] === 0 ? this.reasons[variable] : undefined;
      if (typeof reason === 'number') variables.push(variableOf(reason));
      else if (reason) {
        clauses.push(reason);
        for (const literal of reason.literals) variables.push(variableOf(literal));
      }
    }
    return causes;
  }
}

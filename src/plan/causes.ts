// The nouns of a search: nodes of the graph of what may be needed, and the causes that forbid combinations of them.
// Plain data; knows no solver.
import type { Product, Wanted } from '../types.js';
import type { Candidate, Candidates } from './candidates.js';
import type { ChoiceNeed, ProductNeed } from './needs.js';

/** A product that something may need; its options are its candidates. */
export interface ProductNode {
  readonly kind: 'product';
  readonly product: Product;
  readonly candidates: Candidates;
  readonly interpreter: boolean;
  /** The solver's variable for "is in the plan"; those of the options follow. */
  readonly group: number;
}

/** An `or` of a candidate; its options are the branches in the order of preference. */
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly need: ChoiceNeed;
  readonly asker: Asker;
  /** Preference to place as written. */
  readonly order: readonly number[];
  /** By preference: met by what is installed. */
  readonly installed: readonly boolean[];
  readonly group: number;
}

export type PlanNode = ProductNode | ChoiceNode;

/** The version of a product that asks for something. */
export interface Asker {
  readonly node: ProductNode;
  readonly candidate: Candidate;
}

/** Why a combination is impossible. */
export type Cause =
  | { readonly kind: 'asked'; readonly wanted: Wanted; readonly target: ProductNode }
  | {
      readonly kind: 'needs';
      readonly by: Asker;
      readonly need: ProductNeed;
      readonly target: ProductNode;
      /** As a branch of this `or`. */
      readonly within?: ChoiceNode;
      /** No candidate fits at all. */
      readonly hopeless: boolean;
    }
  | { readonly kind: 'choice'; readonly by: Asker; readonly node: ChoiceNode; readonly within?: ChoiceNode }
  | { readonly kind: 'unknown'; readonly by: Asker; readonly id: string; readonly within?: ChoiceNode }
  | {
      readonly kind: 'incompatible';
      readonly by: Asker;
      readonly other: Product;
      readonly message: string;
      readonly present: boolean;
    }
  /** Packages and environments limit the Python, whoever brings it. */
  | { readonly kind: 'limit'; readonly by: Asker; readonly target: ProductNode }
  /** The environment that exists has a Python for which this one has no packages. */
  | { readonly kind: 'environment'; readonly by: Asker; readonly python: string }
  /** There are no other versions, or branches, than these. */
  | { readonly kind: 'options'; readonly node: PlanNode }
  | { readonly kind: 'cycle'; readonly path: readonly string[] };

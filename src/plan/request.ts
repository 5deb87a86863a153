// Comes in: what somebody asks of the resolver. Goes out: the products and places that this means. Knows the catalog
// and the machine as values; decides nothing.
import type {
  Catalog,
  DiscoveryHint,
  KindName,
  Machine,
  Place,
  Presence,
  Product,
  Wanted,
} from '../types.js';

/** Everything that a plan depends on. */
export interface PlanRequest {
  readonly catalog: Catalog;
  readonly machine: Machine;
  readonly wanted: readonly Wanted[];
  /** Of installers: `de`, `pt-br`. */
  readonly language?: string;
  /** Folder of the project for template steps; `project` when absent. */
  readonly project?: Place;
  /** Where a step makes a site of a project: `IIS:Default Web Site/shop`. */
  readonly site?: Place;
  /** Lower-case ids whose newer versions come before what is present. */
  readonly upgrade?: ReadonlySet<string>;
}

/** `Django@>=5.2` as a person would type it. */
export function wantedText({ id, range }: Wanted): string {
  return range === undefined ? id : `${id}@${range.replace(/^@/, '')}`;
}

/** A product that is a Python: its versions can be side by side, and environments are made with one of them. */
export function isInterpreter(product: Product): boolean {
  return product.entries.some(({ hint }) => hint !== undefined && findsPythons(hint));
}

function findsPythons(hint: DiscoveryHint): boolean {
  if (hint.kind === 'all' || hint.kind === 'any') return hint.of.some(findsPythons);
  return hint.kind === 'python';
}

/** Where a product goes: into the environment, into the project, or onto the machine. */
export function placeOf(product: Product, request: PlanRequest): Place {
  if (product.entries.some((entry) => entry.environment)) return request.machine.environment.directory;
  if (does(product, 'iis')) return request.site ?? 'machine';
  return does(product, 'template') ? (request.project ?? 'project') : 'machine';
}

/** Whether a product has an installer of that kind. */
export function does(product: Product, kind: KindName): boolean {
  return product.entries.some(({ installers }) => installers.some(({ action }) => action.kind === kind));
}

/**
 * The versions of a product that are there. A template counts only where the project is to be: the same one in
 * another folder is another project; and so does a site in IIS.
 */
export function presencesOf(product: Product, request: PlanRequest): readonly Presence[] {
  const presences = request.machine.presences.get(product.id.toLowerCase()) ?? [];
  if (presences.length === 0 || !(does(product, 'template') || does(product, 'iis'))) return presences;
  const place = placeOf(product, request);
  return presences.filter((presence) => presence.place === place);
}

// Joins catalog, machine and plan: what a command wants, as a plan for this machine and these places. Changes nothing.
import { preferring } from '../catalog/prefer.js';
import { reachable, withAnswers } from '../catalog/reach.js';
import type { InspectRequest } from '../catalog/inspect.js';
import { inspect } from '../catalog/inspect.js';
import type { Context } from '../context.js';
import { isAdmin } from '../context.js';
import { AppError } from '../errors.js';
import { presencesIn, replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { environmentOf } from '../lib/environment.js';
import { exists } from '../lib/files.js';
import { foreignEnvironment } from '../paths.js';
import { resolve } from '../plan/resolve.js';
import type { Catalog, Machine, Place, Plan, Presence, Step, Wanted } from '../types.js';
import { machineOf } from '../catalog/probe-file.js';
import { timed } from './timing.js';
import { findProduct } from '../lib/find-product.js';

export interface PlanRequest {
  readonly catalog: Catalog;
  readonly wanted: readonly Wanted[];
  /** The environment's folder, or the project that holds it; absent = the default one. */
  readonly environment?: string;
  /** The folder that a template makes. */
  readonly project?: string;
  /** Where a site in IIS is made: `IIS:Default Web Site/shop`. */
  readonly site?: Place;
  readonly upgrade?: ReadonlySet<string>;
  /** Lower-case ids that count as not there, whatever is found of them: they are damaged. */
  readonly distrusted?: ReadonlySet<string>;
  /** What is to be taken for there besides what was found, or instead of it. */
  readonly assuming?: (machine: Machine) => Machine;
}

export interface Planned {
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly machine: Machine;
  /** How the machine was looked at, to look again after each step. */
  readonly inspection: InspectRequest;
  readonly project?: string;
}

/** A product that serves the installing itself, whether anything depends on it or not. */
const tools = ['uv'];

/** Looks at the machine and resolves. */
export async function makePlan(context: Context, request: PlanRequest): Promise<Planned> {
  const { catalog, wanted, project, upgrade } = request;
  const ids = wanted.map(({ id }) => findProduct(catalog, id)?.id ?? id);
  const reached = reachable(catalog, ids);
  // What must not be there has to be looked for as well.
  const all = new Set([...reached, ...incompatibleIds(catalog, reached)]);
  const inspection = await inspectionFor(context, catalog, all, request);
  const looked = await timed(context, 'looked at the machine', () => lookAt(context, inspection));
  const presences = new Map([...looked.presences].filter(([id]) => !request.distrusted?.has(id)));
  const seen = { ...looked, presences };
  const machine = request.assuming?.(seen) ?? seen;
  const language = context.language ?? machine.language;
  const plan = resolve({
    catalog: preferring(catalog, ids),
    machine,
    wanted,
    ...(language === undefined ? {} : { language }),
    ...(project === undefined ? {} : { project }),
    ...(request.site === undefined ? {} : { site: request.site }),
    ...(upgrade === undefined ? {} : { upgrade }),
  });
  return { plan, catalog, machine, inspection, ...(project === undefined ? {} : { project }) };
}

/** What is there: on this machine now, or on the one that a probe tells of. */
export function lookAt({ probe }: Context, inspection: InspectRequest): Promise<Machine> {
  return probe ? Promise.resolve(machineOf(probe, inspection.environment)) : inspect(inspection);
}

function incompatibleIds(catalog: Catalog, ids: Iterable<string>): string[] {
  return [...ids].flatMap((id) =>
    (catalog.products.get(id)?.entries ?? []).flatMap(({ incompatibilities }) =>
      incompatibilities.flatMap((each) => (each.kind === 'product' ? [each.id.toLowerCase()] : [])),
    ),
  );
}

/** How to look at the machine for some ids (lower case). */
export async function inspectionFor(
  context: Context,
  catalog: Catalog,
  ids: Iterable<string>,
  places: Pick<PlanRequest, 'environment' | 'project' | 'site'> = {},
): Promise<InspectRequest> {
  const { paths, platform, thisMachine, probe, run, variables } = context;
  const foreign = probe?.environment.directory ?? foreignEnvironment(platform.os);
  const usual = thisMachine ? paths.defaultEnvironment : foreign;
  const named = places.environment;
  // A folder of the probed machine says nothing on this one's disk.
  const environment = named === undefined ? usual : probe ? named : await environmentOf(named);
  const more = [places.project, places.site].filter((place) => place !== undefined);
  const shown: Place[] = ['machine', environment, ...more];
  return {
    catalog,
    ids: new Set([...ids, ...tools]),
    platform,
    thisMachine,
    environment,
    admin: await isAdmin(context),
    run,
    variables,
    enginesFolder: paths.enginesFolder,
    memoryFile: paths.pythonMemory,
    journaled: await journaledPresences(context, shown),
  };
}

/** What our journal knows and is still there. */
async function journaledPresences(
  context: Context,
  places: readonly Place[],
): Promise<Map<string, Presence[]>> {
  const { installed } = replay(await openJournal(context.paths.journal).read());
  const still: (typeof installed)[number][] = [];
  for (const each of installed) if (each.path === undefined || (await exists(each.path))) still.push(each);
  return presencesIn(still, places);
}

/** The step of the plan that is the interpreter, told by its discovery hint. */
export function interpreterStep(plan: Plan, catalog: Catalog): Step | undefined {
  return plan.steps.find(({ product }) => isInterpreter(catalog, product));
}

export function isInterpreter(catalog: Catalog, product: string): boolean {
  const entries = catalog.products.get(product.toLowerCase())?.entries ?? [];
  return entries.some(({ hint }) => hint?.kind === 'python');
}

/** The Python version that packages of this plan are chosen for. */
export function pythonVersionOf({ plan, catalog, machine }: Planned): string | undefined {
  return machine.environment.python?.version ?? interpreterStep(plan, catalog)?.version;
}

/** Lets the answers to a product's questions bring their products along. */
export function answered(catalog: Catalog, id: string, answers: ReadonlyMap<string, string>): Catalog {
  const product = findProduct(catalog, id);
  return product ? withAnswers(catalog, product.id, answers) : catalog;
}

const wantedShape = /^([^@\s]+)(?:@(.+))?$/;

/** `Django`, `Django@5.2`, `Django@>=5.2,<7`; throws USAGE. */
export function parseWanted(word: string): Wanted {
  const match = wantedShape.exec(word);
  if (!match) {
    throw new AppError('USAGE', `'${word}' is not PRODUCT or PRODUCT@RANGE`, {
      hint: 'For example `Django` or `Django@5.2`',
    });
  }
  const [, id = '', range] = match;
  return range === undefined ? { id } : { id, range };
}

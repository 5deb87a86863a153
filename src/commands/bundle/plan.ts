// Joins catalog and plan for one target of a bundle: what it needs, whether that has a wheel there, and every other choice
// when all alternatives are asked for. Fetches nothing.
import type { Probe } from '../../catalog/probe-file.js';
import type { BundleTarget } from '../../bundle/layout.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import type { Catalog, Platform, Step, Wanted } from '../../types.js';
import { alternativesOf } from './alternatives.js';
import {
  bringsPython,
  contextFor,
  interpreterId,
  isOfMinor,
  withMinorOnly,
  withPythonsOf,
} from './target.js';
import { lackingWheels } from './wheels.js';
import type { Planned } from '../planning.js';
import { interpreterStep, makePlan, pythonVersionOf } from '../planning.js';
import { findProduct } from '../../lib/find-product.js';
import { platformName } from '../../lib/platforms.js';

export interface TargetRequest {
  readonly catalog: Catalog;
  readonly wanted: readonly Wanted[];
  readonly platform: Platform;
  /** `3.13`; absent = that of the plan's recommended Python. */
  readonly python?: string;
  readonly probe?: Probe;
  readonly allAlternatives: boolean;
}

export interface TargetPlan {
  readonly target: BundleTarget;
  /** Every step of every plan once; those with status `present` bring no file. */
  readonly steps: readonly Step[];
  /** Versions of Python that wheels are chosen for: the first and the last of the minor version when it is not known. */
  readonly pythons: readonly string[];
  /** A Python of the target's minor version that the bundle does not bring. */
  readonly needsPython: boolean;
  readonly warnings: readonly string[];
}

const usualMinor = '3.13';

/** Plans for a target. Throws what resolving throws, with what has no wheel there. */
export async function planTarget(context: Context, request: TargetRequest): Promise<TargetPlan> {
  const { platform, probe } = request;
  const target = { ...contextFor(context, platform), probe };
  const minor = request.python ?? (await recommendedMinor(target, request));
  const catalog = withPythonsOf(request.catalog, minor);
  const assumed = bringsPython(catalog, platform) ? undefined : interpreterId(catalog);
  const plan = (wanted: readonly Wanted[]): Promise<Planned> =>
    makePlan(target, {
      catalog,
      wanted,
      assuming: withMinorOnly(catalog, minor, assumed),
      ...placesOf(request),
    });
  const first = await plan(request.wanted).catch((error: unknown) => {
    throw explained(error, request, minor);
  });
  const { planned, warnings } = request.allAlternatives
    ? await alternativesOf(request.wanted, first, plan)
    : { planned: [first], warnings: [] };
  const asked = new Set(request.wanted.map(({ id }) => findProduct(catalog, id)?.id ?? id));
  const all = [...planned, ...(await installersOf(planned, plan))];
  const steps = distinct(all.flatMap((each) => each.plan.steps)).map((step) => ({
    ...step,
    asked: asked.has(step.product),
  }));
  const python = interpreterStep(first.plan, catalog);
  const needsPython = python?.status === 'present' && !isKnown(python, probe);
  const name = platformName(platform);
  return {
    target: { name, platform, python: minor },
    steps,
    pythons: versionsFor(pythonVersionOf(first), minor),
    needsPython,
    warnings: [
      ...warnings.map((warning) => `${name}: ${warning}`),
      ...(needsPython ? [`The bundle brings no Python for ${name}: Python ${minor} must be there`] : []),
      ...siteWarning(catalog, platform, steps),
    ],
  };
}

/** Python on a bare machine may have neither pip nor uv beside it: a wheel of pip goes along with every other wheel. */
async function installersOf(
  planned: readonly Planned[],
  plan: (wanted: readonly Wanted[]) => Promise<Planned>,
): Promise<Planned[]> {
  const wheels = planned.some((each) =>
    each.plan.steps.some(({ installer }) => installer?.action.kind === 'python'),
  );
  const known = planned[0]?.catalog.products.has('pip') ?? false;
  return wheels && known ? [await plan([{ id: 'pip' }])] : [];
}

/** A project for Windows mostly becomes a site there, which no question of its template brings along. */
function siteWarning(catalog: Catalog, { os }: Platform, steps: readonly Step[]): string[] {
  const kinds = new Set(steps.map(({ installer }) => installer?.action.kind));
  if (os !== 'windows' || !kinds.has('template') || kinds.has('iis')) return [];
  const site = [...catalog.products.values()].find(({ entries }) =>
    entries.some(({ installers }) => installers.some(({ action }) => action.kind === 'iis')),
  );
  return site ? [`For a site in IIS (\`new --iis\`) the bundle needs '${site.id}' as well`] : [];
}

/** Whether the probe has seen it: then nothing has to be said. */
function isKnown({ product, version }: Step, probe: Probe | undefined): boolean {
  return probe?.presences[product.toLowerCase()]?.some((each) => each.version === version) ?? false;
}

/** The minor version of the Python that a machine with a network would get. */
async function recommendedMinor(target: Context, request: TargetRequest): Promise<string> {
  const { catalog, wanted } = request;
  const planned = await makePlan(target, { catalog, wanted, ...placesOf(request) }).catch(() => undefined);
  const version = planned && pythonVersionOf(planned);
  return /^3\.\d+/.exec(version ?? '')?.[0] ?? usualMinor;
}

/** A project gets an environment of its own, in which nothing is yet, whatever a probe has found in the usual one. */
function placesOf({ catalog, wanted, probe }: TargetRequest): { environment?: string; project?: string } {
  const makesProject = wanted.some(({ id }) =>
    findProduct(catalog, id)?.entries.some(({ installers }) =>
      installers.some(({ action }) => action.kind === 'template'),
    ),
  );
  if (!makesProject) return {};
  return probe ? { project: 'project', environment: 'project/.venv' } : { project: 'project' };
}

/** Markers may ask for the third number, which is not known before the target's Python is. */
function versionsFor(version: string | undefined, minor: string): string[] {
  const exact = version !== undefined && isOfMinor(version, minor) && version !== minor;
  return exact ? [version] : [`${minor}.0`, `${minor}.99`];
}

function distinct(steps: readonly Step[]): Step[] {
  const found = new Map<string, Step>();
  for (const step of steps) {
    const key = [step.product, step.version, step.installer?.id ?? ''].join('\n');
    if (!found.has(key)) found.set(key, step);
  }
  return [...found.values()];
}

/** The resolver says that there is no package; here is said which files there are, and what to type for a bundle. */
function explained(error: unknown, request: TargetRequest, minor: string): unknown {
  const { catalog, wanted, platform, python } = request;
  if (!(error instanceof AppError) || !['NO_INSTALLER', 'CONFLICT'].includes(error.code)) return error;
  const told = [error.message, ...error.details].join('\n');
  const lacking = lackingWheels(catalog, wanted, { platform, minor, told });
  if (lacking.length === 0 && python === undefined) return error;
  const hint =
    lacking.length > 0
      ? 'Choose another `--python` or `--platform`, or ask the owner of the feed for a wheel'
      : 'Choose another `--python`, or leave it out';
  return new AppError(error.code, error.message, {
    cause: error,
    details: [...error.details, ...lacking],
    hint,
  });
}

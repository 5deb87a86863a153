// Joins plan, downloads and installs: everything is shown and asked first, then fetched, then applied, then told. The one
// road on which anything is changed; `install` and `new` differ only in what they plan.
import type { Context } from '../context.js';
import { presencesOf } from '../catalog/inspect.js';
import { download } from '../download/download.js';
import { AppError } from '../errors.js';
import type { AppliedStep, Outcome } from '../install/apply.js';
import { apply } from '../install/apply.js';
import { openJournal } from '../install/journal.js';
import type { Applied, Job, UndoTools } from '../kind.js';
import { errorJson } from '../lib/error-json.js';
import { exists } from '../lib/files.js';
import { satisfies } from '../lib/version.js';
import { sharedTemplate } from '../paths.js';
import { filesOf } from '../plan/files.js';
import { requirementsOf } from '../plan/requirements.js';
import type { Downloads, Installer, Presence, Step } from '../types.js';
import type { Planned } from './planning.js';
import { interpreterStep, isInterpreter, pythonVersionOf } from './planning.js';
import { requireThisMachine } from './writing.js';
import { takenFolders } from './taken.js';
import { timed } from './timing.js';
import { planText, stepJson } from './view-plan.js';

export interface InstallOptions {
  readonly yes: boolean;
  readonly acceptEula: boolean;
  readonly allowUnverified: boolean;
  readonly answers: ReadonlyMap<string, string>;
  /** Parameters that may enter no file. */
  readonly secretNames: ReadonlySet<string>;
  /** False: a project's deploy.py is not run. */
  readonly deploy?: boolean;
}

/** Shows, asks, fetches, applies; throws the error of a failed step after telling what became of the others. */
export async function carryOut(
  context: Context,
  planned: Planned,
  options: InstallOptions,
): Promise<Outcome> {
  requireThisMachine(context);
  const { terminal } = context;
  const { plan } = planned;
  const changes = plan.steps.filter(({ status }) => status !== 'present');
  terminal.say(planText(plan));
  if (changes.length === 0) terminal.say('Everything is present already: nothing to do');
  else await agree(context, changes, options);

  const python = pythonVersionOf(planned);
  const files = changes.flatMap((step) => filesOf(step, context.platform, python));
  const pythons = await pipPythons(planned);
  const downloads = await timed(context, 'fetched the files', () =>
    download(files, {
      ...context,
      allowUnverified: options.allowUnverified,
      pythons,
      pythonMinor: python?.split('.').slice(0, 2).join('.'),
      progress: terminal.progress,
    }),
  );
  const outcome = await applyPlan(context, planned, options, downloads, pythons);
  terminal.progress(undefined);
  report(context, outcome);
  return outcome;
}

/** The licences first, each with its address and one acceptance; then the whole; nothing was changed before. */
async function agree(context: Context, changes: readonly Step[], options: InstallOptions): Promise<void> {
  const licences = changes.flatMap(({ product, installer }) =>
    installer?.eulaUrl === undefined ? [] : [`${product}: ${installer.eulaUrl}`],
  );
  const final = changes.filter(({ installer }) => installer && !canBeUndone(installer, context.kinds));
  if (final.length > 0) {
    context.terminal.say(`  Cannot be undone by Zookit: ${final.map(({ product }) => product).join(', ')}`);
  }
  const canAsk = context.terminal.interactive && !options.yes;
  if (licences.length > 0 && !options.acceptEula) {
    if (!canAsk) throw licenceNeeded(licences);
    context.terminal.say(`Licences:\n${licences.map((line) => `  ${line}`).join('\n')}`);
    if (!(await context.prompt.confirm('Do you accept these licences?', false)))
      throw licenceNeeded(licences);
  }
  if (canAsk && !(await context.prompt.confirm('Install?'))) {
    throw new AppError('INTERRUPTED', 'Not installed: you said no; nothing was changed');
  }
}

/** A script can be undone when its feed says how. */
function canBeUndone({ action }: Installer, kinds: Context['kinds']): boolean {
  return action.kind === 'script' ? action.undo.length > 0 : kinds.get(action.kind)?.undoable !== false;
}

function licenceNeeded(licences: readonly string[]): AppError {
  return new AppError('LICENCE_NEEDED', 'Licences must be accepted before anything is installed', {
    details: licences,
    hint: 'Read them, then run the same command with `--accept-eula`',
  });
}

/** Every interpreter here whose pip may fetch and install: the plan's own first. */
async function pipPythons(planned: Planned): Promise<string[]> {
  const found: string[] = [];
  const own = interpreterStep(planned.plan, planned.catalog)?.path;
  if (own !== undefined) found.push(own);
  for (const [id, presences] of planned.machine.presences) {
    if (!isInterpreter(planned.catalog, id)) continue;
    found.push(...presences.flatMap(({ path }) => path ?? []));
  }
  if (found.length === 0 && planned.catalog.products.has('python') && planned.inspection.thisMachine) {
    found.push(...(await presencesOf('python', planned.inspection)).flatMap(({ path }) => path ?? []));
  }
  return [...new Set(found)];
}

async function applyPlan(
  context: Context,
  planned: Planned,
  options: InstallOptions,
  downloads: Downloads,
  pythons: string[],
): Promise<Outcome> {
  const { plan, catalog, machine, project } = planned;
  const first = interpreterStep(plan, catalog);
  let interpreter = first?.path === undefined ? undefined : { version: first.version, path: first.path };
  const uv = machine.presences.get('uv')?.[0]?.path;
  const undo: UndoTools = {
    run: context.run,
    pipPythons: pythons,
    wheelFolders: [],
    ...(uv === undefined ? {} : { uv }),
  };
  const values = projectValues(planned, options);
  const taken = await takenFolders(context);
  const changes = plan.steps.filter(({ status }) => status !== 'present');
  return apply(plan, {
    kinds: context.kinds,
    journal: openJournal(context.paths.journal),
    undo,
    signal: context.signal,
    announce: (steps) => {
      for (const step of steps) {
        const number = `[${changes.indexOf(step) + 1}/${changes.length}]`;
        context.terminal.say(`${number} ${step.product} ${step.version}`.trimEnd());
      }
    },
    jobFor: (step): Omit<Job, 'step' | 'change'> => ({
      platform: context.platform,
      programs: context.paths.programs,
      taken: taken.for(step.product),
      sharedTemplate,
      environment: machine.environment.directory,
      values: values.open,
      secrets: values.secret,
      files: downloads,
      pipPythons: pythons,
      toolCache: context.paths.toolCache,
      run: context.run,
      signal: context.signal,
      progress: context.terminal.progress,
      ...(interpreter ? { interpreter } : {}),
      ...(uv === undefined ? {} : { uv }),
      ...(project === undefined ? {} : { project }),
      ...(options.deploy === undefined ? {} : { deploy: options.deploy }),
    }),
    detect: async (step, applied) => {
      const found = await detectStep(step, applied, planned);
      taken.add(step.product, applied.path ?? found?.path);
      if (found?.path !== undefined && isInterpreter(catalog, step.product)) {
        interpreter = { version: found.version, path: found.path };
        if (!pythons.includes(found.path)) pythons.push(found.path);
      }
      return found;
    },
  });
}

/** Whether the step's version is there now: `3.13` is there as 3.13.5. Without a hint the kind's own word counts. */
async function detectStep(step: Step, applied: Applied, planned: Planned): Promise<Presence | undefined> {
  const id = step.product.toLowerCase();
  const hinted = planned.catalog.products.get(id)?.entries.some(({ hint }) => hint) ?? false;
  if (hinted) {
    const found = await presencesOf(id, planned.inspection);
    return found.find(({ version }) => version === step.version || satisfies(version, step.version));
  }
  if (applied.path !== undefined && !(await exists(applied.path))) return undefined;
  const { version, place } = step;
  return applied.path === undefined ? { version, place } : { version, place, path: applied.path };
}

function projectValues(
  planned: Planned,
  options: InstallOptions,
): { open: ReadonlyMap<string, string>; secret: ReadonlyMap<string, string> } {
  const python = pythonVersionOf(planned);
  const split = (secret: boolean): [string, string][] =>
    [...options.answers].filter(([name]) => options.secretNames.has(name) === secret);
  const open = new Map(split(false));
  open.set('PythonMinor', (python ?? '3.13').split('.').slice(0, 2).join('.'));
  open.set('Requirements', requirementsOf(planned.plan, planned.machine.platform, python).join('\n'));
  return { open, secret: new Map(split(true)) };
}

function report(context: Context, outcome: Outcome): void {
  const { terminal } = context;
  for (const { step, status, seconds } of outcome.steps) {
    const time = seconds === 0 ? 'with the one before' : `${seconds.toFixed(2)} s`;
    if (status !== 'present')
      terminal.detail(`  ${status.padEnd(9)} ${step.product} ${step.version} (${time})`);
  }
  if (outcome.rebootRequired) terminal.warn('A restart of the machine is needed to finish');
  if (terminal.json) return;
  if (outcome.error) for (const line of leftovers(outcome.steps)) terminal.say(line);
}

function leftovers(steps: readonly AppliedStep[]): string[] {
  const named = (status: AppliedStep['status']): string =>
    steps
      .filter((each) => each.status === status)
      .map(({ step }) => step.product)
      .join(', ');
  const installed = named('installed');
  const skipped = named('skipped');
  return [
    ...(installed === '' ? [] : [`Installed and kept: ${installed}`]),
    ...(skipped === '' ? [] : [`Not begun: ${skipped}`]),
  ];
}

/** The outcome as `--json` shows it. */
export function outcomeJson(outcome: Outcome): Record<string, unknown> {
  const { error } = outcome;
  return {
    ok: error === undefined,
    ...(error === undefined ? {} : { error: errorJson(error) }),
    steps: outcome.steps.map(({ step, status }) => stepJson(step, status)),
    rebootRequired: outcome.rebootRequired,
    ...(outcome.left.length > 0 ? { left: outcome.left } : {}),
  };
}

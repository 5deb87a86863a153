// Joins plan, downloads and installs: everything is shown and asked first, then fetched, then applied, then told. The one
// road on which anything is changed; `install` and `new` differ only in what they plan.
import type { Context } from '../context.js';
import { presencesOf } from '../catalog/inspect.js';
import { download } from '../download/download.js';
import type { Outcome } from '../install/apply.js';
import { apply } from '../install/apply.js';
import { openJournal } from '../install/journal.js';
import { openManifests } from '../install/manifest.js';
import type { Applied, Job, UndoTools } from '../kind.js';
import { exists } from '../lib/files.js';
import { satisfies } from '../lib/version.js';
import { sharedTemplate } from '../paths.js';
import { filesOf } from '../plan/files.js';
import { withMirrors } from '../plan/mirrors.js';
import { requirementsOf } from '../plan/requirements.js';
import type { Downloads, FileRequest, Presence, Step } from '../types.js';
import { agree } from './agreement.js';
import type { Said } from './answers.js';
import { mirrorsOf } from './feed/mirror.js';
import type { PackageAnswers } from './package-questions.js';
import { askPackages, withQuestions } from './package-questions.js';
import type { Planned } from './planning.js';
import { interpreterStep, isInterpreter, pythonVersionOf } from './planning.js';
import { takenFolders } from './taken.js';
import { timed } from './timing.js';
import { report } from './view-outcome.js';
import { planText } from './view-plan.js';
import { refuseRunningPrograms } from './running-programs.js';
import { refuseWhatCannotRun, restartNotices } from './runnable.js';
import type { Asked } from './restart.js';
import { refuseRunOnceElsewhere, stoppedForRestart } from './restart.js';
import { requireThisMachine, undoTools } from './writing.js';

export interface InstallOptions {
  readonly yes: boolean;
  readonly acceptEula: boolean;
  readonly allowUnverified: boolean;
  readonly answers: ReadonlyMap<string, string>;
  /** Parameters that may enter no file. */
  readonly secretNames: ReadonlySet<string>;
  /** False: a project's deploy.py is not run. */
  readonly deploy?: boolean;
  /** Packages are put in again although their version is there: it is damaged. */
  readonly reinstall?: boolean;
  /** Where Windows finds the files of its features. */
  readonly featureSource?: string;
  /** IIS is changed although several servers share its configuration. */
  readonly sharedConfiguration?: boolean;
  /** What was said to questions that packages ask; absent = nothing. */
  readonly said?: Said;
  /** How it is called again after a restart that an installer demands; absent = it is not kept. */
  readonly asked?: Asked;
}

/** Shows, asks, fetches, applies; throws the error of a failed step after telling what became of the others. */
export async function carryOut(
  context: Context,
  planned: Planned,
  options: InstallOptions,
): Promise<Outcome> {
  requireThisMachine(context);
  refuseRunOnceElsewhere(context, options.asked?.options ?? {});
  const { terminal } = context;
  const { plan } = planned;
  const changes = plan.steps.filter(({ status }) => status !== 'present');
  if (context.shown !== true) terminal.say(planText(plan));
  refuseWhatCannotRun(context, planned.machine.admin, changes);
  await refuseRunningPrograms(context, changes);
  for (const notice of restartNotices(planned.machine, changes)) terminal.warn(`notice: ${notice}`);
  if (changes.length === 0) terminal.say('Everything is present already: nothing to do');
  else await agree(context, changes, options);

  const python = pythonVersionOf(planned);
  const files: FileRequest[] = [];
  for (const step of changes) {
    const feed = planned.catalog.products.get(step.product.toLowerCase())?.feed ?? '';
    const mirrors = await mirrorsOf(context, feed);
    files.push(...filesOf(step, planned.machine.platform, python).map((file) => withMirrors(file, mirrors)));
  }
  const pythons = await pipPythons(planned);
  const downloads = await timed(context, 'fetched the files', () =>
    download(files, {
      ...context,
      allowUnverified: options.allowUnverified,
      pythons,
      pythonMinor: python?.split('.').slice(0, 2).join('.'),
      progress: terminal.progress,
      say: terminal.say,
    }),
  );
  const said = options.said ?? { given: new Map(), ask: !options.yes };
  const asked = await askPackages(context, planned, changes, downloads, said);
  const applied = await applyPlan(context, planned, options, downloads, pythons, asked);
  const answers = new Map([options.answers, ...asked.answers.values()].flatMap((each) => [...each]));
  const declared = { ...planned, catalog: withQuestions(planned.catalog, asked.questions) };
  const outcome = await stoppedForRestart(context, declared, applied, answers, options.asked);
  terminal.progress(undefined);
  report(context, outcome);
  return outcome;
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
  asked: PackageAnswers,
): Promise<Outcome> {
  const { plan, catalog, machine, project } = planned;
  const first = interpreterStep(plan, catalog);
  let interpreter = first?.path === undefined ? undefined : { version: first.version, path: first.path };
  const uv = machine.presences.get('uv')?.[0]?.path;
  const undo: UndoTools = {
    ...(await undoTools(context)),
    pipPythons: pythons,
    ...(uv === undefined ? {} : { uv }),
  };
  const values = projectValues(planned, options);
  const taken = await takenFolders(context);
  const changes = plan.steps.filter(({ status }) => status !== 'present');
  return apply(plan, {
    kinds: context.kinds,
    journal: openJournal(context.paths.journal),
    manifests: openManifests(context.paths.manifests),
    undo,
    signal: context.signal,
    announce: (steps) => {
      for (const step of steps) {
        const number = `[${changes.indexOf(step) + 1}/${changes.length}]`;
        context.terminal.say(`${number} ${step.product} ${step.version}`.trimEnd());
      }
    },
    jobFor: (step): Omit<Job, 'step' | 'change'> => ({
      platform: machine.platform,
      programs: context.paths.programs,
      taken: taken.for(step.product),
      own: taken.of(step.product),
      isOurs: taken.knows(step.product),
      sharedTemplate,
      environment: machine.environment.directory,
      values: new Map([...values.open, ...(asked.answers.get(step) ?? [])]),
      secrets: values.secret,
      files: downloads,
      pipPythons: pythons,
      toolCache: context.paths.toolCache,
      logs: context.paths.logs,
      run: context.run,
      signal: context.signal,
      progress: context.terminal.progress,
      ...(undo.tell === undefined ? {} : { tell: undo.tell }),
      ...(interpreter ? { interpreter } : {}),
      ...(uv === undefined ? {} : { uv }),
      ...(undo.pipWheel === undefined ? {} : { pipWheel: undo.pipWheel }),
      ...(project === undefined ? {} : { project }),
      ...(options.deploy === undefined ? {} : { deploy: options.deploy }),
      ...(options.reinstall === undefined ? {} : { reinstall: options.reinstall }),
      ...(options.featureSource === undefined ? {} : { featureSource: options.featureSource }),
      ...(options.sharedConfiguration === undefined
        ? {}
        : { sharedConfiguration: options.sharedConfiguration }),
    }),
    detect: async (step, applied) => {
      const kind = step.installer && context.kinds.get(step.installer.action.kind);
      const found = await detectStep(step, applied, planned, kind?.runsOn === 'windows');
      taken.add(step.product, applied.path ?? found?.path);
      if (found?.path !== undefined && isInterpreter(catalog, step.product)) {
        interpreter = { version: found.version, path: found.path };
        if (!pythons.includes(found.path)) pythons.push(found.path);
      }
      return found;
    },
  });
}

/**
 * Installers of Windows count otherwise at times: what their feed's hint finds now and did not find before is what they
 * have installed. And some of it shows only after the restart that they ask for.
 */
function foundByWindows(
  { product, version, place }: Step,
  { rebootRequired }: Applied,
  found: readonly Presence[],
  { machine }: Planned,
): Presence | undefined {
  const before = machine.presences.get(product.toLowerCase()) ?? [];
  const fresh = found.find((each) => !before.some((other) => other.version === each.version));
  return fresh ?? (rebootRequired === true ? { version, place } : undefined);
}

/**
 * Whether the step's version is there now: `3.13` is there as 3.13.5. Without a hint the kind's own word counts; for
 * Windows' own installers see `foundByWindows`.
 */
async function detectStep(
  step: Step,
  applied: Applied,
  planned: Planned,
  byWindows: boolean,
): Promise<Presence | undefined> {
  const id = step.product.toLowerCase();
  const hinted = planned.catalog.products.get(id)?.entries.some(({ hint }) => hint) ?? false;
  if (hinted) {
    const found = await presencesOf(id, planned.inspection);
    const exact = found.find(({ version }) => version === step.version || satisfies(version, step.version));
    return exact ?? (byWindows ? foundByWindows(step, applied, found, planned) : undefined);
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

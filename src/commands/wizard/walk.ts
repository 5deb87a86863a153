// Comes in: what there is, and somebody who answers. Goes out: an exit status. Walks from page to page, runs what was
// chosen as a command, and leads back to the page where an error can be mended.
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import type { Options } from '../../command.js';
import { listOption, textOption } from '../../command.js';
import { openInBrowser } from '../../lib/browser.js';
import { exists } from '../../lib/files.js';
import type { Answer, Page } from '../../lib/page.js';
import { typedLine } from '../../lib/quote.js';
import { typedPath } from '../../lib/typed-path.js';
import { refuseStrange, writeAnswers } from './answers.js';
import type { Asker } from './asker.js';
import { feedAnswer } from './feeds.js';
import type { Answers, Facts } from './flow.js';
import { chosenOn, nextPage, pageBefore, parameterPage } from './flow.js';
import type { FinishPage } from './page-finish.js';
import { errorLines, finishLines, finishPage } from './page-finish.js';
import { isSecret } from './questions.js';
import { runWords } from './run.js';
import { checkAnswer, factsFor, pageFor, titleOf } from './session.js';
import { folderOf, wordsOf } from './words.js';
import { environmentIn, type WizardWorld } from './world.js';

export interface WalkSettings {
  /** As the wizard was started: it says what stays on the terminal. */
  readonly context: Context;
  /** Options that the wizard was started with: the command to type has them too. */
  readonly options: Options;
  /** The file that is to hold what was chosen. */
  readonly record?: string;
}

interface Here {
  readonly page: string;
  readonly answers: Answers;
  readonly problem?: readonly string[];
  /** What the last command came to. */
  readonly done?: FinishPage;
  /** What the way to it hung on. */
  readonly facts?: Facts;
}

/** From the first page to the end; throws the error of what was done last, and INTERRUPTED. */
export async function walk(
  world: WizardWorld,
  asker: Asker,
  settings: WalkSettings,
): Promise<number | undefined> {
  let here: Here = { page: 'start', answers: asker.given };
  for (;;) {
    let next: Next;
    try {
      next = await step(world, asker, settings, here);
      if (world.context.signal.aborted) throw next.done?.ended.error ?? stopped(here.done !== undefined);
    } catch (error) {
      here = mended(error, here, asker, world);
      continue;
    }
    if (next.page === undefined) return end(settings, asker, next);
    here = { ...next, page: next.page };
  }
}

type Next = Omit<Here, 'page'> & { readonly page: string | undefined };

/** Shows one page and goes where its answer leads. */
async function step(world: WizardWorld, asker: Asker, settings: WalkSettings, here: Here): Promise<Next> {
  const { answers, page: id, done } = here;
  const kept = done === undefined ? {} : { done };
  if (id === 'run') {
    if (asker.file) refuseStrange(asker.file, await world.askable(answers), await world.products());
    const facts = await factsFor(world, answers, id);
    const finish = await runChosen(world, asker, settings, answers, facts);
    world.demanded =
      finish.ended.error?.code === 'LICENCE_NEEDED' && !facts.licences ? finish.ended.error.details : [];
    if (world.demanded.length > 0) return { page: 'licences', answers, ...kept };
    return { page: 'finish', answers, done: finish, facts };
  }
  const page = await asker
    .waiting(titleOf(answers), pageOrFinish(world, here, asker))
    .catch((error: unknown) => new Unshown(error));
  if (page instanceof Unshown) return { ...causeOf(page, here, asker), ...kept };
  const reply = await asker.ask(here.problem === undefined ? page : { ...page, problem: here.problem });
  if (reply.kind === 'back') {
    const facts = await factsFor(world, answers, id);
    return { page: pageBefore(id, answers, facts), answers, ...kept };
  }
  const given = answeredWith(asker, answers, id, reply.value);
  if (id === 'finish' && here.facts) {
    await record(settings, given, here.facts, world);
    // A file says one way: after its end there is nothing more to choose.
    const next = asker.keys ? nextPage(id, given, here.facts) : undefined;
    return { page: next, answers: next === 'start' ? asker.given : given, ...kept };
  }
  await checkAnswer(world, id, given);
  if (id === 'database') world.forgetDatabase();
  const facts = await asker.waiting(titleOf(given), factsFor(world, given, id));
  if (id === 'feed' || id === 'feed-add') return { ...(await feedAnswer(world, asker, given, id)), ...kept };
  const next = nextPage(id, given, facts);
  if (next === 'start') return { page: next, answers: asker.given, ...kept };
  return { page: next, answers: given, ...kept };
}

/** Pages that are answered by a path or an address: no shell has read it. */
const pathPages: readonly string[] = ['folder', 'out', 'sign', 'feed-add'];

/** The answers with one more; another task begins without those of the one before. */
function answeredWith({ given }: Asker, answers: Answers, id: string, value: Answer): Answers {
  const kept = id === 'start' && value !== answers['start'] ? given : answers;
  const isPath = typeof value === 'string' && pathPages.includes(id);
  return { ...kept, [id]: isPath ? typedPath(value, homedir()) : value };
}

function pageOrFinish(world: WizardWorld, { page, answers, done }: Here, { keys }: Asker): Promise<Page> {
  if (page === 'finish' && done) return Promise.resolve(finishPage(done, keys));
  return pageFor(world, page, answers);
}

/** Somebody at the keys reads what was wrong where it can be mended; a file ends there. */
function mended(error: unknown, here: Here, asker: Asker, world: WizardWorld): Here {
  if (!(error instanceof AppError) || !asker.keys) throw error;
  if (error.code === 'INTERRUPTED')
    throw here.done === undefined || here.page === 'run' ? error : stopped(true);
  if (world.context.signal.aborted) throw stopped(here.done !== undefined);
  const page = here.page === 'licences' ? 'plan' : here.page;
  return { ...here, page, problem: errorLines(error) };
}

/** A page that could not be made. */
class Unshown {
  constructor(readonly error: unknown) {}
}

/** The page that is shown instead, with what was wrong: what causes it was answered there. */
function causeOf({ error }: Unshown, { page, answers }: Here, { keys }: Asker): Next {
  if (!(error instanceof AppError) || !keys || error.code === 'INTERRUPTED') throw error;
  const cause = page === 'licences' ? 'plan' : page === 'plan' ? lastQuestion(answers) : 'start';
  return { page: cause, answers, problem: errorLines(error) };
}

/** The page whose answer made a plan impossible. */
function lastQuestion(answers: Answers): string {
  const pages: Readonly<Record<string, string>> = { new: 'extras', install: 'products', upgrade: 'upgrade' };
  return pages[String(answers['start'])] ?? 'start';
}

/** Runs the command that was chosen. */
async function runChosen(
  world: WizardWorld,
  asker: Asker,
  settings: WalkSettings,
  answers: Answers,
  facts: Facts,
): Promise<FinishPage> {
  const { context } = world;
  await record(settings, answers, facts, world);
  const words = wordsOf({
    answers,
    questions: await world.questions(answers),
    environment: environmentIn(answers),
    licences: facts.licences && answers['licences'] === 'accept',
  });
  const typed = typedLine(
    ['zookit', ...words.words, ...globalWords(settings.options)],
    process.platform === 'win32',
  );
  const variables = Object.keys(words.variables);
  const talk = asker.begin(titleOf(answers), ['', typed, '']);
  const ended = await runWords(context, words, talk);
  world.forget();
  const title = titleOf(answers);
  const project = answers['start'] === 'new' ? resolve(folderOf(answers)) : undefined;
  const site = project !== undefined && (await exists(join(project, 'web.config')));
  const log = asker.log ?? context.paths.logs;
  const finish = { title, ended, typed, variables, log, site };
  return project === undefined ? finish : { ...finish, project };
}

/** The options of the wizard's own line that change what a command does. */
function globalWords(options: Options): string[] {
  const texts = ['main-feed', 'root', 'language'].flatMap((name) => {
    const value = textOption(options, name);
    return value === undefined ? [] : [`--${name}`, value];
  });
  const feeds = listOption(options, 'feed').flatMap((feed) => ['--feed', feed]);
  return [...texts, ...feeds, ...(options['offline'] === true ? ['--offline'] : [])];
}

async function record(
  { record: file }: WalkSettings,
  answers: Answers,
  facts: Facts,
  world: WizardWorld,
): Promise<void> {
  if (file === undefined) return;
  const secrets = (await world.questions(answers)).filter(isSecret).map(({ name }) => parameterPage(name));
  await writeAnswers(file, chosenOn(answers, facts, new Set(secrets)));
}

/** The last words, which stay on the terminal; then the site, when it was asked for. */
async function end(
  { context }: WalkSettings,
  asker: Asker,
  { answers, done }: Next,
): Promise<number | undefined> {
  const { error, value } = done?.ended ?? {};
  asker.end(done === undefined || error ? [] : finishLines(done));
  if (!done) return undefined;
  if (context.terminal.json && value !== undefined) context.terminal.printJson(value);
  if (error) throw error;
  if (answers['finish'] === 'launch' && done.project !== undefined)
    return launch(context, done.project, value);
  return isRestartNeeded(value) ? context.restartStatus : undefined;
}

/** Shows the site that IIS runs; one of nobody else's is served here until Ctrl-C. */
async function launch(context: Context, project: string, value: unknown): Promise<undefined> {
  const url = addressIn(value);
  if (url !== undefined) {
    context.terminal.print(url);
    return openInBrowser(url, context.run).then(() => undefined);
  }
  const { serveSite } = await import('../serve.js');
  context.terminal.say(`Serving ${basename(project)}; Ctrl-C ends it`);
  return serveSite(context, project, { open: true });
}

/** The address that `new --iis` tells. */
function addressIn(value: unknown): string | undefined {
  const url = (value as { url?: unknown } | undefined)?.url;
  return typeof url === 'string' ? url : undefined;
}

function isRestartNeeded(value: unknown): boolean {
  return (value as { rebootRequired?: unknown } | undefined)?.rebootRequired === true;
}

function stopped(changed: boolean): AppError {
  const rest = changed ? 'what was done before stays' : 'nothing was changed';
  return new AppError('INTERRUPTED', `Stopped at a question: ${rest}`);
}

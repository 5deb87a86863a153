// Comes in: what was answered so far, and a few facts. Goes out: which page comes next, or comes before. Pure: the whole
// way of the wizard can be walked without a terminal, a feed or a machine.
import type { Answer } from '../../lib/page.js';

/** What can be begun on the first page. */
export type Task = 'install' | 'new' | 'upgrade' | 'repair' | 'uninstall' | 'bundle' | 'feeds' | 'quit';

/** By the page's id. The same value is the file of answers. */
export type Answers = Readonly<Record<string, Answer>>;

/** What the way depends on besides the answers. */
export interface Facts {
  /** Names of the questions that the chosen products ask, in order; only those that count. */
  readonly parameters: readonly string[];
  /** Names of those of them that are about the database server. */
  readonly databaseParameters: readonly string[];
  /** The database that was named does not answer, or does not let the site in. */
  readonly databaseFails: boolean;
  /** The place can be chosen: there are projects with an environment. */
  readonly places: boolean;
  /** The feeds have Pythons, of which a bundle holds one. */
  readonly pythons: boolean;
  /** There are packages that a project can have besides. */
  readonly extras: boolean;
  /** IIS can be asked for. */
  readonly iis: boolean;
  /** Something in the plan has a licence to accept. */
  readonly licences: boolean;
}

/** Every page with a name of its own, whether something leads to it now or not. */
export const ownPages: readonly string[] = [
  ...['start', 'template', 'folder', 'products', 'extras', 'place', 'database', 'iis', 'plan', 'change'],
  ...['licences', 'upgrade', 'repair', 'uninstall', 'sure', 'feeds', 'feed', 'feed-add', 'finish'],
  ...['bundle', 'platform', 'python', 'form', 'sign', 'out'],
];

/** The page that asks a product's question. */
export function parameterPage(name: string): string {
  return `param:${name}`;
}

/** The page that chooses a version or a branch; it is reached from the plan, and leads back to it. */
export function choicePage(product: string): string {
  return `choice:${product}`;
}

/** All pages of the task from the first to the last, as things stand. */
export function wayOf(answers: Answers, facts: Facts): readonly string[] {
  const place = facts.places ? ['place'] : [];
  const questions = questionsOf(facts);
  const licences = facts.licences ? ['licences'] : [];
  const agreed = ['plan', ...licences, 'run', 'finish'];
  switch (answers['start']) {
    case 'install':
      return ['start', 'products', ...place, ...questions, ...agreed];
    case 'new': {
      const iis = facts.iis ? ['iis'] : [];
      const extras = facts.extras ? ['extras'] : [];
      return ['start', 'template', 'folder', ...questions, ...iis, ...extras, ...agreed];
    }
    case 'upgrade':
      return ['start', ...place, 'upgrade', ...agreed];
    case 'repair':
      return ['start', ...place, 'repair', ...licences, 'run', 'finish'];
    case 'uninstall':
      return ['start', ...place, 'uninstall', 'sure', 'run', 'finish'];
    case 'bundle': {
      const python = facts.pythons ? ['python'] : [];
      const pages = ['bundle', ...questions, 'platform', ...python, 'form', 'sign', 'out'];
      return ['start', ...pages, ...licences, 'run', 'finish'];
    }
    case 'feeds':
      return ['start', 'feeds'];
    default:
      return ['start'];
  }
}

/** The pages of the questions; what is wrong with the database is told right after the last one about it. */
function questionsOf({ parameters, databaseParameters, databaseFails }: Facts): string[] {
  const last = databaseParameters.at(-1);
  return parameters.flatMap((name) =>
    name === last && databaseFails ? [parameterPage(name), 'database'] : [parameterPage(name)],
  );
}

/** The page after one that was answered; undefined when the wizard is at its end. */
export function nextPage(page: string, answers: Answers, facts: Facts): string | undefined {
  const answer = answers[page];
  if (page === 'start' && answer === 'quit') return undefined;
  if (page === 'plan' && answer === 'change') return 'change';
  if (page === 'change') return typeof answer === 'string' ? choicePage(answer) : 'plan';
  if (page.startsWith('choice:')) return 'plan';
  if (page === 'feeds' && answer !== 'start') return answer === 'add' ? 'feed-add' : 'feed';
  if (page === 'feed-add' || page === 'feed') return 'feeds';
  if (answer === 'start') return 'start';
  if (page === 'finish') return answer === 'again' ? pageBeforeRun(answers, facts) : undefined;
  if (page !== 'database') return after(page, wayOf(answers, facts));
  if (answer === 'mend') return parameterPage(facts.databaseParameters[0] ?? '');
  if (answer === 'again' && facts.databaseFails) return 'database';
  return after(page, wayOf(answers, { ...facts, databaseFails: true }));
}

function after(page: string, way: readonly string[]): string | undefined {
  return way[way.indexOf(page) + 1];
}

/** Where one agrees: an installation that failed is looked at again there. */
function pageBeforeRun(answers: Answers, facts: Facts): string {
  const way = wayOf(answers, facts);
  return way.includes('plan') ? 'plan' : (way[way.indexOf('run') - 1] ?? 'start');
}

/** The page before; the first one stays itself. What is done is done: nothing leads back over `run`. */
export function pageBefore(page: string, answers: Answers, facts: Facts): string {
  if (page === 'change' || page.startsWith('choice:')) return 'plan';
  if (page === 'feed-add' || page === 'feed') return 'feeds';
  if (page === 'finish') return 'start';
  const way = wayOf(answers, page === 'database' ? { ...facts, databaseFails: true } : facts);
  return way[way.indexOf(page) - 1] ?? 'start';
}

/** What was chosen on the way that led to the end, and nothing of ways that were left again. */
export function chosenOn(answers: Answers, facts: Facts, secret: ReadonlySet<string>): Answers {
  const way = new Set(wayOf(answers, facts));
  const kept = Object.entries(answers).filter(
    ([page]) => (way.has(page) || (way.has('plan') && page.startsWith('choice:'))) && !secret.has(page),
  );
  return Object.fromEntries(kept);
}

// Comes in: a page's name and the answers so far. Goes out: the page, filled with what the machine and the feeds have; and
// what an answer sets going. Joins the pages with what they show; decides nothing about their order.
import { basename, resolve } from 'node:path';
import { AppError } from '../../errors.js';
import type { Page } from '../../lib/page.js';
import type { Installed } from '../../install/installed.js';
import { nearestHint } from '../../lib/nearest.js';
import { refuseOccupied, refuseUnusable } from '../project-folder.js';
import { checkProjectName } from '../project-name.js';
import { isAboutDatabase } from './database.js';
import type { Answers, Facts } from './flow.js';
import { parameterPage } from './flow.js';
import { feedAddPage, feedPage, feedsPage } from './page-feeds.js';
import { changePage, choicePage, planPage } from './page-plan.js';
import { bundlePythonPage, formPage, outPage, platformPage, signPage } from './page-bundle.js';
import { productsPage } from './page-products.js';
import {
  databasePage,
  emptyPage,
  folderPage,
  iisPage,
  licenceLines,
  licencesPage,
  placePage,
  startPage,
  surePage,
  templatePage,
} from './pages.js';
import { questionPage } from './questions.js';
import { iisWish } from '../iis-site.js';
import { environmentIn, iisOption, type WizardWorld } from './world.js';
import { folderOf, standardFor, wordList } from './words.js';

/** What the first page's answers are called on the pages after it. */
const titles: Readonly<Record<string, string>> = {
  install: 'Install products',
  new: 'New project',
  upgrade: 'Upgrade',
  repair: 'Repair',
  uninstall: 'Uninstall',
  bundle: 'Offline bundle',
  feeds: 'Feeds',
};

export function titleOf(answers: Answers): string {
  return titles[text(answers, 'start')] ?? 'Start';
}

/** What the way depends on; a plan is made only when one stands on its page or after it. */
export async function factsFor(world: WizardWorld, answers: Answers, page: string): Promise<Facts> {
  // Feeds that cannot be read are mended there.
  if (['feeds', 'quit'].includes(text(answers, 'start'))) return noFacts;
  const questions = await world.questions(answers);
  const about = questions.filter(isAboutDatabase);
  const answered = about.every(({ name }) => answers[parameterPage(name)] !== undefined);
  const repairs = text(answers, 'start') === 'repair' && ['repair', 'licences', 'run'].includes(page);
  const agreed = ['plan', 'licences', 'run', 'finish'].includes(page) && text(answers, 'plan') === 'go';
  return {
    parameters: questions.map(({ name }) => name),
    databaseParameters: about.map(({ name }) => name),
    databaseFails: about.length > 0 && answered && (await world.database(answers))?.usable === false,
    pythons: text(answers, 'start') === 'bundle' && (await world.pythons()).length > 0,
    places: (await world.environments()).length > 0,
    extras: text(answers, 'start') === 'new' && (await world.packages()).length > 0,
    iis: text(answers, 'start') === 'new' && (await world.offersIis()),
    licences: world.demanded.length > 0 || ((repairs || agreed) && (await licensed(world, answers))),
  };
}

const noFacts: Facts = {
  parameters: [],
  databaseParameters: [],
  databaseFails: false,
  pythons: false,
  places: false,
  extras: false,
  iis: false,
  licences: false,
};

async function licensed(world: WizardWorld, answers: Answers): Promise<boolean> {
  const { plan } = await world.planned(answers);
  return plan.steps.some(({ status, installer }) => status !== 'present' && installer?.eulaUrl !== undefined);
}

/** The page of that name. */
export async function pageFor(world: WizardWorld, id: string, answers: Answers): Promise<Page> {
  const title = titleOf(answers);
  if (id.startsWith('param:')) return parameterFor(world, id, answers, title);
  if (id.startsWith('choice:')) return choiceFor(world, id, answers, title);
  switch (id) {
    case 'template':
      return templatePage(await world.templates(), text(answers, id));
    case 'folder':
      return folderPage(text(answers, id) || './mysite', process.cwd());
    case 'place':
      return placePage(await world.environments(), title, text(answers, id) || 'usual');
    case 'database':
      return databasePage(await world.database(answers));
    case 'iis':
      return iisPage(text(answers, id), await world.iisSites(), basename(resolve(folderOf(answers))));
    case 'plan':
      return planFor(world, answers, title);
    case 'change':
      return changePage(await world.alternatives(answers), title);
    case 'licences':
      if (world.demanded.length > 0) return licencesPage(world.demanded, title);
      return licencesPage(licenceLines((await world.planned(answers)).plan.steps), title);
    case 'sure':
      return surePage(wordList(answers['uninstall']));
    case 'feeds':
      return feedsPage(await world.feeds());
    case 'feed-add':
      return feedAddPage(text(answers, id));
    case 'feed': {
      const url = text(answers, 'feeds');
      const feed = (await world.feeds()).find((each) => each.url === url) ?? { url, origin: '' };
      return feedPage(feed, world.checked.get(url) ?? []);
    }
    case 'platform':
      return platformPage(wordList(answers[id]), world.context.platform);
    case 'python':
      return bundlePythonPage(await world.pythons(), text(answers, id) || 'usual');
    case 'form':
      return formPage(answers[id] === undefined ? undefined : wordList(answers[id]));
    case 'sign':
      return signPage(text(answers, id));
    case 'out':
      return outPage(text(answers, id) || './zookit-bundle', wordList(answers['form']).includes('archive'));
    case 'start':
      return startPage(text(answers, id) || 'new');
    default:
      return listFor(world, id, answers, title);
  }
}

/** What an answer is refused for before the way goes on: throws. */
export async function checkAnswer(world: WizardWorld, id: string, answers: Answers): Promise<void> {
  const { context } = world;
  if (id === 'folder') {
    const project = resolve(folderOf(answers));
    await refuseUnusable(project);
    await refuseOccupied(project);
  }
  if (id === parameterPage('ProjectName')) checkProjectName(text(answers, id));
  if (id === 'sign' || id === 'out') await checkBundleAnswer(id, answers);
  if (id === 'iis') {
    iisWish(context, iisOption(answers), resolve(folderOf(answers)));
    refuseOtherSite(text(answers, id), await world.iisSites());
  }
  if (id === 'licences' && text(answers, id) === 'decline')
    throw new AppError('LICENCE_NEEDED', 'You declined the licences: nothing is installed', {
      hint: 'Choose other products or versions, or go back and accept',
    });
}

/** What makes bundles is loaded for them only. */
async function checkBundleAnswer(id: string, answers: Answers): Promise<void> {
  const answer = text(answers, id);
  if (id === 'sign') {
    if (answer !== '') await (await import('../bundle/signer.js')).openSigner(resolve(answer));
    return;
  }
  const { refuseOccupied: refuse } = await import('../bundle/writing.js');
  await refuse(resolve(answer), wordList(answers['form']).includes('archive'));
}

/** A site that is not there would only be told of when all else is made. */
function refuseOtherSite(answer: string, sites: readonly string[]): void {
  const [site = ''] = answer.split('/');
  if (site === '' || sites.length === 0 || sites.some((name) => name.toLowerCase() === site.toLowerCase()))
    return;
  throw new AppError('USAGE', `IIS has no site '${site}'`, {
    details: [`It has ${sites.join(', ')}`],
    hint: nearestHint(
      site,
      sites,
      'Name one of these; a new site is made by `zookit new --iis SITE --binding BINDING`',
    ),
  });
}

async function parameterFor(world: WizardWorld, id: string, answers: Answers, title: string): Promise<Page> {
  const parameter = (await world.questions(answers)).find(({ name }) => parameterPage(name) === id);
  if (!parameter) throw new Error(`no question ${id}`);
  return questionPage(parameter, text(answers, id) || standardFor(parameter, answers), title);
}

async function choiceFor(world: WizardWorld, id: string, answers: Answers, title: string): Promise<Page> {
  const product = id.slice('choice:'.length);
  const alternative = (await world.alternatives(answers)).find((each) => each.product === product);
  if (!alternative) return emptyPage(id, title, `Nothing can be chosen for ${product}`);
  const fitting = await world.fitting(answers, alternative);
  return choicePage(alternative, fitting, text(answers, id) || 'usual', title);
}

async function planFor(world: WizardWorld, answers: Answers, title: string): Promise<Page> {
  const planned = await world.planned(answers);
  const database = await world.database(answers);
  const { context } = world;
  return planPage(planned, {
    title,
    place: planned.project ?? environmentIn(answers) ?? `this machine, ${context.paths.programs}`,
    go: answers['start'] === 'new' ? 'Make the project' : title === 'Upgrade' ? 'Upgrade' : 'Install',
    choices: (await world.alternatives(answers)).length > 0,
    ...(database === undefined ? {} : { database: database.sentence }),
  });
}

/** The pages that pick several products. */
async function listFor(world: WizardWorld, id: string, answers: Answers, title: string): Promise<Page> {
  const environment = environmentIn(answers);
  const catalog = await world.catalog();
  const rows = await world.rows(environment);
  const here = await world.installedIn(environment);
  const picked = wordList(answers[id]);
  const ids = new Set(here.map(({ product }) => product.toLowerCase()));
  const own = rows.filter((row) => ids.has(row.id.toLowerCase()));
  const free = { id, title, picked };
  const about = { ...free, emptyProblem: 'Nothing is picked: Space picks the product under the cursor' };
  const templates = new Set((await world.templates()).map((product) => product.id));
  const elsewhere = await world.elsewhere();
  // What can be had here comes first.
  const sorted = [
    ...rows.filter(({ id: each }) => !elsewhere.has(each)),
    ...rows.filter(({ id: each }) => elsewhere.has(each)),
  ];
  const installable = sorted.filter((row) => !templates.has(row.id));
  if (id === 'products')
    return productsPage(installable, catalog, { ...about, elsewhere, ask: 'Which products?' });
  if (id === 'bundle')
    return productsPage(rows, catalog, { ...about, ask: 'Which products shall the bundle hold?' });
  if (id === 'extras') {
    const offered = new Set((await world.packages()).map((product) => product.id));
    const packages = installable.filter((row) => offered.has(row.id) && !elsewhere.has(row.id));
    return productsPage(packages, catalog, {
      ...free,
      ask: 'Which packages shall the project have besides?',
      note: 'None is a good answer: they can be added at any time.',
    });
  }
  if (id === 'upgrade') {
    const upgradable = own.filter((row) => row.upgradable);
    if (upgradable.length === 0) return emptyPage(id, title, 'Nothing here has a newer version.');
    const all = picked.length > 0 ? picked : upgradable.map((row) => row.id);
    return productsPage(upgradable, catalog, { ...about, picked: all, ask: 'Which products?' });
  }
  if (own.length === 0) return emptyPage(id, title, 'Zookit has installed nothing here.');
  const usual = id === 'repair' && picked.length === 0 ? own.map((row) => row.id) : picked;
  const ask =
    id === 'repair' ? 'Which products shall be looked at, and put in again when damaged?' : 'Which products?';
  return productsPage(ownVersions(own, here), catalog, { ...about, picked: usual, ask });
}

/** What is installed counts there, not what feeds offer. */
function ownVersions<T extends { readonly id: string; readonly version: string }>(
  rows: readonly T[],
  here: readonly Installed[],
): T[] {
  return rows.map((row) => {
    const found = here.find(({ product }) => product.toLowerCase() === row.id.toLowerCase());
    return { ...row, version: found?.version ?? row.version };
  });
}

function text(answers: Answers, id: string): string {
  const answer = answers[id];
  return typeof answer === 'string' ? answer : '';
}

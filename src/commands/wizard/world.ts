// Comes in: a context and what was answered so far. Goes out: what the pages show of feeds, machine and plan. The same
// functions as the commands'; looks and asks, changes nothing. Remembers what it has found until something is changed.
import { join, resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Installed } from '../../install/installed.js';
import { replay } from '../../install/installed.js';
import { openJournal } from '../../install/journal.js';
import { AppError } from '../../errors.js';
import { exists } from '../../lib/files.js';
import { compareVersions } from '../../lib/version.js';
import { askSites } from '../../lib/iis-facts.js';
import type { PlanRequest as ResolveRequest } from '../../plan/resolve.js';
import { chooseInstaller } from '../../plan/choose.js';
import { resolve as resolvePlan } from '../../plan/resolve.js';
import type { Catalog, Parameter, Product, Wanted } from '../../types.js';
import { answersFor } from '../answers.js';
import { iisProduct, iisWish, siteAnswers } from '../iis-site.js';
import type { Row } from '../list.js';
import { listRows } from '../list.js';
import { openCatalog } from '../open-catalog.js';
import type { Planned, PlanRequest } from '../planning.js';
import { answered, inspectionFor, lookAt, makePlan, parseWanted } from '../planning.js';
import type { DatabaseLook } from './database.js';
import { databaseAddress, lookForDatabase } from './database.js';
import type { Answers } from './flow.js';
import { parameterPage } from './flow.js';
import type { ListedFeed } from './page-feeds.js';
import type { Alternative } from './page-plan.js';
import { alternativesOf } from './page-plan.js';
import { answerFor, askingEntries, countingQuestions, questionsOf } from './questions.js';
import { runWords } from './run.js';
import { folderOf, productWords, wordList } from './words.js';
import { findProduct } from '../../lib/find-product.js';

/** The environment that an answer names; undefined = the default one. */
export function environmentIn(answers: Answers): string | undefined {
  const place = answers['place'];
  return typeof place !== 'string' || place === 'usual' ? undefined : place;
}

/** The option that an answer about IIS stands for. */
export function iisOption(answers: Answers): { readonly iis?: string } {
  const iis = answers['iis'];
  return typeof iis === 'string' && iis !== '' ? { iis } : {};
}

/** The answers as they were before any version was chosen. */
function withoutChoices(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([page]) => !page.startsWith('choice:')));
}

function hasPlan(request: ResolveRequest): boolean {
  try {
    resolvePlan(request);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

export class WizardWorld {
  private known = new Map<string, Promise<unknown>>();
  /** What checks of feeds have said, by address. */
  readonly checked = new Map<string, readonly string[]>();

  /** Licences that a command has asked for, which no plan had told of before. */
  demanded: readonly string[] = [];

  constructor(readonly context: Context) {}

  /** Whether a project can be put into IIS from here. */
  async offersIis(): Promise<boolean> {
    const { platform, thisMachine } = this.context;
    if (platform.os !== 'windows' || !thisMachine) return false;
    return findProduct(await this.catalog(), iisProduct) !== undefined;
  }

  /** The names of this server's sites in IIS. */
  iisSites(): Promise<readonly string[]> {
    return this.once('sites', async () => {
      try {
        return (await askSites(this.context)).map(({ name }) => name);
      } catch (error) {
        // IIS itself may come along with the project.
        if (error instanceof AppError && error.code === 'NO_INSTALLER') return [];
        throw error;
      }
    });
  }

  /** What was found is old now. */
  forget(): void {
    this.known = new Map();
  }

  /** The database is looked for again. */
  forgetDatabase(): void {
    for (const name of this.known.keys()) if (name.startsWith('database ')) this.known.delete(name);
  }

  catalog(): Promise<Catalog> {
    return this.once('catalog', () => openCatalog(this.context));
  }

  /** Every product that lists show, with what is there of it. */
  rows(environment: string | undefined): Promise<readonly Row[]> {
    return this.once(`rows ${environment ?? ''}`, async () => {
      const catalog = await this.catalog();
      const shown = [...catalog.products.values()].filter(
        ({ entries }) => !entries.every(({ flags }) => flags.includes('searchExclude')),
      );
      return listRows(this.context, catalog, shown, environment);
    });
  }

  /** Ids of products that are for other systems altogether: nothing on this machine can change that. */
  elsewhere(): Promise<ReadonlySet<string>> {
    return this.once('elsewhere', async () => {
      const catalog = await this.catalog();
      const machine = await lookAt(this.context, await inspectionFor(this.context, catalog, []));
      const products = [...catalog.products.values()].filter(({ entries }) =>
        entries.every((entry) => {
          const choice = chooseInstaller(entry, machine);
          return 'elsewhere' in choice && choice.elsewhere;
        }),
      );
      return new Set(products.map(({ id }) => id));
    });
  }

  /** Products that make projects. */
  async templates(): Promise<Product[]> {
    return [...(await this.catalog()).products.values()].filter(({ entries }) =>
      entries[0]?.installers.some(({ action }) => action.kind === 'template'),
    );
  }

  /** The minor versions of Python that the feeds have, newest first: `3.14`. */
  async pythons(): Promise<string[]> {
    const entries = (await this.catalog()).products.get('python')?.entries ?? [];
    const minors = entries.map(({ version }) => version.split('.').slice(0, 2).join('.'));
    return [...new Set(minors)].sort((a, b) => compareVersions(b, a));
  }

  /** Products that belong into an environment. */
  async packages(): Promise<Product[]> {
    return [...(await this.catalog()).products.values()].filter(({ entries }) => entries[0]?.environment);
  }

  /** The feeds of this machine, as `feed list` has them. */
  async feeds(): Promise<readonly ListedFeed[]> {
    const { value, error } = await runWords(this.context, { words: ['feed', 'list'], variables: {} });
    if (error) throw error;
    return value as ListedFeed[];
  }

  /** What is installed by Zookit and still there, at every place. */
  installed(): Promise<readonly Installed[]> {
    return this.once('installed', async () => {
      const { installed } = replay(await openJournal(this.context.paths.journal).read());
      const still = await Promise.all(
        installed.map(async ({ path }) => path === undefined || (await exists(path))),
      );
      return installed.filter((_, index) => still[index]);
    });
  }

  /** What of it is on the machine or in an environment. */
  async installedIn(environment: string | undefined): Promise<readonly Installed[]> {
    const folder = environment ?? this.context.paths.defaultEnvironment;
    return (await this.installed()).filter(({ place }) => place === 'machine' || place === folder);
  }

  /** Environments of projects that Zookit has installed something into. */
  async environments(): Promise<string[]> {
    const usual = this.context.paths.defaultEnvironment;
    const places = new Set((await this.installed()).map(({ place }) => place));
    const others = [...places].filter((place) => place !== 'machine' && place !== usual);
    const real = await Promise.all(others.map((place) => exists(join(place, 'pyvenv.cfg'))));
    return others.filter((_, index) => real[index]);
  }

  /** The questions that count now. */
  async questions(answers: Answers): Promise<Parameter[]> {
    return questionsOf(await this.catalog(), answers, this.context);
  }

  /** Names of all questions that the chosen products may ask, whatever is answered. */
  async askable(answers: Answers): Promise<string[]> {
    const entries = askingEntries(await this.catalog(), answers);
    return entries.flatMap(({ parameters }) => parameters.map(({ name }) => name));
  }

  /** Ids of all products. */
  async products(): Promise<string[]> {
    return [...(await this.catalog()).products.values()].map(({ id }) => id);
  }

  /** Whether the site gets into the database that was named; undefined when none was. */
  async database(answers: Answers): Promise<DatabaseLook | undefined> {
    if (answers['start'] !== 'new' && answers['start'] !== 'install') return undefined;
    const questions = countingQuestions(await this.catalog(), answers, this.context);
    const address = databaseAddress(questions, (each) => answerFor(each, answers, this.context));
    if (!address) return undefined;
    const name = `database ${JSON.stringify(address)}`;
    return this.once(name, () => lookForDatabase(address, this.context.signal));
  }

  /** The plan that the answers come to; throws what `plan` would. */
  planned(answers: Answers): Promise<Planned> {
    return this.once(`plan ${JSON.stringify(answers)}`, async () =>
      makePlan(this.context, await this.request(answers)),
    );
  }

  async alternatives(answers: Answers): Promise<Alternative[]> {
    return alternativesOf(await this.planned(withoutChoices(answers)));
  }

  /** The versions of an alternative for which there is a plan. */
  async fitting(answers: Answers, { product, versions }: Alternative): Promise<string[]> {
    const { machine } = await this.planned(withoutChoices(answers));
    const fitting: string[] = [];
    for (const version of versions) {
      const { catalog, wanted, project, upgrade } = await this.request({
        ...answers,
        [`choice:${product}`]: version,
      });
      const places = {
        ...(project === undefined ? {} : { project }),
        ...(upgrade === undefined ? {} : { upgrade }),
      };
      if (hasPlan({ catalog, machine, wanted, ...places })) fitting.push(version);
    }
    return fitting;
  }

  private async request(answers: Answers): Promise<PlanRequest> {
    const environment = environmentIn(answers);
    const place = environment === undefined ? {} : { environment };
    const wantedOn = (page: string): Wanted[] => productWords(answers, page).map(parseWanted);
    if (answers['start'] === 'upgrade') {
      const wanted = wantedOn('upgrade');
      const upgrade = new Set(wanted.map(({ id }) => id.toLowerCase()));
      return { catalog: await this.catalog(), wanted, upgrade, ...place };
    }
    if (answers['start'] === 'repair') {
      const wanted = wantedOn('repair');
      const distrusted = new Set(wanted.map(({ id }) => id.toLowerCase()));
      return { catalog: await this.catalog(), wanted, distrusted, ...place };
    }
    const catalog = await this.answeredCatalog(answers);
    if (answers['start'] === 'install') return { catalog, wanted: wantedOn('products'), ...place };
    const project = resolve(folderOf(answers));
    const wanted = [...wantedOn('extras'), ...wordList(answers['template']).map((id) => ({ id }))];
    const whole = { catalog, wanted, environment: join(project, '.venv'), project };
    const site = iisWish(this.context, iisOption(answers), project);
    const own = await siteAnswers(this.context, catalog, site, new Map());
    if (!site || !own) return whole;
    const withSite = [...wanted, { id: iisProduct }];
    return { ...whole, catalog: answered(catalog, iisProduct, own), wanted: withSite, site: site.place };
  }

  private async answeredCatalog(answers: Answers): Promise<Catalog> {
    let catalog = await this.catalog();
    for (const entry of askingEntries(catalog, answers)) {
      const given = new Map(
        entry.parameters.flatMap(({ name }) => {
          const answer = answers[parameterPage(name)];
          return typeof answer === 'string' ? [[name.toLowerCase(), answer] as const] : [];
        }),
      );
      const own = await answersFor(entry, { given, ask: false }, this.context);
      catalog = answered(catalog, findProduct(catalog, entry.productId)?.id ?? entry.productId, own);
    }
    return catalog;
  }

  private once<T>(name: string, find: () => Promise<T>): Promise<T> {
    const known = this.known.get(name) as Promise<T> | undefined;
    if (known) return known;
    const found = find();
    this.known.set(name, found);
    // A failure may be mended on the page that it is shown on.
    found.catch(() => this.known.delete(name));
    return found;
  }
}

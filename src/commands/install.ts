// `zookit install`: products, and what they need, onto this machine or into an environment.
import { findByTitle } from '../catalog/search.js';
import type { Command, Options } from '../command.js';
import { bundleOptions, flag, list, listOption, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Catalog, Entry, KindName, Wanted } from '../types.js';
import { readAnswerFile, unusedNames } from './answer-file.js';
import type { Said } from './answers.js';
import { answersFor, asksLater, parseParameters } from './answers.js';
import type { InstallOptions } from './installing.js';
import { carryOut } from './installing.js';
import { openCatalog } from './open-catalog.js';
import { answered, makePlan, parseWanted } from './planning.js';
import { asWriter } from './writing.js';
import { outcomeJson } from './view-outcome.js';
import { findProduct } from '../lib/find-product.js';

/** Options of every command that puts something onto the machine. */
export const agreementOptions = {
  yes: flag('do not ask; defaults are taken'),
  'accept-eula': flag('accept all licences'),
  'allow-unverified': flag('take files for which a feed gives no hash'),
  'feature-source': text('DIR', 'where Windows finds the files of its features, as `D:\\sources\\sxs`'),
  'shared-configuration': flag('change IIS although several servers share its configuration'),
};

/** Options of every command that asks a product's questions. */
export const installOptions = {
  ...agreementOptions,
  param: list(
    'NAME=VALUE',
    "an answer to a product's question; again for more; a secret one in ZOOKIT_PARAM_NAME, which others cannot see",
  ),
  answers: text('FILE', "a file of answers as WebPI's: a line `Name[@]Value` for each"),
  'resume-after-restart': flag('when an installer demands a restart, Windows goes on by itself after it'),
};

export const install: Command = {
  usage: 'install PRODUCT[@RANGE]...',
  options: {
    ...installOptions,
    ...bundleOptions,
    env: text('DIR', 'the Python environment, or the project that holds it'),
    title: list('TEXT', 'a product by its title, or its id; again for more'),
  },
  examples: ['zookit install PIL', 'zookit install Django@5.2 psycopg --env ./shop'],
  async run(context, { options, names }) {
    const titles = listOption(options, 'title');
    if (names.length + titles.length === 0)
      throw new AppError('USAGE', 'install: name a product', { hint: 'See `zookit list`' });
    const named = names.map(parseWanted);
    const said = await saidBy(options);
    return asWriter(context, async () => {
      let catalog = await openCatalog(context);
      const wanted = [...named, ...titles.map((title) => titled(catalog, title))];
      refuseTemplates(catalog, wanted);
      const secrets = enginePasswords(context);
      const answers = new Map(secrets);
      const secretNames = new Set(secrets.keys());
      for (const entry of wanted.flatMap(({ id }) => newestEntry(catalog, id) ?? [])) {
        if (entry.parameters.length === 0) continue;
        const own = await answersFor(entry, said, context);
        catalog = answered(catalog, entry.productId, own);
        own.forEach((value, name) => answers.set(name, value));
        secretParameters(entry).forEach((name) => secretNames.add(name));
      }
      tellUnused(
        context,
        said,
        wanted.map(({ id }) => newestEntry(catalog, id)),
      );
      const environment = textOption(options, 'env');
      const planned = await makePlan(context, {
        catalog,
        wanted,
        ...(environment === undefined ? {} : { environment }),
      });
      const outcome = await carryOut(context, planned, {
        yes: options['yes'] === true,
        acceptEula: options['accept-eula'] === true,
        allowUnverified: options['allow-unverified'] === true,
        answers,
        secretNames,
        said,
        ...machineOptions(options),
        asked: { command: 'install', names, options },
      });
      if (context.terminal.json) context.terminal.printJson(outcomeJson(outcome));
      if (outcome.error) throw outcome.error;
      if (outcome.steps.some(({ status }) => status === 'installed')) context.terminal.say('Done');
      return outcome.rebootRequired ? context.restartStatus : undefined;
    });
  },
};

/** What options say of the machine. */
export function machineOptions(
  options: Options,
): Pick<InstallOptions, 'featureSource' | 'sharedConfiguration'> {
  const featureSource = textOption(options, 'feature-source');
  return {
    ...(featureSource === undefined ? {} : { featureSource }),
    ...(options['shared-configuration'] === true ? { sharedConfiguration: true } : {}),
  };
}

/** What options say to a product's questions; throws USAGE. */
export async function saidBy(options: Options): Promise<Said & { readonly given: Map<string, string> }> {
  const path = textOption(options, 'answers');
  return {
    given: parseParameters(listOption(options, 'param')),
    ask: options['yes'] !== true,
    ...(path === undefined ? {} : { file: await readAnswerFile(path) }),
  };
}

/** Answer files of WebPI answer more than is asked here: their other names are told, in case one is misspelled. */
export function tellUnused(context: Context, { file }: Said, entries: readonly (Entry | undefined)[]): void {
  // What a package asks is known only when it is there: then it is told.
  if (!file || entries.some((entry) => entry && asksLater(entry))) return;
  const parameters = entries.flatMap((entry) => entry?.parameters ?? []);
  const unused = unusedNames(file, parameters);
  if (unused.length > 0)
    context.terminal.say(`notice: nobody asks for ${unused.join(', ')} of the answer file`);
}

function titled(catalog: Catalog, title: string): Wanted {
  const found = findProduct(catalog, title) ?? findByTitle(catalog, title);
  if (found) return { id: found.id };
  throw new AppError('PRODUCT_UNKNOWN', `No feed has a product with the title '${title}'`, {
    hint: 'See all titles with `zookit list`',
  });
}

/** The variables in command lines of WebPI's database servers, which no entry declares as its question. */
const passwordNames = ['SQLPassword', 'MySqlPassword'];

function enginePasswords({ variables }: Context): Map<string, string> {
  return new Map(
    passwordNames.flatMap((name) => {
      const value = variables[`ZOOKIT_PARAM_${name.toUpperCase()}`];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Names of parameters that no file may hold. */
export function secretParameters(entry: Entry): string[] {
  return entry.parameters
    .filter(({ tags }) => tags.some((tag) => tag.toLowerCase() === 'nostore'))
    .map(({ name }) => name);
}

/** The entry whose questions are asked: all versions of a product ask the same. */
export function newestEntry(catalog: Catalog, id: string): Entry | undefined {
  return findProduct(catalog, id)?.entries[0];
}

/** Throws USAGE for what needs a folder of its own, or is made of one: `zookit new` makes it. */
export function refuseTemplates(catalog: Catalog, wanted: readonly Wanted[]): void {
  const whichDoes = (kind: KindName): Wanted | undefined =>
    wanted.find(({ id }) => newestEntry(catalog, id)?.installers.some(({ action }) => action.kind === kind));
  const site = whichDoes('iis');
  if (site) {
    throw new AppError('USAGE', `'${site.id}' makes a site in IIS of a project and needs both`, {
      hint: '`zookit new DjangoProject DIR --iis "Default Web Site/shop"`',
    });
  }
  const template = whichDoes('template');
  if (!template) return;
  throw new AppError('USAGE', `'${template.id}' is a template: it makes a project and needs a folder`, {
    hint: `\`zookit new ${template.id} DIR\``,
  });
}

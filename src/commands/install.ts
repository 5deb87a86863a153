// `zookit install`: products, and what they need, onto this machine or into an environment.
import { findProduct } from '../catalog/search.js';
import type { Command } from '../command.js';
import { flag, list, listOption, text, textOption } from '../command.js';
import { AppError } from '../errors.js';
import type { Catalog, Entry, Wanted } from '../types.js';
import { answersFor, parseParameters } from './answers.js';
import { carryOut } from './installing.js';
import { openCatalog } from './open-catalog.js';
import { answered, makePlan, parseWanted } from './planning.js';
import { asWriter } from './writing.js';
import { outcomeJson } from './view-outcome.js';

/** Options of every command that puts something onto the machine. */
export const agreementOptions = {
  yes: flag('do not ask; defaults are taken'),
  'accept-eula': flag('accept all licences'),
  'allow-unverified': flag('take files for which a feed gives no hash'),
};

/** Options of every command that asks a product's questions. */
export const installOptions = {
  ...agreementOptions,
  param: list('NAME=VALUE', "an answer to a product's question; again for more"),
};

export const install: Command = {
  usage: 'install PRODUCT[@RANGE]...',
  options: { ...installOptions, env: text('DIR', 'the Python environment, or the project that holds it') },
  examples: ['zookit install PIL', 'zookit install Django@5.2 psycopg --env ./shop'],
  async run(context, { options, names }) {
    if (names.length === 0)
      throw new AppError('USAGE', 'install: name a product', { hint: 'See `zookit list`' });
    const wanted = names.map(parseWanted);
    return asWriter(context, async () => {
      const said = { given: parseParameters(listOption(options, 'param')), ask: options['yes'] !== true };
      let catalog = await openCatalog(context);
      refuseTemplates(catalog, wanted);
      const answers = new Map<string, string>();
      const secretNames = new Set<string>();
      for (const entry of wanted.flatMap(({ id }) => newestEntry(catalog, id) ?? [])) {
        if (entry.parameters.length === 0) continue;
        const own = await answersFor(entry, said, context);
        catalog = answered(catalog, entry.productId, own);
        own.forEach((value, name) => answers.set(name, value));
        secretParameters(entry).forEach((name) => secretNames.add(name));
      }
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
      });
      if (context.terminal.json) context.terminal.printJson(outcomeJson(outcome));
      if (outcome.error) throw outcome.error;
      if (outcome.steps.some(({ status }) => status === 'installed')) context.terminal.say('Done');
      return undefined;
    });
  },
};

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

/** Throws USAGE for what needs a folder of its own: `zookit new` makes it. */
export function refuseTemplates(catalog: Catalog, wanted: readonly Wanted[]): void {
  const template = wanted.find(({ id }) =>
    newestEntry(catalog, id)?.installers.some(({ action }) => action.kind === 'template'),
  );
  if (!template) return;
  throw new AppError('USAGE', `'${template.id}' is a template: it makes a project and needs a folder`, {
    hint: `\`zookit new ${template.id} DIR\``,
  });
}

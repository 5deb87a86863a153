// `zookit plan`: what install would do, and why; changes nothing.
import type { Command } from '../command.js';
import { bundleOptions, flag, list, listOption, oneOf, text, textOption } from '../command.js';
import { AppError } from '../errors.js';
import { answersFor, parseParameters } from './answers.js';
import { hostForms, iisOptions, iisProduct, iisWish } from './iis-site.js';
import { newestEntry } from './install.js';
import { openCatalog } from './open-catalog.js';
import { answered, makePlan, parseWanted } from './planning.js';
import { previewsOf } from './previews.js';
import { planJson, planText, previewText } from './view-plan.js';
import { findProduct } from '../lib/find-product.js';

export const plan: Command = {
  usage: 'plan PRODUCT[@RANGE]...',
  options: {
    ...bundleOptions,
    env: text('DIR', 'the Python environment, or the project that holds it'),
    param: list('NAME=VALUE', "an answer to a product's question; again for more"),
    yes: flag('do not ask; defaults are taken'),
    host: oneOf(hostForms, 'the form of web.config: httpplatform, fastcgi or zoo', 'FORM'),
    ...iisOptions,
    'feature-source': text('DIR', 'where Windows finds the files of its features, as `D:\\sources\\sxs`'),
  },
  examples: ['zookit plan DjangoProject', 'zookit plan PythonHostingPackage --platform windows-x64 --json'],
  async run(context, { options, names }) {
    if (names.length === 0)
      throw new AppError('USAGE', 'plan: name a product', { hint: 'See `zookit list`' });
    const site = iisWish(context, options);
    const wanted = [...names.map(parseWanted), ...(site ? [{ id: iisProduct }] : [])];
    let catalog = await openCatalog(context);
    const given = parseParameters(listOption(options, 'param'));
    const form = site?.form ?? textOption(options, 'host');
    if (form !== undefined) given.set('hostform', form);
    for (const [name, value] of site?.given ?? []) given.set(name, value);
    for (const { id } of wanted) {
      const entry = newestEntry(catalog, id);
      const product = findProduct(catalog, id);
      if (!entry || !product) continue;
      // Only what brings products along matters for a plan; every other question has time until the installation.
      const choices = { ...entry, parameters: entry.parameters.filter(({ type }) => type === 'choice') };
      const own = new Map(
        [...given].filter(([name]) => choices.parameters.some((each) => each.name.toLowerCase() === name)),
      );
      const answers = await answersFor(choices, { given: own, ask: false }, context);
      catalog = answered(catalog, product.id, answers);
      // A site in IIS depends on what its template answers.
      for (const [name, value] of answers) given.set(name.toLowerCase(), value);
    }
    const environment = textOption(options, 'env');
    const planned = await makePlan(context, {
      catalog,
      wanted,
      ...(environment === undefined ? {} : { environment }),
      ...(site ? { site: site.place } : {}),
    });
    const featureSource = textOption(options, 'feature-source');
    const previews = previewsOf(context, planned, {
      answers: given,
      ...(featureSource === undefined ? {} : { featureSource }),
    });
    if (context.terminal.json) context.terminal.printJson(planJson(planned.plan, previews));
    else {
      context.terminal.print(planText(planned.plan));
      const inIis = new Map([...previews].filter(([step]) => step.place === site?.place));
      if (options['verbose'] === true) context.terminal.print(previewText(previews, context.platform.os));
      else if (inIis.size > 0) context.terminal.print(previewText(inIis, context.platform.os));
    }
    return undefined;
  },
};

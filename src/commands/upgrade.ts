// `zookit upgrade`: newer versions of what is installed, where a feed has them; the old version stays until the new one is
// whole, and comes back when it fails.
import type { Command } from '../command.js';
import { bundleOptions, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { environmentOf } from '../lib/environment.js';
import type { Catalog, Wanted } from '../types.js';
import { agreementOptions, installOptions, machineOptions, refuseTemplates, saidBy } from './install.js';
import { carryOut } from './installing.js';
import { noSuchProduct } from './not-found.js';
import { openCatalog } from './open-catalog.js';
import { makePlan, parseWanted } from './planning.js';
import { outcomeJson } from './view-outcome.js';
import { asWriter } from './writing.js';
import { findProduct } from '../lib/find-product.js';

export const upgrade: Command = {
  usage: 'upgrade [PRODUCT[@RANGE]]...',
  options: {
    ...agreementOptions,
    param: installOptions.param,
    answers: installOptions.answers,
    ...bundleOptions,
    env: text('DIR', 'the Python environment, or the project that holds it'),
  },
  examples: ['zookit upgrade', 'zookit upgrade Django --env ./shop'],
  async run(context, { options, names }) {
    const said = await saidBy(options);
    return asWriter(context, async () => {
      const catalog = await openCatalog(context);
      const folder = textOption(options, 'env');
      const environment =
        folder === undefined ? context.paths.defaultEnvironment : await environmentOf(folder);
      const { installed } = replay(await openJournal(context.paths.journal).read());
      const here = installed.filter(({ place }) => place === 'machine' || place === environment);
      const own = new Set(here.map(({ product }) => product.toLowerCase()));
      const wanted = names.length > 0 ? names.map(parseWanted) : all(context, here);
      refuseTemplates(catalog, wanted);
      refuseForeign(wanted, own, catalog);
      const upgraded = new Set(wanted.map(({ id }) => (findProduct(catalog, id)?.id ?? id).toLowerCase()));
      const known = wanted.filter(({ id }) => findProduct(catalog, id));
      const planned = await makePlan(context, {
        catalog,
        wanted: known,
        upgrade: upgraded,
        ...(folder === undefined ? {} : { environment: folder }),
      });
      const outcome = await carryOut(context, planned, {
        yes: options['yes'] === true,
        acceptEula: options['accept-eula'] === true,
        allowUnverified: options['allow-unverified'] === true,
        answers: new Map(),
        secretNames: new Set(),
        said,
        ...machineOptions(options),
        asked: { command: 'upgrade', names, options },
      });
      if (context.terminal.json) context.terminal.printJson(outcomeJson(outcome));
      if (outcome.error) throw outcome.error;
      return undefined;
    });
  },
};

/** All that is installed, but for what asks its questions anew: one of them would stop all others. */
function all({ terminal }: Pick<Context, 'terminal'>, here: readonly Installed[]): Wanted[] {
  const asking = here.filter(({ kind }) => kind === 'webdeploy').map(({ product }) => product);
  if (asking.length > 0) terminal.say(`notice: upgraded only by name: ${asking.join(', ')}`);
  return here.filter(({ kind }) => kind !== 'webdeploy').map(({ product }) => ({ id: product }));
}

function refuseForeign(wanted: readonly Wanted[], own: ReadonlySet<string>, catalog: Catalog): void {
  const foreign = wanted.find(({ id }) => !own.has((findProduct(catalog, id)?.id ?? id).toLowerCase()));
  if (!foreign) return;
  if (!findProduct(catalog, foreign.id)) throw noSuchProduct(catalog, foreign.id);
  throw new AppError('PRODUCT_UNKNOWN', `Zookit has not installed '${foreign.id}' here`, {
    hint: `Install it: \`zookit install ${foreign.id}\`; see what there is with \`zookit list --installed\``,
  });
}

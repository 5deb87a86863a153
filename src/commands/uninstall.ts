// `zookit uninstall`: takes back what Zookit has installed; refuses while others need it.
import type { Command } from '../command.js';
import { flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { isAdmin } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import { replay } from '../install/installed.js';
import type { StepKey } from '../install/journal.js';
import { openJournal } from '../install/journal.js';
import { uninstall } from '../install/uninstall.js';
import { environmentOf } from '../lib/environment.js';
import { errorJson } from '../lib/error-json.js';
import { exists } from '../lib/files.js';
import type { Catalog } from '../types.js';
import { installedAt } from './iis-site.js';
import { refuseNeeded } from './needed.js';
import { notInstalled } from './not-found.js';
import { refuseTakingAway } from './runnable.js';
import { openCatalog } from './open-catalog.js';
import { asWriter, requireThisMachine, uninstallTools } from './writing.js';
import { findProduct } from '../lib/find-product.js';

export const uninstallProducts: Command = {
  usage: 'uninstall PRODUCT...',
  options: {
    env: text('DIR', 'the Python environment, or the project that holds it'),
    yes: flag('do not ask'),
    force: flag('even while others need it'),
    iis: text('SITE/APP', 'what `new --iis` has made of a project in IIS; the project stays'),
  },
  examples: [
    'zookit uninstall Pillow',
    'zookit uninstall Pillow --env ./shop --yes',
    'zookit uninstall --iis "Default Web Site/shop"',
  ],
  async run(context, { options, names }) {
    const site = textOption(options, 'iis');
    if (names.length === 0 && site === undefined)
      throw new AppError('USAGE', 'uninstall: name a product', { hint: 'See `zookit list --installed`' });
    requireThisMachine(context);
    return asWriter(context, async ({ takenAway }) => {
      const catalog = await openCatalog(context);
      const folder = textOption(options, 'env');
      const environment =
        folder === undefined ? context.paths.defaultEnvironment : await environmentOf(folder);
      const journal = openJournal(context.paths.journal);
      const lines = await journal.read();
      const { installed } = replay(lines);
      const everywhere = await stillThere(installed);
      // A site is there even when its project's folder is gone.
      const atSite = site === undefined ? [] : installedAt(site, installed, takenAway);
      const here = everywhere.filter(({ place }) => place === 'machine' || place === environment);
      const before = lines.filter(({ event }) => event === 'removed');
      const named = namedProducts(names, { here, takenAway, before }, catalog);
      // The last one installed goes first: needers before what they need, however they are named.
      const going = [...here.filter((each) => named.has(each)), ...atSite].reverse();
      if (options['force'] !== true) refuseNeeded(going, everywhere, catalog, context.platform.os);
      refuseTakingAway(context, await isAdmin(context), going);
      const canAsk = context.terminal.interactive && options['yes'] !== true;
      if (
        canAsk &&
        !(await context.prompt.confirm(`Take away ${going.map(({ product }) => product).join(', ')}?`))
      ) {
        throw new AppError('INTERRUPTED', 'Nothing was taken away: you said no');
      }
      const staying = everywhere.filter((each) => !going.includes(each));
      const left = await takeAway(context, going, staying);
      const value = {
        uninstalled: going.map(({ product, version, place }) => ({ product, version, place })),
        left,
      };
      if (left.length === 0) {
        if (context.terminal.json) context.terminal.printJson({ ok: true, ...value });
        return undefined;
      }
      const error = new AppError('UNDO_INCOMPLETE', 'Something could not be taken away', {
        details: left,
        hint: hintFor(going, context),
      });
      if (context.terminal.json) context.terminal.printJson({ ok: false, error: errorJson(error), ...value });
      throw error;
    });
  },
};

/** Takes products away, one after the other; returns a sentence for each thing that is left. */
async function takeAway(
  context: Context,
  going: readonly Installed[],
  staying: readonly Installed[],
): Promise<string[]> {
  const tools = await uninstallTools(context);
  const all: string[] = [];
  for (const product of going) {
    if (context.signal.aborted) throw stopped(going.slice(going.indexOf(product)));
    // What goes after it may still share packages with it.
    const rest = going.slice(going.indexOf(product) + 1);
    const left = await uninstall(product, [...staying, ...rest], tools);
    all.push(...left);
    if (left.length === 0)
      context.terminal.say(`Taken away: ${product.product} ${product.version}`.trimEnd());
  }
  return all;
}

/** What an installer did without saying how to take it back stays however often one tries. */
function hintFor(going: readonly Installed[], { platform }: Pick<Context, 'platform'>): string {
  const stays = going.filter(({ changes }) =>
    changes.some((change) => change.kind === 'ran' && change.undo === undefined),
  );
  if (stays.length === 0) return 'Mend what it says and run the same command again';
  const names = stays.map(({ product }) => `'${product}'`).join(', ');
  return platform.os === 'windows'
    ? `Take ${names} away in Windows' own list of programs: \`appwiz.cpl\``
    : `Take ${names} away as its maker says: its installer told Zookit no way back`;
}

function stopped(rest: readonly Installed[]): AppError {
  return new AppError('INTERRUPTED', 'Stopped while taking products away', {
    details: [`Still there: ${rest.map(({ product }) => product).join(', ')}`],
    hint: 'Run the same command again',
  });
}

interface Found {
  readonly here: readonly Installed[];
  /** What a killed run was at, and what is finished now. */
  readonly takenAway: readonly StepKey[];
  /** What was taken away at any time. */
  readonly before: readonly StepKey[];
}

/** The products of these names. The same command after a kill or a Ctrl-C goes on: what is gone already is no mistake then. */
function namedProducts(names: readonly string[], found: Found, catalog: Catalog): Set<Installed> {
  const idOf = (name: string): string => (findProduct(catalog, name)?.id ?? name).toLowerCase();
  const isIn = (products: readonly StepKey[], name: string): boolean =>
    products.some(({ product }) => product.toLowerCase() === idOf(name));
  const someHere = names.some((name) => isIn(found.here, name));
  const gone = someHere ? found.before : found.takenAway;
  const missing = names.find((name) => !isIn(found.here, name) && !isIn(gone, name));
  if (missing !== undefined)
    throw notInstalled(
      missing,
      found.here.map(({ product }) => product),
    );
  const ids = new Set(names.map(idOf));
  // The first of several versions beside each other, as `list` shows them.
  const first = found.here.filter(
    ({ product }, index) =>
      found.here.findIndex((each) => each.product.toLowerCase() === product.toLowerCase()) === index,
  );
  return new Set(first.filter(({ product }) => ids.has(product.toLowerCase())));
}

/** What is still there: a project or environment may be gone with its folder. */
async function stillThere(installed: readonly Installed[]): Promise<Installed[]> {
  const there: Installed[] = [];
  for (const each of installed) if (each.path === undefined || (await exists(each.path))) there.push(each);
  return there;
}

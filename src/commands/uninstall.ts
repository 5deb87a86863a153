// `zookit uninstall`: takes back what Zookit has installed; refuses while others need it.
import { findProduct } from '../catalog/search.js';
import type { Command } from '../command.js';
import { flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { uninstall } from '../install/uninstall.js';
import { environmentOf } from '../lib/environment.js';
import type { Catalog, Dependency } from '../types.js';
import { openCatalog } from './open-catalog.js';
import { asWriter, undoTools } from './writing.js';

export const uninstallProducts: Command = {
  usage: 'uninstall PRODUCT...',
  options: {
    env: text('DIR', 'the Python environment, or the project that holds it'),
    yes: flag('do not ask'),
    force: flag('even while others need it'),
  },
  async run(context, { options, names }) {
    if (names.length === 0)
      throw new AppError('USAGE', 'uninstall: name a product', { hint: 'See `zookit list --installed`' });
    return asWriter(context, async () => {
      const catalog = await openCatalog(context);
      const folder = textOption(options, 'env');
      const environment =
        folder === undefined ? context.paths.defaultEnvironment : await environmentOf(folder);
      const journal = openJournal(context.paths.journal);
      const here = replay(await journal.read()).installed.filter(
        ({ place }) => place === 'machine' || place === environment,
      );
      const going = names.map((name) => installedProduct(name, here, catalog, context));
      if (options['force'] !== true) refuseNeeded(going, here, catalog);
      const canAsk = context.terminal.interactive && options['yes'] !== true;
      if (
        canAsk &&
        !(await context.prompt.confirm(`Take away ${going.map(({ product }) => product).join(', ')}?`))
      ) {
        throw new AppError('INTERRUPTED', 'Nothing was taken away: you said no');
      }
      const left: string[] = [];
      const tools = { journal, kinds: context.kinds, undo: await undoTools(context) };
      for (const product of going) {
        const staying = here.filter((each) => !going.includes(each));
        left.push(...(await uninstall(product, staying, tools)));
        context.terminal.say(`Taken away: ${product.product} ${product.version}`);
      }
      if (context.terminal.json) {
        context.terminal.printJson({
          ok: left.length === 0,
          uninstalled: going.map(({ product, version, place }) => ({ product, version, place })),
          left,
        });
      }
      if (left.length > 0)
        throw new AppError('UNDO_INCOMPLETE', 'Something could not be taken away', { details: left });
      return undefined;
    });
  },
};

function installedProduct(
  name: string,
  here: readonly Installed[],
  catalog: Catalog,
  context: Context,
): Installed {
  const id = (findProduct(catalog, name)?.id ?? name).toLowerCase();
  const found = here.find(({ product }) => product.toLowerCase() === id);
  if (found) return found;
  throw new AppError('PRODUCT_UNKNOWN', `Zookit has not installed '${name}' here`, {
    details:
      here.length > 0
        ? [`Installed: ${here.map(({ product }) => product).join(', ')}`]
        : ['Nothing is installed'],
    hint: context.thisMachine
      ? 'See `zookit list --installed`; for a project add `--env DIR`'
      : 'Leave `--platform` out',
  });
}

function refuseNeeded(going: readonly Installed[], here: readonly Installed[], catalog: Catalog): void {
  const leaving = new Set(going.map(({ product }) => product.toLowerCase()));
  for (const other of here.filter(({ product }) => !leaving.has(product.toLowerCase()))) {
    const entries = catalog.products.get(other.product.toLowerCase())?.entries ?? [];
    const entry = entries.find(({ version }) => version === other.version) ?? entries[0];
    const needed = entry?.dependency && mustHave(entry.dependency).find((id) => leaving.has(id));
    if (needed === undefined) continue;
    throw new AppError('CONFLICT', `'${needed}' cannot be taken away: '${other.product}' needs it`, {
      hint: `Take both away: \`zookit uninstall ${other.product} ${needed}\``,
    });
  }
}

/** Ids (lower case) that a dependency cannot do without. */
function mustHave(dependency: Dependency): string[] {
  if (dependency.kind === 'product') return [dependency.id.toLowerCase()];
  return dependency.kind === 'all' ? dependency.of.flatMap(mustHave) : [];
}

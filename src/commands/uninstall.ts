// `zookit uninstall`: takes back what Zookit has installed; refuses while others need it.
import { rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findProduct } from '../catalog/search.js';
import type { Command } from '../command.js';
import { flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { openManifests } from '../install/manifest.js';
import { uninstall } from '../install/uninstall.js';
import { environmentOf } from '../lib/environment.js';
import { errorJson } from '../lib/error-json.js';
import { exists, isInside } from '../lib/files.js';
import type { Catalog } from '../types.js';
import { refuseNeeded } from './needed.js';
import { openCatalog } from './open-catalog.js';
import { asWriter, requireThisMachine, undoTools } from './writing.js';

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
    requireThisMachine(context);
    return asWriter(context, async () => {
      const catalog = await openCatalog(context);
      const folder = textOption(options, 'env');
      const environment =
        folder === undefined ? context.paths.defaultEnvironment : await environmentOf(folder);
      const journal = openJournal(context.paths.journal);
      const everywhere = await stillThere(replay(await journal.read()).installed);
      const here = everywhere.filter(({ place }) => place === 'machine' || place === environment);
      const named = new Set(names.map((name) => installedProduct(name, here, catalog)));
      // The last one installed goes first: needers before what they need, however they are named.
      const going = here.filter((each) => named.has(each)).reverse();
      if (options['force'] !== true) refuseNeeded(going, everywhere, catalog, context.platform.os);
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
        hint: 'Mend what it says and run the same command again',
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
  const { terminal, paths, kinds } = context;
  const tools = { journal: openJournal(paths.journal), kinds, undo: await undoTools(context) };
  const all: string[] = [];
  for (const product of going) {
    const left = await uninstall(product, staying, tools);
    all.push(...left);
    if (left.length > 0) continue;
    await openManifests(paths.manifests).forget(product);
    if (product.path !== undefined) await removeEmpty(dirname(product.path), paths.programs);
    terminal.say(`Taken away: ${product.product} ${product.version}`.trimEnd());
  }
  return all;
}

/** Removes a folder below `end`, and those above it, as long as they are empty: they came with the product. */
async function removeEmpty(folder: string, end: string): Promise<void> {
  if (folder === end || !isInside(end, folder)) return;
  const removed = await rmdir(folder).then(
    () => true,
    () => false,
  );
  if (removed) await removeEmpty(dirname(folder), end);
}

function installedProduct(name: string, here: readonly Installed[], catalog: Catalog): Installed {
  const id = (findProduct(catalog, name)?.id ?? name).toLowerCase();
  const found = here.find(({ product }) => product.toLowerCase() === id);
  if (found) return found;
  throw new AppError('PRODUCT_UNKNOWN', `Zookit has not installed '${name}' here`, {
    details:
      here.length > 0
        ? [`Installed: ${here.map(({ product }) => product).join(', ')}`]
        : ['Nothing is installed'],
    hint: 'See `zookit list --installed`; for a project add `--env DIR`',
  });
}

/** What is still there: a project or environment may be gone with its folder. */
async function stillThere(installed: readonly Installed[]): Promise<Installed[]> {
  const there: Installed[] = [];
  for (const each of installed) if (each.path === undefined || (await exists(each.path))) there.push(each);
  return there;
}

// `zookit verify`: looks at every file that Zookit has installed; with --repair puts damaged products in again.
import type { Command } from '../command.js';
import { flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { openManifests } from '../install/manifest.js';
import { environmentOf } from '../lib/environment.js';
import { counted } from '../lib/counted.js';
import { errorJson } from '../lib/error-json.js';
import { exists } from '../lib/files.js';
import type { Catalog } from '../types.js';
import { carryOut } from './installing.js';
import { notInstalled } from './not-found.js';
import { openCatalog } from './open-catalog.js';
import { makePlan } from './planning.js';
import { asWriter } from './writing.js';
import { findProduct } from '../lib/find-product.js';

/** What was found of one installed product. */
interface Verified {
  readonly product: string;
  readonly version: string;
  readonly place: string;
  /** `unchecked`: a project is its owner's, and a package manager looks after its own. */
  readonly status: 'intact' | 'damaged' | 'unchecked';
  readonly damage: readonly string[];
}

export const verify: Command = {
  usage: 'verify [PRODUCT]...',
  options: {
    env: text('DIR', 'the Python environment, or the project that holds it'),
    repair: flag('put damaged products in again'),
    yes: flag('do not ask'),
    'accept-eula': flag('accept all licences'),
  },
  examples: ['zookit verify', 'zookit verify Django --env ./shop --repair'],
  async run(context, { options, names }) {
    await settle(context);
    const catalog = await openCatalog(context);
    const folder = textOption(options, 'env');
    const environment = folder === undefined ? context.paths.defaultEnvironment : await environmentOf(folder);
    const chosen = await chosenProducts(context, catalog, environment, names);
    const found = await lookAtAll(context, chosen);
    const damaged = found.filter(({ status }) => status === 'damaged');
    for (const { product, version, status, damage } of found) {
      context.terminal.say(`${status.padEnd(9)} ${product} ${version}`.trimEnd());
      for (const line of damage.slice(0, 10)) context.terminal.say(`  ${line}`);
      if (damage.length > 10) context.terminal.say(`  and ${damage.length - 10} more`);
    }
    if (damaged.length === 0) {
      if (context.terminal.json) context.terminal.printJson({ ok: true, products: found });
      return undefined;
    }
    if (options['repair'] === true) {
      await asWriter(context, () =>
        repair(context, catalog, damaged, folder, options['accept-eula'] === true),
      );
      const after = await lookAtAll(context, chosen);
      if (after.every(({ status }) => status !== 'damaged')) {
        if (context.terminal.json)
          context.terminal.printJson({
            ok: true,
            products: after,
            repaired: damaged.map(({ product }) => product),
          });
        return undefined;
      }
    }
    const error = damageError(damaged, names, folder);
    if (context.terminal.json)
      context.terminal.printJson({ ok: false, error: errorJson(error), products: found });
    throw error;
  },
};

/** What is being changed cannot be judged: waits for who is at it, or takes back what a killed run has left. */
async function settle(context: Context): Promise<void> {
  const { interrupted, leaving } = replay(await openJournal(context.paths.journal).read());
  if (interrupted.length > 0 || leaving.length > 0) await asWriter(context, () => Promise.resolve());
}

async function chosenProducts(
  context: Context,
  catalog: Catalog,
  environment: string,
  names: readonly string[],
): Promise<Installed[]> {
  const { installed } = replay(await openJournal(context.paths.journal).read());
  const here = installed.filter(({ place }) => place === 'machine' || place === environment);
  if (names.length === 0) return here;
  return names.map((name) => {
    const id = (findProduct(catalog, name)?.id ?? name).toLowerCase();
    const found = here.find(({ product }) => product.toLowerCase() === id);
    if (found) return found;
    throw notInstalled(
      name,
      here.map(({ product }) => product),
    );
  });
}

async function lookAtAll(context: Context, products: readonly Installed[]): Promise<Verified[]> {
  const found: Verified[] = [];
  for (const each of products) {
    const { product, version, place } = each;
    const damage = await damageOf(context, each);
    const status = damage === undefined ? 'unchecked' : damage.length > 0 ? 'damaged' : 'intact';
    found.push({ product, version, place, status, damage: damage ?? [] });
  }
  return found;
}

/** A sentence for each file that is not as it was; undefined when nobody remembers how it was. */
async function damageOf(context: Context, product: Installed): Promise<string[] | undefined> {
  const kind = context.kinds.get(product.kind);
  if (product.path !== undefined && !(await exists(product.path))) return [`'${product.path}' is missing`];
  if (kind?.ownsFolder && product.path !== undefined) {
    return openManifests(context.paths.manifests).damage(product, product.path);
  }
  if (!kind?.damage) return undefined;
  const all: string[] = [];
  for (const change of product.changes) all.push(...(await kind.damage(change)));
  return all;
}

/** Installs the same versions again, from the cache when it has them; an older version that no feed has, the newest. */
async function repair(
  context: Context,
  catalog: Catalog,
  damaged: readonly Verified[],
  environment: string | undefined,
  acceptEula: boolean,
): Promise<void> {
  const wanted = damaged.map(({ product, version }) => {
    const offered = findProduct(catalog, product)?.entries.some((entry) => entry.version === version);
    return offered ? { id: product, range: `=${version}` } : { id: product };
  });
  const planned = await makePlan(context, {
    catalog,
    wanted,
    distrusted: new Set(damaged.map(({ product }) => product.toLowerCase())),
    ...(environment === undefined ? {} : { environment }),
  });
  const outcome = await carryOut(context, planned, {
    yes: true,
    acceptEula,
    allowUnverified: false,
    answers: new Map(),
    secretNames: new Set(),
    reinstall: true,
  });
  if (outcome.error) throw outcome.error;
}

function damageError(
  damaged: readonly Verified[],
  names: readonly string[],
  folder: string | undefined,
): AppError {
  const words = [...names, ...(folder === undefined ? [] : [`--env ${folder}`]), '--repair'].join(' ');
  return new AppError(
    'HASH_MISMATCH',
    damaged.length === 1
      ? 'An installed product is damaged'
      : `${damaged.length} installed products are damaged`,
    {
      details: damaged.map(
        ({ product, version, damage }) => `${product} ${version}: ${counted(damage.length, 'file')}`,
      ),
      hint: `Put ${damaged.length === 1 ? 'it' : 'them'} in again: \`zookit verify ${words}\``,
    },
  );
}

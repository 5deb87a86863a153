// `zookit list`: the products of all feeds, with what is installed of each, also in the layout that scripts for WebPICMD
// read; or the languages that installers are for.
import { findTab, searchProducts } from '../catalog/search.js';
import type { Command } from '../command.js';
import { bundleOptions, flag, text, textOption } from '../command.js';
import type { Context } from '../context.js';
import { columns } from '../lib/terminal.js';
import { compareVersions } from '../lib/version.js';
import type { Catalog, Presence, Product } from '../types.js';
import { noSuchTab } from './not-found.js';
import { openCatalog } from './open-catalog.js';
import { inspectionFor, lookAt } from './planning.js';

export const listProducts: Command = {
  usage: 'list [TEXT]...',
  options: {
    ...bundleOptions,
    installed: flag('only what is installed'),
    available: flag('only what is not'),
    all: flag('also what feeds keep out of their lists'),
    upgradable: flag('only what a newer version is offered for'),
    tab: text('ID', 'only the products of a tab'),
    env: text('DIR', 'the Python environment, or the project that holds it'),
    webpi: flag("ids and titles only, as WebPICMD's /List shows them"),
    languages: flag('the languages that there are installers for, instead of products'),
  },
  examples: ['zookit list django', 'zookit list --installed'],
  async run(context, { options, names }) {
    const catalog = await openCatalog(context);
    if (options['languages'] === true) {
      listLanguages(context, catalog);
      return undefined;
    }
    const tab = textOption(options, 'tab');
    if (tab !== undefined && !findTab(catalog, tab)) throw noSuchTab(catalog, tab);
    const products = searchProducts(catalog, {
      ...(names.length > 0 ? { text: names.join(' ') } : {}),
      ...(tab === undefined ? {} : { tab }),
      hidden: options['all'] === true,
    });
    const environment = textOption(options, 'env');
    const all = await listRows(context, catalog, products, environment);
    const rows = all
      .filter((row) => options['installed'] !== true || row.installed.length > 0)
      .filter((row) => options['available'] !== true || row.installed.length === 0)
      .filter((row) => options['upgradable'] !== true || row.upgradable);
    if (context.terminal.json) context.terminal.printJson(rows);
    else if (options['webpi'] === true) context.terminal.print(webpiLayout(rows));
    else if (rows.length === 0) context.terminal.say('No product fits');
    else context.terminal.print(columns(rows.map(lineOf)));
    return undefined;
  },
};

function listLanguages({ terminal }: Context, catalog: Catalog): void {
  const entries = [...catalog.products.values()].flatMap((product) => product.entries);
  const languages = entries.flatMap(({ installers }) => installers.flatMap((each) => each.languages));
  const sorted = [...new Set(languages)].sort();
  if (terminal.json) terminal.printJson(sorted);
  else if (sorted.length === 0) terminal.say('No installer is for one language only');
  else terminal.print(sorted.join('\n'));
}

const idWidth = 20;

/** WebPICMD's table (webpi-feed 4): header, dashes, ids in about 20 columns; scripts look for an id at the start of a line. */
function webpiLayout(rows: readonly Row[]): string {
  const line = (id: string, title: string): string => `${id.padEnd(idWidth)} ${title}`.trimEnd();
  return [
    line('ID', 'Title'),
    line('-'.repeat(idWidth), '-'.repeat(40)),
    ...rows.map(({ id, title }) => line(id, title)),
  ].join('\n');
}

/** A product as lists show it. */
export interface Row {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  readonly installed: readonly { readonly version: string; readonly place: string }[];
  readonly upgradable: boolean;
}

/** The products with what is there of each, on the machine and in an environment; absent = the default one. */
export async function listRows(
  context: Context,
  catalog: Catalog,
  products: readonly Product[],
  environment: string | undefined,
): Promise<Row[]> {
  const ids = products.map(({ id }) => id.toLowerCase());
  const places = environment === undefined ? {} : { environment };
  const inspection = await inspectionFor(context, catalog, ids, places);
  const { presences } = await lookAt(context, inspection);
  return products.map((product) => rowOf(product, presences.get(product.id.toLowerCase()) ?? []));
}

function rowOf(product: Product, presences: readonly Presence[]): Row {
  const entries = [...product.entries].sort((a, b) => compareVersions(b.version, a.version));
  const offered = entries.find(({ recommended }) => recommended) ?? entries[0];
  const installed = presences
    .map(({ version, place }) => ({ version, place }))
    .sort((a, b) => compareVersions(b.version, a.version));
  const version = offered?.version ?? '';
  return {
    id: product.id,
    version,
    title: offered?.title ?? product.id,
    summary: offered?.summary ?? '',
    installed,
    upgradable: installed.length > 0 && installed.every((each) => compareVersions(each.version, version) < 0),
  };
}

function lineOf({ id, version, title, installed }: Row): string[] {
  const versions = [...new Set(installed.map((each) => each.version))];
  // A machine can have ten Pythons; `show` and --json name them all.
  const [first = '', ...others] = versions;
  const some = others.length > 1 ? `${first} and ${others.length} more` : versions.join(', ');
  return [id, version, first === '' ? '' : `installed ${some}`, title];
}

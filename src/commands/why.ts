// `zookit why`: which products name one; with further names, who leads from those to it in their plan.
import type { Command } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { whyLines } from '../plan/explain.js';
import type { Catalog, Dependency } from '../types.js';
import { noSuchProduct } from './not-found.js';
import { openCatalog } from './open-catalog.js';
import { makePlan, parseWanted } from './planning.js';
import { findProduct } from '../lib/find-product.js';

export const why: Command = {
  usage: 'why PRODUCT [ASKED]...',
  options: {},
  examples: ['zookit why Python DjangoProject'],
  async run(context, { names }) {
    const [id, ...asked] = names;
    if (id === undefined)
      throw new AppError('USAGE', 'why: name a product', { hint: 'For example `zookit why Python`' });
    const catalog = await openCatalog(context);
    const product = findProduct(catalog, id);
    if (!product) throw noSuchProduct(catalog, id);
    const needers = directNeeders(catalog, product.id);
    const lines = asked.length > 0 ? await chains(context, catalog, product.id, asked) : [];
    if (context.terminal.json) {
      context.terminal.printJson({ ok: true, product: product.id, chains: lines, neededBy: needers });
      return undefined;
    }
    for (const line of lines) context.terminal.print(line);
    if (asked.length > 0 && lines.length === 0)
      context.terminal.print(`'${product.id}' is not part of the plan for ${asked.join(', ')}`);
    context.terminal.print(
      needers.length > 0 ? `Products that name it: ${needers.join(', ')}` : 'No product names it',
    );
    return undefined;
  },
};

/** Who leads from what is asked for to the product, in the plan for it. */
async function chains(
  context: Context,
  catalog: Catalog,
  product: string,
  asked: readonly string[],
): Promise<string[]> {
  const { plan } = await makePlan(context, { catalog, wanted: asked.map(parseWanted) });
  return plan.steps.some((step) => step.product === product) ? whyLines(plan, product) : [];
}

/** Products of the catalog whose dependency names the id, in any branch. */
function directNeeders(catalog: Catalog, id: string): string[] {
  const names = (dependency: Dependency): boolean =>
    dependency.kind === 'all' || dependency.kind === 'any'
      ? dependency.of.some(names)
      : dependency.id.toLowerCase() === id.toLowerCase();
  return [...catalog.products.values()]
    .filter(({ entries }) => entries.some(({ dependency }) => dependency && names(dependency)))
    .map((product) => product.id);
}

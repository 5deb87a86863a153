// `zookit why`: who asked for a product. Looks at the plan of the products that are named, else of all that may need it.
import { findProduct } from '../catalog/search.js';
import type { Command } from '../command.js';
import { AppError } from '../errors.js';
import { replay } from '../install/installed.js';
import { openJournal } from '../install/journal.js';
import { whyLines } from '../plan/explain.js';
import type { Catalog } from '../types.js';
import { openCatalog } from './open-catalog.js';
import { makePlan, parseWanted } from './planning.js';

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
    if (!product) throw unknown(id);
    const { installed } = replay(await openJournal(context.paths.journal).read());
    const roots =
      asked.length > 0 ? asked : [...new Set([...installed.map((each) => each.product), product.id])];
    const wanted = roots
      .map(parseWanted)
      .filter(({ id: each }) => asked.length > 0 || findProduct(catalog, each));
    const { plan } = await makePlan(context, { catalog, wanted });
    const lines = whyLines(plan, product.id);
    const needers = directNeeders(catalog, product.id);
    if (context.terminal.json) {
      context.terminal.printJson({ ok: true, product: product.id, chains: lines, neededBy: needers });
      return undefined;
    }
    const inPlan = plan.steps.some((step) => step.product === product.id);
    context.terminal.print(
      inPlan ? lines.join('\n') : `'${product.id}' is not part of the plan for ${roots.join(', ')}`,
    );
    if (needers.length > 0) context.terminal.print(`Products that name it: ${needers.join(', ')}`);
    return undefined;
  },
};

/** Products of the catalog whose dependency names the id, in any branch. */
function directNeeders(catalog: Catalog, id: string): string[] {
  const names = (dependency: unknown): boolean =>
    JSON.stringify(dependency ?? null)
      .toLowerCase()
      .includes(`"id":"${id.toLowerCase()}"`);
  return [...catalog.products.values()]
    .filter(({ entries }) => entries.some(({ dependency }) => names(dependency)))
    .map((product) => product.id);
}

function unknown(id: string): AppError {
  return new AppError('PRODUCT_UNKNOWN', `No feed has '${id}'`, { hint: 'See `zookit list`' });
}

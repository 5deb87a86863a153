// Comes in: the steps of a plan, their files, and what the user said. Goes out: the answers to what the packages themselves ask
// (Web Deploy's parameters.xml), before anything is changed. Knows no package: their kinds read them.
import type { Context } from '../context.js';
import type { QuestionsAbout } from '../kind.js';
import type { Values } from '../lib/template.js';
import type { Catalog, Downloads, Machine, Parameter, Step } from '../types.js';
import { unusedNames } from './answer-file.js';
import type { Said } from './answers.js';
import { answersTo, refuseUnknown } from './answers.js';
import type { Planned } from './planning.js';

export interface PackageAnswers {
  /** What the packages ask, by lower-case product id. */
  readonly questions: ReadonlyMap<string, readonly Parameter[]>;
  /** Answers of each step; two packages ask by the same names. */
  readonly answers: ReadonlyMap<Step, Values>;
}

/** Asks what the packages of the steps ask; throws USAGE as for a feed's own questions, naming all that is missing. */
export async function askPackages(
  context: Context,
  { catalog, machine, project }: Pick<Planned, 'catalog' | 'machine' | 'project'>,
  steps: readonly Step[],
  files: Downloads,
  said: Said,
): Promise<PackageAnswers> {
  const asking = new Map<Step, readonly Parameter[]>();
  for (const step of steps) {
    const kind = step.installer && context.kinds.get(step.installer.action.kind);
    const questions = await kind?.questions?.(step, files, {
      platform: machine.platform,
      ...(context.language === undefined ? {} : { language: context.language }),
      ...(project === undefined ? {} : { project }),
      ...olderFolder(step, machine),
    });
    if (questions) asking.set(step, questions);
  }
  if (asking.size > 0) checkNames(context, catalog, steps, asking, said);
  const answers = new Map<Step, Values>();
  for (const [step, questions] of asking)
    answers.set(step, await answersTo(step.product, questions, said, context));
  const named = [...asking].map(([{ product }, questions]) => [product.toLowerCase(), questions] as const);
  return { questions: new Map(named), answers };
}

function olderFolder({ product, from }: Step, { presences }: Machine): Pick<QuestionsAbout, 'installed'> {
  const found = presences.get(product.toLowerCase())?.find(({ version }) => version === from)?.path;
  return from === undefined || found === undefined ? {} : { installed: found };
}

/** Until the packages were there nobody could know which names are wrong. */
function checkNames(
  { terminal }: Context,
  catalog: Catalog,
  steps: readonly Step[],
  asking: ReadonlyMap<Step, readonly Parameter[]>,
  said: Said,
): void {
  const declared = steps.flatMap(
    ({ product }) =>
      catalog.products.get(product.toLowerCase())?.entries.flatMap((entry) => entry.parameters) ?? [],
  );
  const parameters = [...declared, ...[...asking.values()].flat()];
  const products = [...asking.keys()].map(({ product }) => product);
  refuseUnknown(products.join("', '"), parameters, said);
  const unused = said.file ? unusedNames(said.file, parameters) : [];
  if (unused.length > 0) terminal.say(`notice: nobody asks for ${unused.join(', ')} of the answer file`);
}

/** The catalog as if its entries had asked what their packages ask. */
export function withQuestions(catalog: Catalog, questions: PackageAnswers['questions']): Catalog {
  if (questions.size === 0) return catalog;
  const products = [...catalog.products].map(([id, product]) => {
    const more = questions.get(id) ?? [];
    const entries = product.entries.map((entry) => ({
      ...entry,
      parameters: [...entry.parameters, ...more],
    }));
    return [id, more.length === 0 ? product : { ...product, entries }] as const;
  });
  return { ...catalog, products: new Map(products) };
}

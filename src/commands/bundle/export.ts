// `zookit bundle export`: products with all that they need, for machines without a network: planned for each target, fetched,
// written whole or not at all.
import { resolve } from 'node:path';
import { contentsText } from '../../bundle/contents.js';
import { indexText } from '../../bundle/index-file.js';
import type { BundleIndex } from '../../bundle/layout.js';
import { bundleNames } from '../../bundle/layout.js';
import { scriptFiles } from '../../bundle/scripts.js';
import type { BundleFile } from '../../bundle/write.js';
import { parsePlatform } from '../../catalog/platform.js';
import type { Probe } from '../../catalog/probe-file.js';
import { readProbe } from '../../catalog/probe-file.js';
import type { Options } from '../../command.js';
import { listOption, textOption } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { sizeText } from '../../lib/terminal.js';
import { bundleTemplate } from '../../paths.js';
import type { Catalog, Platform, Wanted } from '../../types.js';
import { agreeToLicences } from '../agreement.js';
import { answersFor, parseParameters } from '../answers.js';
import type { Base } from './base.js';
import { leaveOut, openBase } from './base.js';
import type { Ingredients } from './contents.js';
import { cutFeedText, indexOf, productContents } from './contents.js';
import { gatherFiles, gatherSkeletons } from './files.js';
import type { TargetPlan } from './plan.js';
import { planTarget } from './plan.js';
import { openSigner } from './signer.js';
import { pythonMinor } from './target.js';
import { gatherRuntime, gatherTool, refuseWithoutRuntime } from './tool.js';
import type { WrittenOut } from './writing.js';
import { refuseOccupied, refuseOwnFolders, writeOut } from './writing.js';
import { newestEntry } from '../install.js';
import { openCatalog } from '../open-catalog.js';
import { answered, parseWanted } from '../planning.js';
import { asWriter } from '../writing.js';
import { findProduct } from '../../lib/find-product.js';
import { platformName } from '../../lib/platforms.js';

/** What the options say, checked before anything is looked at. */
interface Request {
  readonly wanted: readonly Wanted[];
  readonly path: string;
  readonly platforms: readonly Platform[];
  readonly probe: Probe | undefined;
  readonly python: string | undefined;
  readonly given: ReadonlyMap<string, string>;
}

/** Makes the bundle; `names` are the products. */
export async function bundleExport(
  context: Context,
  names: readonly string[],
  options: Options,
): Promise<undefined> {
  const request = await requestOf(context, names, options);
  if (options['no-runtime'] !== true) refuseWithoutRuntime(request.platforms);
  const signer = await openSigner(textOption(options, 'sign'));
  const base = await openBase(textOption(options, 'base'));
  // Before anything is fetched, which may take an hour.
  refuseOwnFolders(context, request.path);
  await refuseOccupied(request.path, options['archive'] === true);
  await asWriter(context, async () => {
    const ingredients = await gather(context, request, options);
    const { files, index } = await filesOfBundle(context, ingredients, options, base, signer?.publicKey);
    const written = await writeOut(context, {
      path: request.path,
      archive: options['archive'] === true,
      files: leaveOut(files, base),
      ...(signer ? { sign: signer.sign } : {}),
    });
    tell(context, request.path, index, ingredients, { ...written, fingerprint: signer?.fingerprint });
  });
  return undefined;
}

async function requestOf(context: Context, names: readonly string[], options: Options): Promise<Request> {
  const out = textOption(options, 'out');
  if (names.length === 0 || out === undefined) {
    throw new AppError(
      'USAGE',
      `bundle export: name ${names.length === 0 ? 'a product' : 'a place for the bundle'}`,
      {
        hint: 'For example `zookit bundle export DjangoProject --platform windows-x64 --out ./bundle`',
      },
    );
  }
  const probeFile = textOption(options, 'for');
  const probe = probeFile === undefined ? context.probe : await readProbe(probeFile);
  const words = listOption(options, 'platform');
  if (probe && words.length > 0)
    throw new AppError('USAGE', '`--for` and `--platform` name two machines', {
      hint: 'The file knows its platform: leave `--platform` out',
    });
  const python = textOption(options, 'python');
  return {
    wanted: names.map(parseWanted),
    path: resolve(out),
    platforms: probe
      ? [probe.platform]
      : platformsOf(words.length > 0 ? words : [platformName(context.platform)]),
    probe,
    python: python === undefined ? undefined : pythonMinor(python),
    given: parseParameters(listOption(options, 'param')),
  };
}

/** Each once, in the order of their names: the same bundle in whatever order they were typed. */
function platformsOf(words: readonly string[]): Platform[] {
  const platforms = new Map(words.map((word) => [platformName(parsePlatform(word)), parsePlatform(word)]));
  return [...platforms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, platform]) => platform);
}

/** Plans, asks for licences, fetches. */
async function gather(context: Context, request: Request, options: Options): Promise<Ingredients> {
  const { wanted, platforms, python, probe } = request;
  const whole = await openCatalog(context);
  const answers = new Map<string, string>();
  const catalog = await withAnswers(context, whole, request, answers);
  const plans: TargetPlan[] = [];
  for (const platform of platforms) {
    const plan = await planTarget(context, {
      catalog,
      wanted,
      platform,
      allAlternatives: options['all-alternatives'] === true,
      ...(python === undefined ? {} : { python }),
      ...(probe === undefined ? {} : { probe }),
    });
    for (const warning of plan.warnings) context.terminal.warn(`notice: ${warning}`);
    plans.push(plan);
  }
  await agreeToLicences(
    context,
    plans.flatMap(({ steps }) => steps),
    {
      yes: false,
      acceptEula: options['accept-eula'] === true,
    },
  );
  const gathered = await gatherFiles(context, catalog, plans, options['allow-unverified'] === true);
  return { catalog: whole, plans, gathered, skeletons: await gatherSkeletons(plans), answers };
}

/** What the answers bring along; an answer that no product asks for is a mistake. Collects them by lower-case name. */
async function withAnswers(
  context: Context,
  whole: Catalog,
  { wanted, given }: Request,
  answers: Map<string, string>,
): Promise<Catalog> {
  let catalog = whole;
  const known = new Set<string>();
  for (const { id } of wanted) {
    const entry = newestEntry(whole, id);
    const product = findProduct(whole, id);
    if (!entry || !product) continue;
    // Only what brings products along matters; every other question has time until the installation.
    const choices = { ...entry, parameters: entry.parameters.filter(({ type }) => type === 'choice') };
    const names = new Set(choices.parameters.map(({ name }) => name.toLowerCase()));
    for (const name of names) known.add(name);
    const own = new Map([...given].filter(([name]) => names.has(name)));
    const said = await answersFor(choices, { given: own, ask: false }, context);
    for (const [name, value] of said) answers.set(name.toLowerCase(), value);
    catalog = answered(catalog, product.id, said);
  }
  const unknown = [...given.keys()].find((name) => !known.has(name));
  if (unknown === undefined) return catalog;
  throw new AppError('USAGE', `No product of the bundle has a choice '${unknown}'`, {
    details: [known.size > 0 ? `Wanted one of ${[...known].sort().join(', ')}` : 'There is none'],
    hint: 'Other questions are answered where the bundle is installed',
  });
}

/** All files but the list and its signature. */
async function filesOfBundle(
  context: Context,
  ingredients: Ingredients,
  options: Options,
  base: Base | undefined,
  publicKey: string | undefined,
): Promise<{ files: BundleFile[]; index: BundleIndex }> {
  const { gathered, skeletons } = ingredients;
  const index: BundleIndex = {
    ...indexOf(context.version, ingredients),
    ...(base ? { base: base.digest } : {}),
  };
  const platforms = options['no-runtime'] === true ? [] : index.targets;
  const runtime = await gatherRuntime(context, platforms);
  const tool = await gatherTool(context);
  const contents = [...(await productContents(ingredients)), ...runtime.contents, ...tool.contents];
  const own: BundleFile[] = [
    { path: bundleNames.index, content: Buffer.from(indexText(index)) },
    { path: bundleNames.feed, content: Buffer.from(cutFeedText(ingredients)) },
    { path: bundleNames.contents, content: Buffer.from(contentsText(contents, 'Offline bundle of Zookit')) },
    ...(await scriptFiles(index, bundleTemplate)),
    ...(publicKey === undefined ? [] : [{ path: bundleNames.key, content: Buffer.from(publicKey) }]),
  ];
  const products = [...gathered.values()].map(({ path, from, stored }) => ({ path, from, ...stored }));
  const all = [
    ...own,
    ...products,
    ...skeletons.flatMap(({ files }) => files),
    ...runtime.files,
    ...tool.files,
  ];
  return { files: [...new Map(all.map((file) => [file.path, file])).values()], index };
}

function tell(
  { terminal }: Context,
  path: string,
  index: BundleIndex,
  { plans }: Ingredients,
  { bytes, files, digest, fingerprint }: Told,
): void {
  const { targets, products, needs, base } = index;
  if (terminal.json) {
    const warnings = plans.flatMap((plan) => plan.warnings);
    const about = { path, files, bytes, digest, signer: fingerprint ?? null, base: base ?? null };
    terminal.printJson({ ok: true, ...about, targets, products, needs, warnings });
    return;
  }
  terminal.say(`${products.length} products for ${targets.map(({ name }) => name).join(', ')}`);
  terminal.say(`Written to '${path}': ${files} files, ${sizeText(bytes)}`);
  terminal.print(`Digest of SHA256SUMS: ${digest}`);
  if (fingerprint !== undefined) terminal.print(`Signed by ${fingerprint}`);
  terminal.say('Tell these to whoever installs it, on another way than the bundle goes');
}

interface Told extends WrittenOut {
  readonly fingerprint: string | undefined;
}

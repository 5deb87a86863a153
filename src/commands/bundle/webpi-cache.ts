// `zookit bundle webpi`: an offline cache in the layout of WebPICMD's `/Offline`: a list whose addresses are relative to
// itself, and the installers beside it (webpi-feed 5). Joins the plans of a bundle with that layout; the list comes last.
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { cacheNames, inCacheLayout } from '../../bundle/webpi-layout.js';
import type { BundleFile } from '../../bundle/write.js';
import { parsePlatform } from '../../catalog/platform.js';
import type { Options } from '../../command.js';
import { listOption, textOption } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { diskError, exists, freeBytes, removeWhole, writeWhole } from '../../lib/files.js';
import { openHasher } from '../../lib/hashing.js';
import { makeFolder } from '../../lib/make-folder.js';
import { typedLine } from '../../lib/quote.js';
import { sizeText } from '../../lib/terminal.js';
import type { Catalog, Platform, Wanted } from '../../types.js';
import { cutFeedText } from './contents.js';
import type { Gathered } from './files.js';
import { gatherFiles, gatherSkeletons } from './files.js';
import type { TargetPlan } from './plan.js';
import { planTarget } from './plan.js';
import { pythonMinor } from './target.js';
import { refuseOwnFolders } from './writing.js';
import { openCatalog } from '../open-catalog.js';
import { parseWanted } from '../planning.js';
import { asWriter } from '../writing.js';
import { findProduct } from '../../lib/find-product.js';

interface CacheFile {
  /** Below the cache, with `/`. */
  readonly path: string;
  readonly from: string;
  readonly sha256: string;
}

/** Makes the cache, or brings it up to date: what is whole already stays. Throws USAGE and what planning and fetching throw. */
export async function webpiCache(
  context: Context,
  names: readonly string[],
  options: Options,
): Promise<undefined> {
  const out = textOption(options, 'out');
  if (out === undefined || (names.length === 0 && options['all'] !== true))
    throw new AppError('USAGE', 'bundle webpi: name products and a folder', {
      hint: 'For example `zookit bundle webpi Django --out ./cache`; all of them: `--all`',
    });
  const folder = resolve(out);
  refuseOwnFolders(context, folder);
  await asWriter(context, () => makeCache(context, folder, names, options));
  return undefined;
}

async function makeCache(
  context: Context,
  folder: string,
  names: readonly string[],
  options: Options,
): Promise<void> {
  const every = options['all'] === true;
  const catalog = await openCatalog(context);
  const wanted = every ? [...catalog.products.values()].map(({ id }) => ({ id })) : names.map(parseWanted);
  const plans = await plansFor(context, catalog, wanted, {
    platforms: platformsOf(listOption(options, 'platform')),
    python: textOption(options, 'python'),
    lenient: every,
  });
  const fetched = await gatherFiles(context, catalog, plans, options['allow-unverified'] === true);
  const gathered = new Map([...fetched].map(([key, each]) => [key, inCacheLayout(each)] as const));
  const skeletons = await gatherSkeletons(plans);
  const base = textOption(options, 'url')?.replace(/\/+$/, '');
  const text = cutFeedText({ catalog, plans, gathered, skeletons, answers: new Map(), layout: { base } });
  const files = [
    ...[...gathered.values()].map(cacheFile),
    ...skeletons.flatMap((skeleton) => skeleton.files.map(skeletonFile)),
  ];
  await writeCache(context, folder, files, text);
  const list = join(folder, ...cacheNames.list.split('/'));
  if (context.terminal.json) context.terminal.printJson({ ok: true, list, files: files.length });
  else context.terminal.print(list);
  const line = typedLine(['zookit', 'install', 'PRODUCT', '--main-feed', list], process.platform === 'win32');
  context.terminal.say(`Install from it: ${line}`);
}

/** WebPI is Windows'; another machine is named. */
function platformsOf(words: readonly string[]): Platform[] {
  return words.length === 0 ? [parsePlatform('windows-x64')] : words.map(parsePlatform);
}

interface PlanSettings {
  readonly platforms: readonly Platform[];
  readonly python: string | undefined;
  /** What has no installer is left out with a word, instead of failing all. */
  readonly lenient: boolean;
}

/** Each product by itself: two that exclude each other may both be in a cache. */
async function plansFor(
  context: Context,
  catalog: Catalog,
  wanted: readonly Wanted[],
  { platforms, python, lenient }: PlanSettings,
): Promise<TargetPlan[]> {
  const plans: TargetPlan[] = [];
  const minor = python === undefined ? {} : { python: pythonMinor(python) };
  for (const platform of platforms) {
    for (const one of wanted) {
      try {
        const request = { catalog, wanted: [one], platform, allAlternatives: true, ...minor };
        plans.push(await planTarget(context, request));
      } catch (error) {
        if (!lenient || !(error instanceof AppError) || error.code === 'INTERRUPTED') throw error;
        const id = findProduct(catalog, one.id)?.id ?? one.id;
        context.terminal.say(`notice: ${id} is left out: ${error.message}`);
      }
    }
  }
  for (const warning of new Set(plans.flatMap(({ warnings }) => warnings)))
    context.terminal.say(`notice: ${warning}`);
  return plans;
}

function cacheFile({ path, from, stored }: Gathered): CacheFile {
  return { path, from, sha256: stored.sha256 };
}

/** Skeletons lie beside the list, as they lie beside a bundle's feed. */
function skeletonFile(file: BundleFile): CacheFile {
  if (!('from' in file)) throw new Error(`'${file.path}' lies nowhere`);
  const { path, from, sha256 } = file;
  return { path: path.replace(/^feed\//, `${dirname(cacheNames.list)}/`), from, sha256 };
}

async function writeCache(
  { terminal, signal }: Context,
  folder: string,
  files: readonly CacheFile[],
  text: string,
): Promise<void> {
  await makeFolder(folder, '--out DIR');
  await refuseWithoutRoom(folder, files);
  const list = join(folder, ...cacheNames.list.split('/'));
  const hasher = openHasher();
  try {
    let done = 0;
    for (const { path, from, sha256 } of files) {
      signal.throwIfAborted();
      const to = join(folder, ...path.split('/'));
      terminal.progress(`Writing ${++done} of ${files.length}: ${path}`);
      if ((await exists(to)) && (await hasher.hash(to)).sha256 === sha256) continue;
      await removeWhole(to);
      await mkdir(dirname(to), { recursive: true });
      if ((await hasher.copy(from, to)).sha256 !== sha256)
        throw new AppError('HASH_MISMATCH', `The kept copy of '${path}' is damaged`, {
          hint: 'Drop it with `zookit cache verify`, then run the same command again',
        });
    }
    await mkdir(dirname(list), { recursive: true });
    await writeWhole(list, text);
  } catch (error) {
    if (signal.aborted)
      throw new AppError('INTERRUPTED', 'Stopped while writing the cache', {
        cause: error,
        hint: 'Run the same command again: it goes on where this one stopped',
      });
    throw diskError(error, folder);
  } finally {
    terminal.progress(undefined);
    await hasher.close();
  }
}

async function refuseWithoutRoom(folder: string, files: readonly CacheFile[]): Promise<void> {
  let wanted = 0;
  for (const { path, from } of files)
    if (!(await exists(join(folder, ...path.split('/'))))) wanted += (await stat(from)).size;
  const found = await freeBytes(folder);
  if (found === undefined || wanted <= found) return;
  throw new AppError('DISK_FULL', `There is no room for the cache in '${folder}'`, {
    details: [`Wanted ${sizeText(wanted)}`, `Found  ${sizeText(found)} free`],
    hint: 'Make room and run the same command again, or name another folder with `--out DIR`',
  });
}

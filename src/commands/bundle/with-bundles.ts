// Joins bundles and all other commands: with `--bundle PATH` a command sees the bundle's feed and nothing of the network.
// What installs keeps feed and files first, below the root; from then on they are the machine's main feed.
import { join } from 'node:path';
import { dropOthers, keepBundle } from '../../bundle/keep.js';
import { bundleNames } from '../../bundle/layout.js';
import { withBundle } from '../../bundle/open.js';
import type { VerifiedBundle } from '../../bundle/verify.js';
import { verifyBundle } from '../../bundle/verify.js';
import { removeWebMarks } from '../../bundle/web-mark.js';
import type { CommandInput } from '../../command.js';
import { listOption, textOption } from '../../command.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { installableNames, refuseUnfit, tellTemplates } from './fit.js';
import type { SavedFeed } from '../open-catalog.js';
import { readSavedFeeds, writeSavedFeeds } from '../open-catalog.js';
import { asWriter, requireThisMachine } from '../writing.js';

type Work = (context: Context, input: CommandInput) => Promise<number | undefined>;

/** Commands that change the machine: the bundle's feed and files stay on it. */
const keeping = ['install', 'new', 'upgrade'];

/** Runs a command on the bundles that its options name; the first is the one to use, the others are older ones. */
export async function runWithBundles(
  context: Context,
  name: string,
  input: CommandInput,
  work: Work,
): Promise<number | undefined> {
  refuseOtherFeeds(context);
  const key = textOption(input.options, 'key');
  const scratch = context.paths.bundle;
  const open = async (
    paths: readonly string[],
    verified: readonly VerifiedBundle[],
  ): Promise<number | undefined> => {
    const [path, ...others] = paths;
    if (path === undefined) return runOn(context, name, verified, input, work);
    return withBundle(path, { scratch, signal: context.signal }, async (folder) =>
      open(others, [...verified, await verifyAloud(context, folder, key)]),
    );
  };
  return open(listOption(input.options, 'bundle'), []);
}

/** Looks at every byte, and says so; strays are told. */
export async function verifyAloud(
  { terminal, signal }: Pick<Context, 'terminal' | 'signal'>,
  folder: string,
  key: string | undefined,
): Promise<VerifiedBundle> {
  terminal.progress(`Checking the bundle ${folder}`);
  try {
    const bundle = await verifyBundle(folder, { signal, ...(key === undefined ? {} : { key }) });
    for (const stray of bundle.strays)
      terminal.say(`notice: '${stray}' is not of the bundle and is left alone`);
    return bundle;
  } finally {
    terminal.progress(undefined);
  }
}

async function runOn(
  context: Context,
  name: string,
  bundles: readonly VerifiedBundle[],
  input: CommandInput,
  work: Work,
): Promise<number | undefined> {
  const [bundle] = bundles;
  if (!bundle) return work(context, input);
  tellSignature(context, bundle);
  await refuseMissingBase(context, bundles);
  const offline = { ...context, offline: true };
  if (!keeping.includes(name)) {
    return work({ ...offline, mainFeed: join(bundle.folder, ...bundleNames.feed.split('/')) }, input);
  }
  requireThisMachine(context);
  const named = input.names.length > 0 || listOption(input.options, 'title').length > 0;
  await refuseUnfit(context, bundle, named);
  for (const each of bundles) await removeWebMarks(each);
  const mainFeed = await asWriter(context, () => keep(context, bundles));
  const kept = { ...offline, mainFeed };
  const all = name === 'install' && !named;
  const names = all ? await installableNames(kept, bundle.index) : input.names;
  const nothing = all && names.length === 0;
  if (nothing) tellNothing(context);
  const status = nothing ? undefined : await work(kept, { ...input, names });
  if (name === 'install') await tellTemplates(kept, bundle.index);
  return status;
}

/** A bundle of templates only: they are made into projects, one by one. */
function tellNothing({ terminal }: Context): void {
  if (terminal.json) terminal.printJson({ ok: true, steps: [], rebootRequired: false });
  else terminal.say('Kept for later: nothing of the bundle is installed by itself');
}

function tellSignature({ terminal }: Context, { fingerprint }: VerifiedBundle): void {
  if (fingerprint === undefined) terminal.say('notice: The bundle is not signed: nobody vouches for it');
  else terminal.say(`The bundle is signed by ${fingerprint}`);
}

/** A bundle is a world of its own: its feed stands for all others, and an address beside it would need the network. */
function refuseOtherFeeds({ mainFeed }: Context): void {
  if (mainFeed === undefined) return;
  throw new AppError('USAGE', '`--bundle` and `--main-feed` name two main feeds', {
    hint: 'Leave one of them out',
  });
}

/** A difference needs the bundle that it was made to: given as well, or kept from an earlier time. */
async function refuseMissingBase(
  context: Context,
  [bundle, ...older]: readonly VerifiedBundle[],
): Promise<void> {
  const base = bundle?.index.base;
  if (base === undefined || older.some(({ digest }) => digest === base)) return;
  const saved = await readSavedFeeds(context);
  if (saved.some((each) => each.bundle === base || each.bundle === bundle?.digest)) return;
  throw new AppError('BUNDLE_INVALID', 'The bundle is a difference to another one, which is not here', {
    details: [`Wanted the bundle whose SHA256SUMS has the digest ${base}`],
    hint: 'Name it as well: `--bundle NEW --bundle OLD`',
  });
}

/** Copies what is needed later and makes it the main feed, in this order: a kill between leaves the feed of before. */
async function keep(context: Context, bundles: readonly VerifiedBundle[]): Promise<string> {
  const { paths, terminal, signal } = context;
  const [bundle] = bundles;
  const before = (await readSavedFeeds(context)).find((each) => each.bundle !== undefined)?.bundle;
  const base = bundles.length === 1 && bundle?.index.base === before ? before : undefined;
  const url = await keepBundle(bundles, paths.bundle, {
    signal,
    ...(base === undefined ? {} : { base }),
    progress: (done, all) => terminal.progress(`Copying the bundle: ${done} of ${all} files`),
  });
  terminal.progress(undefined);
  const others = (await readSavedFeeds(context)).filter((each) => each.bundle === undefined);
  const main: SavedFeed = { url, mayExtend: [], bundle: bundle?.digest ?? '' };
  await writeSavedFeeds(context, [main, ...others]);
  // A difference goes on with files that an earlier bundle has left.
  if (bundle?.index.base === undefined || bundles.length > 1) await dropOthers(bundles, paths.bundle);
  return url;
}

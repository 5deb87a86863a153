// Joins what was planned and fetched into what a bundle says of itself: its index, its cut feed, its list of contents. Opens
// wheels for their licences; writes nothing.
import type { Content } from '../../bundle/contents.js';
import { pypiUrl } from '../../bundle/contents.js';
import type { Inside, Part } from '../../bundle/cut.js';
import { cutEntry } from '../../bundle/cut.js';
import { feedText } from '../../bundle/feed-text.js';
import type { BundleIndex, BundleProduct } from '../../bundle/layout.js';
import { inCacheAddress } from '../../bundle/webpi-layout.js';
import { licenseOfMetadata } from '../../bundle/wheel-license.js';
import { AppError } from '../../errors.js';
import { fileNameOf } from '../../feed/address.js';
import { readFromZip } from '../../lib/archive.js';
import { fileKey } from '../../lib/file-key.js';
import { parseWheelName } from '../../lib/wheel.js';
import { filesOf } from '../../plan/files.js';
import type { Catalog, Entry, Step } from '../../types.js';
import type { Gathered, Skeleton } from './files.js';
import { keyOf } from './files.js';
import type { TargetPlan } from './plan.js';
import { isOfMinor } from './target.js';
import { findProduct } from '../../lib/find-product.js';

/** What the bundle is made of. */
export interface Ingredients {
  readonly catalog: Catalog;
  readonly plans: readonly TargetPlan[];
  readonly gathered: ReadonlyMap<string, Gathered>;
  readonly skeletons: readonly Skeleton[];
  readonly answers: ReadonlyMap<string, string>;
  /** The list is WebPI's: files stand below this address, or only relative to the list. */
  readonly layout?: { readonly base: string | undefined };
}

/** The text of the bundle's feed: what is inside and nothing else. */
export function cutFeedText({ catalog, plans, gathered, skeletons, answers, layout }: Ingredients): string {
  const parts = partsOf(catalog, plans);
  const ids = new Set(parts.map(({ entry }) => entry.productId.toLowerCase()));
  const files = [...gathered.values()];
  const byKey = new Map(files.map(({ request, stored }) => [fileKey(request), stored]));
  const inside: Inside = {
    product: (id) => ids.has(findProduct(catalog, id)?.id.toLowerCase() ?? id.toLowerCase()),
    file: ({ url, sha256 }) => byKey.get(sha256 ?? url),
    folder: (address) => skeletons.find((skeleton) => skeleton.address === address)?.url,
    wheels: new Map(
      files.flatMap(({ request, stored }) =>
        request.kind === 'wheel' ? [[stored.sha256, stored.url] as const] : [],
      ),
    ),
    systems: new Set(plans.map(({ target }) => target.platform.os)),
    answers,
    ...(layout ? { installerFile: (file) => inCacheAddress(file, layout.base) } : {}),
  };
  const entries = parts.map((part) => cutEntry(part, inside));
  const used = new Set(entries.flatMap(({ keywords }) => keywords.map((keyword) => keyword.toLowerCase())));
  const tabs = catalog.tabs
    .map((tab) => ({ ...tab, keywordIds: tab.keywordIds.filter((id) => used.has(id.toLowerCase())) }))
    .filter(({ keywordIds }) => keywordIds.length > 0);
  const keywords = new Map([...catalog.keywords].filter(([id]) => used.has(id.toLowerCase())));
  return feedText({ title: 'Offline bundle', keywords, tabs }, entries);
}

/** Entries in the catalog's order: what some step uses, and what is only there to be found on the target. */
function partsOf(catalog: Catalog, plans: readonly TargetPlan[]): Part[] {
  const steps = plans.flatMap((plan) => plan.steps);
  const mentioned = new Set(
    steps.flatMap(({ product, entry }) => [
      product.toLowerCase(),
      ...(entry?.incompatibilities ?? []).flatMap((rule) =>
        rule.kind === 'product' ? [rule.id.toLowerCase()] : [],
      ),
    ]),
  );
  const parts: Part[] = [];
  for (const [key, { entries }] of catalog.products) {
    if (!mentioned.has(key)) continue;
    const hints = new Set<string>();
    const own: Part[] = [];
    for (const entry of entries) {
      const installers = installersOf(entry, steps);
      if (installers.size === 0) continue;
      own.push({ entry, installers });
      hints.add(JSON.stringify(entry.hint));
    }
    for (const entry of bestFirst(entries, plans)) {
      const hint = JSON.stringify(entry.hint);
      if (entry.hint === undefined || hints.has(hint) || own.some((part) => part.entry === entry)) continue;
      hints.add(hint);
      own.push({ entry, installers: new Set() });
    }
    parts.push(...own.sort((a, b) => entries.indexOf(a.entry) - entries.indexOf(b.entry)));
  }
  return parts;
}

/** Of several that are found alike, a Python's own entry says best what is found. */
function bestFirst(entries: readonly Entry[], plans: readonly TargetPlan[]): Entry[] {
  const isMeant = ({ version }: Entry): boolean =>
    plans.some(({ target }) => isOfMinor(version, target.python));
  return [...entries.filter(isMeant), ...entries.filter((entry) => !isMeant(entry))];
}

function installersOf(entry: Entry, steps: readonly Step[]): Set<string> {
  const used = steps.filter(
    (step) =>
      step.status !== 'present' &&
      step.product.toLowerCase() === entry.productId.toLowerCase() &&
      step.version === entry.version,
  );
  return new Set(used.flatMap(({ installer }) => installer?.id ?? []));
}

/** The index, without `base`. */
export function indexOf(zookit: string, { plans, gathered }: Ingredients): BundleIndex {
  const products = new Map<string, BundleProduct>();
  for (const { target, steps, pythons } of plans) {
    for (const step of steps.filter(({ status }) => status !== 'present')) {
      const key = `${step.product.toLowerCase()}\n${step.version}`;
      const before = products.get(key);
      const bytes = bytesOf(step, { target, pythons }, gathered);
      const { product: id, version, title, asked } = step;
      products.set(key, {
        id,
        version,
        title,
        asked: asked || (before?.asked ?? false),
        license: licenceOf(step) ?? '',
        targets: [...new Set([...(before?.targets ?? []), target.name])].sort(),
        bytes: Math.max(bytes, before?.bytes ?? 0),
      });
    }
  }
  return {
    bundle: 1,
    zookit,
    targets: plans.map(({ target }) => target).sort((a, b) => (a.name < b.name ? -1 : 1)),
    // By name: the same bundle in whatever order products were typed.
    products: byKey(products),
    needs: plans.flatMap(needsOf),
  };
}

function byKey<T>(values: ReadonlyMap<string, T>): T[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** What the feed says, else where the text is; of a file that lies beside the feed the name alone. */
function licenceOf({ entry, installer }: Step): string | undefined {
  const { eulaUrl } = installer ?? {};
  const told = eulaUrl === undefined || /^https?:/i.test(eulaUrl) ? eulaUrl : fileNameOf(eulaUrl);
  return entry?.license ?? told;
}

function bytesOf(
  step: Step,
  { target, pythons }: Pick<TargetPlan, 'target' | 'pythons'>,
  gathered: ReadonlyMap<string, Gathered>,
): number {
  const all = pythons.flatMap((python) => filesOf(step, target.platform, python));
  const paths = new Map(
    all.flatMap((request) => {
      const found = gathered.get(keyOf(request));
      return found ? [[found.path, found.stored.bytes] as const] : [];
    }),
  );
  return [...paths.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** What no bundle can bring: the target's system must have it. */
function needsOf({ target: { name: target, python }, steps, needsPython }: TargetPlan): BundleIndex['needs'] {
  const needs = new Map<string, BundleIndex['needs'][number]>();
  const add = (kind: BundleIndex['needs'][number]['kind'], name: string): void => {
    needs.set(`${kind} ${name}`, { target, kind, name });
  };
  if (needsPython) add('python', python);
  for (const { installer, status } of steps) {
    if (status === 'present' || !installer) continue;
    const { action } = installer;
    if (action.kind === 'feature') for (const name of action.names) add('feature', name);
    if (action.kind === 'system')
      for (const { manager, names } of action.packages)
        for (const name of names) add('system', `${manager}:${name}`);
  }
  return byKey(needs);
}

/** Products with their files, Python packages with their wheels and licences. */
export async function productContents({ plans, gathered }: Ingredients): Promise<Content[]> {
  const contents: Content[] = [];
  const steps = new Map(
    plans.flatMap((plan) =>
      plan.steps
        .filter(({ status }) => status !== 'present')
        .map((step) => [`${step.product}\n${step.version}`, step] as const),
    ),
  );
  for (const step of steps.values()) {
    const { product, version } = step;
    const license = licenceOf(step);
    const files = [...gathered.values()]
      .filter(({ request }) => request.kind === 'url' && request.product === product)
      .map(({ path, stored }) => ({ name: path, sha256: stored.sha256 }));
    contents.push({
      kind: 'product',
      name: product,
      version,
      files,
      ...(license === undefined ? {} : { license }),
    });
  }
  return [...contents, ...(await packageContents([...gathered.values()]))];
}

async function packageContents(gathered: readonly Gathered[]): Promise<Content[]> {
  const packages = new Map<string, Content>();
  for (const { request, path, from, stored } of gathered) {
    if (request.kind !== 'wheel') continue;
    const { package: name, version } = request;
    const purl = pypiUrl(name, version);
    const before = packages.get(purl);
    const license = before?.license ?? (await licenseOf(request.name, from));
    const files = [...(before?.files ?? []), { name: path, sha256: stored.sha256 }];
    packages.set(purl, {
      kind: 'package',
      name,
      version,
      purl,
      files,
      ...(license === undefined ? {} : { license }),
    });
  }
  return [...packages.values()];
}

const largestMetadata = 4 * 1024 * 1024;

/** What is no zip is told where its hash is looked at, or when it is installed. */
async function licenseOf(name: string, wheel: string): Promise<string | undefined> {
  const parsed = parseWheelName(name);
  if (!parsed) return undefined;
  const metadata = `${parsed.distribution}-${parsed.version}.dist-info/METADATA`.toLowerCase();
  try {
    const found = await readFromZip(wheel, [metadata], largestMetadata);
    const text = found.get(metadata)?.toString('utf8');
    return text === undefined ? undefined : licenseOfMetadata(text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

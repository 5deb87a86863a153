// Joins plans, downloads and the bundle: every file of every target, fetched or from the cache, with its hash and the place
// that it gets inside. Writes nothing but the cache.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoredFile } from '../../bundle/cut.js';
import { bundleNames } from '../../bundle/layout.js';
import type { BundleFile } from '../../bundle/write.js';
import type { Context } from '../../context.js';
import { download } from '../../download/download.js';
import { AppError } from '../../errors.js';
import { fileKey } from '../../lib/file-key.js';
import { openHasher } from '../../lib/hashing.js';
import { filesOf } from '../../plan/files.js';
import { withMirrors } from '../../plan/mirrors.js';
import type { Catalog, FileRequest, Step } from '../../types.js';
import type { TargetPlan } from './plan.js';
import { mirrorsOf } from '../feed/mirror.js';
import { undoTools } from '../writing.js';

/** A file of a product, fetched. */
export interface Gathered {
  readonly request: FileRequest;
  readonly stored: StoredFile;
  /** Below the bundle. */
  readonly path: string;
  readonly from: string;
}

export interface Skeleton {
  /** As the feed names it. */
  readonly address: string;
  /** Seen from the bundle's feed. */
  readonly url: string;
  readonly files: readonly BundleFile[];
}

/** The folder of the bundle's feed: addresses inside the bundle are seen from there. */
const feedFolder = 'feed';

/** Fetches what the plans need; files by the key of their request. Throws what downloading throws. */
export async function gatherFiles(
  context: Context,
  catalog: Catalog,
  plans: readonly TargetPlan[],
  allowUnverified: boolean,
): Promise<ReadonlyMap<string, Gathered>> {
  const { pipPythons } = await undoTools(context);
  const fetched = new Map<string, { readonly request: FileRequest; readonly from: string }>();
  for (const plan of plans) {
    const requests = await requestsOf(context, catalog, plan);
    const downloads = await download(
      requests.map(({ mirrored }) => mirrored),
      {
        ...context,
        allowUnverified,
        pythons: pipPythons,
        pythonMinor: plan.target.python,
        progress: context.terminal.progress,
      },
    );
    for (const { request, mirrored } of requests) {
      const from = downloads.get(fileKey(mirrored));
      if (from !== undefined) fetched.set(keyOf(request), { request, from });
    }
  }
  return withHashes(fetched);
}

/** Every file of a plan once, for each version of Python that its wheels are chosen for. */
export async function requestsOf(
  context: Context,
  catalog: Catalog,
  { steps, target, pythons }: TargetPlan,
): Promise<{ readonly request: FileRequest; readonly mirrored: FileRequest }[]> {
  const found = new Map<string, { readonly request: FileRequest; readonly mirrored: FileRequest }>();
  for (const step of steps.filter(({ status }) => status !== 'present')) {
    const mirrors = await mirrorsOf(context, catalog.products.get(step.product.toLowerCase())?.feed ?? '');
    const all = pythons.flatMap((python) => filesOf(step, target.platform, python));
    for (const request of [...all, ...licenceOf(step)])
      found.set(keyOf(request), { request, mirrored: withMirrors(request, mirrors) });
  }
  return [...found.values()];
}

/** A licence that lies beside a local feed goes along; one on the web stays there. */
function licenceOf({ installer, product }: Step): FileRequest[] {
  const { eulaUrl } = installer ?? {};
  if (eulaUrl === undefined || /^https?:/i.test(eulaUrl)) return [];
  return [{ kind: 'url', product, urls: [eulaUrl], name: basename(eulaUrl.replaceAll('\\', '/')) }];
}

/** What tells files apart here: their hash where the feed gives one, and their name where the name is part of what they are. */
export function keyOf(request: FileRequest): string {
  const name = request.kind === 'wheel' ? request.name : '';
  return `${fileKey(request)}\n${name}`;
}

/** Hashes what the feed gives no hash for; the others are hashed as they are copied. */
async function withHashes(
  fetched: ReadonlyMap<string, { readonly request: FileRequest; readonly from: string }>,
): Promise<Map<string, Gathered>> {
  const hasher = openHasher();
  try {
    const entries = await Promise.all(
      [...fetched].map(async ([key, { request, from }]): Promise<[string, Gathered]> => {
        const sha256 = request.sha256?.toLowerCase() ?? (await hasher.hash(from)).sha256;
        const name = nameFor(request, from);
        const path = `${bundleNames.files}/${sha256}/${name}`;
        const url = `../${path}`;
        const { size: bytes } = await stat(from);
        return [key, { request, from, path, stored: { url, sha256, bytes } }];
      }),
    );
    return new Map(entries);
  } finally {
    await hasher.close();
  }
}

/**
 * The name that the feed's address gives it: what a server called it may differ from one download to the next. Only where
 * that is no name of a file (a forwarding address) the cache's counts.
 */
function nameFor(request: FileRequest, from: string): string {
  if (request.kind === 'wheel') return request.name;
  const told = /\.[a-z0-9]{1,7}$/i.test(request.name) ? request.name : basename(from);
  // Windows, shells and lists of hashes must take it.
  return told.replace(/[^\w.+() -]/g, '_').replace(/[. ]+$/, '') || 'file';
}

/** The files of every skeleton folder that the plans use. */
export async function gatherSkeletons(plans: readonly TargetPlan[]): Promise<Skeleton[]> {
  const skeletons = new Map<string, Skeleton>();
  for (const { product, version, installer } of plans.flatMap(({ steps }) => steps)) {
    if (installer?.action.kind !== 'template' || installer.file) continue;
    const { href } = installer.action;
    if (href === undefined || skeletons.has(href)) continue;
    const name = `${product}-${version}`.replace(/[^\w.-]/g, '_');
    const taken = [...skeletons.values()].filter(({ url }) => url.startsWith(`templates/${name}`)).length;
    const url = `templates/${name}${taken === 0 ? '' : `-${taken}`}`;
    const folder = /^file:/i.test(href) ? fileURLToPath(href) : href;
    skeletons.set(href, {
      address: href,
      url,
      files: await filesBelow(folder, `${feedFolder}/${url}`, product),
    });
  }
  return [...skeletons.values()];
}

const forgotten = new Set(['__pycache__', '.DS_Store', 'Thumbs.db']);

async function filesBelow(folder: string, below: string, product: string): Promise<BundleFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((cause: unknown) => {
    throw new AppError('DOWNLOAD_FAILED', `The skeleton of '${product}' is not there`, {
      cause,
      details: [`Looked at ${folder}`],
      hint: 'A feed on a server must offer its template as an archive (`installerFile`)',
    });
  });
  const hasher = openHasher();
  try {
    const paths = entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !namesIn(path, folder).some((name) => forgotten.has(name)));
    return await Promise.all(
      paths.map(async (from) => {
        const { sha256, bytes } = await hasher.hash(from);
        return { path: [below, ...namesIn(from, folder)].join('/'), from, sha256, bytes };
      }),
    );
  } finally {
    await hasher.close();
  }
}

function namesIn(path: string, folder: string): string[] {
  return path
    .slice(folder.length)
    .split(/[\\/]/)
    .filter((name) => name !== '');
}

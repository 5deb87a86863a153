// Comes in: the files that a plan needs. Goes out: where each lies. One transfer per file, several at a time; what is
// kept already is not fetched. Knows no product and no plan.
import { AppError } from '../errors.js';
import { withoutCredentials } from '../lib/credentials.js';
import { fileKey } from '../lib/file-key.js';
import { exists, freeBytes } from '../lib/files.js';
import type { Http } from '../lib/http.js';
import { sizeText } from '../lib/terminal.js';
import type { Run } from '../lib/run.js';
import type { Downloads, FileRequest } from '../types.js';
import type { Cache } from './cache.js';
import type { WheelRequest } from './packages.js';
import { fetchWheels } from './packages.js';
import type { Show } from './progress.js';
import { showProgress } from './progress.js';
import type { UrlRequest } from './transfer.js';
import { localPath, transfer } from './transfer.js';

export interface DownloadTools {
  readonly http: Http;
  readonly cache: Cache;
  readonly run: Run;
  readonly offline: boolean;
  /** Take files from the network for which the feed gives no hash. */
  readonly allowUnverified: boolean;
  readonly pythons: readonly string[];
  readonly pythonMinor: string | undefined;
  readonly parallel?: number;
  readonly signal?: AbortSignal;
  /** Lines that the next ones write over; `undefined` takes them away. */
  readonly progress?: Show;
  readonly say?: (text: string) => void;
}

/** Fetches all that is not kept yet. Throws the first failure, after the transfers under way have ended. */
export async function download(requests: readonly FileRequest[], tools: DownloadTools): Promise<Downloads> {
  const downloads = new Map<string, string>();
  const missing: FileRequest[] = [];
  const outOfReach: FileRequest[] = [];
  for (const request of uniqueByKey(requests)) {
    const path = await alreadyHere(request, tools);
    const reachable = tools.offline ? onDisk(request) : request;
    if (path !== undefined) downloads.set(fileKey(request), path);
    else if (reachable) missing.push(reachable);
    else outOfReach.push(request);
  }
  if (outOfReach.length > 0) throw offlineMiss(outOfReach);

  await refuseWithoutRoom(missing, tools.cache.partial);
  const files = missing.flatMap((request): UrlRequest[] =>
    request.kind === 'url' ? [request] : offered(request),
  );
  const wheels = missing.filter(
    (request): request is WheelRequest => request.kind === 'wheel' && request.url === undefined,
  );
  if (missing.length > 0) tools.say?.(`Downloading ${countText(missing)}`);
  const progress = showProgress(missing, tools.progress ?? (() => undefined));
  try {
    await Promise.all([
      inParallel(files, tools.parallel ?? 6, async (request) => {
        const received = (bytes: number): void => progress.received(request, bytes);
        downloads.set(fileKey(request), await transfer(request, { ...tools, received }));
        progress.finished(request);
      }),
      fetchAllWheels(wheels, tools, downloads).then(() => wheels.forEach(progress.finished)),
    ]);
  } finally {
    progress.end();
  }
  return downloads;
}

/** The request with those of its addresses that need no network; undefined when it has none. */
function onDisk(request: FileRequest): FileRequest | undefined {
  if (request.kind === 'wheel')
    return request.url !== undefined && localPath(request.url) !== undefined ? request : undefined;
  const urls = request.urls.filter((url) => localPath(url) !== undefined);
  return urls.length > 0 ? { ...request, urls } : undefined;
}

/** A wheel that the feed's owner offers is a file like any other: its hash decides. */
function offered({ product, name, size, sha256, url }: WheelRequest): UrlRequest[] {
  if (url === undefined) return [];
  return [{ kind: 'url', product, urls: [url], name, sha256, ...(size === undefined ? {} : { size }) }];
}

/** Sizes in feeds are estimates, and often missing: this spares a wait, it is no promise. */
async function refuseWithoutRoom(missing: readonly FileRequest[], folder: string): Promise<void> {
  const wanted = missing.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const found = wanted > 0 ? await freeBytes(folder) : undefined;
  if (found === undefined || wanted <= found) return;
  throw new AppError('DISK_FULL', `There is no room for the downloads in '${folder}'`, {
    details: [`Wanted ${sizeText(wanted)}`, `Found  ${sizeText(found)} free`],
    hint: 'Make room and run the same command again, or choose another root with `--root DIR`',
  });
}

async function alreadyHere(request: FileRequest, tools: DownloadTools): Promise<string | undefined> {
  if (request.sha256 !== undefined) {
    const kept = await tools.cache.find(
      request.sha256.toLowerCase(),
      request.kind === 'wheel' ? request.name : undefined,
    );
    if (kept !== undefined) return kept;
  }
  if (request.kind === 'wheel' || request.sha256 !== undefined || request.sha1 !== undefined)
    return undefined;
  // A file beside a local feed is as trustworthy as the feed itself and is used where it lies.
  for (const url of request.urls) {
    const path = localPath(url);
    if (path !== undefined && (await exists(path))) return path;
  }
  if (tools.allowUnverified || request.urls.every((url) => localPath(url) !== undefined)) return undefined;
  throw new AppError('FEED_INVALID', `The feed gives no hash for the file of '${request.product}'`, {
    details: [`Address ${request.urls.map(withoutCredentials).join(', ')}`],
    hint: 'Ask the owner of the feed for a sha256, or take the risk with `--allow-unverified`',
  });
}

async function fetchAllWheels(
  wheels: readonly WheelRequest[],
  tools: DownloadTools,
  downloads: Map<string, string>,
): Promise<void> {
  if (wheels.length === 0) return;
  await fetchWheels(wheels, { ...tools, pythonMinor: tools.pythonMinor ?? '3' });
  for (const wheel of wheels) {
    const path = await tools.cache.find(wheel.sha256, wheel.name);
    if (path !== undefined) downloads.set(fileKey(wheel), path);
  }
}

/** Runs `work` over all items, some at a time; the first failure stops new ones and is thrown when all are still. */
async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && failures.length === 0; item = queue.shift()) {
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

function countText(requests: readonly FileRequest[]): string {
  const total = requests.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const files = requests.length === 1 ? 'one file' : `${requests.length} files`;
  return `${files}${total > 0 ? `, about ${sizeText(total)}` : ''}`;
}

function uniqueByKey(requests: readonly FileRequest[]): FileRequest[] {
  return [...new Map(requests.map((request) => [fileKey(request), request])).values()];
}

function offlineMiss(missing: readonly FileRequest[]): AppError {
  return new AppError(
    'OFFLINE_MISS',
    `${missing.length === 1 ? 'A file is' : `${missing.length} files are`} not in the cache, and the network is switched off`,
    {
      details: missing.slice(0, 10).map(({ product, name }) => `${name} for ${product}`),
      hint: 'Run the command once without `--offline`, or take a bundle along: `--bundle PATH`',
    },
  );
}

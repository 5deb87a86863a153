// Comes in: files of products and addresses. Goes out: their places in an offline cache of WebPI and how its list names
// them (webpi-feed 5). Knows names only; reads and writes nothing.
import type { FileRequest, InstallerFile } from '../types.js';

/** Paths inside the cache, with `/`. */
export const cacheNames = {
  list: 'feeds/latest/webproductlist.xml',
  installers: 'installers',
} as const;

/** From the list's folder to the cache's top. */
const up = '../..';

interface Placed {
  readonly request: FileRequest;
  readonly stored: { readonly url: string; readonly sha256: string; readonly bytes: number };
  readonly path: string;
}

/** A file at `installers/<productId>/<HASH>/<name>`: the SHA-1 where the feed has one, as WebPI's own caches. */
export function inCacheLayout<T extends Placed>(file: T): T {
  const { request, stored, path } = file;
  const hash = request.kind === 'url' ? (request.sha1 ?? stored.sha256) : stored.sha256;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const product = request.product.replace(/[^\w.+-]/g, '_');
  const place = [cacheNames.installers, product, hash.toUpperCase(), name].join('/');
  return { ...file, path: place, stored: { ...stored, url: `${up}/${place}` } };
}

/**
 * An installer's file as the list names it: relative to the list, and below `base` where the cache is served from there. No
 * path of the machine that made it: the cache can move.
 */
export function inCacheAddress(file: InstallerFile, base: string | undefined): InstallerFile {
  const relativeUrl = file.url;
  if (base === undefined) return { ...file, url: '', relativeUrl };
  const below = relativeUrl.slice(up.length).split('/').map(encodeURIComponent).join('/');
  return { ...file, url: base + below, relativeUrl };
}

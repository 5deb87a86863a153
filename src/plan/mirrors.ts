// Comes in: the files that a plan needs, and mirrors. Goes out: the same files, with the mirrors' addresses first. Pure.
// A mirror is tried only for files with a hash: whoever runs it cannot put another file in place of the right one.
import type { FileRequest } from '../types.js';

/** Addresses of a feed's files that begin with `from` are to be had below `to` as well. */
export interface Mirror {
  /** The feed's address, or `built-in`. */
  readonly feed: string;
  readonly from: string;
  readonly to: string;
}

/** Puts the addresses of fitting mirrors before a request's own. */
export function withMirrors(request: FileRequest, mirrors: readonly Mirror[]): FileRequest {
  if (request.kind !== 'url' || (request.sha256 === undefined && request.sha1 === undefined)) return request;
  const mirrored = request.urls.flatMap((url) =>
    mirrors.flatMap(({ from, to }) => (url.startsWith(from) ? [to + url.slice(from.length)] : [])),
  );
  return mirrored.length === 0 ? request : { ...request, urls: [...mirrored, ...request.urls] };
}

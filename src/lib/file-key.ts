// Comes in: a file that is wanted. Goes out: the key under which everybody speaks of it. Knows no cache.
import type { FileRequest } from '../types.js';

/** The file's hash, else its first address: two requests with one key are one file. */
export function fileKey(
  request: Pick<FileRequest, 'sha256'> & { readonly urls?: readonly string[] },
): string {
  return request.sha256 ?? request.urls?.[0] ?? '';
}

// Comes in: a step of a plan. Goes out: the files that it needs. Pure; fetches nothing.
import type { FileRequest, Platform, Step } from '../types.js';
import { fileNameFrom } from '../lib/file-name.js';
import { choosePackages } from '../lib/wheel.js';

/** The files of one step for a platform; `python` is the version of the plan's interpreter. */
export function filesOf(step: Step, platform: Platform, python: string | undefined): FileRequest[] {
  const { installer, product } = step;
  if (!installer) return [];
  const requests: FileRequest[] = [];
  const { file, action } = installer;
  if (file) {
    const urls = [file.url, file.relativeUrl ?? ''].filter((url) => url !== '');
    const { size, sha1, sha256 } = file;
    requests.push({
      kind: 'url',
      product,
      urls,
      name: fileNameFrom(urls[0] ?? product),
      ...(size === undefined ? {} : { size }),
      ...(sha1 === undefined ? {} : { sha1 }),
      ...(sha256 === undefined ? {} : { sha256 }),
    });
  }
  if (action.kind === 'payload' || action.kind === 'script') {
    for (const { url, path, sha256 } of action.files) {
      const request: FileRequest = { kind: 'url', product, urls: [url], name: fileNameFrom(path) };
      requests.push(sha256 === undefined ? request : { ...request, sha256 });
    }
  }
  if (action.kind === 'python' && python !== undefined) {
    const { chosen } = choosePackages(action.packages, { platform, version: python });
    for (const { package: pinned, file: wheel } of chosen) {
      requests.push({ kind: 'wheel', product, package: pinned.name, version: pinned.version, ...wheel });
    }
  }
  return requests;
}

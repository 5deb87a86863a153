// Comes in: the text of SHA256SUMS. Goes out: its lines; and the other way. A line that names anything but a plain path
// inside the bundle is refused, so that what follows can trust the names. Opens nothing.
import { AppError } from '../errors.js';
import { bundleNames } from './layout.js';

/** A file of the bundle. */
export interface Sum {
  /** With `/`, below the bundle. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** The lines of a list, sorted by path as bytes; throws BUNDLE_INVALID. `bundle` names it in errors. */
export function parseSums(text: string, bundle: string): Sum[] {
  const sums: Sum[] = [];
  const seen = new Set<string>();
  const lines = text.split('\n');
  for (const [number, line] of lines.entries()) {
    if (line === '' && number === lines.length - 1) continue;
    const [, sha256 = '', path = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    // Windows takes names that differ only in case for one.
    if (!isPlain(path) || seen.has(path.toLowerCase())) throw badLine(bundle, number + 1);
    seen.add(path.toLowerCase());
    sums.push({ path, sha256 });
  }
  if (sums.length === 0) throw badLine(bundle, 1);
  return sums;
}

/** The text of a list: as `sha256sum -c` reads it, sorted by path. */
export function sumsText(sums: readonly Sum[]): string {
  const sorted = [...sums].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sorted.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}

/** Names that Windows and POSIX understand alike, none of which leaves the bundle. */
function isPlain(path: string): boolean {
  if (path === '' || path === bundleNames.sums || path === bundleNames.signature) return false;
  return path.split('/').every((name) => !/^\.{0,2}$|[\\:*?"<>|\u0000-\u001f\u007f]|[. ]$/.test(name));
}

function badLine(bundle: string, number: number): AppError {
  return new AppError(
    'BUNDLE_INVALID',
    `Line ${number} of '${bundleNames.sums}' in '${bundle}' cannot be read`,
    {
      details: ['Wanted lines of 64 hex digits, two blanks and a path inside the bundle, each path once'],
      hint: 'Do not use the bundle; copy it anew from where it was made',
    },
  );
}

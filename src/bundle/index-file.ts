// Comes in: the text of a bundle's `bundle.json`. Goes out: its index. Written by another Zookit, perhaps a newer one: what
// is not as this one knows it is refused, never guessed. Opens nothing.
import { AppError } from '../errors.js';
import type { BundleIndex } from './layout.js';
import { bundleNames } from './layout.js';

/** Throws BUNDLE_INVALID; `bundle` names it in the error. */
export function readIndex(text: string, bundle: string): BundleIndex {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (isIndex(found)) return found;
  const version = isRecord(found) && typeof found['bundle'] === 'number' ? found['bundle'] : undefined;
  throw new AppError('BUNDLE_INVALID', `'${bundleNames.index}' of '${bundle}' is not an index`, {
    details: [
      'Wanted a bundle of format 1',
      `Found  ${version === undefined ? 'something else' : `format ${version}`}`,
    ],
    hint:
      version === undefined
        ? 'Do not use the bundle; copy it anew from where it was made'
        : 'Use the Zookit that is inside: `install.cmd` or `sh install.sh`',
  });
}

/** The text of an index; a feed's titles may run over several lines. */
export function indexText(index: BundleIndex): string {
  const plain = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ') : value;
  return `${JSON.stringify(index, plain, 2)}\n`;
}

function isIndex(value: unknown): value is BundleIndex {
  if (!isRecord(value)) return false;
  const { bundle, zookit, targets, products, needs, base } = value;
  return (
    bundle === 1 &&
    isText(zookit) &&
    isListOf(targets, isTarget) &&
    isListOf(products, isProduct) &&
    isListOf(needs, (each) => texts(each, 'target', 'name') && kinds.has(each['kind'])) &&
    (base === undefined || isText(base))
  );
}

const kinds: ReadonlySet<unknown> = new Set(['feature', 'python', 'system']);

function isTarget(value: Record<string, unknown>): boolean {
  const { platform } = value;
  return texts(value, 'name', 'python') && isRecord(platform) && texts(platform, 'os', 'arch', 'osVersion');
}

function isProduct(value: Record<string, unknown>): boolean {
  return (
    texts(value, 'id', 'version', 'title', 'license') &&
    typeof value['asked'] === 'boolean' &&
    typeof value['bytes'] === 'number' &&
    Array.isArray(value['targets']) &&
    value['targets'].every(isText)
  );
}

function texts(value: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.every((name) => isText(value[name]));
}

/** Shown on a terminal before anybody has trusted the bundle: it must not be able to write there what it likes. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Cc}/u.test(value);
}

function isListOf(value: unknown, fits: (each: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((each) => isRecord(each) && fits(each));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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

/** The text of an index. */
export function indexText(index: BundleIndex): string {
  return `${JSON.stringify(index, null, 2)}\n`;
}

function isIndex(value: unknown): value is BundleIndex {
  if (!isRecord(value)) return false;
  const { bundle, zookit, targets, products, needs, base } = value;
  return (
    bundle === 1 &&
    typeof zookit === 'string' &&
    isListOf(targets, (each) => texts(each, 'name', 'python') && isRecord(each['platform'])) &&
    isListOf(products, isProduct) &&
    isListOf(needs, (each) => texts(each, 'target', 'kind', 'name')) &&
    (base === undefined || typeof base === 'string')
  );
}

function isProduct(value: Record<string, unknown>): boolean {
  return (
    texts(value, 'id', 'version', 'title', 'license') &&
    typeof value['asked'] === 'boolean' &&
    typeof value['bytes'] === 'number' &&
    Array.isArray(value['targets']) &&
    value['targets'].every((name) => typeof name === 'string')
  );
}

function texts(value: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function isListOf(value: unknown, fits: (each: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((each) => isRecord(each) && fits(each));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Comes in: a platform that a bundle is for. Goes out: the catalog and the machine that its plan is made with: nothing is
// there but what a probe tells, and of Pythons only those of one minor version count. Plans nothing itself.
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import type { Catalog, Entry, Machine, Platform, Presence, Product } from '../../types.js';
import { fitsPlatform, architecturesFor } from '../../plan/platform-fit.js';
import { isInterpreter } from '../planning.js';

/** The context of a plan for another machine, even when it is one like this. */
export function contextFor(context: Context, platform: Platform): Context {
  return { ...context, platform, thisMachine: false };
}

/** `3.13` of `3.13`, `3.13.5` or `3.13.x`; throws USAGE. */
export function pythonMinor(text: string): string {
  const minor = /^3\.\d{1,3}(?=$|\.)/.exec(text)?.[0];
  if (minor !== undefined) return minor;
  throw new AppError('USAGE', `'${text}' is no minor version of Python 3`, {
    hint: 'For example `--python 3.13`',
  });
}

/**
 * Interpreters as a bundle can bring them: of that minor version, as a file. What only a package manager could fetch is not
 * to be had without a network. The entries stay, for they tell how a Python is found.
 */
export function withPythonsOf(catalog: Catalog, minor: string): Catalog {
  const products = new Map<string, Product>();
  for (const [key, product] of catalog.products) {
    const entries = isInterpreter(catalog, key)
      ? product.entries.map((entry) => portable(entry, minor))
      : product.entries;
    products.set(key, { ...product, entries });
  }
  return { ...catalog, products };
}

function portable(entry: Entry, minor: string): Entry {
  const fits = isOfMinor(entry.version, minor);
  const installers = entry.installers.filter(({ action }) => fits && action.kind !== 'system');
  return { ...entry, installers };
}

export function isOfMinor(version: string, minor: string): boolean {
  return version === minor || version.startsWith(`${minor}.`);
}

/** Whether a catalog made by `withPythonsOf` has a file of an interpreter for the platform. */
export function bringsPython(catalog: Catalog, platform: Platform): boolean {
  return [...catalog.products].some(
    ([key, { entries }]) =>
      isInterpreter(catalog, key) &&
      entries.some(({ installers }) =>
        installers.some((each) =>
          architecturesFor(platform).some((architecture) => fitsPlatform(each, platform, architecture)),
        ),
      ),
  );
}

/**
 * The machine with Pythons of one minor version only; `assumed` adds one that nobody has seen, to the product of that name
 * in lower case.
 */
export function withMinorOnly(
  catalog: Catalog,
  minor: string,
  assumed: string | undefined,
): (machine: Machine) => Machine {
  return (machine) => {
    const presences = new Map<string, readonly Presence[]>();
    for (const [id, found] of machine.presences) {
      const kept = isInterpreter(catalog, id)
        ? found.filter(({ version }) => isOfMinor(version, minor))
        : found;
      if (kept.length > 0) presences.set(id, kept);
    }
    if (assumed !== undefined && !presences.has(assumed))
      presences.set(assumed, [{ version: minor, place: 'machine' }]);
    return { ...machine, presences };
  };
}

/** The product that Pythons are counted for, when a bundle brings none: the first interpreter of the catalog. */
export function interpreterId(catalog: Catalog): string | undefined {
  return [...catalog.products.keys()].find((key) => isInterpreter(catalog, key));
}

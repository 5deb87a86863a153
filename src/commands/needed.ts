// Comes in: installed products of which some are to go. Goes out: nothing, or CONFLICT naming who still needs one of them.
// A rule over the journal's word and the catalog's dependencies; looks at nothing else.
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import { isInside } from '../lib/files.js';
import { applicationName, siteOfPlace } from '../lib/iis-place.js';
import type { Catalog, Dependency, OperatingSystem } from '../types.js';

/** Throws CONFLICT when a product that stays needs one that goes and no other branch of its dependency is there. */
export function refuseNeeded(
  going: readonly Installed[],
  everywhere: readonly Installed[],
  catalog: Catalog,
  os: OperatingSystem,
): void {
  const staying = everywhere.filter((each) => !going.includes(each));
  for (const product of going) {
    for (const other of staying.filter((each) => shares(each, product))) {
      const entries = catalog.products.get(other.product.toLowerCase())?.entries ?? [];
      const entry = entries.find(({ version }) => version === other.version) ?? entries[0];
      const held = new Set(
        staying.filter((each) => shares(other, each)).map((each) => each.product.toLowerCase()),
      );
      const id = product.product.toLowerCase();
      if (!entry?.dependency || !needsStill(entry.dependency, id, held, os)) continue;
      throw new AppError(
        'CONFLICT',
        `'${product.product}' cannot be taken away: '${other.product}' needs it`,
        {
          details: other.place === 'machine' ? [] : [`It is in '${other.place}'`],
          hint: wayOut(other, product),
        },
      );
    }
  }
}

function wayOut(other: Installed, product: Installed): string {
  if (other.kind === 'template') return 'Remove that project first, or add `--force`';
  const site = siteOfPlace(other.place);
  if (site) return `Take the site away first: \`zookit uninstall --iis "${applicationName(site)}"\``;
  return `Take both away: \`zookit uninstall ${other.product} ${product.product}\``;
}

/** Whether `product` can serve `other`: it is on the machine, at the same place, or in the project's environment. */
function shares(other: Installed, product: Installed): boolean {
  return product.place === 'machine' || other.place === product.place || isInside(other.place, product.place);
}

/** Whether a dependency needs an id (lower case) and has no other branch that what stays (lower case) fulfils. */
function needsStill(
  dependency: Dependency,
  id: string,
  held: ReadonlySet<string>,
  os: OperatingSystem,
): boolean {
  if (dependency.os !== undefined && dependency.os !== os) return false;
  switch (dependency.kind) {
    case 'product':
      return dependency.id.toLowerCase() === id;
    case 'all':
      return dependency.of.some((each) => needsStill(each, id, held, os));
    case 'any':
      return (
        dependency.of.some((each) => needsStill(each, id, held, os)) &&
        !dependency.of.some((each) => isHeld(each, held, os))
      );
    case 'shared':
      return false;
  }
}

function isHeld(dependency: Dependency, held: ReadonlySet<string>, os: OperatingSystem): boolean {
  if (dependency.os !== undefined && dependency.os !== os) return true;
  if (dependency.kind === 'product') return held.has(dependency.id.toLowerCase());
  if (dependency.kind === 'all') return dependency.of.every((each) => isHeld(each, held, os));
  return dependency.kind === 'any' && dependency.of.some((each) => isHeld(each, held, os));
}

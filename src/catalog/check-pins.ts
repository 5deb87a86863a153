// Comes in: a catalog. Goes out: findings about pinned Python packages: files that are missing, and distributions that
// two products pin so that they could never share an environment. Evaluates no marker and no tag.
import { normalName } from '../lib/environment.js';
import { isRange } from '../lib/version.js';
import type { Entry, PinnedPackage } from '../types.js';
import type { Check, Checked, Finding } from './finding.js';
import { findingOf, forEntries } from './finding.js';

type Message = readonly [Finding['severity'], string];

/** Closures of all products of Python packages. */
export const checkPins: Check = (checked) => [...forEntries(checked, closures), ...disagreements(checked)];

function closures(entry: Entry): Message[] {
  return entry.installers.flatMap(({ action }) => {
    if (action.kind !== 'python') return [];
    const range: Message[] = isRange(action.python)
      ? []
      : [['error', `Python packages for '${action.python}', which is no range`]];
    const missing = action.packages.filter((each) => each.files.length === 0);
    return [
      ...range,
      ...missing.map(({ name, version }): Message => [
        'error',
        `'${name}' ${version} is pinned without a file`,
      ]),
    ];
  });
}

/** Versions of one distribution by the product that pins them. */
type Pins = Map<string, Set<string>>;

/**
 * The versions that two products pin must have one in common. Versions of one product may pin different closures: the
 * resolver then takes those that agree.
 */
function disagreements(checked: Checked): Finding[] {
  const pins = pinsByDistribution(checked);
  return [...pins].flatMap(([name, products]) => {
    const all = [...products];
    return all.flatMap(([id, versions], index) => {
      const other = all
        .slice(0, index)
        .find(([, others]) => [...versions].every((each) => !others.has(each)));
      const entry = other && checked.catalog.products.get(id)?.entries[0];
      if (!entry) return [];
      const [otherId, others] = other;
      const otherName = checked.catalog.products.get(otherId)?.id ?? otherId;
      const message = `pins '${name}' ${listOf(versions)}, but '${otherName}' pins ${listOf(others)}`;
      return [findingOf('error', checked.addressOf(entry), entry, message)];
    });
  });
}

function pinsByDistribution({ catalog }: Checked): Map<string, Pins> {
  const pins = new Map<string, Pins>();
  for (const [id, { entries }] of catalog.products)
    for (const { name, version } of entries.flatMap(packagesOf)) {
      const products = pins.get(normalName(name)) ?? new Map<string, Set<string>>();
      const versions = products.get(id) ?? new Set<string>();
      pins.set(normalName(name), products.set(id, versions.add(version)));
    }
  return pins;
}

function packagesOf(entry: Entry): readonly PinnedPackage[] {
  return entry.installers.flatMap(({ action }) => (action.kind === 'python' ? action.packages : []));
}

function listOf(versions: ReadonlySet<string>): string {
  return [...versions].join(' or ');
}

// Comes in: a catalog. Goes out: its cycles, each named in full: an error where every step is an `and`, a warning where
// another branch of an `or`, or another answer, leads around it. Looks at each system alone, as dependencies may do.
import type { Catalog, Dependency, Entry, OperatingSystem } from '../types.js';
import type { Check, Checked, Finding } from './finding.js';
import { findingOf } from './finding.js';

type Edges = (entry: Entry) => readonly string[];

const systems: readonly OperatingSystem[] = ['windows', 'linux', 'macos'];

/** Products that need themselves, directly or through others. */
export const checkCycles: Check = (checked) => {
  const mandatory = new Map<string, readonly string[]>();
  for (const os of systems)
    collect(mandatory, checked.catalog, (entry) =>
      entry.dependency ? mandatoryOf(entry.dependency, os) : [],
    );
  const possible = new Map<string, readonly string[]>();
  for (const os of systems) collect(possible, checked.catalog, (entry) => possibleOf(entry, os));
  for (const cycle of mandatory.keys()) possible.delete(cycle);
  return [
    ...[...mandatory.values()].flatMap((cycle) => tell(checked, cycle, 'error', 'needs itself')),
    ...[...possible.values()].flatMap((cycle) => tell(checked, cycle, 'warning', 'may need itself')),
  ];
};

function tell(
  checked: Checked,
  cycle: readonly string[],
  severity: Finding['severity'],
  what: string,
): Finding[] {
  const products = cycle.map((key) => checked.catalog.products.get(key));
  const names = products.map((product) => product?.id ?? '');
  const entry = products[0]?.entries[0];
  if (!entry) return [];
  return [
    findingOf(severity, checked.addressOf(entry), entry, `${what}: ${[...names, names[0]].join(' -> ')}`),
  ];
}

/** Every back edge of a depth-first walk closes one cycle; walked without recursion, for chains of any length. */
function collect(found: Map<string, readonly string[]>, catalog: Catalog, edges: Edges): void {
  const done = new Set<string>();
  for (const start of catalog.products.keys()) {
    const path: string[] = [];
    const onPath = new Map<string, number>();
    const pending: { key: string; next: Iterator<string> }[] = [];
    const enter = (key: string): void => {
      onPath.set(key, path.length);
      path.push(key);
      pending.push({ key, next: targetsOf(catalog, key, edges) });
    };
    if (!done.has(start)) enter(start);
    for (let top = pending.at(-1); top; top = pending.at(-1)) {
      const { value, done: exhausted } = top.next.next() as IteratorResult<string, undefined>;
      if (exhausted) {
        done.add(top.key);
        onPath.delete(top.key);
        path.pop();
        pending.pop();
      } else if (onPath.has(value)) keep(found, path.slice(onPath.get(value)));
      else if (!done.has(value)) enter(value);
    }
  }
}

/** One cycle has many beginnings: the smallest id is taken, so that it is told once. */
function keep(found: Map<string, readonly string[]>, cycle: readonly string[]): void {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
  found.set(turned.join('\n'), turned);
}

function* targetsOf(catalog: Catalog, key: string, edges: Edges): Generator<string, undefined> {
  const ids = catalog.products.get(key)?.entries.flatMap(edges) ?? [];
  for (const target of new Set(ids.map((id) => id.toLowerCase())))
    if (catalog.products.has(target)) yield target;
  return undefined;
}

/** What a tree needs whichever branch is taken. */
function mandatoryOf(dependency: Dependency, os: OperatingSystem): string[] {
  if (dependency.os && dependency.os !== os) return [];
  if (dependency.kind === 'product') return [dependency.id];
  return dependency.kind === 'all' ? dependency.of.flatMap((each) => mandatoryOf(each, os)) : [];
}

function possibleOf(entry: Entry, os: OperatingSystem): string[] {
  const chosen = entry.parameters.flatMap((each) => each.choices.flatMap((choice) => choice.product ?? []));
  return [...(entry.dependency ? branchesOf(entry.dependency, os) : []), ...chosen];
}

function branchesOf(dependency: Dependency, os: OperatingSystem): string[] {
  if (dependency.os && dependency.os !== os) return [];
  if (dependency.kind === 'product') return [dependency.id];
  return dependency.kind === 'shared' ? [] : dependency.of.flatMap((each) => branchesOf(each, os));
}

// Comes in: a request about a small world. Goes out: the best plan by trying everything: every version of every
// product, every branch of every `or`. Slow and simple on purpose; shares no code with the resolver but versions.
import { compareVersions, isPrerelease, satisfies } from '../../src/lib/version.js';
import type { PlanRequest } from '../../src/plan/request.js';
import type { Dependency, Entry } from '../../src/types.js';

interface Option {
  readonly version: string;
  readonly present: boolean;
  readonly entry?: Entry;
}

/** Lower-case id to the place of its version among the product's options. */
type Versions = ReadonlyMap<string, number>;

type Or = Extract<Dependency, { kind: 'any' }>;

/** The best plan as sorted `id@version` words, with `!` for what is present; undefined when there is none. */
export function bruteForce(request: PlanRequest): readonly string[] | undefined {
  const ids = [...request.catalog.products.keys()];
  const options = new Map(ids.map((id) => [id, optionsOf(id, request)]));
  let best: { trace: readonly number[]; words: readonly string[] } | undefined;
  for (const versions of everyChoice(ids.map((id) => [id, options.get(id)?.length ?? 0]))) {
    if (request.wanted.some(({ id }) => !versions.has(idOf(id, request)))) continue;
    for (const branches of everyBranch(versions, options, request)) {
      const trace = traceOf(versions, branches, options, request);
      if (!trace || (best && !isBefore(trace, best.trace))) continue;
      const words = [...versions].map(([id, place]) => {
        const option = options.get(id)?.[place];
        return `${id}@${option?.version ?? ''}${option?.present ? '!' : ''}`;
      });
      best = { trace, words: words.sort() };
    }
  }
  return best?.words;
}

/** In the order of preference. */
function optionsOf(id: string, { catalog, machine, upgrade }: PlanRequest): readonly Option[] {
  const entries = catalog.products.get(id)?.entries ?? [];
  const recommended = (version: string): number =>
    entries.some((entry) => entry.recommended && compareVersions(entry.version, version) === 0) ? 1 : 0;
  const better = (left: Option, right: Option): number =>
    recommended(right.version) - recommended(left.version) || compareVersions(right.version, left.version);
  const present = (machine.presences.get(id) ?? []).map(({ version }) => ({ version, present: true }));
  const offered = entries
    .filter(({ installers }) => installers.length > 0)
    .map((entry) => ({ version: entry.version, present: false, entry }));
  const sorted = offered.sort(better);
  const isNewer = ({ version }: Option): boolean =>
    present.every((each) => compareVersions(version, each.version) > 0);
  const first = upgrade?.has(id) && present.length > 0 ? sorted.filter(isNewer) : [];
  return [...first, ...present.sort(better), ...sorted.filter((option) => !first.includes(option))];
}

function* everyChoice(
  sizes: readonly (readonly [string, number])[],
  from = 0,
): Generator<ReadonlyMap<string, number>> {
  const next = sizes[from];
  if (!next) {
    yield new Map();
    return;
  }
  const [id, size] = next;
  for (const rest of everyChoice(sizes, from + 1)) {
    yield rest;
    for (let place = 0; place < size; place += 1) yield new Map([...rest, [id, place]]);
  }
}

function* everyBranch(
  versions: Versions,
  options: ReadonlyMap<string, readonly Option[]>,
  request: PlanRequest,
): Generator<ReadonlyMap<Or, number>> {
  const ors: Or[] = [];
  for (const [id, place] of versions) {
    const dependency = options.get(id)?.[place]?.entry?.dependency;
    if (dependency) collectOrs(dependency, request, ors);
  }
  for (const chosen of everyChoiceOf(ors.map((or) => counting(or, request).length))) {
    yield new Map(ors.map((or, index) => [or, chosen[index] ?? 0]));
  }
}

function* everyChoiceOf(sizes: readonly number[]): Generator<readonly number[]> {
  const [size, ...others] = sizes;
  if (size === undefined) {
    yield [];
    return;
  }
  for (const rest of everyChoiceOf(others)) {
    for (let place = 0; place < size; place += 1) yield [place, ...rest];
  }
}

function collectOrs(dependency: Dependency, request: PlanRequest, found: Or[]): void {
  if (!counts(dependency, request) || dependency.kind === 'product' || dependency.kind === 'shared') return;
  if (dependency.kind === 'any') found.push(dependency);
  for (const part of dependency.of) collectOrs(part, request, found);
}

function counts(dependency: Dependency, request: PlanRequest): boolean {
  if (dependency.os !== undefined && dependency.os !== request.machine.platform.os) return false;
  if (dependency.kind === 'product' || dependency.kind === 'shared') return true;
  return dependency.of.some((part) => counts(part, request));
}

/** The branches of an `or` that count here, what is installed first. */
function counting(or: Or, request: PlanRequest): readonly Dependency[] {
  const branches = or.of.filter((part) => counts(part, request));
  const met = branches.filter((part) => isMet(part, request));
  return [...met, ...branches.filter((part) => !met.includes(part))];
}

function isMet(dependency: Dependency, request: PlanRequest): boolean {
  if (dependency.kind === 'shared') return false;
  if (dependency.kind === 'product') {
    const found = request.machine.presences.get(idOf(dependency.id, request)) ?? [];
    const { range } = dependency;
    return found.some(({ version }) => range === undefined || satisfies(version, range));
  }
  const parts = dependency.of.filter((part) => counts(part, request));
  return dependency.kind === 'all'
    ? parts.every((part) => isMet(part, request))
    : parts.some((part) => isMet(part, request));
}

function idOf(id: string, { catalog }: PlanRequest): string {
  const key = id.toLowerCase();
  return catalog.products.has(key) ? key : (catalog.aliases.get(key) ?? key);
}

/** The places taken in the order of the objective; undefined when this is no plan. */
function traceOf(
  versions: Versions,
  branches: ReadonlyMap<Or, number>,
  options: ReadonlyMap<string, readonly Option[]>,
  request: PlanRequest,
): readonly number[] | undefined {
  const trace: number[] = [];
  const leadsTo = new Map<string, Set<string>>();
  const queue: (string | { asker: string; or: Or })[] = [];
  const fits = (id: string, range: string | undefined): boolean => {
    const place = versions.get(id);
    const option = place === undefined ? undefined : options.get(id)?.[place];
    if (!option) return false;
    if (range !== undefined) return satisfies(option.version, range);
    const entries = request.catalog.products.get(id)?.entries ?? [];
    return (
      option.present || !isPrerelease(option.version) || entries.every((each) => isPrerelease(each.version))
    );
  };
  const ask = (id: string): void => {
    if (!queue.includes(id)) queue.push(id);
  };
  const need = (asker: string, dependency: Dependency): boolean => {
    if (!counts(dependency, request)) return true;
    if (dependency.kind === 'all') return dependency.of.every((part) => need(asker, part));
    if (dependency.kind === 'any') {
      const several = counting(dependency, request);
      if (several.length > 1) queue.push({ asker, or: dependency });
      else return several.every((part) => need(asker, part));
      return true;
    }
    const id = idOf(dependency.id, request);
    if (dependency.kind === 'shared' || !fits(id, dependency.range)) return false;
    leadsTo.set(asker, (leadsTo.get(asker) ?? new Set()).add(id));
    ask(id);
    return true;
  };
  for (const { id, range } of request.wanted) {
    if (!fits(idOf(id, request), range)) return undefined;
    ask(idOf(id, request));
  }
  for (const item of queue) {
    if (typeof item === 'string') {
      const place = versions.get(item) ?? 0;
      const option = options.get(item)?.[place];
      trace.push(place);
      const dependency = option?.present ? undefined : option?.entry?.dependency;
      if (dependency && !need(item, dependency)) return undefined;
      continue;
    }
    const place = branches.get(item.or) ?? 0;
    trace.push(place);
    const branch = counting(item.or, request)[place];
    if (branch && !need(item.asker, branch)) return undefined;
  }
  const needed = new Set(queue.filter((item) => typeof item === 'string'));
  if ([...versions.keys()].some((id) => !needed.has(id))) return undefined;
  if (isForbidden(versions, options, request) || hasCycle(leadsTo)) return undefined;
  return trace;
}

function isForbidden(
  versions: Versions,
  options: ReadonlyMap<string, readonly Option[]>,
  request: PlanRequest,
): boolean {
  return [...versions].some(([id, place]) => {
    const option = options.get(id)?.[place];
    if (!option || option.present) return false;
    return (option.entry?.incompatibilities ?? []).some((rule) => {
      if (rule.kind !== 'product') return false;
      const other = idOf(rule.id, request);
      return other !== id && (versions.has(other) || (request.machine.presences.get(other) ?? []).length > 0);
    });
  });
}

function hasCycle(leadsTo: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
    [...(leadsTo.get(from) ?? [])].some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  return [...leadsTo.keys()].some((id) => reaches(id, id, new Set()));
}

function isBefore(left: readonly number[], right: readonly number[]): boolean {
  for (const [index, place] of left.entries()) {
    const other = right[index];
    if (other !== undefined && place !== other) return place < other;
  }
  return false;
}

// Comes in: the causes that leave no plan, or a plan. Goes out: few lines of prose that say why: what somebody can act
// on first. Knows no search; the sentences themselves are in reasons.ts.
import { AppError, type ErrorCode } from '../errors.js';
import { compareVersions } from '../lib/version.js';
import type { Plan, Step } from '../types.js';
import { fitsRange, type Candidate } from './candidates.js';
import type { Cause, ProductNode } from './causes.js';
import { needText } from './needs.js';
import { needSentence, ownSentence, whyNoneFits } from './reasons.js';
import { wantedText, type PlanRequest } from './request.js';
import { suggest } from './suggestions.js';
import { platformName } from '../lib/platforms.js';

/** The error for a request without a plan: NO_INSTALLER, PRODUCT_UNKNOWN when only that is to blame, else CONFLICT. */
export function conflictError(request: PlanRequest, blame: ReadonlySet<Cause>): AppError {
  const guilty = [...blame].flatMap((cause) => (cause.kind === 'asked' ? [cause.wanted] : []));
  const asked = request.wanted.filter((wanted) => guilty.includes(wanted));
  const names = asked.map((wanted) => `'${wantedText(wanted)}'`).join(' and ');
  const together = asked.length > 1 ? ' together' : '';
  const where = platformName(request.machine.platform);
  return new AppError(codeFor(blame), `Cannot install ${names}${together} on ${where}`, {
    details: shortened(sentences(request, blame)),
    hint: suggest(request, blame),
  });
}

function codeFor(blame: ReadonlySet<Cause>): ErrorCode {
  const kinds = new Set<ErrorCode>();
  for (const cause of blame) {
    if (cause.kind === 'unknown') kinds.add('PRODUCT_UNKNOWN');
    else if (cause.kind === 'asked') {
      if (!hasFitting(cause)) kinds.add(lacksInstaller(cause) ? 'NO_INSTALLER' : 'CONFLICT');
    } else if (cause.kind === 'needs') {
      if (cause.hopeless) kinds.add(cause.target.candidates.list.length === 0 ? 'NO_INSTALLER' : 'CONFLICT');
    } else if (cause.kind !== 'options' && cause.kind !== 'choice') kinds.add('CONFLICT');
  }
  const [only] = kinds;
  return kinds.size === 1 && only ? only : 'CONFLICT';
}

type Asked = Extract<Cause, { kind: 'asked' }>;

function hasFitting({ wanted, target: { candidates } }: Asked): boolean {
  return candidates.list.some((candidate) => fitsRange(candidate, wanted.range, candidates));
}

function lacksInstaller({ wanted, target: { candidates } }: Asked): boolean {
  return candidates.rejected.some(({ version }) =>
    fitsRange({ version, recommended: false }, wanted.range, candidates),
  );
}

/** From what was asked for on, breadth first; what several versions have in common is said once. */
function sentences(request: PlanRequest, blame: ReadonlySet<Cause>): readonly string[] {
  const causes = [...blame];
  const lines: string[] = [];
  const queue: ProductNode[] = [];
  for (const cause of causes) {
    if (cause.kind !== 'asked') continue;
    if (!hasFitting(cause)) lines.push(whyNoneFits(cause.target, cause.wanted.range));
    queue.push(cause.target);
  }
  const byAsker = groupByAsker(causes.toSorted(newestAskerFirst));
  const visited = new Set<ProductNode>();
  for (const node of queue) {
    if (visited.has(node)) continue;
    visited.add(node);
    for (const group of byAsker.get(node)?.values() ?? []) {
      lines.push(...groupSentences(group, request));
      queue.push(...group.flatMap((cause) => ('target' in cause ? [cause.target] : [])));
    }
  }
  for (const cause of causes) {
    if (cause.kind === 'cycle') lines.push(ownSentence(cause, [], request) ?? '');
  }
  return [...new Set(lines)];
}

function newestAskerFirst(left: Cause, right: Cause): number {
  const versions = [left, right].map((cause) => ('by' in cause ? cause.by.candidate.version : ''));
  return compareVersions(versions[1] ?? '', versions[0] ?? '');
}

type ByAsker = Exclude<Cause, { kind: 'asked' | 'options' | 'cycle' }>;

/** Causes of one product that differ only in its version. */
function groupByAsker(
  causes: readonly Cause[],
): ReadonlyMap<ProductNode, ReadonlyMap<string, readonly ByAsker[]>> {
  const groups = new Map<ProductNode, Map<string, ByAsker[]>>();
  for (const cause of causes) {
    if (cause.kind === 'asked' || cause.kind === 'options' || cause.kind === 'cycle') continue;
    const ofNode = groups.get(cause.by.node) ?? new Map<string, ByAsker[]>();
    groups.set(cause.by.node, ofNode);
    const key = keyOf(cause);
    ofNode.set(key, [...(ofNode.get(key) ?? []), cause]);
  }
  return groups;
}

function keyOf(cause: ByAsker): string {
  const within = 'within' in cause ? needText(cause.within.need) : '';
  switch (cause.kind) {
    case 'needs':
      return `needs ${needText(cause.need)} ${within}`;
    case 'choice':
      return `choice ${needText(cause.node.need)}`;
    case 'unknown':
      return `unknown ${cause.id}`;
    case 'incompatible':
      return `incompatible ${cause.other.id}`;
    case 'limit':
    case 'environment':
      return cause.kind;
  }
}

function groupSentences(group: readonly ByAsker[], request: PlanRequest): readonly string[] {
  const [cause] = group;
  if (!cause) return [];
  const { node } = cause.by;
  const candidates = distinct(group.map(({ by }) => by.candidate));
  const versions = candidates.map(({ version }) => version);
  if (cause.kind !== 'needs') return [ownSentence(cause, versions, request) ?? ''];
  const { need, target, hopeless, within } = cause;
  const lines = within ? [] : [needSentence(node, candidates, need, target, request)];
  const { environment } = request.machine;
  const fixed = target.interpreter && environment.python && cause.by.candidate.entry?.environment;
  return hopeless && !fixed ? [...lines, whyNoneFits(target, need.range)] : lines;
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...new Set(candidates)];
}

const longest = 7;

/** A chain of reasons can be long: its beginning and its end tell most. */
function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= longest) return lines;
  const half = (longest - 1) / 2;
  const omitted = `(${String(lines.length - 2 * half)} more reasons)`;
  return [...lines.slice(0, half), omitted, ...lines.slice(-half)];
}

/** Who asked for a product, from what the user named to the product: one shortest chain for each direct needer. */
export function whyChains(plan: Plan, id: string): readonly (readonly Step[])[] {
  const steps = new Map(plan.steps.map((step) => [step.product.toLowerCase(), step]));
  const step = steps.get(id.toLowerCase());
  if (!step) return [];
  const chains = step.asked ? [[step]] : [];
  for (const needer of step.neededBy) {
    const chain = chainTo(needer, steps);
    if (chain && !chain.includes(step)) chains.push([...chain, step]);
  }
  return chains;
}

function chainTo(id: string, steps: ReadonlyMap<string, Step>): readonly Step[] | undefined {
  const toProduct = new Map<string, Step | undefined>([[id.toLowerCase(), undefined]]);
  for (const key of toProduct.keys()) {
    const step = steps.get(key);
    if (step?.asked) {
      const chain: Step[] = [];
      for (let each: Step | undefined = step; each; each = toProduct.get(each.product.toLowerCase())) {
        chain.push(each);
      }
      return chain;
    }
    for (const needer of step?.neededBy ?? []) {
      if (!toProduct.has(needer.toLowerCase())) toProduct.set(needer.toLowerCase(), step);
    }
  }
  return undefined;
}

/** The chains as text, `DjangoProject 1.0 (asked) -> Django 5.2.7 -> Python 3.13.1`; empty when it is in no plan. */
export function whyLines(plan: Plan, id: string): string[] {
  return whyChains(plan, id).map((chain) =>
    chain
      .map(({ product, version }, index) => `${product} ${version}`.trim() + (index === 0 ? ' (asked)' : ''))
      .join(' -> '),
  );
}

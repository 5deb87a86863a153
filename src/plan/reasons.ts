// Comes in: causes, and what is known of products. Goes out: each as a sentence for people. Knows no search, and not
// which causes belong together.
import { compareVersions } from '../lib/version.js';
import { fitsRange, newestOf, type Candidate } from './candidates.js';
import type { Asker, Cause, ProductNode } from './causes.js';
import { isWithin, needText, type ProductNeed } from './needs.js';
import { PythonFit } from './python-fit.js';
import type { PlanRequest } from './request.js';

/** `6.0.1`, `6.0 and 6.1`, `3.12, 3.13 and 3.14`, `1.0 to 9.3`: the oldest first. */
export function versionsText(versions: readonly string[]): string {
  const sorted = [...new Set(versions)].filter((version) => version !== '').sort(compareVersions);
  const last = sorted.pop();
  if (last === undefined || sorted.length === 0) return last ?? '';
  return sorted.length > 3 ? `${sorted[0] ?? ''} to ${last}` : `${sorted.join(', ')} and ${last}`;
}

/** A product with some of its versions as the subject of a sentence: all of them are the product, a line of them is 6.x. */
function subject(node: ProductNode, versions: readonly string[], singular: string, plural: string): string {
  const { id } = node.product;
  const known = new Set(versionsOf(node.candidates.list));
  const distinct = [...new Set(versions)];
  if (distinct.length < 2) return `${named(node, distinct)} ${singular}`;
  if (distinct.length === known.size) return `${id} ${singular}`;
  const common = commonNumbers(distinct);
  const line = [...known].filter((version) => version === common || version.startsWith(`${common}.`));
  if (common !== '' && line.length === distinct.length) return `${id} ${common}.x ${singular}`;
  return `${named(node, distinct)} ${plural}`;
}

function commonNumbers(versions: readonly string[]): string {
  const [first = [], ...rest] = versions.map((version) => (/^[\d.]+/.exec(version)?.[0] ?? '').split('.'));
  const end = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return first.slice(0, end === -1 ? first.length : end).join('.');
}

/** A product with versions, as a name in a sentence. */
function named(node: ProductNode, versions: readonly string[]): string {
  return `${node.product.id} ${versionsText(versions)}`.trim();
}

/** Why no version of a product fits a range: what is there, what feeds offer, what cannot be installed and why. */
export function whyNoneFits(node: ProductNode, range: string | undefined): string {
  const { list, rejected } = node.candidates;
  const present = list.filter(({ presence }) => presence !== undefined);
  const offered = list.filter(({ presence }) => presence === undefined);
  const has = `This machine has ${named(node, versionsOf(present))}`;
  const fitting = rejected.filter(({ version }) => range === undefined || isWithin(version, range));
  const here = fitting.filter(({ misfit }) => !misfit.elsewhere);
  const barred = here.length > 0 ? here : fitting;
  const [newestBarred] = barred;
  if (newestBarred) {
    const { misfit } = barred.find((each) => each.misfit.hint !== undefined) ?? newestBarred;
    if (present.length === 0) {
      return `${named(node, versionsOf(barred))} cannot be installed here: ${misfit.reason}.`;
    }
    const newest = newestOf(present)?.version ?? '';
    const newer = barred.every(({ version }) => compareVersions(version, newest) > 0);
    return `${has}, and nothing ${newer ? 'newer' : 'that fits'} can be installed here: ${misfit.reason}.`;
  }
  if (present.length > 0 && offered.length > 0) {
    return `${has}, and feeds offer ${versionsText(versionsOf(offered))}.`;
  }
  if (present.length > 0) return `${has}, and feeds offer nothing that fits.`;
  const all = [...versionsOf(offered), ...versionsOf(rejected)];
  return `Feeds offer only ${named(node, all)}.`;
}

function versionsOf(versions: readonly { readonly version: string }[]): readonly string[] {
  return versions.map(({ version }) => version);
}

/** What a need says, with what packages and an existing environment add to it. */
export function needSentence(
  by: ProductNode,
  versions: readonly Candidate[],
  need: ProductNeed,
  target: ProductNode,
  request: PlanRequest,
): string {
  const needed = needText({ ...need, id: target.product.id });
  const text = `${subject(by, versionsOf(versions), 'needs', 'need')} ${needed}`;
  return `${text}${pythonNote(versions[0], need, target, request)}.`;
}

function pythonNote(
  candidate: Candidate | undefined,
  need: ProductNeed,
  target: ProductNode,
  request: PlanRequest,
): string {
  if (!target.interpreter || !candidate) return '';
  const { environment } = request.machine;
  if (candidate.entry?.environment && environment.python) {
    return `, and the environment ${environment.directory} is made with Python ${environment.python.version}`;
  }
  const pythons = new PythonFit(request.machine);
  const lacking = target.candidates.list.filter(
    (each) => fitsRange(each, need.range, target.candidates) && !pythons.accepts(candidate, each.version),
  );
  return lacking.length === 0 ? '' : `, and has no packages for ${versionsText(versionsOf(lacking))}`;
}

/** The sentence of a cause that stands for itself; undefined for those that only carry on. */
export function ownSentence(
  cause: Cause,
  versions: readonly string[],
  request: PlanRequest,
): string | undefined {
  switch (cause.kind) {
    case 'unknown':
      return `${subject(cause.by.node, versions, 'needs', 'need')} '${cause.id}', which no feed declares.`;
    case 'choice':
      return `${subject(cause.by.node, versions, 'needs', 'need')} ${needText(cause.node.need)}.`;
    case 'incompatible':
      return incompatibleSentence(cause, versions);
    case 'limit':
      return `${subject(cause.by.node, versions, 'has', 'have')} no packages for ${named(
        cause.target,
        versionsOf(unfit(cause.by, cause.target, request)),
      )}.`;
    case 'environment': {
      const { directory } = request.machine.environment;
      const whose = subject(cause.by.node, versions, 'has', 'have');
      const what = `${whose} no packages for that${pythonRange(cause.by)}`;
      return `The environment ${directory} is made with Python ${cause.python}, and ${what}.`;
    }
    case 'cycle':
      return `Each of these needs the next one first: ${cause.path.join(' -> ')}.`;
    default:
      return undefined;
  }
}

function incompatibleSentence(
  { by, other, message, present }: Extract<Cause, { kind: 'incompatible' }>,
  versions: readonly string[],
): string {
  const told = message === '' ? '' : `: ${message.replace(/\.$/, '')}`;
  const there = present ? ', which is installed' : '';
  return `${subject(by.node, versions, 'does', 'do')} not go together with ${other.id}${there}${told}.`;
}

function unfit(by: Asker, target: ProductNode, { machine }: PlanRequest): readonly Candidate[] {
  const pythons = new PythonFit(machine);
  return target.candidates.list.filter(({ version }) => !pythons.accepts(by.candidate, version));
}

function pythonRange({ candidate: { installer } }: Asker): string {
  const range = installer?.action.kind === 'python' ? installer.action.python : '';
  return range === '' ? '' : ` (it needs Python ${range})`;
}

/** Why a branch is impossible, as part of a sentence; without blame it is so only with what is chosen before it. */
export function branchReason(branch: string, blame: ReadonlySet<Cause> | undefined): string {
  for (const cause of blame ?? []) {
    if (cause.kind === 'unknown') return `no feed declares '${cause.id}'`;
    if (cause.kind === 'needs' && cause.hopeless)
      return asClause(whyNoneFits(cause.target, cause.need.range));
    if (cause.kind === 'incompatible') {
      return asClause(incompatibleSentence(cause, [cause.by.candidate.version]));
    }
    if (cause.kind === 'cycle') return `${branch} would make a cycle (${cause.path.join(' -> ')})`;
  }
  return `${branch} does not go together with the rest`;
}

function asClause(sentence: string): string {
  return sentence.replace(/^(This|Feeds) /, (word) => word.toLowerCase()).replace(/\.$/, '');
}

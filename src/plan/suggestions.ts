// Comes in: a request that has no plan, and the causes. Goes out: one hint, a thing to type. Whatever it says to ask
// for instead has been tried: there is a plan for it.
import { typedWord } from '../lib/quote.js';
import type { Wanted } from '../types.js';
import type { Cause } from './causes.js';
import { isWithin, needText } from './needs.js';
import { does, wantedText, type PlanRequest } from './request.js';
import { search, type Solution } from './search.js';
import { findProduct } from '../lib/find-product.js';

/** The most useful thing to do about a conflict. */
export function suggest(request: PlanRequest, blame: ReadonlySet<Cause>): string {
  return (
    withoutRange(request, blame) ??
    inAnotherEnvironment(request) ??
    fromInstallers(blame) ??
    withoutOne(request, blame) ??
    fromCauses(blame) ??
    `See what there is with \`zookit show ${request.wanted[0]?.id ?? 'PRODUCT'}\``
  );
}

function solve(request: PlanRequest): Solution | undefined {
  const result = search(request);
  return 'solution' in result ? result.solution : undefined;
}

/** Another version of what was asked for. */
function withoutRange(request: PlanRequest, blame: ReadonlySet<Cause>): string | undefined {
  const guilty = new Set([...blame].flatMap((cause) => (cause.kind === 'asked' ? [cause.wanted] : [])));
  for (const wanted of request.wanted) {
    if (wanted.range === undefined || !guilty.has(wanted)) continue;
    const swap = (range?: string): readonly Wanted[] =>
      request.wanted.map((each) =>
        each === wanted ? { id: each.id, ...(range !== undefined && { range }) } : each,
      );
    const version = versionOf(solve({ ...request, wanted: swap() }), wanted.id, request);
    if (version === undefined) continue;
    const short = /^\d+\.\d+(?=\.\d+$)/.exec(version)?.[0] ?? version;
    const range =
      short !== version && versionOf(solve({ ...request, wanted: swap(short) }), wanted.id, request)
        ? short
        : version;
    if (!isWithin(version, range)) continue;
    return `Take ${wanted.id} ${version} with \`${command(request, swap(range))}\``;
  }
  return undefined;
}

function versionOf(solution: Solution | undefined, id: string, { catalog }: PlanRequest): string | undefined {
  const product = findProduct(catalog, id);
  for (const [node, { candidate }] of solution?.products ?? []) {
    if (node.product === product) return candidate.version;
  }
  return undefined;
}

function inAnotherEnvironment(request: PlanRequest): string | undefined {
  const { machine } = request;
  if (machine.environment.python === undefined || templateIn(request, request.wanted)) return undefined;
  // An environment of its own has none of these products, and no Python yet.
  const environment = { directory: '' };
  const presences = new Map(
    [...machine.presences].map(([id, all]) => [
      id,
      all.filter(({ place }) => place !== machine.environment.directory),
    ]),
  );
  if (!solve({ ...request, machine: { ...machine, environment, presences } })) return undefined;
  return `Use an environment of its own with \`${command(request, request.wanted)} --env DIR\``;
}

/** What the choice of installers says: rights, a package of the system. */
function fromInstallers(blame: ReadonlySet<Cause>): string | undefined {
  for (const cause of blame) {
    const node = cause.kind === 'needs' || cause.kind === 'asked' ? cause.target : undefined;
    const range = cause.kind === 'needs' ? cause.need.range : undefined;
    const rejected = node?.candidates.rejected ?? [];
    const fitting = rejected.filter(({ version }) => range === undefined || isWithin(version, range));
    const hint = fitting.find(({ misfit }) => misfit.hint !== undefined)?.misfit.hint;
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function withoutOne(request: PlanRequest, blame: ReadonlySet<Cause>): string | undefined {
  if (request.wanted.length < 2) return undefined;
  const guilty = [...blame].flatMap((cause) => (cause.kind === 'asked' ? [cause.wanted] : []));
  for (const wanted of request.wanted.toReversed()) {
    if (!guilty.includes(wanted)) continue;
    const rest = request.wanted.filter((each) => each !== wanted);
    const isPossible = solve({ ...request, wanted: rest }) !== undefined;
    if (isPossible && makesSite(request, wanted))
      return `Choose another form with \`--host\`, or make no site: \`${command(request, rest)}\``;
    if (isPossible) return `Leave out '${wantedText(wanted)}': \`${command(request, rest)}\``;
  }
  return undefined;
}

function fromCauses(blame: ReadonlySet<Cause>): string | undefined {
  for (const cause of blame) {
    if (cause.kind === 'needs' && cause.hopeless && cause.target.interpreter) {
      const what = needText({ ...cause.need, id: cause.target.product.id });
      return `Install ${what} by other means, then try again: it will be found`;
    }
    if (cause.kind === 'incompatible' && cause.present) {
      return `Remove ${cause.other.id} first with \`zookit uninstall ${cause.other.id}\``;
    }
    if (cause.kind === 'unknown') {
      return `Add a feed that declares '${cause.id}' with \`zookit feed add URL\``;
    }
    if (cause.kind === 'cycle') return 'The feed is wrong there: see `zookit feed check`';
  }
  return undefined;
}

/** What is typed for it: a template is made by `new`, and all else comes along with it. */
function command(request: PlanRequest, wanted: readonly Wanted[]): string {
  const template = templateIn(request, wanted);
  const maker = request.site === undefined ? undefined : wanted.find((each) => makesSite(request, each));
  const site = maker && request.site?.replace(/^IIS:/, '');
  const others = wanted.filter((each) => each !== template && each !== maker);
  const words = others.map((each) => {
    const text = wantedText(each);
    return /[<>|* ]/.test(text) ? `"${text}"` : text;
  });
  if (!template) return `zookit install ${words.join(' ')}`;
  const place = request.project === undefined ? 'DIR' : typedWord(request.project);
  const more = words.flatMap((word) => ['--with', word]);
  return ['zookit new', template.id, place, ...more, ...(site === undefined ? [] : [`--iis "${site}"`])].join(
    ' ',
  );
}

function templateIn({ catalog }: PlanRequest, wanted: readonly Wanted[]): Wanted | undefined {
  return wanted.find(({ id }) => {
    const product = findProduct(catalog, id);
    return product !== undefined && does(product, 'template');
  });
}

function makesSite({ catalog }: PlanRequest, { id }: Wanted): boolean {
  const product = findProduct(catalog, id);
  return product !== undefined && does(product, 'iis');
}

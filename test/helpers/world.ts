// Comes in: a world in a few lines of text. Goes out: catalog and machine as the stages before the resolver make them.
// Knows the language below and the nouns; resolves nothing.
import type {
  Catalog,
  Dependency,
  DiscoveryHint,
  Entry,
  Incompatibility,
  Installer,
  InstallerAction,
  Machine,
  Presence,
  Product,
  Wanted,
} from '../../src/types.js';
import type { PlanRequest } from '../../src/plan/request.js';

/*
 * One line per version: ID VERSION WORDS. Words: `B@^2` needs B in that range (no blanks); `B%windows` only there;
 * `(B|C D|E)` an or, whose branches may hold more of the same; `!X` is incompatible with X; `*` is recommended;
 * `-` has no installer; `[env]` goes into the environment; `[python]` is an interpreter; `[template]` makes a
 * project; `=PIL` is an alias.
 */

/** The catalog that the lines describe. */
export function catalogOf(text: string): Catalog {
  const products = new Map<string, Product>();
  const aliases = new Map<string, string>();
  const lines = text.split('\n').map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const [productId = '', version = '', ...rest] = line.split(/\s+/);
    const entry = entryOf(productId, version, rest.join(' '), index + 1);
    const key = productId.toLowerCase();
    const known = products.get(key);
    products.set(key, {
      id: known?.id ?? productId,
      feed: 'test',
      entries: [...(known?.entries ?? []), entry],
    });
    for (const alias of entry.aliases) aliases.set(alias.toLowerCase(), key);
  }
  return { products, aliases, keywords: new Map(), tabs: [], feeds: [], warnings: [] };
}

/** A Linux machine on which nothing is present but `ID@VERSION` words. */
export function machineOf(present = '', changes: Partial<Machine> = {}): Machine {
  const presences = new Map<string, Presence[]>();
  for (const word of present.split(/\s+/).filter((each) => each !== '')) {
    const { id, range: version = '' } = wantedOf(word);
    const all = presences.get(id.toLowerCase()) ?? [];
    presences.set(id.toLowerCase(), [...all, { version, place: 'machine' }]);
  }
  return {
    platform: { os: 'linux', arch: 'x64', osVersion: '', libc: { name: 'glibc', version: '2.36' } },
    admin: false,
    presences,
    environment: { directory: '/env' },
    systemPackages: new Set(),
    ...changes,
  };
}

/** A request for `ID` or `ID@RANGE` words in a world. */
export function requestFor(
  wanted: string,
  world: string,
  present = '',
  changes: Partial<Omit<PlanRequest, 'catalog' | 'wanted'>> = {},
): PlanRequest {
  const words = wanted.split(/\s+/).filter((word) => word !== '');
  return {
    catalog: catalogOf(world),
    machine: machineOf(present),
    wanted: words.map(wantedOf),
    ...changes,
  };
}

function wantedOf(word: string): Wanted {
  const [id = '', range] = word.split(/@(.*)/s);
  return range === undefined ? { id } : { id, range };
}

/** An installer that fits everywhere, with changes. */
export function installerOf(action: InstallerAction, changes: Partial<Installer> = {}): Installer {
  const empty = { languages: [], architectures: [], platforms: [], logFiles: [] };
  return { id: '1', action, ...empty, ...changes };
}

/** An entry with nothing to it, with changes. */
export function entryWith(changes: Partial<Entry>): Entry {
  return {
    productId: 'A',
    version: '1',
    title: '',
    summary: '',
    longSummary: '',
    author: '',
    keywords: [],
    aliases: [],
    recommended: false,
    environment: false,
    flags: [],
    parameters: [],
    related: [],
    updates: [],
    incompatibilities: [],
    installers: [],
    line: 1,
    ...changes,
  };
}

function entryOf(productId: string, version: string, text: string, line: number): Entry {
  const words = wordsOf(text);
  const needs = words.filter((word) => /^[\w(.]/.test(word));
  const starting = (mark: string): string[] =>
    words.filter((word) => word.startsWith(mark)).map((word) => word.slice(1));
  const has = (word: string): boolean => words.includes(word);
  const kind = has('[template]') ? ('template' as const) : ('none' as const);
  const hint: DiscoveryHint = { kind: 'python' };
  const dependency: Dependency = { kind: 'all', of: needs.map(needOf) };
  return entryWith({
    productId,
    version,
    line,
    title: productId,
    aliases: starting('='),
    recommended: has('*'),
    environment: has('[env]'),
    incompatibilities: starting('!').map((id): Incompatibility => ({ kind: 'product', id, message: '' })),
    installers: has('-') ? [] : [installerOf({ kind })],
    ...(needs.length > 0 && { dependency }),
    ...(has('[python]') && { hint }),
  });
}

function needOf(word: string): Dependency {
  if (word.startsWith('(')) {
    const branches = split(word.slice(1, -1), '|');
    return {
      kind: 'any',
      of: branches.map((branch) => {
        const parts = wordsOf(branch).map(needOf);
        const [only] = parts;
        return parts.length === 1 && only ? only : { kind: 'all', of: parts };
      }),
    };
  }
  const [product = '', os] = word.split('%');
  const need = { kind: 'product' as const, ...wantedOf(product) };
  return os === 'windows' || os === 'linux' || os === 'macos' ? { ...need, os } : need;
}

function wordsOf(text: string): string[] {
  return split(text, ' ').filter((word) => word !== '');
}

/** Splits where no parenthesis is open. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === separator && depth === 0) parts.push('');
    else parts[parts.length - 1] = (parts.at(-1) ?? '') + letter;
  }
  return parts;
}

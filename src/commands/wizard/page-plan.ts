// Comes in: a plan. Goes out: the page "you will also get", and the pages on which a version or a branch is chosen. Pure.
import { sizeText } from '../../lib/terminal.js';
import type { Page, Row } from '../../lib/page.js';
import { padded, plainLine, widthOf, wrapped } from '../../lib/text-width.js';
import { compareVersions } from '../../lib/version.js';
import type { Dependency, Plan, Step } from '../../types.js';
import type { Planned } from '../planning.js';

export interface PlanPage {
  readonly title: string;
  /** Where it all goes. */
  readonly place: string;
  /** The database that answers. */
  readonly database?: string;
  /** The last row's word: `Install`. */
  readonly go: string;
  readonly choices: boolean;
}

/** Everything that comes along, with versions, sizes, licences and reasons. */
export function planPage({ plan }: Planned, about: PlanPage): Page {
  const changes = plan.steps.filter(({ status }) => status !== 'present');
  const rows: Row[] = [
    { value: 'go', label: changes.length === 0 ? 'Everything is there already: go on' : about.go },
    ...(about.choices ? [{ value: 'change', label: 'Choose other versions' }] : []),
  ];
  return {
    id: 'plan',
    title: about.title,
    ask: 'You will get:',
    body: (width) => [
      ...table(plan.steps.map(cellsOf), width),
      ...totalLine(plan),
      ...wrapped(plainLine(`Where: ${about.place}`), width, '  '),
      ...(about.database === undefined ? [] : wrapped(plainLine(`Database: ${about.database}`), width, '  ')),
      ...plan.notices.flatMap((notice) => wrapped(plainLine(`Note: ${notice}`), width, '  ')),
    ],
    question: { kind: 'one', rows, standard: 'go' },
  };
}

function cellsOf(step: Step): string[] {
  const { product, version, status, bytes, entry, installer, asked, neededBy, from } = step;
  const action = status === 'present' ? 'is there' : status === 'upgrade' ? `from ${from ?? '?'}` : 'new';
  const size = status === 'present' ? '' : bytes > 0 ? sizeText(bytes) : installer?.file ? 'size ?' : '';
  const licence = installer?.eulaUrl === undefined ? (entry?.license ?? '') : 'to accept';
  const why = asked ? 'chosen' : `for ${neededBy.join(', ')}`;
  return [product, version, action, size, licence, why].map(plainLine);
}

/** Aligned columns; long cells of the inner ones give way first. */
function table(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const limits = width < 70 ? [18, 12, 8, 7, 0] : [20, 13, 14, 8, 16];
  const fitted = widths.map((each, column) => Math.min(each, limits[column] ?? each));
  return rows.map((row) =>
    row
      .flatMap((cell, column) => {
        const room = fitted[column];
        if (room === undefined) return [cell];
        return room === 0 ? [] : [padded(widthOf(cell) > room ? `${cell.slice(0, room - 1)}~` : cell, room)];
      })
      .join('  ')
      .trimEnd(),
  );
}

function totalLine({ steps }: Plan): string[] {
  const changes = steps.filter(({ status }) => status !== 'present');
  const total = changes.reduce((sum, { bytes }) => sum + bytes, 0);
  const unknown = changes.filter(({ installer, bytes }) => installer?.file && bytes === 0).length;
  if (total === 0 && unknown === 0) return [''];
  const files = unknown === 1 ? 'one file of unknown size' : `${unknown} files of unknown size`;
  const parts = [...(total > 0 ? [`about ${sizeText(total)}`] : []), ...(unknown > 0 ? [files] : [])];
  return [`To download: ${parts.join(' and ')}, less what is kept already`, ''];
}

/** What can be chosen otherwise: a product of the plan, or one that could take the place of another. */
export interface Alternative {
  readonly product: string;
  /** All versions that feeds and machine have, newest first. */
  readonly versions: readonly string[];
  /** The one in the plan; absent for a branch that was not taken. */
  readonly planned?: string;
  /** Who needs it, when it is a branch. */
  readonly branchOf?: string;
}

/** All alternatives of a plan; whether each of them fits is another question. */
export function alternativesOf({ plan, catalog, machine }: Planned): Alternative[] {
  const versionsOf = (id: string): string[] => {
    const entries = catalog.products.get(id.toLowerCase())?.entries ?? [];
    const found = machine.presences.get(id.toLowerCase()) ?? [];
    const all = new Set([...entries, ...found].map(({ version }) => version));
    return [...all].sort((a, b) => compareVersions(b, a));
  };
  const planned = new Set(plan.steps.map(({ product }) => product.toLowerCase()));
  const versions = plan.steps.map(({ product, version }) => ({
    product,
    versions: versionsOf(product),
    planned: version,
  }));
  const branches = plan.steps.flatMap(({ product, entry }) =>
    branchIds(entry?.dependency)
      .filter((id) => !planned.has(id.toLowerCase()) && catalog.products.has(id.toLowerCase()))
      .map((id) => ({
        product: catalog.products.get(id.toLowerCase())?.id ?? id,
        versions: versionsOf(id),
        branchOf: product,
      })),
  );
  const all = [...versions.filter((each) => each.versions.length > 1), ...branches];
  return all.filter((each, index) => all.findIndex(({ product }) => product === each.product) === index);
}

function branchIds(dependency: Dependency | undefined, inside = false): string[] {
  if (!dependency || dependency.kind === 'shared') return [];
  if (dependency.kind === 'product') return inside ? [dependency.id] : [];
  return dependency.of.flatMap((each) => branchIds(each, inside || dependency.kind === 'any'));
}

/** Which product to choose for. */
export function changePage(alternatives: readonly Alternative[], title: string): Page {
  const rows = alternatives.map(({ product, planned, branchOf }) => ({
    value: product,
    label: planned === undefined ? `${product} instead, for ${branchOf ?? ''}` : `${product} ${planned}`,
  }));
  const ask = 'Which one shall be another?';
  return { id: 'change', title, ask, body: () => [], question: { kind: 'one', rows } };
}

/** Which version of it; `versions` are those for which there is a plan. */
export function choicePage(
  { product, planned }: Alternative,
  versions: readonly string[],
  standard: string,
  title: string,
): Page {
  const usual = planned === undefined ? 'As before: not this one' : 'The usual one';
  const rows = [
    { value: 'usual', label: usual },
    ...(planned === undefined ? [{ value: 'any', label: `${product}, the usual version` }] : []),
    ...versions.map((version) => ({ value: version, label: `${product} ${version}` })),
  ];
  return {
    id: `choice:${product}`,
    title,
    ask: versions.length === 0 ? `No other version of ${product} fits` : `Which ${product}?`,
    body: () => [],
    question: { kind: 'one', rows, standard },
  };
}

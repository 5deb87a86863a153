// Comes in: products with what is there of them. Goes out: the pages to pick several from, with tabs. Pure.
import type { Page, RowTab } from '../../lib/page.js';
import { padded } from '../../lib/text-width.js';
import type { Catalog } from '../../types.js';
import type { Row } from '../list.js';
import { sentences } from './pages.js';

export interface PickPage {
  readonly id: string;
  readonly title: string;
  readonly ask: string;
  readonly picked: readonly string[];
  /** What is missing when nothing is picked; absent = that is an answer too. */
  readonly emptyProblem?: string;
  readonly note?: string;
  /** Ids of products that this machine can never have. */
  readonly elsewhere?: ReadonlySet<string>;
}

/** Products to pick from, in tabs by feed, keyword and state. */
export function productsPage(rows: readonly Row[], catalog: Catalog, about: PickPage): Page {
  const idWidth = Math.min(24, Math.max(0, ...rows.map(({ id }) => id.length)));
  const versionWidth = Math.min(13, Math.max(0, ...rows.map(({ version }) => version.length)));
  return {
    id: about.id,
    title: about.title,
    ask: about.ask,
    body: about.note === undefined ? () => [] : sentences(about.note),
    question: {
      kind: 'several',
      standard: about.picked.filter((id) => rows.some((row) => row.id === id)),
      tabs: tabsOf(rows, catalog),
      ...(about.emptyProblem === undefined ? {} : { emptyProblem: about.emptyProblem }),
      rows: rows.map((row) => {
        const mark = about.elsewhere?.has(row.id) === true ? 'for other systems' : markOf(row);
        return {
          value: row.id,
          label: `${padded(row.id, idWidth)}  ${padded(row.version, versionWidth)}  ${mark}`.trimEnd(),
          short: `${padded(row.id, idWidth)}  ${mark || row.version}`,
          detail: row.summary === '' ? row.title : `${row.title}. ${row.summary}`,
        };
      }),
    },
  };
}

/** What is there, in words. */
export function markOf({ installed, upgradable }: Pick<Row, 'installed' | 'upgradable'>): string {
  const versions = [...new Set(installed.map(({ version }) => version))];
  const [newest] = versions;
  if (newest === undefined) return '';
  return `installed ${newest}${upgradable ? ', upgradable' : ''}`;
}

function tabsOf(rows: readonly Row[], catalog: Catalog): RowTab[] {
  const withKeywords = (ids: readonly string[]): Set<string> => {
    const wanted = new Set(ids.map((id) => id.toLowerCase()));
    return new Set(
      rows
        .map(({ id }) => id)
        .filter((id) =>
          catalog.products
            .get(id.toLowerCase())
            ?.entries.some(({ keywords }) => keywords.some((each) => wanted.has(each.toLowerCase()))),
        ),
    );
  };
  const byState = (fits: (row: Row) => boolean): Set<string> =>
    new Set(rows.filter(fits).map(({ id }) => id));
  const keywordIds = [...new Set(catalog.tabs.flatMap((tab) => tab.keywordIds))];
  const tabs: RowTab[] = [
    ...catalog.tabs.map(({ name, keywordIds: ids }) => ({ name, values: withKeywords(ids) })),
    ...keywordIds.map((id) => ({ name: catalog.keywords.get(id) ?? id, values: withKeywords([id]) })),
    { name: 'Installed', values: byState(({ installed }) => installed.length > 0) },
    { name: 'Can be upgraded', values: byState(({ upgradable }) => upgradable) },
  ];
  const all = { name: 'All', values: new Set(rows.map(({ id }) => id)) };
  // A tab that shows nothing, or all there is, spares nobody a look.
  return [all, ...tabs.filter(({ values }) => values.size > 0 && values.size < rows.length)];
}

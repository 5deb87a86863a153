// What `zookit feed check` says of one place in a feed, and what each check is given. Only types and three makers.
import type { Catalog, Entry, Feed } from '../types.js';

export interface Finding {
  /** An error makes the feed unusable for somebody; a warning is worth a look. */
  readonly severity: 'error' | 'warning';
  readonly address: string;
  /** 1-based. */
  readonly line: number;
  readonly entry?: string;
  readonly message: string;
}

/** What a check looks at: the feeds as they are written, and the catalog that they make. */
export interface Checked {
  readonly feeds: readonly Feed[];
  readonly catalog: Catalog;
  /** The feed that an entry of the catalog was read from. */
  readonly addressOf: (entry: Entry) => string;
}

export type Check = (checked: Checked) => Finding[];

/** The severity, the entry's place and a message, as one finding. */
export function findingOf(
  severity: Finding['severity'],
  address: string,
  entry: Entry,
  message: string,
): Finding {
  return { severity, address, line: entry.line, entry: entry.productId, message };
}

/** Runs a check over every entry that counts; it yields its messages by severity. */
export function forEntries(
  { catalog, addressOf }: Checked,
  look: (entry: Entry) => readonly (readonly [Finding['severity'], string])[],
): Finding[] {
  return [...catalog.products.values()].flatMap(({ entries }) =>
    entries.flatMap((entry) =>
      look(entry).map(([severity, message]) => findingOf(severity, addressOf(entry), entry, message)),
    ),
  );
}

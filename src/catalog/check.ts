// Comes in: feeds and the catalog that they make. Goes out: everything that is wrong or doubtful in them, as data. One
// table of checks; each is a function of its own. Changes nothing and prints nothing.
import type { Catalog, Entry, Feed } from '../types.js';
import { checkCycles } from './check-cycles.js';
import { checkEntries } from './check-entries.js';
import { checkFiles } from './check-files.js';
import { checkNeeds } from './check-needs.js';
import { checkPins } from './check-pins.js';
import type { Check, Finding } from './finding.js';
import { findingOf } from './finding.js';
import { duplicateMessage } from './owner.js';

const checks: readonly Check[] = [
  ({ catalog }) => catalog.warnings.map((warning) => ({ severity: 'warning', ...warning })),
  checkDuplicates,
  checkNeeds,
  checkCycles,
  checkFiles,
  checkPins,
  checkEntries,
];

/**
 * What is wrong in these feeds, by feed and line. Errors: ids that nobody declares, cycles, files without a hash, an id
 * and version twice, ranges that are none, distributions pinned to two versions; the rest are warnings.
 */
export function checkFeeds(feeds: readonly Feed[], catalog: Catalog): Finding[] {
  const addresses = new Map(
    feeds.flatMap((feed) => feed.entries.map((entry) => [keyOf(entry), feed.address] as const)),
  );
  const addressOf = (entry: Entry): string => addresses.get(keyOf(entry)) ?? '';
  const findings = checks.flatMap((check) => check({ feeds, catalog, addressOf }));
  const order = new Map(feeds.map((feed, index) => [feed.address, index]));
  const rank = ({ address }: Finding): number => order.get(address) ?? feeds.length;
  return withoutEchoes(findings).sort((left, right) => rank(left) - rank(right) || left.line - right.line);
}

function keyOf({ productId, version, line }: Entry): string {
  return `${productId}\n${version}\n${line}`;
}

/** Two entries of one feed with the same id and version: the catalog drops the second one, its author must know. */
function checkDuplicates({ feeds }: { readonly feeds: readonly Feed[] }): Finding[] {
  return feeds.flatMap((feed) => {
    const seen = new Set<string>();
    return feed.entries.flatMap((entry) => {
      const key = `${entry.productId.toLowerCase()}\n${entry.version}`;
      const twice = seen.has(key);
      seen.add(key);
      return twice
        ? findingOf('error', feed.address, entry, `${duplicateMessage(entry)}, it is dropped`)
        : [];
    });
  });
}

/** The same said once of an entry: as an error when it is one. What has no id is told each time, all on one line or not. */
function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const said = new Map<string, Finding>();
  for (const [index, finding] of findings.entries()) {
    const { address, line, entry, message } = finding;
    const key = [address, line, entry ?? index, message].join('\n');
    if (said.get(key)?.severity !== 'error') said.set(key, finding);
  }
  return [...said.values()];
}

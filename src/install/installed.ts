// Comes in: the journal's lines. Goes out: what Zookit has installed, and what was interrupted. Pure.
import type { Change } from '../kind.js';
import type { KindName, Place, Presence } from '../types.js';
import type { JournalLine, StepKey } from './journal.js';

export interface Installed extends StepKey {
  readonly kind: KindName;
  /** The version that this one took the place of. */
  readonly from?: string;
  readonly path?: string;
  /** What was changed, oldest first: undoing it newest first takes the product away. */
  readonly changes: readonly Change[];
}

export interface JournalState {
  /** The last word on each product at each place. */
  readonly installed: readonly Installed[];
  /** Begun, and neither done nor undone: a zookit was killed here. */
  readonly interrupted: readonly Installed[];
  /** Was being taken away when a zookit was killed. */
  readonly leaving: readonly Installed[];
}

/** Replays the journal. */
export function replay(lines: readonly JournalLine[]): JournalState {
  const open = new Map<string, Installed>();
  const installed = new Map<string, Installed>();
  const leaving = new Map<string, Installed>();
  for (const line of lines) {
    const step = stepName(line);
    const product = productName(line);
    const current = open.get(step);
    switch (line.event) {
      case 'begun':
        open.set(step, {
          ...keyOf(line),
          kind: line.kind,
          changes: [],
          ...(line.from === undefined ? {} : { from: line.from }),
        });
        break;
      case 'changed':
        if (current) open.set(step, { ...current, changes: [...current.changes, line.change] });
        break;
      case 'done':
        if (!current) break;
        if (current.from !== undefined) forgetOlder(installed, line, current.from);
        installed.set(product, {
          ...current,
          changes: [...current.changes, ...(line.changes ?? [])],
          ...(line.path === undefined ? {} : { path: line.path }),
        });
        open.delete(step);
        break;
      case 'undone':
        open.delete(step);
        break;
      case 'removing':
        move(product, installed, leaving);
        break;
      case 'kept':
        move(product, leaving, installed);
        break;
      case 'removed':
        leaving.delete(product);
        installed.delete(product);
        break;
    }
  }
  return {
    installed: [...installed.values()],
    interrupted: [...open.values()],
    leaving: [...leaving.values()],
  };
}

/** What was found as 1.2.3 may have been installed as 1.2. */
function forgetOlder(installed: Map<string, Installed>, { product, place }: StepKey, from: string): void {
  for (const other of [...installed.values()]) {
    const sameName = other.product.toLowerCase() === product.toLowerCase() && other.place === place;
    if (sameName && (other.version === from || from.startsWith(`${other.version}.`)))
      installed.delete(productName(other));
  }
}

function move(key: string, from: Map<string, Installed>, to: Map<string, Installed>): void {
  const value = from.get(key);
  from.delete(key);
  if (value) to.set(key, value);
}

/** What the journal knows to be there, by lower-case id; only at the given places. */
export function presencesIn(
  installed: readonly Installed[],
  places: readonly Place[],
): Map<string, Presence[]> {
  const presences = new Map<string, Presence[]>();
  for (const { product, version, place, path } of installed) {
    if (!places.includes(place)) continue;
    const presence: Presence = path === undefined ? { version, place } : { version, place, path };
    presences.set(product.toLowerCase(), [...(presences.get(product.toLowerCase()) ?? []), presence]);
  }
  return presences;
}

function keyOf({ run, product, version, place }: StepKey): StepKey {
  return { run, product, version, place };
}

function stepName({ run, product, place }: StepKey): string {
  return JSON.stringify([run, product.toLowerCase(), place]);
}

function productName({ product, version, place }: StepKey): string {
  // Several versions of one machine product (Python) live side by side; in any other place there is one.
  return JSON.stringify([product.toLowerCase(), place, place === 'machine' ? version : '']);
}

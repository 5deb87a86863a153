// Comes in: what node's runner tells while tests run. Goes out: a few lines for the end of a long log: which tests were passed
// over and why, which files took longest, which were begun and never ended. Knows no test.
import { basename } from 'node:path';

/** So many names of each kind. */
const shown = 5;

/** A reporter of node:test: events in, text out. */
export default async function* report(source) {
  const [open, passedOver, files] = [new Map(), new Map(), new Map()];
  for await (const { type, data } of source) {
    const key = `${basename(data.file ?? '')}: ${data.name}`;
    // The runner's own test of a whole file is named by its path.
    if (type === 'test:dequeue' && data.name !== data.file) open.set(key, (open.get(key) ?? 0) + 1);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    open.set(key, (open.get(key) ?? 0) - 1);
    if (data.skip) passedOver.set(data.skip, [...(passedOver.get(data.skip) ?? []), key]);
    if (data.nesting > 0) continue;
    const file = basename(data.file ?? '');
    files.set(file, (files.get(file) ?? 0) + data.details.duration_ms);
  }
  for (const [why, names] of passedOver) {
    const more = names.length > shown ? `; and ${names.length - shown} more` : '';
    yield `Passed over (${why}): ${names.slice(0, shown).join('; ')}${more}\n`;
  }
  const longest = [...files].sort(([, one], [, other]) => other - one).slice(0, shown);
  yield `Longest: ${longest.map(([name, took]) => `${name} ${Math.round(took / 1000)} s`).join(', ')}\n`;
  for (const [name, count] of open) if (count > 0) yield `Never ended: ${name}\n`;
}

// A list of 2.5 MB in the shape of WebPI's main one: from its text to the catalog, and from the cache, against what xml2js
// alone takes for the same text and JSON.parse for as many bytes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseFeed } from '../../src/feed/parse.js';
import { webpiList } from '../helpers/webpi-list.js';
import type { Contestant, Row } from './measure.js';
import { median, race, table } from './measure.js';
import { must } from './must.js';

const feedOnce = fileURLToPath(new URL('feed-once.js', import.meta.url));

/** Seconds that the reading may take. */
const goals: Readonly<Record<string, number>> = { 'text to catalog': 0.4, 'cache to catalog': 0.04 };

/** Prints a table. */
export function benchFeed(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-bench-'));
  try {
    const files = makeFiles(folder);
    const once = (name: string, way: string, prepare = (): void => undefined): Contestant => ({
      name,
      prepare,
      run: () => must(process.execPath, [feedOnce, way, files.list, files.cache, files.json]).stdout,
      secondsOf: Number,
    });
    const contestants = [
      once('text to catalog', 'zookit', () => rmSync(files.cache, { recursive: true, force: true })),
      once('cache to catalog', 'zookit'),
      once('xml2js alone', 'xml2js'),
      once('JSON.parse', 'json'),
    ];
    const rows = race(contestants, rounds).map(({ name, seconds }) => rowOf(name, median(seconds)));
    process.stdout.write(`${table(rows)}\n`);
    return Promise.resolve();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(name: string, seconds: number): Row {
  const goal = goals[name];
  if (goal === undefined) return { name, median: seconds };
  return { name, median: seconds, goal: `under ${goal.toFixed(2)} s`, ok: seconds < goal };
}

function makeFiles(folder: string): { list: string; cache: string; json: string } {
  const [list, cache, json] = [join(folder, 'list.xml'), join(folder, 'cache'), join(folder, 'list.json')];
  const text = webpiList(350);
  writeFileSync(list, text);
  const { entries } = parseFeed(text, list);
  const copies = Math.ceil(text.length / JSON.stringify(entries).length);
  writeFileSync(json, JSON.stringify(Array.from({ length: copies }, () => entries)));
  process.stdout.write(
    `${(text.length / 1e6).toFixed(1)} MB, ${entries.length} entries, ${entries.flatMap(({ installers }) => installers).length} installers\n`,
  );
  return { list, cache, json };
}

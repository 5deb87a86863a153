// A bundle of 1 GB: made from a warm cache against `cp -r` and `sha256sum` of the same bytes; checked against
// `sha256sum -c`. Without a runtime, so that no package index is asked.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomFile } from './download.js';
import type { Contestant } from './measure.js';
import { median, race, table } from './measure.js';
import { must } from './must.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));
const megabyte = 1_000_000;
const sizes = [400, ...Array.from({ length: 8 }, () => 50), ...Array.from({ length: 25 }, () => 8)];

/** Prints the table; the first round of each contestant is not measured and fills the cache. */
export function benchBundle(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-bench-'));
  try {
    const feed = makeFeed(join(folder, 'feed'));
    const made = join(folder, 'bundle');
    const results = race(
      [exporting(folder, feed, made), copying(folder, made), verifying(folder, made), summing(made)],
      rounds,
    );
    const rows = results.map(({ name, seconds }) => ({ name, median: median(seconds) }));
    const goals = [undefined, 1, undefined, 0.6];
    const judged = rows.map((row, index) => {
      const [goal, own] = [goals[index], rows[index - 1]];
      if (goal === undefined || !own) return row;
      const ratio = own.median / row.median;
      return { ...row, ratio, goal: `at most ${goal.toFixed(2)}`, ok: ratio <= goal };
    });
    process.stdout.write(`${table(judged)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return Promise.resolve();
}

function makeFeed(folder: string): string {
  mkdirSync(folder);
  const entries = sizes.map((size, index) => {
    const name = `file${index}.zip`;
    const sha256 = randomFile(join(folder, name), size * megabyte);
    return `<entry><productId>P${index}</productId><title>P${index}</title><version>1.0</version><installers><installer>
      <installerFile><installerURL>${name}</installerURL><zk:sha256>${sha256}</zk:sha256></installerFile>
      <zk:archive/></installer></installers></entry>`;
  });
  const feed = join(folder, 'feed.xml');
  const head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:zk="urn:zookit:feed:1"><title>Bench</title>';
  writeFileSync(feed, `${head}${entries.join('\n')}</feed>`);
  return feed;
}

function exporting(folder: string, feed: string, made: string): Contestant {
  const names = sizes.map((_size, index) => `P${index}`);
  const words = ['bundle', 'export', ...names, '--main-feed', feed, '--out', made, '--no-runtime'];
  return {
    name: 'zookit bundle export',
    prepare: () => rmSync(made, { recursive: true, force: true }),
    run: () => must(process.execPath, [program, ...words, '--quiet', '--root', join(folder, 'root')]).stdout,
  };
}

function copying(folder: string, made: string): Contestant {
  const copy = join(folder, 'copy');
  return {
    name: 'cp -r, sha256sum',
    prepare: () => rmSync(copy, { recursive: true, force: true }),
    run: () => {
      must('cp', ['-r', made, copy]);
      return must('sh', ['-c', 'find "$1" -type f -exec sha256sum {} + >/dev/null', 'sh', copy]).stdout;
    },
  };
}

function verifying(folder: string, made: string): Contestant {
  const words = ['bundle', 'verify', made, '--quiet', '--root', join(folder, 'root')];
  return {
    name: 'zookit bundle verify',
    prepare: () => undefined,
    run: () => must(process.execPath, [program, ...words]).stdout,
  };
}

function summing(made: string): Contestant {
  return {
    name: 'sha256sum -c',
    prepare: () => undefined,
    run: () => must('sh', ['-c', 'cd "$1" && sha256sum --quiet -c SHA256SUMS', 'sh', made]).stdout,
  };
}

// 10,000 small and 20 large files in a zip and a tar.gz: Zookit against unzip and tar.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contestant } from './measure.js';
import { median, race, table } from './measure.js';
import { must } from './must.js';

const unpackOnce = fileURLToPath(new URL('unpack-once.js', import.meta.url));

/** Prints a table; throws when zip, unzip or tar is missing. */
export async function benchUnpack(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-bench-'));
  try {
    makeTree(join(folder, 'source'));
    must('sh', ['-c', 'cd "$1/source" && zip -qr ../a.zip . && tar czf ../a.tar.gz .', 'sh', folder]);
    const pairs = [
      ['a.zip', 'unzip', (target: string) => must('unzip', ['-q', join(folder, 'a.zip'), '-d', target])],
      ['a.tar.gz', 'tar', (target: string) => must('tar', ['xzf', join(folder, 'a.tar.gz'), '-C', target])],
    ] as const;
    const contestants = pairs.flatMap(([archive, peer, unpack]) => [
      contestant(folder, `zookit ${archive}`, (target) => {
        rmSync(target, { recursive: true });
        must(process.execPath, [unpackOnce, join(folder, archive), target]);
      }),
      contestant(folder, peer, unpack),
    ]);
    const medians = race(contestants, rounds).map(({ name, seconds }) => ({ name, median: median(seconds) }));
    const rows = medians.map((row, index) => {
      const own = index % 2 === 1 ? medians[index - 1] : undefined;
      if (!own) return row;
      const ratio = own.median / row.median;
      return { ...row, ratio, goal: 'at most 1.50', ok: ratio <= 1.5 };
    });
    process.stdout.write(`${table(rows)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contestant(folder: string, name: string, unpack: (target: string) => unknown): Contestant {
  const target = join(folder, 'unpacked');
  return {
    name,
    prepare: () => {
      rmSync(target, { recursive: true, force: true });
      mkdirSync(target);
    },
    run: () => void unpack(target),
  };
}

function makeTree(folder: string): void {
  for (let index = 0; index < 10_000; index++) {
    const below = join(folder, `folder${index % 100}`);
    if (index < 100) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `file${index}.txt`), `line ${index}\n`.repeat(1 + ((index * 37) % 400)));
  }
  for (let index = 0; index < 20; index++) {
    writeFileSync(
      join(folder, `large${index}.bin`),
      Buffer.concat([randomBytes(2_000_000), Buffer.alloc(3_000_000, index)]),
    );
  }
}

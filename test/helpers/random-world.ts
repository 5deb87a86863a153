// Comes in: a generator. Goes out: a small world with everything that makes resolving hard, as text that can be read
// and pasted into a test.
import type { Random } from './random.js';

export interface RandomWorld {
  readonly world: string;
  readonly wanted: string;
  readonly present: string;
  readonly upgrade: ReadonlySet<string>;
}

const ids = ['A', 'B', 'C', 'D', 'E'];
const ranges = ['@^1', '@^2', '@1', '@>=2', '@<2', '@3', '@1.5||3', '@>=2rc1'];
const versions = ['1', '1.5', '2', '2rc1', '3'];

/** Up to five products with up to three versions each. */
export function randomWorld(random: Random): RandomWorld {
  const used = ids.slice(0, 2 + random.below(ids.length - 1));
  const lines = used.flatMap((id) =>
    random
      .shuffled(versions)
      .slice(0, 1 + random.below(3))
      .map((version) => `${id} ${version} ${words(random, used)}`),
  );
  const present = used.filter(() => random.chance(0.2)).map((id) => `${id}@${random.pick(versions)}`);
  const asked = random.shuffled(used).slice(0, 1 + random.below(2));
  return {
    world: lines.join('\n'),
    wanted: asked.map((id) => id + (random.chance(0.3) ? random.pick(ranges) : '')).join(' '),
    present: present.join(' '),
    upgrade: new Set(used.filter(() => random.chance(0.15)).map((id) => id.toLowerCase())),
  };
}

function words(random: Random, used: readonly string[]): string {
  const found: string[] = [];
  if (random.chance(0.15)) found.push('*');
  if (random.chance(0.06)) found.push('-');
  if (random.chance(0.12)) found.push(`!${random.pick(used)}`);
  while (random.chance(0.5)) found.push(random.chance(0.35) ? or(random, used, 0) : need(random, used));
  return found.join(' ');
}

function or(random: Random, used: readonly string[], depth: number): string {
  const branches = Array.from({ length: 1 + random.below(3) }, () => {
    if (depth === 0 && random.chance(0.15)) return or(random, used, 1);
    return random.chance(0.2) ? `${need(random, used)} ${need(random, used)}` : need(random, used);
  });
  return `(${branches.join('|')})`;
}

function need(random: Random, used: readonly string[]): string {
  if (random.chance(0.04)) return 'Unknown';
  const id = random.chance(0.1) ? random.pick(used).toLowerCase() : random.pick(used);
  const system = random.chance(0.08) ? random.pick(['%windows', '%linux']) : '';
  return `${id}${random.chance(0.4) ? random.pick(ranges) : ''}${system}`;
}

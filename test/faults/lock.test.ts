// The lock itself: one holder at a time although holders die, and a lock of nobody is taken over whatever is left of it.
import assert from 'node:assert/strict';
import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isZombie, startOf } from '../../src/lib/alive.js';
import { removeStaleLocks, takeLock } from '../../src/lib/lock.js';
import { temporaryFolder } from '../helpers/folder.js';
import { seed } from '../helpers/moments.js';
import { seeded } from '../helpers/random.js';
import { assertDone, zookitWorld } from '../helpers/zookit.js';

const helper = fileURLToPath(new URL('../helpers/count-under-lock.js', import.meta.url));
const waiting = (): void => undefined;

/** A number that no process has any more. */
function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

/** Waits for what another process is about to do. */
async function until(holds: () => boolean): Promise<void> {
  for (let look = 0; !holds(); look++) {
    assert.ok(look < 12_000, `never came true: ${holds.toString()}`);
    await pause(10);
  }
}

function holder(pid: number, started: string): string {
  return JSON.stringify({ pid, started, since: new Date().toISOString(), id: 'of a test' });
}

test('processes that take it again and again, some of which die with it, never hold it together', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'count');
  writeFileSync(file, '0');
  const rounds = [9, 9, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3];
  const children = rounds.map((count) =>
    fork(helper, [join(folder, 'lock'), file, String(count), ...(count < 9 ? ['leave'] : [])]),
  );
  // Halted at any place, also between looking at a stale lock and removing it.
  const random = seeded(seed);
  const halting = setInterval(() => {
    const child = random.pick(children);
    child.kill('SIGSTOP');
    setTimeout(() => child.kill('SIGCONT'), random.below(60));
  }, 5);
  const statuses = await Promise.all(children.map((child) => new Promise((end) => child.once('exit', end))));
  clearInterval(halting);
  assert.deepEqual(statuses, Array(rounds.length).fill(0));
  assert.equal(Number(readFileSync(file, 'utf8')), 36, `ZOOKIT_SEED=${seed}`);
  await removeStaleLocks(folder);
  assert.deepEqual(readdirSync(folder), ['count']);
});

describe('stale locks', { concurrency: 1 }, () => {
  const stale: readonly (readonly [string, () => string])[] = [
    ['of a dead process', () => holder(deadProcess(), '1')],
    ['of a process that has its number from a dead one', () => holder(process.pid, '1')],
    ['empty', () => ''],
    ['torn', () => '{"pid":1,"sta'],
    ['of no process', () => holder(0, '')],
    ['not ours at all', () => '[]'],
  ];
  for (const [what, text] of stale)
    test(
      what,
      { skip: process.platform === 'linux' ? false : 'needs /proc' },
      async (context: TestContext) => {
        const zookit = zookitWorld(context);
        mkdirSync(zookit.root);
        writeFileSync(join(zookit.root, 'lock'), text());
        const ran = await zookit.run(['cache', 'clean']);
        assertDone(ran);
        assert.doesNotMatch(ran.stderr, /waiting/);
      },
    );
});

test('a lock that is held is respected, and given back by its holder only', async (context) => {
  const path = join(temporaryFolder(context), 'lock');
  const release = await takeLock(path, { waiting });
  await removeStaleLocks(join(path, '..'));
  await assert.rejects(takeLock(path, { waiting, patience: 0 }), { code: 'LOCKED' });
  const stopped = takeLock(path, { waiting, signal: AbortSignal.timeout(50) });
  await assert.rejects(stopped, { code: 'INTERRUPTED' });
  const others = holder(process.pid, startOf(process.pid) ?? '');
  writeFileSync(path, others);
  await release();
  assert.equal(readFileSync(path, 'utf8'), others);
});

test(
  'a holder that has ended and that nobody has asked for is dead',
  { skip: process.platform !== 'linux' },
  async (context) => {
    const path = join(temporaryFolder(context), 'lock');
    // The shell becomes a program that asks for no child. Only then does the child end: a shell may ask for its own.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    context.after(() => parent.kill('SIGKILL'));
    const [text] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(text.toString());
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
    process.kill(pid, 'SIGKILL');
    await until(() => isZombie(pid));
    writeFileSync(path, holder(pid, startOf(pid) ?? ''));
    const release = await takeLock(path, { waiting, patience: 0 });
    await release();
  },
);

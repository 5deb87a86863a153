// A process of its own that counts in a file under a lock: `count-under-lock LOCK FILE ROUNDS [leave]`. With `leave` it ends in
// the last round without giving the lock back, as a killed one does.
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { takeLock } from '../../src/lib/lock.js';

const [lock = '', file = '', rounds = '0', ending] = process.argv.slice(2);
for (let round = 1; round <= Number(rounds); round++) {
  const release = await takeLock(lock, { waiting: () => undefined });
  const before = Number(readFileSync(file, 'utf8'));
  await pause(1);
  writeFileSync(file, String(before + 1));
  if (ending === 'leave' && round === Number(rounds)) process.exit(0);
  await release();
}

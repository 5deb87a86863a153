// Comes in: the path of a lock. Goes out: the right to write, for one process at a time. Readers never ask. A lock is a
// file that appears whole or not at all and names its holder; the lock of a dead one is taken over. Knows no product.
import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { isRunning, isZombie, startOf } from './alive.js';
import { besideName, codeOf, diskError } from './files.js';
import { makeWithParents } from './make-folder.js';

export interface LockOptions {
  /** Told once, when somebody else holds it. */
  readonly waiting: (holder: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds; after that LOCKED. */
  readonly patience?: number;
  /** What it is for, in the error; the root unless said. */
  readonly of?: string;
  /** Stands in the lock for whoever finds it, when its holder is dead; random unless said. */
  readonly id?: string;
  /** Told the id of a dead holder, before anybody else can take the lock. */
  readonly takesOver?: (id: string) => Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** When that process began: a pid alone may be somebody else's by now. */
  readonly started: string;
  readonly since: string;
  /** No two locks are the same text. */
  readonly id: string;
}

/** Takes the lock; returns how to give it back. Waits for another zookit, and takes over from a dead one. */
export async function takeLock(path: string, options: LockOptions): Promise<() => Promise<void>> {
  const end = Date.now() + (options.patience ?? 600_000);
  const mine = lockText(options.id);
  await makeFolder(dirname(path));
  for (let told = false; ;) {
    if (options.signal?.aborted) throw stopped(options.signal.reason);
    const found = await readLock(path);
    if (found === undefined) {
      if (await create(path, mine)) return () => giveBack(path, mine);
      continue;
    }
    const holder = holderOf(found);
    if (!holder || !isAlive(holder)) {
      await takeOver(path, found, mine, options.takesOver);
      continue;
    }
    if (Date.now() > end) throw locked(path, holder, options.of);
    if (!told) options.waiting(`Another zookit (${nameOf(holder)}) is at work; waiting for it`);
    told = true;
    await pause(200, undefined, options.signal ? { signal: options.signal } : {}).catch((error: unknown) => {
      throw stopped(error);
    });
  }
}

/** Who holds a lock, and whether that process lives; undefined when nobody does. Takes and changes nothing. */
export async function lockHolder(
  path: string,
): Promise<{ readonly name: string; readonly alive: boolean } | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const holder = holderOf(text);
  return holder ? { name: nameOf(holder), alive: isAlive(holder) } : { name: 'nobody', alive: false };
}

/** Removes the locks of dead processes in a folder: those that nobody asks for any more. */
export async function removeStaleLocks(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/(^|\.)lock(\.[0-9a-f]{12})*$/.test(name)) continue;
    const found = await readLock(join(folder, name));
    const holder = found === undefined ? undefined : holderOf(found);
    if (found !== undefined && !(holder && isAlive(holder)))
      await takeOver(join(folder, name), found, lockText());
  }
}

function lockText(id: string = randomUUID()): string {
  const { pid } = process;
  const holder: Holder = {
    pid,
    started: startOf(pid) ?? '',
    since: new Date().toISOString(),
    id,
  };
  return JSON.stringify(holder);
}

/** Makes the file with its text in one go; false when it is there already. */
async function create(path: string, text: string): Promise<boolean> {
  const temporary = besideName(path, 'lock');
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    return await nameAlso(temporary, path, text);
  } catch (error) {
    throw diskError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function nameAlso(temporary: string, path: string, text: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    // ENOENT: a zookit of another container took our temporary file for a leftover.
    if (['EEXIST', 'ENOENT'].includes(codeOf(error) ?? '')) return false;
    // A disk that knows no second names (FAT, some shares) has its own word for that; what is wrong otherwise shows again.
    return createInPlace(path, text);
  }
}

async function createInPlace(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function giveBack(path: string, mine: string): Promise<void> {
  if ((await readText(path)) === mine) await rm(path, { force: true });
}

/**
 * Removes a stale lock. Of several who see it only one may do that, or the second would remove the fresh lock of the first:
 * the right to remove is a lock too, named for the very text that is stale.
 */
async function takeOver(
  path: string,
  stale: string,
  mine: string,
  takesOver?: LockOptions['takesOver'],
): Promise<void> {
  const claim = `${path}.${createHash('sha256').update(stale).digest('hex').slice(0, 12)}`;
  if (await create(claim, mine)) {
    try {
      if ((await readText(path)) !== stale) return;
      const id = holderOf(stale)?.id;
      if (id !== undefined) await takesOver?.(id);
      await rm(path, { force: true });
    } finally {
      await rm(claim, { force: true });
    }
    return;
  }
  const found = await readLock(claim);
  const holder = found === undefined ? undefined : holderOf(found);
  if (found !== undefined && !(holder && isAlive(holder))) await takeOver(claim, found, mine);
  else await pause(20);
}

/** The text of a lock, or undefined when there is none. Where locks are made in place, one may have no text yet. */
async function readLock(path: string): Promise<string | undefined> {
  let text = await readText(path);
  for (let look = 0; look < 5 && text !== undefined && !holderOf(text); look++) {
    await pause(50);
    text = await readText(path);
  }
  return text;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw diskError(error, path);
  }
}

/** Who holds it; undefined for a text that was torn by a crash. */
function holderOf(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (!isRunning(pid) || isZombie(pid)) return false;
  const found = startOf(pid);
  return found === undefined || started === '' || found === started;
}

async function makeFolder(folder: string): Promise<void> {
  await makeWithParents(resolve(folder)).catch((error: unknown) => {
    if (!['EEXIST', 'ENOTDIR', 'ENOENT', 'ENAMETOOLONG'].includes(codeOf(error) ?? ''))
      throw diskError(error, folder);
    throw new AppError('USAGE', `The root '${folder}' is not a folder`, {
      cause: error,
      hint: 'Name another one with `--root DIR`',
    });
  });
}

function stopped(cause: unknown): AppError {
  return new AppError('INTERRUPTED', 'Stopped while waiting for another zookit', { cause });
}

function nameOf({ pid, since }: Holder): string {
  return `process ${pid}, since ${since}`;
}

function locked(path: string, holder: Holder, of = 'the root'): AppError {
  return new AppError('LOCKED', `Another zookit holds ${of}`, {
    details: [nameOf(holder), `Lock ${path}`],
    hint: 'Wait for it, or end that process; a lock of a dead process is taken over by itself',
  });
}

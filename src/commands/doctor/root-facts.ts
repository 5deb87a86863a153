// Looks at the root for `zookit doctor`: its folder, journal, lock and cache. Comes in: a context. Goes out: facts. Takes
// no lock and changes nothing; of the cache only names and sizes are looked at, which takes no time however much is kept.
import { existsSync } from 'node:fs';
import { access, constants, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../../context.js';
import { messageOf } from '../../errors.js';
import { replay } from '../../install/installed.js';
import { openJournal } from '../../install/journal.js';
import { codeOf, exists } from '../../lib/files.js';
import { foreignHands, foreignOwner } from '../../lib/folder-owner.js';
import { lockHolder } from '../../lib/lock.js';
import { untrustedFolder } from '../../lib/windows-acl.js';
import { readWaiting } from '../resume-file.js';

export interface RootFacts {
  readonly path: string;
  /** `absent`: the first installation makes it. */
  readonly state: 'absent' | 'folder' | 'no folder';
  /** Why an administrator may not run what lies there: the same rules as before anything is written. */
  readonly distrust?: string;
  /** Bits of permission; absent on Windows. */
  readonly mode?: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly journal: {
    readonly path: string;
    /** Why it cannot be read. */
    readonly trouble?: string;
    readonly lines: number;
    /** Lines that say nothing: torn by a crash. */
    readonly torn: number;
    readonly installed: number;
    /** `Django 5.2.1`: a run ended while they came or went. */
    readonly interrupted: readonly string[];
    /** Installed on the machine, and their folder or program is gone. */
    readonly gone: readonly string[];
  };
  readonly lock?: { readonly name: string; readonly alive: boolean };
  readonly cache: CacheFacts;
  /** Products whose installers demanded a restart: their installation is to go on after it. */
  readonly waiting: readonly string[];
  /** Why nobody can tell which those are. */
  readonly waitingTrouble?: string;
}

export interface CacheFacts {
  readonly files: number;
  readonly bytes: number;
  /** Names of files that cannot be what their place says. */
  readonly damaged: readonly string[];
  /** Bytes of downloads that were broken off. */
  readonly partial: number;
}

type Looking = Pick<Context, 'paths' | 'run' | 'variables'>;

/** Looks at all of it. */
export async function rootFacts(context: Looking): Promise<RootFacts> {
  const { paths } = context;
  const path = dirname(paths.journal);
  const information = await stat(path).catch(() => undefined);
  const allowed = (mode: number): Promise<boolean> =>
    access(path, mode).then(
      () => true,
      () => false,
    );
  const [readable, writable, journal, lock, cache, distrust, waiting] = await Promise.all([
    allowed(constants.R_OK),
    allowed(constants.W_OK),
    journalFacts(paths.journal),
    lockHolder(paths.lock).catch(() => undefined),
    cacheFacts(paths.cache),
    information === undefined ? undefined : reasonForDistrust(context, path),
    waitingFacts(paths.resume),
  ]);
  return {
    path,
    state: information === undefined ? 'absent' : information.isDirectory() ? 'folder' : 'no folder',
    readable,
    writable,
    journal,
    cache,
    ...waiting,
    ...(lock === undefined ? {} : { lock }),
    ...(distrust === undefined ? {} : { distrust }),
    ...(information === undefined || process.platform === 'win32' ? {} : { mode: information.mode & 0o777 }),
  };
}

async function waitingFacts(path: string): Promise<Pick<RootFacts, 'waiting' | 'waitingTrouble'>> {
  return readWaiting(path).then(
    (waiting) => ({ waiting: waiting.map(({ product }) => product) }),
    (error: unknown) => ({ waiting: [], waitingTrouble: messageOf(error) }),
  );
}

async function reasonForDistrust(
  { paths, run, variables }: Looking,
  state: string,
): Promise<string | undefined> {
  if (process.platform !== 'win32') {
    if (process.getuid?.() !== 0) return undefined;
    return paths.machineWide ? foreignHands(state) : foreignOwner(state);
  }
  if (!paths.machineWide) return undefined;
  const found = await untrustedFolder(
    run,
    variables,
    [paths.programs, state].filter((each) => existsSync(each)),
  );
  return found && `'${found.folder}': ${found.reason}`;
}

async function journalFacts(path: string): Promise<RootFacts['journal']> {
  const nothing = { path, lines: 0, torn: 0, installed: 0, interrupted: [], gone: [] };
  try {
    const [text, lines] = await Promise.all([textOf(path), openJournal(path).read()]);
    const written = text.split('\n').filter((line) => line.trim() !== '').length;
    const { installed, interrupted, leaving } = replay(lines);
    const gone: string[] = [];
    for (const each of installed)
      if (each.place === 'machine' && each.path !== undefined && !(await exists(each.path)))
        gone.push(`${each.product} ${each.version}`.trim());
    return {
      ...nothing,
      lines: lines.length,
      torn: written - lines.length,
      installed: installed.length,
      interrupted: [...interrupted, ...leaving].map(({ product, version }) => `${product} ${version}`.trim()),
      gone,
    };
  } catch (error) {
    return { ...nothing, trouble: messageOf(error) };
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return '';
    throw error;
  });
}

/** Every kept file lies in a folder that is named for its SHA-256. */
const hashName = /^[0-9a-f]{64}$/;

async function cacheFacts(folder: string): Promise<CacheFacts> {
  const files = join(folder, 'files');
  const damaged: string[] = [];
  let [count, bytes] = [0, 0];
  const hashes = await namesIn(files);
  for (const hash of hashes) {
    const names = await namesIn(join(files, hash));
    if (!hashName.test(hash)) damaged.push(hash);
    for (const name of names) {
      const { size = 0 } = (await stat(join(files, hash, name)).catch(() => undefined)) ?? {};
      count += 1;
      bytes += size;
      if (size === 0) damaged.push(name);
    }
  }
  return { files: count, bytes, damaged, partial: await bytesIn(join(folder, 'partial')) };
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await namesIn(folder)).map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

// Comes in: the entries that an archive lists. Goes out: nothing, or an error that names the bad one. Pure: decides
// before a byte is written. Knows neither zip nor tar.
// What is wrong with a single name tells file-name.ts; here it is what several of them make together.
import { posix } from 'node:path';
import { AppError } from '../errors.js';
import { nameProblem } from './file-name.js';

export interface ArchiveEntry {
  /** As the archive says it; a folder may end in `/`. */
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link' | 'hardlink' | 'other';
  /** Bytes when unpacked. */
  readonly size: number;
  /** Where a link points to. */
  readonly target?: string;
}

export interface ArchiveLimits {
  readonly entries: number;
  /** Bytes, unpacked. */
  readonly bytes: number;
  /** Unpacked bytes for each packed byte; counts from 100 MB on. */
  readonly ratio: number;
}

export const defaultLimits: ArchiveLimits = { entries: 200_000, bytes: 8 * 1024 ** 3, ratio: 200 };

/** Takes entries in the order of the archive. */
export interface EntryChecker {
  /** Throws INSTALLER_FAILED for an entry that may not be unpacked; call it before a byte of the entry is written. */
  readonly check: (entry: ArchiveEntry) => void;
}

/** A checker for one archive; `packed` is the archive's size in bytes, `strip` how many folders of its top will be dropped. */
export function createEntryChecker(packed: number, limits = defaultLimits, strip = 0): EntryChecker {
  const spelled = new Map<string, string>();
  const links = new Set<string>();
  let count = 0;
  let bytes = 0;
  return {
    check(entry) {
      const name = plainName(entry.name);
      const problem = problemOf(entry.name) ?? clashOf(name, entry, spelled) ?? behindLink(name, links);
      if (problem !== undefined) refuse(`entry '${printable(entry.name)}' ${problem}`);
      checkLink(entry, name, links, strip);
      count++;
      bytes += entry.size;
      if (count > limits.entries) refuse(`it has more than ${limits.entries} entries`);
      if (bytes > limits.bytes) refuse(`it unpacks to more than ${limits.bytes} bytes`);
      if (bytes > 100_000_000 && bytes > packed * limits.ratio) {
        refuse(`it unpacks to more than ${limits.ratio} times its size`);
      }
    },
  };
}

/** A link can never become a folder: what lies behind it, before or after it in the archive, would go elsewhere. */
function behindLink(name: string, links: ReadonlySet<string>): string | undefined {
  const link = parentsOf(name).find((parent) => links.has(parent));
  return link === undefined ? undefined : `lies behind the link '${printable(link)}'`;
}

/** `a/./b//c/` is `a/b/c`: one spelling, or a link would not be found again. */
function plainName(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.join('/');
}

function problemOf(name: string): string | undefined {
  if (name.startsWith('/') || name.startsWith('\\') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  if (name.includes('\\')) return 'has a backslash in its name';
  for (const part of name.split('/')) {
    if (part === '..') return 'climbs out of the folder';
    const problem = nameProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Two names that differ only in case, in any folder of the way, are one file on Windows; on macOS also `ä` in one or two parts. */
function clashOf(name: string, entry: ArchiveEntry, spelled: Map<string, string>): string | undefined {
  for (const path of [...parentsOf(name), name]) {
    const folded = path.normalize('NFC').toUpperCase();
    const before = spelled.get(folded);
    if (before !== undefined && before !== path) return `differs from '${printable(before)}' only in case`;
    if (before === path && path === name && entry.type !== 'folder') return 'stands twice in the archive';
    spelled.set(folded, path);
  }
  return undefined;
}

function checkLink(entry: ArchiveEntry, name: string, links: Set<string>, strip: number): void {
  if (entry.type === 'other') refuse(`entry '${printable(entry.name)}' is a device or a pipe`);
  if (entry.type !== 'link' && entry.type !== 'hardlink') return;
  const target = entry.target ?? '';
  // A symbolic link counts from its own folder, a hard link from the archive's root.
  const goal = plainName(
    posix.normalize(entry.type === 'link' ? posix.join(posix.dirname(name), target) : target),
  );
  const isOutside =
    problemOf(goal) !== undefined ||
    isTwisted(target) ||
    (entry.type === 'link' && leavesTop(name, goal, strip));
  if (target === '' || isOutside || target.startsWith('/') || target.includes('\\')) {
    refuse(`entry '${printable(entry.name)}' is a link to '${printable(target)}', outside of the folder`);
  }
  // The copy of a link counts from another folder than the link did.
  if (entry.type === 'hardlink' && (links.has(goal) || behindLink(goal, links) !== undefined)) {
    refuse(`entry '${printable(entry.name)}' is a hard link to the link '${printable(target)}'`);
  }
  if (entry.type === 'link') links.add(name);
}

/** Where `up` is a link, `up/..` is not the folder that `up` lies in: a way up is taken first or not at all. */
function isTwisted(target: string): boolean {
  const parts = plainName(target).split('/');
  return parts.some(
    (part, index) => part === '..' && parts.slice(0, index).some((before) => before !== '..'),
  );
}

/** A link out of the folders that will be dropped would lead out of the whole. */
function leavesTop(name: string, goal: string, strip: number): boolean {
  const top = name.split('/').slice(0, strip);
  return goal.split('/').slice(0, strip).join('/') !== top.join('/');
}

function parentsOf(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function printable(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, '?').slice(0, 120);
}

function refuse(reason: string): never {
  throw new AppError('INSTALLER_FAILED', `The archive is refused: ${reason}`, {
    hint: 'Do not use the file; ask the owner of the feed for another one',
  });
}

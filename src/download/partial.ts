// Comes in: a file that is wanted. Goes out: its half-made file on disk, found again after a break or a kill. Knows no
// network: what may be continued is decided by the validator (RFC 9110, section 8.8) that is kept beside it.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutCredentials } from '../lib/credentials.js';
import { readIfThere, writeWhole } from '../lib/files.js';
import type { FileRequest } from '../types.js';

export interface Partial {
  readonly path: string;
  /** What makes sure that the rest is of the same file: an entity tag or a date; absent = none. */
  readonly origin: Origin | undefined;
  /** Bytes that are there. */
  readonly size: number;
}

export interface Origin {
  /** Without user and password when it was read from the disk. */
  readonly url: string;
  readonly validator?: string;
}

/** What is there of a file, or an empty start. */
export async function findPartial(folder: string, request: FileRequest): Promise<Partial> {
  const path = pathOf(folder, request);
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  const text = size > 0 ? await readIfThere(`${path}.json`) : undefined;
  return { path, size, origin: text === undefined ? undefined : parseOrigin(text) };
}

/** The file to write to, from `start` bytes on; `origin` is remembered before the first byte. */
export async function openPartial(partial: Partial, start: number, origin: Origin): Promise<FileHandle> {
  await mkdir(join(partial.path, '..'), { recursive: true });
  if (start === 0) {
    await rm(partial.path, { force: true });
    // An address may hold a password, which stands in no file.
    const shown = { ...origin, url: withoutCredentials(origin.url) };
    await writeWhole(`${partial.path}.json`, JSON.stringify(shown), 0o600);
  }
  return open(partial.path, start === 0 ? 'wx' : 'r+', 0o644);
}

/** Forgets a half-made file. */
export async function dropPartial(partial: Partial): Promise<void> {
  await rm(partial.path, { force: true });
  await rm(`${partial.path}.json`, { force: true });
}

/** Forgets origins whose file is not there: it is kept by now. */
export async function dropOrphans(folder: string): Promise<void> {
  const names = new Set(await readdir(folder).catch(() => []));
  for (const name of names) {
    if (name.endsWith('.part.json') && !names.has(name.slice(0, -'.json'.length)))
      await rm(join(folder, name), { force: true });
  }
}

/** Where the lock of a transfer lies: two runs never write to one file. */
export function lockOf(folder: string, request: FileRequest): string {
  return `${pathOf(folder, request)}.lock`;
}

function pathOf(folder: string, request: FileRequest): string {
  const address = request.kind === 'url' ? (request.urls[0] ?? '') : request.name;
  const key = request.sha256 ?? createHash('sha256').update(address).digest('hex');
  return join(folder, `${key.toLowerCase()}.part`);
}

function parseOrigin(text: string): Origin | undefined {
  try {
    const origin = JSON.parse(text) as Origin;
    return typeof origin.url === 'string' ? origin : undefined;
  } catch {
    return undefined;
  }
}

// Comes in: the address of a feed, and what a server answered. Goes out: the copy that was kept, whole or not at all.
// Text and facts are two files; the facts name the hash of the text, so a pair that was torn by a kill is no copy.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutCredentials } from '../lib/credentials.js';
import { writeWhole } from '../lib/files.js';

/** What is known of a kept copy. */
export interface CopyFacts {
  /** Without user and password, as `base` in the file. */
  readonly address: string;
  /** The address that answered, after redirects. */
  readonly base: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** When the server was last heard saying that this is its feed; ISO 8601. */
  readonly checked: string;
  /** Of the bytes that were kept; lower-case hex. */
  readonly sha256: string;
}

export interface Copy {
  readonly bytes: Uint8Array;
  readonly facts: CopyFacts;
}

/** The kept copy of an address, or undefined when there is none that is whole. */
export async function readCopy(cacheDirectory: string, address: string): Promise<Copy | undefined> {
  try {
    const [text, facts] = filesOf(cacheDirectory, address);
    const bytes = await readFile(text);
    const read: unknown = JSON.parse(await readFile(facts, 'utf8'));
    const usable =
      isFacts(read) && read.address === withoutCredentials(address) && read.sha256 === hashOf(bytes);
    return usable ? { bytes, facts: { ...read, base: withCredentialsOf(address, read.base) } } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a copy in place of the one before. Rejects as writeWhole does. */
export async function keepCopy(
  cacheDirectory: string,
  bytes: Uint8Array,
  facts: Omit<CopyFacts, 'sha256'>,
): Promise<void> {
  const [textFile, factsFile] = filesOf(cacheDirectory, facts.address);
  // An address may hold a password, which stands in no file but the list of saved feeds.
  const shown = { address: withoutCredentials(facts.address), base: withoutCredentials(facts.base) };
  await writeWhole(textFile, bytes, 0o600);
  await writeWhole(factsFile, JSON.stringify({ ...facts, ...shown, sha256: hashOf(bytes) }, null, 1), 0o600);
}

/** Files beside a feed are behind the same password, as long as they are on the same server. */
function withCredentialsOf(address: string, base: string): string {
  const from = new URL(address);
  const to = new URL(base);
  if (from.origin !== to.origin) return base;
  to.username = from.username;
  to.password = from.password;
  return to.href;
}

/** Addresses become hashes: they may hold what a file name cannot, and credentials that a listing should not show. */
function filesOf(cacheDirectory: string, address: string): [text: string, facts: string] {
  const name = hashOf(address).slice(0, 32);
  return [join(cacheDirectory, `${name}.xml`), join(cacheDirectory, `${name}.json`)];
}

function hashOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function isFacts(value: unknown): value is CopyFacts {
  if (typeof value !== 'object' || value === null) return false;
  const { address, base, checked, sha256, etag, lastModified } = value as Record<string, unknown>;
  const needed = [address, base, checked, sha256].every((each) => typeof each === 'string');
  return needed && [etag, lastModified].every((each) => each === undefined || typeof each === 'string');
}

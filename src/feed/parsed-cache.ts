// Comes in: what a feed was read from. Goes out: the Feed as it was read last time, when all of that is the same and the
// reading code too. One file for each address, one line that says what it is for, then JSON. Never fails: no file, no gain.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutCredentials } from '../lib/credentials.js';
import { writeWhole } from '../lib/files.js';
import type { Feed } from '../types.js';

/** Everything that the reading of a feed depends on. */
export interface ParsedKey {
  readonly text: string;
  readonly address: string;
  readonly base: string;
  readonly strings?: ReadonlyMap<string, string>;
}

interface Header {
  /** Of the key, and of the code that read it. */
  readonly key: string;
  /** Of all that follows the header's line: a damaged file is no file. */
  readonly sha256: string;
}

type MapField = {
  [Name in keyof Feed]-?: NonNullable<Feed[Name]> extends ReadonlyMap<string, unknown> ? Name : never;
}[keyof Feed];

/** JSON has no maps: these fields are lists of pairs there. A new one in Feed is missed by the compiler. */
const mapFields: Readonly<Record<MapField, true>> = {
  hints: true,
  dependencies: true,
  osLists: true,
  oses: true,
  keywords: true,
  resources: true,
};

/** Feeds come and go; the files of those that were read longest ago are thrown away. */
const maximumFiles = 64;

/** The feed that was kept for exactly this key, or undefined. */
export async function readParsed(cacheDirectory: string, key: ParsedKey): Promise<Feed | undefined> {
  try {
    const bytes = await readOwn(fileFor(cacheDirectory, key));
    const end = bytes.indexOf('\n');
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as Header;
    const body = bytes.subarray(end + 1);
    if (header.key !== hashOfKey(key) || header.sha256 !== hashOf(body)) return undefined;
    return withMaps(JSON.parse(body.toString('utf8')) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

/** Keeps a feed in place of what was kept for its address. A root that cannot be written costs the next run its time. */
export async function keepParsed(cacheDirectory: string, key: ParsedKey, feed: Feed): Promise<void> {
  // Every address of such a feed holds the password, and no file is to.
  if ([key.address, key.base].some((address) => withoutCredentials(address) !== address)) return;
  const body = JSON.stringify(feed, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  const header: Header = { key: hashOfKey(key), sha256: hashOf(body) };
  try {
    await writeWhole(fileFor(cacheDirectory, key), `${JSON.stringify(header)}\n${body}`, 0o600);
    await removeOldest(cacheDirectory);
  } catch {
    return;
  }
}

/** Throws away all that was kept: it is read again from the feeds themselves. */
export async function forgetParsed(cacheDirectory: string): Promise<void> {
  const names = await readdir(cacheDirectory).catch(() => []);
  const own = names.filter((name) => name.endsWith(ending));
  await Promise.all(own.map((name) => rm(join(cacheDirectory, name), { force: true })));
}

/** Somebody else's file could put other hashes into a feed that is read elsewhere: an administrator takes none. */
async function readOwn(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { uid } = await file.stat();
    if (process.geteuid !== undefined && uid !== process.geteuid()) throw new Error('of another user');
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function withMaps(read: Readonly<Record<string, unknown>>): Feed {
  const maps = Object.keys(mapFields).flatMap((name) =>
    read[name] === undefined ? [] : [[name, new Map(read[name] as [string, unknown][])] as const],
  );
  return { ...read, ...Object.fromEntries(maps) } as unknown as Feed;
}

const ending = '.feed.json';

/** One for the feed as it stands, one for the culture that was asked for last. */
function fileFor(cacheDirectory: string, { address, strings }: ParsedKey): string {
  return join(cacheDirectory, `${hashOf(address).slice(0, 32)}${strings ? '.texts' : ''}${ending}`);
}

function hashOfKey({ text, address, base, strings }: ParsedKey): string {
  const texts = strings ? [...strings] : null;
  return hashOf(JSON.stringify([readerVersion(), hashOf(text), address, base, texts]));
}

let knownVersion: string | undefined;

/** Of the code that reads feeds, as it was built: whoever changes or updates it gets no feed of the code before. */
function readerVersion(): string {
  if (knownVersion !== undefined) return knownVersion;
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const files = [...names.sort(), join('..', 'lib', 'xml.js')].map((name) => join(folder, name));
  knownVersion = hashOf(files.map((file) => hashOf(readFileSync(file))).join());
  return knownVersion;
}

async function removeOldest(cacheDirectory: string): Promise<void> {
  const names = (await readdir(cacheDirectory)).filter((name) => name.endsWith(ending));
  if (names.length <= maximumFiles) return;
  const paths = names.map((name) => join(cacheDirectory, name));
  const aged = await Promise.all(paths.map(async (path) => ({ path, time: (await stat(path)).mtimeMs })));
  const oldest = aged.sort((one, other) => one.time - other.time).slice(0, names.length - maximumFiles);
  await Promise.all(oldest.map(({ path }) => rm(path, { force: true })));
}

function hashOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

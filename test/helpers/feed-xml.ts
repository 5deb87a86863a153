// Comes in: the few elements that a test is about. Goes out: the text of a feed around them, and a server on loopback that
// offers it as `/feed.xml` with its files beside it. Knows the format's frame only.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TestServer } from './server.js';
import { send, startServer } from './server.js';

export interface EntryParts {
  /** Ids, or `dependency` content as XML. */
  readonly needs?: string;
  readonly installers?: string;
  /** Further elements of the entry. */
  readonly more?: string;
}

/** A feed of these entries. */
export function feedXml(...entries: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:zk="urn:zookit:feed:1">',
    '<version>1.0</version><title>Test</title>',
    ...entries,
    '</feed>\n',
  ].join('\n');
}

/** An entry; without installers it has one that does nothing. */
export function entryXml(id: string, version: string, parts: EntryParts = {}): string {
  const { needs, installers = nothing, more = '' } = parts;
  const dependency = needs === undefined ? '' : `<dependency>${needs}</dependency>`;
  return `<entry><productId>${id}</productId><title>${id}</title><version>${version}</version>
  <summary>${id} of a test</summary>${more}${dependency}<installers>${installers}</installers></entry>`;
}

/** `<productId>`s of a dependency; `B@>=1` has a range. */
export function needs(...words: readonly string[]): string {
  const each = words.map((word) => {
    const [id = '', range] = word.split(/@(.*)/s);
    return `<productId${range === undefined ? '' : ` zk:range="${escaped(range)}"`}>${id}</productId>`;
  });
  if (each.length < 2) return each.join('');
  return `<and>${each.map((one) => `<dependency>${one}</dependency>`).join('')}</and>`;
}

/** An `or` of ids. */
export function oneOf(...words: readonly string[]): string {
  return `<or>${words.map((word) => `<dependency>${needs(word)}</dependency>`).join('')}</or>`;
}

export const nothing = '<installer><zk:nothing/></installer>';

/** Every Python on PATH is one; there is nothing to install it with. */
export const anyPython = `<entry><productId>Python</productId><title>Python</title><version>3.99</version>
  <discoveryHint><zk:python/></discoveryHint></entry>`;

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function sha256File(path: string): string {
  return sha256(readFileSync(path));
}

/** An `installerFile` with the hash of `content`. */
export function fileXml(address: string, content: string | Uint8Array): string {
  return `<installerFile><installerURL>${address}</installerURL><zk:sha256>${sha256(content)}</zk:sha256></installerFile>`;
}

/** An installer that unpacks a file. */
export function archiveXml(address: string, content: Uint8Array, attributes = ''): string {
  return `<installer>${fileXml(address, content)}<zk:archive ${attributes}/></installer>`;
}

export interface FeedServer extends TestServer {
  /** The feed's address. */
  readonly feed: string;
}

/** Serves a feed and files, by their paths without a leading slash. */
export async function serveFeed(
  test: Parameters<typeof startServer>[0],
  feed: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<FeedServer> {
  const routes = Object.entries({ 'feed.xml': feed, ...files }).map(([name, body]) => [
    `/${name}`,
    send(body),
  ]);
  const server = await startServer(
    test,
    Object.fromEntries(routes) as Record<string, ReturnType<typeof send>>,
  );
  return { ...server, feed: `${server.address}/feed.xml` };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

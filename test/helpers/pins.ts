// Entries of a feed for the tests of pinning, from a few words each.
import assert from 'node:assert/strict';
import type { Entry } from '../../src/types.js';
import { parseFeed } from '../../src/feed/parse.js';

/** A hash as feeds write it; of nothing. */
export const someHash = 'ab'.repeat(32);

/** Read by the real parser, which must have nothing to say against them. */
export function entries(text: string): readonly Entry[] {
  const feed = parseFeed(`<feed xmlns:zk="urn:zookit:feed:1">${text}</feed>`, '/feed.xml');
  assert.deepEqual(feed.warnings, []);
  return feed.entries;
}

/** A product whose hint looks for a distribution, with the given pins. */
export function entry(id: string, version: string, distribution: string, packages: string): string {
  return `<entry><productId>${id}</productId><title>${id}</title><version>${version}</version>
    <discoveryHint><zk:pythonPackage name="${distribution}"/></discoveryHint><installers><installer>
    <zk:pythonPackages python="&gt;=3.10">${packages}</zk:pythonPackages></installer></installers></entry>`;
}

export function pinnedPackage(name: string, version: string): string {
  return `<zk:package name="${name}" version="${version}"><zk:file name="${name}-${version}-py3-none-any.whl" sha256="${someHash}"/></zk:package>`;
}

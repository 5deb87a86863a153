// The layout of an offline bundle: every name that is fixed inside it, and the noun that its index file holds. Imports types
// only; what writes a bundle and what checks one agree here and nowhere else.
import type { Platform } from '../types.js';

/** Paths inside a bundle, with `/`. */
export const bundleNames = {
  /** What the bundle is: see `BundleIndex`. */
  index: 'bundle.json',
  /** A feed cut to what is inside; its addresses are relative to itself. */
  feed: 'feed/feed.xml',
  /** Below: `<sha256>/<real name>`, as in the cache. */
  files: 'files',
  /** CycloneDX 1.6, JSON. */
  contents: 'sbom.cdx.json',
  /** Lines `<sha256>  <path>` of every other file but the signature, sorted by path; as `sha256sum -c` reads them. */
  sums: 'SHA256SUMS',
  /** Ed25519 over the bytes of `sums`, base64, one line. */
  signature: 'SHA256SUMS.sig',
  /** The public key in PEM (SubjectPublicKeyInfo); listed in `sums`. */
  key: 'signer.pem',
  /** Zookit itself with what it needs: a tar.gz with one folder, `zookit`. */
  tool: 'tool/zookit.tar.gz',
  /** Unpacks the tool with nothing but Node. */
  unpacker: 'tool/unpack.cjs',
  /** Below: `<os>-<arch>/` with `node` or `node.exe`, and its LICENSE. */
  runtimes: 'runtime',
  installCmd: 'install.cmd',
  installSh: 'install.sh',
  readme: 'README.txt',
} as const;

/** What operating systems and browsers leave on sticks: not ours, no harm, told as a warning. */
export const strayNames = [
  'System Volume Information',
  'desktop.ini',
  'Thumbs.db',
  '.DS_Store',
  '$RECYCLE.BIN',
];

/** A machine that the bundle is for. */
export interface BundleTarget {
  /** `windows-x64`: the folder of its runtime. */
  readonly name: string;
  readonly platform: Platform;
  /** The minor version of Python that wheels are for: `3.13`. */
  readonly python: string;
}

export interface BundleProduct {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** Asked for by name; the others are needed by these. */
  readonly asked: boolean;
  /** SPDX, or the address of the licence; empty when the feed tells none. */
  readonly license: string;
  /** Names of the targets that it is for. */
  readonly targets: readonly string[];
  /** Bytes of its files in the bundle; a file of two products counts for both. */
  readonly bytes: number;
}

/** `bundle.json`. Holds no time and no path of the machine that made it: same input, same bytes. */
export interface BundleIndex {
  readonly bundle: 1;
  /** Version of the Zookit inside. */
  readonly zookit: string;
  readonly targets: readonly BundleTarget[];
  readonly products: readonly BundleProduct[];
  /** What the target's system must have itself: Windows features, a Python of a minor version, packages of the system. */
  readonly needs: readonly {
    readonly target: string;
    readonly kind: 'feature' | 'python' | 'system';
    readonly name: string;
  }[];
  /** `digest` of the older bundle that this one is a difference to: its SHA256SUMS, hashed. */
  readonly base?: string;
}

// Comes in: a feed, files and products. Goes out: an offline bundle of them as a folder, made here by hand, signed when a
// key is given. Knows the layout; what export does is not tested with it.
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexText } from '../../src/bundle/index-file.js';
import type { BundleIndex } from '../../src/bundle/layout.js';
import { bundleNames } from '../../src/bundle/layout.js';
import { scriptFiles } from '../../src/bundle/scripts.js';
import { sumsText } from '../../src/bundle/sums.js';
import { toolArchive } from '../../src/bundle/tool.js';
import { thisPlatform } from '../../src/catalog/platform.js';
import { fingerprintOf, generateKey, publicKeyOf, sign } from '../../src/lib/signing.js';
import type { Platform } from '../../src/types.js';
import { archiveXml, entryXml, feedXml, sha256 } from './feed-xml.js';
import { makeTarGz } from './archives.js';

export interface BundleParts {
  readonly feed: string;
  /** By their real names. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Ids of products that were asked for. */
  readonly asked: readonly string[];
  readonly platform?: Platform;
  readonly needs?: BundleIndex['needs'];
  readonly base?: string;
  /** A private key. */
  readonly key?: string;
  /** The program that is Node for the target; with it come the tool and the scripts. */
  readonly node?: string;
}

export interface SmallBundle {
  readonly folder: string;
  readonly digest: string;
  readonly fingerprint: string | undefined;
}

/** Paths of the repository, which tests run from dist of. */
const top = fileURLToPath(new URL('../../../', import.meta.url));

/** The product Tool 1.0: an archive with one file. */
export function toolParts(content = 'a tool\n'): Pick<BundleParts, 'feed' | 'files' | 'asked'> {
  const archive = makeTarGz([{ name: 'tool-1.0/tool.txt', content }]);
  const address = `../files/${sha256(archive)}/tool-1.0.tar.gz`;
  const entry = entryXml('Tool', '1.0', { installers: archiveXml(address, archive, 'strip="1"') });
  return { feed: feedXml(entry), files: { 'tool-1.0.tar.gz': archive }, asked: ['Tool'] };
}

/** Makes the bundle in a new folder. */
export async function makeBundle(folder: string, parts: BundleParts): Promise<SmallBundle> {
  const { feed, files, key, node } = parts;
  const index = indexOf(parts);
  put(folder, bundleNames.feed, feed);
  for (const [name, bytes] of Object.entries(files))
    put(folder, `${bundleNames.files}/${sha256(bytes)}/${name}`, bytes);
  put(folder, bundleNames.index, indexText(index));
  if (node !== undefined) await putTool(folder, index, node);
  if (key !== undefined) put(folder, bundleNames.key, publicKeyOf(key));
  const digest = seal(folder, key);
  return { folder, digest, fingerprint: key === undefined ? undefined : fingerprintOf(publicKeyOf(key)) };
}

/** A private key of a test's own. */
export function newKey(): string {
  return generateKey().privateKey;
}

/** Writes the list of hashes over what is there now, and its signature; returns the list's hash. */
export function seal(folder: string, key?: string): string {
  const unlisted: readonly string[] = [bundleNames.sums, bundleNames.signature];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => !unlisted.includes(name));
  const list = Buffer.from(
    sumsText(names.map((path) => ({ path, sha256: sha256(readFileSync(join(folder, path))) }))),
  );
  writeFileSync(join(folder, bundleNames.sums), list);
  if (key !== undefined) writeFileSync(join(folder, bundleNames.signature), `${sign(list, key)}\n`);
  return createHash('sha256').update(list).digest('hex');
}

function indexOf({ asked, platform = thisPlatform(), needs = [], base }: BundleParts): BundleIndex {
  const target = `${platform.os}-${platform.arch}`;
  return {
    bundle: 1,
    zookit: '0.1.0',
    targets: [{ name: target, platform, python: '3.13' }],
    products: asked.map((id) => ({
      id,
      version: '1.0',
      title: id,
      asked: true,
      license: 'MIT',
      targets: [target],
      bytes: 10,
    })),
    needs,
    ...(base === undefined ? {} : { base }),
  };
}

async function putTool(folder: string, index: BundleIndex, node: string): Promise<void> {
  for (const { path, content, executable } of await scriptFiles(index, join(top, 'templates', 'bundle'))) {
    put(folder, path, content);
    if (executable) chmodSync(join(folder, path), 0o755);
  }
  put(folder, bundleNames.tool, await toolArchive(top));
  const [target] = index.targets;
  const runtime = join(folder, bundleNames.runtimes, target?.name ?? '');
  mkdirSync(runtime, { recursive: true });
  copyFileSync(node, join(runtime, target?.platform.os === 'windows' ? 'node.exe' : 'node'));
  writeFileSync(join(runtime, 'LICENSE'), 'the licence of Node\n');
}

function put(folder: string, path: string, content: string | Uint8Array): void {
  const goal = join(folder, ...path.split('/'));
  mkdirSync(dirname(goal), { recursive: true });
  writeFileSync(goal, content);
}

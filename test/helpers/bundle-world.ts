// Comes in: a test. Goes out: a world in which bundles are exported from a small feed, and what lies in such a bundle.
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BundleFeed } from './bundle-feed.js';
import { writeBundleFeed } from './bundle-feed.js';
import { sha256 } from './feed-xml.js';
import { temporaryFolder, tree } from './folder.js';
import type { Zookit } from './zookit.js';
import { assertDone, json, zookitWorld } from './zookit.js';

/** A world, a feed in a folder of its own, and a way to export from it. */
export interface BundleWorld extends BundleFeed {
  readonly zookit: Zookit;
  /** Exports with these words, without Node, and returns what was printed. */
  readonly make: (out: string, ...words: readonly string[]) => Promise<Record<string, unknown>>;
}

/** A world for one test. */
export function bundleWorld(context: TestContext, env: Readonly<Record<string, string>> = {}): BundleWorld {
  const zookit = zookitWorld(context, { env });
  const feed = writeBundleFeed(temporaryFolder(context));
  const make: BundleWorld['make'] = async (out, ...words) => {
    const ran = await zookit.run(exportWords(feed.feed, out, words));
    assertDone(ran);
    return json(ran);
  };
  return { ...feed, zookit, make };
}

/** The words of an export without Node. */
export function exportWords(feed: string, out: string, words: readonly string[]): string[] {
  const usual = ['--no-runtime', '--accept-eula', '--json', '--main-feed', feed];
  return ['bundle', 'export', ...words, '--out', out, ...usual];
}

/** Every file below a folder with its rights and bytes; of a file its own. */
export function bytesOf(path: string): Map<string, string> {
  const describe = (file: string): string => {
    const found = statSync(file);
    const mode = (found.mode & 0o777).toString(8);
    return found.isFile() ? `${mode} ${sha256(readFileSync(file))}` : mode;
  };
  if (!statSync(path).isDirectory()) return new Map([['', describe(path)]]);
  return new Map(tree(path).map((name) => [name, describe(join(path, name))]));
}

/** Names of the wheels in a bundle. */
export function wheelsIn(folder: string): string[] {
  return tree(folder)
    .filter((name) => name.endsWith('.whl'))
    .map((name) => basename(name))
    .sort();
}

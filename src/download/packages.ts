// Comes in: wheels that are wanted. Goes out: their paths in the cache. Fetches with the user's own pip, under the user's
// own configuration (mirror, proxy, credentials), by hash, never resolving anything. Writes no index address anywhere.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.js';
import { besideName, diskError, sha256Of } from '../lib/files.js';
import { withoutCredentials } from '../lib/credentials.js';
import type { Run, RunResult } from '../lib/run.js';
import { lastLines } from '../lib/run.js';
import type { FileRequest } from '../types.js';
import type { Cache } from './cache.js';

export type WheelRequest = Extract<FileRequest, { kind: 'wheel' }>;

export interface PackageTools {
  readonly cache: Cache;
  readonly run: Run;
  /** Interpreters whose pip may serve, best first; any version serves any target. */
  readonly pythons: readonly string[];
  /** `3.13`: the minor version that the wheels are for. */
  readonly pythonMinor: string;
  readonly signal?: AbortSignal;
}

/** Fetches wheels that are not kept yet, all in one run of pip; throws PYTHON_FAILED, DOWNLOAD_FAILED, HASH_MISMATCH. */
export async function fetchWheels(requests: readonly WheelRequest[], tools: PackageTools): Promise<void> {
  if (requests.length === 0) return;
  const folder = besideName(join(tools.cache.partial, 'wheels'), 'pip');
  await mkdir(folder, { recursive: true });
  try {
    const list = join(folder, 'requirements.txt');
    await writeFile(
      list,
      requests
        .map(({ package: name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`)
        .join(''),
    );
    await runPip(
      [...pipArguments(requests, tools.pythonMinor), '--dest', folder, '-r', list],
      requests,
      folder,
      tools,
    );
    await keepAll(requests, folder, tools.cache);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The tags of the chosen wheels are named one by one, so that any pip on any system fetches for any target
 * (https://pip.pypa.io/en/stable/cli/pip_download/); with `--require-hashes` no other file can come.
 */
function pipArguments(requests: readonly WheelRequest[], pythonMinor: string): string[] {
  const tags = requests.map(({ name }) =>
    name
      .replace(/\.whl$/, '')
      .split('-')
      .slice(-2),
  );
  const abis = new Set(
    tags.flatMap(([abi = '']) => abi.split('.')).concat(`cp${pythonMinor.replace('.', '')}`, 'none'),
  );
  const platforms = new Set(tags.flatMap(([, platform = '']) => platform.split('.')).concat('any'));
  return [
    ...['-m', 'pip', 'download', '--quiet', '--no-input', '--disable-pip-version-check'],
    ...[
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '--implementation',
      'cp',
      '--python-version',
      pythonMinor,
    ],
    ...[...abis].flatMap((abi) => ['--abi', abi]),
    ...[...platforms].flatMap((platform) => ['--platform', platform]),
  ];
}

async function runPip(
  args: readonly string[],
  requests: readonly WheelRequest[],
  temporary: string,
  tools: PackageTools,
): Promise<void> {
  for (const python of tools.pythons) {
    const result = await tools.run(python, args, {
      env: {
        PYTHON_MANAGER_AUTOMATIC_INSTALL: 'false',
        PYTHONUTF8: '1',
        // Where somebody lets pip install, and which versions, says nothing of files that are only fetched.
        ...{ PIP_REQUIRE_VIRTUALENV: '0', PIP_CONSTRAINT: '' },
        // A pip that is ended leaves its temporary files behind.
        ...{ TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      },
      ...(tools.signal ? { signal: tools.signal } : {}),
    });
    if (result.status === 0) return;
    if (/No module named '?pip/.test(result.stderr) || result.status === 127) continue;
    throw diskError(pipError(result, requests), tools.cache.partial);
  }
  throw new AppError('PYTHON_FAILED', 'Cannot fetch Python packages: no Python here has pip', {
    details: [`Looked at ${tools.pythons.length === 0 ? 'no Python at all' : tools.pythons.join(', ')}`],
    hint:
      process.platform === 'linux'
        ? 'Install it: `apt-get install python3-pip`'
        : 'Install it: `python -m ensurepip`',
  });
}

function pipError(result: RunResult, requests: readonly WheelRequest[]): AppError {
  const names = requests.map(({ package: name, version }) => `${name} ${version}`).join(', ');
  const details = lastLines(result).map(withoutCredentials);
  if (/DO NOT MATCH THE HASHES/i.test(result.stderr)) {
    return new AppError(
      'HASH_MISMATCH',
      `A Python package is not the one that the feed describes (${names})`,
      { details, hint: mirrorHint },
    );
  }
  return new AppError('DOWNLOAD_FAILED', `pip could not fetch ${names}`, {
    details,
    hint: 'Check network, proxy and mirror with `python -m pip config list`, then run the same command again',
  });
}

const mirrorHint = 'Check the mirror that pip uses with `python -m pip config list`, or take a newer feed';

async function keepAll(requests: readonly WheelRequest[], folder: string, cache: Cache): Promise<void> {
  const fetched = await readdir(folder);
  for (const { name, sha256, package: packageName } of requests) {
    const file = fetched.find((each) => each === name);
    if (file === undefined || (await sha256Of(join(folder, file))) !== sha256) {
      throw new AppError(
        'HASH_MISMATCH',
        `pip did not bring the wheel of '${packageName}' that the feed describes`,
        {
          details: [
            `Wanted ${name}`,
            `Found ${fetched.filter((each) => each.endsWith('.whl')).join(', ') || 'nothing'}`,
          ],
          hint: mirrorHint,
        },
      );
    }
    await cache.keep(join(folder, file), sha256, name);
  }
}

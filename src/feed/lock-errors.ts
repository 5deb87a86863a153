// Comes in: what uv said when it could not lock. Goes out: one error in our words. Takes every address out of it:
// they may hold credentials, and an index's address is nobody's business.
import { AppError, type ErrorCode } from '../errors.js';
import type { RunResult } from '../lib/run.js';
import type { Requirement } from './requirement.js';

const installUv =
  'Install uv with `zookit install uv` or `python -m pip install uv`, then run the command again';

/** Whether a later Python could do what this one could not. */
export function isAboutPython(error: AppError): boolean {
  return error.details.some((line) => line.includes('requested Python version'));
}

/** The error for a failed run of uv; `minor` is the lowest Python 3 that it was asked to serve. */
export function lockError(result: RunResult, requirement: Requirement, minor: number): AppError {
  const what = `${requirement.name} ${requirement.version}`;
  if (result.status === 127) {
    return new AppError('PYTHON_FAILED', `Cannot pin '${what}' without uv`, { hint: installUv });
  }
  const details = sentences(result.stderr);
  const [code, message] = verdict(details.join(' '), what, minor);
  return new AppError(code, message, { details, hint: hintFor(code, requirement) });
}

function verdict(said: string, what: string, minor: number): readonly [ErrorCode, string] {
  if (/no usable wheels|no wheels/.test(said))
    return ['NO_INSTALLER', `'${what}' or what it needs has no wheels`];
  if (
    /was not found in the package registry|there is no version of|was not found in the provided/.test(said)
  ) {
    return ['PRODUCT_UNKNOWN', `The index does not have '${what}' or what it needs`];
  }
  if (/No solution found/.test(said)) {
    return ['CONFLICT', `Cannot pin '${what}' for Python 3.${minor} and later together with the feed's pins`];
  }
  if (/Request failed|Failed to fetch|error sending request/.test(said)) {
    return ['DOWNLOAD_FAILED', `The index did not answer for '${what}'`];
  }
  return ['PYTHON_FAILED', `uv could not lock '${what}'`];
}

function hintFor(code: ErrorCode, { name }: Requirement): string {
  if (code === 'DOWNLOAD_FAILED') return 'Look at the index settings with `python -m pip config list`';
  if (code === 'PYTHON_FAILED') return 'Bring uv up to date with `python -m pip install --upgrade uv`';
  return `Choose another version: \`zookit feed pin ${name}==VERSION\``;
}

/** uv's lines without its labels, its hints and any address. */
function sentences(stderr: string): readonly string[] {
  const lines: string[] = [];
  for (const line of stderr.split(/\r?\n/)) {
    if (/^hint:/.test(line)) break;
    const text = line
      .replace(/^\s*(error|cause|warning):\s*|^\s*[×╰├│▶─╴>-]+\s*/i, '')
      .replace(/[a-z+]+:\/\/[^\s`'")]+/gi, 'the index')
      .trim();
    if (text !== '') lines.push(text);
  }
  return lines;
}

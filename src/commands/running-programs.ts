// Comes in: the steps that change something. Goes out: nothing, or CONFLICT naming a program that runs and may not while one
// of them is installed (WebPI's incompatibleProcess). Ends no program; asked on Windows only, whose names the feeds use.
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { systemProgram } from '../lib/windows.js';
import type { Step } from '../types.js';

/** Throws CONFLICT with the feed's own words. */
export async function refuseRunningPrograms(
  { platform, run, variables }: Pick<Context, 'platform' | 'run' | 'variables'>,
  changes: readonly Step[],
): Promise<void> {
  const wanted = changes.flatMap(({ product, entry }) =>
    (entry?.incompatibilities ?? []).flatMap((each) =>
      each.kind === 'process' ? [{ product, ...each }] : [],
    ),
  );
  if (platform.os !== 'windows' || wanted.length === 0) return;
  const { stdout } = await run(systemProgram(variables, 'tasklist.exe'), ['/fo', 'csv', '/nh']);
  const running = runningNames(stdout);
  const found = wanted.find(({ name }) => running.has(programName(name)));
  if (!found) return;
  throw new AppError('CONFLICT', `'${found.product}' cannot be installed while '${found.name}' runs`, {
    details: found.message === '' ? [] : [found.message],
    hint: `Close '${found.name}' and run the same command again`,
  });
}

/** The first column of `tasklist /fo csv`, in lower case and without `.exe`: feeds write `devenv`. */
export function runningNames(csv: string): ReadonlySet<string> {
  return new Set([...csv.matchAll(/^"([^"]+)"/gm)].map(([, name = '']) => programName(name)));
}

function programName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/\.exe$/, '');
}

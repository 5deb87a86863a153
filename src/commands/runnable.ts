// Comes in: the steps that change something. Goes out: nothing, or why this process cannot carry them out: another system, or
// rights that are missing. Asked once, before anything else is asked or fetched; nothing ever raises its own rights.
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { Installed } from '../install/installed.js';
import type { Machine, Step } from '../types.js';

/** Throws NO_INSTALLER or NEEDS_ADMIN, naming all products that are concerned. */
export function refuseWhatCannotRun(
  { kinds, platform }: Pick<Context, 'kinds' | 'platform'>,
  admin: boolean,
  changes: readonly Step[],
): void {
  const kindOf = ({ installer }: Step): ReturnType<typeof kinds.get> =>
    installer && kinds.get(installer.action.kind);
  const foreign = changes.find((step) => (kindOf(step)?.runsOn ?? platform.os) !== platform.os);
  if (foreign) {
    const { name, runsOn } = kindOf(foreign) ?? {};
    throw new AppError(
      'NO_INSTALLER',
      `'${foreign.product}' has an installer of kind '${name ?? ''}', which runs on ${runsOn ?? ''} only`,
      {
        details: [`This is ${platform.os}-${platform.arch}`],
        hint: `See what it would do there: \`zookit plan ${foreign.product} --platform windows-x64\``,
      },
    );
  }
  const raised = changes.filter((step) => kindOf(step)?.needsAdmin === true);
  if (!admin && raised.length > 0) throw needsAdmin('install', raised);
}

/** Throws NEEDS_ADMIN when an installer has to take its own product away and may not. */
export function refuseTakingAway(
  { kinds }: Pick<Context, 'kinds'>,
  admin: boolean,
  going: readonly Installed[],
): void {
  const raised = going.filter(
    ({ kind, changes }) =>
      kinds.get(kind)?.needsAdmin === true &&
      changes.some((change) => change.kind === 'ran' && change.undo !== undefined),
  );
  if (!admin && raised.length > 0) throw needsAdmin('take away', raised);
}

function needsAdmin(what: string, raised: readonly { readonly product: string }[]): AppError {
  const names = raised.map(({ product }) => `'${product}'`).join(', ');
  return new AppError('NEEDS_ADMIN', `Administrator rights are needed to ${what} ${names}`, {
    details: ['Nothing was changed'],
    hint: 'Open a terminal with "Run as administrator" and run the same command there',
  });
}

/** What a person should know before installers run: some of them refuse to work while Windows waits for a restart. */
export function restartNotices(
  { pendingRestart = [] }: Pick<Machine, 'pendingRestart'>,
  changes: readonly Step[],
): string[] {
  if (pendingRestart.length === 0 || changes.length === 0) return [];
  return [`Windows waits for a restart (${pendingRestart.join(', ')}): an installer may refuse until then`];
}

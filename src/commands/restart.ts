// Comes in: an installation that an installer has stopped, because the machine must be restarted first. Goes out: the same
// with the command by which it goes on, which is kept on disk. Restarts nothing.
import { resolve } from 'node:path';
import type { Options } from '../command.js';
import { globalOptions, textOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { feedAddress } from '../feed/address.js';
import type { Outcome } from '../install/apply.js';
import { withoutCredentials } from '../lib/credentials.js';
import type { Catalog, Parameter } from '../types.js';
import type { Planned } from './planning.js';
import type { ResumableCommand, Waiting } from './resume-file.js';
import { keepWaiting } from './resume-file.js';
import { addRunOnce, resumeLine } from './run-once.js';

/** The words of a command, to say them again. */
export interface Asked {
  readonly command: ResumableCommand;
  readonly names: readonly string[];
  readonly options: Options;
}

/** Options that name a file or a folder: they hold wherever the command goes on from. */
const pathOptions: ReadonlySet<string> = new Set(['env', 'bundle', 'feature-source']);
/** What is kept in another way, or is about this run only. */
const passing: ReadonlySet<string> = new Set([
  ...Object.keys(globalOptions),
  'param',
  'answers',
  'resume',
  'resume-after-restart',
]);
const secretTag = /password|nostore|connectionstring/i;

/** Refuses what only Windows can do; throws USAGE. */
export function refuseRunOnceElsewhere({ platform }: Pick<Context, 'platform'>, options: Options): void {
  if (options['resume-after-restart'] !== true || platform.os === 'windows') return;
  throw new AppError('USAGE', '`--resume-after-restart` is for Windows only', {
    hint: 'Leave it out; after a restart type `zookit install --resume`',
  });
}

/** Keeps what was asked for and tells how it goes on; what was stopped for another reason is returned as it is. */
export async function stoppedForRestart(
  context: Context,
  planned: Planned,
  outcome: Outcome,
  answers: ReadonlyMap<string, string>,
  asked: Asked | undefined,
): Promise<Outcome> {
  const { error } = outcome;
  if (error?.restartFirst !== true || !asked) return outcome;
  const runOnce = asked.options['resume-after-restart'] === true;
  const failed = outcome.steps.find(({ status }) => status === 'undone' || status === 'failed');
  await keepWaiting(context.paths.resume, {
    ...waitingOf(context, asked),
    product: failed?.step.product ?? '',
    ...sortedAnswers(planned, answers),
    ...(runOnce ? { runOnce } : {}),
  });
  if (runOnce) await startAfterRestart(context, asked.options);
  const root = textOption(asked.options, 'root');
  const words = `zookit install --resume${root === undefined ? '' : ` --root ${shown(root)}`}`;
  const { code, message, details, cause } = error;
  const hint = `Restart the machine, then: ${words}`;
  return { ...outcome, error: new AppError(code, message, { details, cause, hint, restartFirst: true }) };
}

function waitingOf(
  { mainFeed, extraFeeds, language, offline }: Context,
  { command, names, options }: Asked,
): Omit<Waiting, 'product' | 'answers' | 'secrets'> {
  const address = (typed: string): string => withoutCredentials(feedAddress(typed));
  const own = Object.entries(options).flatMap(([name, value]) => {
    if (passing.has(name) || value === undefined) return [];
    return [[name, pathOptions.has(name) && typeof value === 'string' ? resolve(value) : value] as const];
  });
  return {
    at: new Date().toISOString(),
    command,
    names,
    // The licences were accepted before the first change.
    options: { ...Object.fromEntries(own), 'accept-eula': true },
    feeds: extraFeeds.map(address),
    ...(mainFeed === undefined ? {} : { mainFeed: address(mainFeed) }),
    ...(language === undefined ? {} : { language }),
    ...(offline ? { offline } : {}),
  };
}

/** Answers that may be kept, and the names of those that may not: what no entry declares is taken for a secret. */
function sortedAnswers(
  planned: Planned,
  answers: ReadonlyMap<string, string>,
): Pick<Waiting, 'answers' | 'secrets'> {
  const declared = parametersOf(planned);
  const secret = [...answers].filter(([name]) => isSecret(declared.get(name)));
  return {
    answers: Object.fromEntries([...answers].filter(([name]) => !isSecret(declared.get(name)))),
    secrets: secret
      .filter(([name, value]) => value !== (declared.get(name)?.default ?? ''))
      .map(([name]) => name),
  };
}

function parametersOf({
  plan,
  catalog,
}: {
  plan: Planned['plan'];
  catalog: Catalog;
}): Map<string, Parameter> {
  const entries = plan.steps.flatMap(
    ({ product }) => catalog.products.get(product.toLowerCase())?.entries ?? [],
  );
  return new Map(
    entries.flatMap(({ parameters }) => parameters.map((parameter) => [parameter.name, parameter] as const)),
  );
}

function isSecret(parameter: Parameter | undefined): boolean {
  return (
    !parameter || parameter.type === 'password' || parameter.tags.some((tag) => secretTag.test(tag.trim()))
  );
}

async function startAfterRestart({ run, variables, terminal }: Context, options: Options): Promise<void> {
  const root = textOption(options, 'root') ?? variables['ZOOKIT_ROOT'];
  const script = process.argv[1] ?? '';
  const line = resumeLine(process.execPath, script, root === undefined ? undefined : resolve(root));
  const refused = await addRunOnce(run, variables, line);
  terminal.warn(
    refused === undefined
      ? 'notice: Windows goes on by itself when an administrator logs on after the restart'
      : `notice: Windows does not go on by itself: ${refused}`,
  );
}

function shown(word: string): string {
  return /\s/.test(word) ? `"${word}"` : word;
}

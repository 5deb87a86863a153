// `zookit install`, and with --resume what an installer has stopped until the machine was restarted: the same words again,
// planned anew. What is done is found present; the step that failed runs again; then nothing is kept any more.
import { uptime } from 'node:os';
import type { Command, CommandInput, Options } from '../command.js';
import { flag, listOption } from '../command.js';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { parseParameters } from './answers.js';
import { install } from './install.js';
import type { ResumableCommand, Waiting } from './resume-file.js';
import { forgetWaiting, readWaiting } from './resume-file.js';
import { removeRunOnce } from './run-once.js';

/** `install`, which can go on with any command that a restart has stopped. */
export const installOrResume: Command = {
  ...install,
  options: {
    ...install.options,
    resume: flag('go on with what an installer has stopped until the machine was restarted'),
  },
  examples: [...(install.examples ?? []), 'zookit install --resume'],
  run: (context, input) =>
    input.options['resume'] === true ? resume(context, input) : install.run(context, input),
};

const commands: Readonly<Record<ResumableCommand, () => Promise<Command>>> = {
  install: () => Promise.resolve(install),
  new: async () => (await import('./new.js')).newProject,
  upgrade: async () => (await import('./upgrade.js')).upgrade,
};

async function resume(context: Context, typed: CommandInput): Promise<number | undefined> {
  const { options, names } = typed;
  if (names.length + listOption(options, 'title').length > 0)
    throw new AppError('USAGE', 'install: `--resume` goes on with what was asked before: name no product', {
      hint: '`zookit install --resume`',
    });
  const { resume: path } = context.paths;
  const [waiting, ...others] = await readWaiting(path);
  if (!waiting)
    throw new AppError('USAGE', 'There is nothing to resume: no installation waits for a restart', {
      details: [`Looked for '${path}'`],
      hint: 'Name what is to be installed: `zookit install PRODUCT`',
    });
  await refuseBeforeRestart(context, waiting, options['yes'] === true);
  const secrets = await secretsAgain(context, waiting, options);
  if (waiting.runOnce === true) await removeRunOnce(context.run, context.variables);
  context.terminal.say(`Going on with: zookit ${[waiting.command, ...waiting.names].join(' ')}`);
  const command = await commands[waiting.command]();
  const status = await command.run(contextOf(context, waiting, secrets), inputOf(waiting, options));
  await forgetWaiting(path, waiting);
  if (others.length > 0)
    context.terminal.say(`notice: '${others[0]?.product ?? ''}' waits too: zookit install --resume`);
  return status;
}

/** When this machine was started; the clock may have been set a little since. */
function bootTime(): number {
  return Date.now() - uptime() * 1000;
}

async function refuseBeforeRestart(context: Context, { at, product }: Waiting, yes: boolean): Promise<void> {
  if (yes || bootTime() > Date.parse(at)) return;
  const message = `The machine has not been restarted since '${product}' asked for it`;
  const { terminal, prompt } = context;
  if (terminal.interactive && (await prompt.confirm(`${message}. Go on all the same?`, false))) return;
  throw new AppError('USAGE', message, {
    details: [
      `Stopped ${at}; this machine runs since ${new Date(bootTime()).toISOString()}`,
      'Shutting down and switching on is no restart where Windows starts fast',
    ],
    hint: 'Restart it, then type the same; to go on all the same: `zookit install --resume --yes`',
  });
}

/** What was kept nowhere, as variables; throws USAGE when it is missing and cannot be asked for. */
async function secretsAgain(
  { variables, terminal, prompt }: Context,
  waiting: Waiting,
  options: Options,
): Promise<Record<string, string>> {
  const said = new Set([
    ...parseParameters(listOption(options, 'param')).keys(),
    ...Object.keys(variables).flatMap((name) => /^zookit_param_(.+)$/i.exec(name)?.[1]?.toLowerCase() ?? []),
  ]);
  const secrets: Record<string, string> = {};
  for (const name of waiting.secrets.filter((each) => !said.has(each.toLowerCase()))) {
    if (!terminal.interactive) throw secretMissing(name);
    secrets[variableFor(name)] = await prompt.password(`${name}, as before`);
  }
  return secrets;
}

function secretMissing(name: string): AppError {
  return new AppError('USAGE', `The value of '${name}' is needed again: secrets are not kept`, {
    hint: `Set ${variableFor(name)} in the environment, then type the same`,
  });
}

function variableFor(name: string): string {
  return `ZOOKIT_PARAM_${name.toUpperCase()}`;
}

/** What was said then, under what is said now; answers are told as variables, which every question reads. */
function contextOf(context: Context, waiting: Waiting, secrets: Readonly<Record<string, string>>): Context {
  const { mainFeed = waiting.mainFeed, language = waiting.language } = context;
  const kept = Object.entries(waiting.answers).map(([name, value]) => [variableFor(name), value] as const);
  return {
    ...context,
    mainFeed,
    language,
    extraFeeds: context.extraFeeds.length > 0 ? context.extraFeeds : waiting.feeds,
    offline: context.offline || waiting.offline === true,
    variables: { ...Object.fromEntries(kept), ...secrets, ...context.variables },
  };
}

function inputOf(waiting: Waiting, typed: Options): CommandInput {
  return { names: waiting.names, options: { ...waiting.options, ...typed } };
}

// The code behind WebPI's installCommands: all run in order, each outcome told by its exit code. Comes in: a step with
// commands. Goes out: whether a restart is needed. Knows no single kind's command line: that is command-lines.ts.
import { mkdir } from 'node:fs/promises';
import { AppError } from '../src/errors.js';
import type { Applied, Change, InstallerKind, Job } from '../src/kind.js';
import type { Wait } from '../src/lib/patience.js';
import { realWait, whenNotBusy } from '../src/lib/patience.js';
import type { RunResult } from '../src/lib/run.js';
import { lastLines } from '../src/lib/run.js';
import type { Variables } from '../src/lib/windows.js';
import { expandVariables } from '../src/lib/windows.js';
import type { InstallCommand, KindName, ReturnCode } from '../src/types.js';
import type { CommandLine } from './command-lines.js';
import { commandLineOf, logPath, msiRemoval } from './command-lines.js';
import { previewCommands } from './command-preview.js';
import { busy, codeInWords, outcomeOf } from './exit-codes.js';
import type { LogStory } from './msi-log.js';
import { storyOf } from './msi-log.js';
import { withFittingName } from './named-file.js';
import { isInstalled, productCode } from './product-code.js';
import { runUnzip } from './unzip-command.js';
import { withoutSecrets } from './variables.js';
import { requireWindows } from './windows-only.js';

/** What a test may put in place of the system. */
export interface CommandSurroundings {
  readonly environment: Variables;
  readonly wait: Wait;
}

const system: CommandSurroundings = { environment: process.env, wait: realWait };

/** A kind of WebPI's commands; they differ in their name and in what their exit codes mean. */
export function commandKind(
  name: 'exe' | 'msi' | 'msu' | 'cmdline' | 'unzip',
  undoable: boolean,
  surroundings: CommandSurroundings = system,
): InstallerKind {
  return {
    name,
    undoable,
    ...(undoable ? { canUndo: canBeRemoved } : {}),
    needsAdmin: true,
    runsOn: 'windows',
    preview(request) {
      const action = request.step.installer?.action;
      if (action?.kind !== name) return { commands: [], files: [] };
      return previewCommands(request, action.commands, surroundings.environment);
    },
    async apply(job) {
      const action = job.step.installer?.action;
      if (action?.kind !== name) throw new Error(`Not a ${name} installer`);
      requireWindows(job, name);
      return runCommands(await withFittingName(job), action.commands, name, surroundings);
    },
  };
}

async function runCommands(
  job: Job,
  commands: readonly InstallCommand[],
  name: KindName,
  surroundings: CommandSurroundings,
): Promise<Applied> {
  let rebootRequired = false;
  const changes: Change[] = [];
  for (const [index, command] of commands.entries()) {
    const { kind } = command;
    if (kind === 'unzip') {
      await runUnzip(job, command, surroundings.environment);
      continue;
    }
    const line = await commandLineOf(
      { ...command, kind },
      job,
      surroundings.environment,
      logPath(job, index),
    );
    const ran = await runCommand(job, command, line, kind === 'cmdline' ? name : kind, surroundings);
    rebootRequired ||= ran.rebootRequired === true;
    changes.push(...(ran.changes ?? []));
  }
  return { ...(rebootRequired ? { rebootRequired } : {}), ...(changes.length === 0 ? {} : { changes }) };
}

async function runCommand(
  job: Job,
  command: InstallCommand,
  commandLine: CommandLine,
  kind: KindName,
  { environment, wait }: CommandSurroundings,
): Promise<Applied> {
  const { program, line, log } = commandLine;
  if (log !== undefined) await mkdir(job.logs, { recursive: true });
  const code = command.kind === 'msi' ? productCode(job.step.entry?.hint) : undefined;
  // Taking an upgrade back by its code would take the older version, which Windows Installer has kept, with it; and what was
  // there before, though the feed's hint did not find it, is nobody's to take away because something fails now.
  const isUpgrade = code !== undefined && job.step.from !== undefined;
  const wasThere = code !== undefined && !isUpgrade && (await isInstalled(code, job.run, environment));
  const removal =
    code === undefined || (wasThere && job.isOurs !== true)
      ? {}
      : { undo: msiRemoval(environment, code), gone: goneCodes, busy: [busy] };
  const change: Change = { kind: 'ran', command: [program, line.shown], ...removal };
  const isLate = isUpgrade || wasThere;
  if (!isLate) await job.change(change);
  job.progress(`Running the installer of ${job.step.product}`);
  // Not stopped half-way: Windows Installer would go on without us.
  const patience = { busy: [busy], wait, signal: job.signal, progress: job.tell ?? job.progress };
  const result = await whenNotBusy(patience, () => job.run(program, [line.real], { verbatim: true }));
  job.signal?.throwIfAborted();
  const meaning = outcomeOf(kind, result.status, command.returnCodes);
  const failed = meaning.outcome === 'failure' || meaning.outcome === 'failureRebootRequired';
  if (failed && !command.ignoreExitCode)
    throw await failure(job, command, commandLine, result, meaning, environment);
  return {
    rebootRequired: meaning.outcome === 'successRebootRequired',
    changes: isLate ? [change] : [],
  };
}

/** Done; restart needed; not there (any more): https://learn.microsoft.com/windows/win32/msi/error-codes */
const goneCodes = [3010, 1641, 1605, 1614];

/** Access denied, as Windows' own code and as an HRESULT. */
const denied = [5, 0x80070005 | 0];
const remoteHint =
  'Over WinRM wusa may install nothing, whoever asks: run the same command at the console, by Remote Desktop or as a scheduled task';

async function failure(
  job: Job,
  { kind }: InstallCommand,
  { log, program }: CommandLine,
  result: RunResult,
  { outcome, message }: ReturnCode,
  environment: Variables,
): Promise<AppError> {
  const { product, installer } = job.step;
  const story: LogStory = log === undefined ? { lines: [] } : await storyOf(log);
  const logs = [
    log ?? [],
    installer?.logFiles.map((path) => expandVariables(path, environment)) ?? [],
  ].flat();
  const code = codeInWords(result.status);
  const missing = result.status === 127 && /: ENOENT$/.test(result.stderr);
  const said = message !== undefined && !code.includes(message) ? [message] : [];
  const spoken = [...story.lines, ...lastLines(result)].map((line) => withoutSecrets(job, line));
  const details = [...said, ...spoken, ...logs.map((path) => `Log: ${path}`)];
  if (outcome === 'failureRebootRequired') {
    return new AppError('INSTALLER_FAILED', `'${product}' can be installed only after a restart`, {
      details: [`Its installer ended with ${code}`, ...details],
      hint: 'Restart the machine, then run the same command again: what is installed already stays',
      restartFirst: true,
    });
  }
  const remote = kind === 'msu' && denied.includes(result.status | 0) ? remoteHint : undefined;
  const hint = story.hint ?? remote ?? (installer?.helpLink && `See ${installer.helpLink}`);
  return new AppError(
    'INSTALLER_FAILED',
    missing
      ? `The installer of '${product}' could not start: there is no '${program}'`
      : `The installer of '${product}' ended with ${code}`,
    { details, ...(hint === undefined ? {} : { hint }) },
  );
}

/** Packages of Windows Installer are taken away by their code; what other commands did stays. */
function canBeRemoved({ entry, installer }: Job['step']): boolean {
  const action = installer?.action;
  const commands = action && 'commands' in action ? action.commands : [];
  return commands.every(({ kind }) => kind === 'msi') && productCode(entry?.hint) !== undefined;
}

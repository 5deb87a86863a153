// Comes in: a command of a feed. Goes out: the program with its whole path, and its command line word for word. The one
// place that knows how msiexec, wusa and cmd.exe want to be called; runs nothing.
import * as host from 'node:path';
import { win32 } from 'node:path';
import type { Job } from '../src/kind.js';
import { programOnPath } from '../src/lib/programs.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram, variableOf, windowsFolder } from '../src/lib/windows.js';
import type { InstallCommand } from '../src/types.js';
import type { CommandText, Filling } from './variables.js';
import { expanderFor } from './variables.js';

/** A command, ready to run. */
export interface CommandLine {
  readonly program: string;
  /** All that stands after the program: quotes are the feed's own and never touched. */
  readonly line: CommandText;
  /** The log that msiexec writes. */
  readonly log?: string;
}

/** A command that a program runs: `unzip` is done by us. */
export type ProgramCommand = InstallCommand & { readonly kind: 'cmdline' | 'msi' | 'msu' };

/** The command line of a feed's command; `log` is where a log may be written. */
export async function commandLineOf(
  command: ProgramCommand,
  job: Filling,
  environment: Variables,
  log: string,
): Promise<CommandLine> {
  if (command.kind !== 'cmdline') return shownLine(command, job, environment, log);
  return cmdLine(
    command,
    job,
    environment,
    await wholePath(namedProgram(command, job, environment), environment),
  );
}

/** The same without a look at the disk: a program that is only named stays so. */
export function shownLine(
  command: ProgramCommand,
  job: Filling,
  environment: Variables,
  log: string,
): CommandLine {
  if (command.kind === 'msi') return msiLine(command, job, environment, log);
  if (command.kind === 'msu') return msuLine(command, job, environment);
  return cmdLine(command, job, environment, namedProgram(command, job, environment));
}

/** Silent, never restarting by itself: https://learn.microsoft.com/windows/win32/msi/command-line-options */
function msiLine(command: InstallCommand, job: Filling, environment: Variables, log: string): CommandLine {
  const expand = expanderFor(job, environment);
  const file = expand(unquoted(command.program));
  const more = expand([command.properties, command.arguments].map(withoutRestarts).join(' ').trim());
  // A log of msiexec holds every property: none is written where one of them is secret.
  const logged = more.real === more.shown;
  const words = (path: string, rest: string): string =>
    [
      `/i "${path}" /qn /norestart`,
      ...(logged ? [`/l*v "${log}"`] : []),
      ...(rest === '' ? [] : [rest]),
      'REBOOT=ReallySuppress',
    ].join(' ');
  return {
    program: systemProgram(environment, 'msiexec.exe'),
    line: { real: words(file.real, more.real), shown: words(file.shown, more.shown) },
    ...(logged ? { log } : {}),
  };
}

/** What a feed says about restarts is overruled: a restart in mid-installation would leave the other steps undone. */
function withoutRestarts(text: string): string {
  return text
    .replace(/(^|\s)REBOOT=("[^"]*"|\S*)/gi, '$1')
    .replace(/(^|\s)[/-](norestart|forcerestart|promptrestart|qn)(?=\s|$)/gi, '$1')
    .trim();
}

/** Takes a product of Windows Installer away, by its code. */
export function msiRemoval(environment: Variables, code: string): readonly string[] {
  return [
    systemProgram(environment, 'msiexec.exe'),
    '/x',
    code,
    '/qn',
    '/norestart',
    'REBOOT=ReallySuppress',
  ];
}

function msuLine(command: InstallCommand, job: Filling, environment: Variables): CommandLine {
  const expand = expanderFor(job, environment);
  const file = expand(unquoted(command.program));
  const more = expand(command.arguments.replace(/(^|\s)\/(quiet|norestart)(?=\s|$)/gi, '$1').trim());
  const words = (path: string, rest: string): string => `"${path}" /quiet /norestart ${rest}`.trimEnd();
  return {
    program: systemProgram(environment, 'wusa.exe'),
    line: { real: words(file.real, more.real), shown: words(file.shown, more.shown) },
  };
}

function namedProgram(command: InstallCommand, job: Filling, environment: Variables): string {
  return unquoted(expanderFor(job, environment, true)(command.program).real);
}

function cmdLine(
  command: InstallCommand,
  job: Filling,
  environment: Variables,
  program: string,
): CommandLine {
  const isBatch = /\.(bat|cmd)$/i.test(program);
  const shell = isBatch || /(^|\\)cmd(\.exe)?$/i.test(program);
  const line = expanderFor(job, environment, shell)(command.arguments);
  if (!isBatch) return { program, line };
  // Only cmd.exe runs batch files; with /s it takes the outer quotes away and leaves the others.
  const around = (text: string): string => `/d /s /c ""${program}" ${text}"`;
  return {
    program: systemProgram(environment, 'cmd.exe'),
    line: { real: around(line.real), shown: around(line.shown) },
  };
}

/** A bare name is looked for where Windows keeps its own programs, then on PATH; never in the current folder. */
async function wholePath(name: string, environment: Variables): Promise<string> {
  if (win32.isAbsolute(name) || /[\\/]/.test(name)) return name;
  const system = windowsFolder(environment);
  const folders = [systemProgram(environment, '.'), system, variableOf(environment, 'PATH') ?? ''];
  return (await programOnPath(name, folders.join(win32.delimiter))) ?? systemProgram(environment, name);
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

/** One log for each command of a step; `paths` are those of the machine that it is for. */
export function logPath({ logs, step }: Pick<Job, 'logs' | 'step'>, index: number, paths = host): string {
  const name = `${step.product}-${step.version}-${index + 1}`.replace(/[^\w.-]+/g, '_');
  return paths.join(logs, `${name}.log`);
}

// Comes in: a site, and how the host runs. Goes out: the command that starts its worker, with its environment.
// The contract with zoofcgi.py: options `--site`, `--connect`, `--connections`, `--show-errors`.
import type { Site } from './site.js';
import { expandVariables, moduleVariables, type VariableContext } from './variables.js';
import type { WorkerCommand } from './worker.js';

/** What the command depends on besides the site. */
export interface WorkerSettings {
  /** The interpreter. */
  readonly python: string;
  /** Absolute path of zoofcgi.py. */
  readonly workerScript: string;
  readonly connections: number;
  readonly showErrors: boolean;
  /** Over web.config's variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The worker's command; `connect` is the value of `--connect`. */
export function workerCommand(
  site: Site,
  connect: string,
  settings: WorkerSettings,
  listening: Omit<VariableContext, 'directory'>,
): WorkerCommand {
  const context = { ...listening, directory: site.directory };
  // HOST and PORT are for values that refer to them: an application would take them for its own.
  const own = Object.entries(moduleVariables(context)).filter(([name]) => name.startsWith('APPL_'));
  return {
    program: settings.python,
    arguments: [
      settings.workerScript,
      ...['--site', site.directory, '--connect', connect],
      ...['--connections', String(settings.connections)],
      ...(settings.showErrors ? ['--show-errors'] : []),
    ],
    directory: site.directory,
    environment: {
      ...listening.environment,
      PYTHONUTF8: '1',
      PYTHONUNBUFFERED: '1',
      ...Object.fromEntries(own),
      ...expandVariables(site.config.variables, context),
      ...settings.environment,
    },
  };
}

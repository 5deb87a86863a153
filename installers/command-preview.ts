// Comes in: a step with WebPI's commands. Goes out: the very command lines that Windows would see; the installer's file, which
// nobody has fetched yet, keeps the name that the feed gives it: %InstallerFile%. Runs nothing.
import type { Preview, PreviewCommand, PreviewRequest } from '../src/kind.js';
import type { Variables } from '../src/lib/windows.js';
import { expandVariables } from '../src/lib/windows.js';
import type { InstallCommand } from '../src/types.js';
import { logPath, msiRemoval, shownLine } from './command-lines.js';
import { productCode } from './product-code.js';
import { pathsOf, windowsVariables } from './target.js';
import type { Filling } from './variables.js';
import { expanderFor, installerKey } from './variables.js';

/** What the commands of a step would do; `environment` is this process's own. */
export function previewCommands(
  request: PreviewRequest,
  commands: readonly InstallCommand[],
  environment: Variables,
): Preview {
  const variables = windowsVariables(environment);
  const filling = fillingOf(request);
  const files: string[] = [];
  const shown: PreviewCommand[] = [];
  for (const [index, command] of commands.entries()) {
    const { kind } = command;
    if (kind === 'unzip') {
      files.push(
        expanderFor(
          filling,
          variables,
        )(command.arguments)
          .shown.trim()
          .replace(/^"(.*)"$/, '$1'),
      );
      continue;
    }
    const log = logPath(request, index, pathsOf(request.platform));
    const { program, line } = shownLine({ ...command, kind }, filling, variables, log);
    const code = kind === 'msi' ? productCode(request.step.entry?.hint) : undefined;
    const undo = code === undefined ? {} : { undo: msiRemoval(variables, code) };
    shown.push({ command: line.shown === '' ? [program] : [program, line.shown], ...undo });
  }
  const logs = request.step.installer?.logFiles ?? [];
  return { commands: shown, files: [...files, ...logs.map((path) => expandVariables(path, variables))] };
}

/** Secrets are given to no plan. */
function fillingOf({ step, values }: PreviewRequest): Filling {
  const key = installerKey(step);
  const files = new Map(key === undefined ? [] : [[key, '%InstallerFile%'] as const]);
  return { step, files, values, secrets: new Map() };
}

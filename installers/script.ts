// Kind `script`: runs a Python script of the product with the plan's Python, in the product's own folder, without a
// shell. Comes in: payload files and arguments. Goes out: what the script did; it may bring its own undo.
import { AppError } from '../src/errors.js';
import type { Applied, InstallerKind, Job } from '../src/kind.js';
import { endingOf, lastLines } from '../src/lib/run.js';
import type { InstallerAction, ReturnCode } from '../src/types.js';
import { copyPayload } from './payload.js';
import { productFolder, replaceFolder } from './staging.js';
import { pathsOf, targetFolder, targetPython } from './target.js';

type ScriptAction = Extract<InstallerAction, { kind: 'script' }>;

export const script: InstallerKind = {
  name: 'script',
  undoable: false,
  canUndo: ({ installer }) => installer?.action.kind === 'script' && installer.action.undo.length > 0,
  ownsFolder: true,
  preview(request) {
    const action = request.step.installer?.action;
    if (action?.kind !== 'script') return { commands: [], files: [] };
    const folder = targetFolder(request, '');
    const python = targetPython(request);
    const undo = action.undo.length > 0 ? { undo: [python, ...action.undo] } : {};
    return {
      commands: [{ command: [python, ...action.run], ...undo }],
      files: action.files.map(({ path }) => pathsOf(request.platform).join(folder, path)),
    };
  },
  async apply(job) {
    const { installer, product } = job.step;
    if (installer?.action.kind !== 'script') throw new Error('Not a script installer');
    const { action } = installer;
    const folder = productFolder(job.programs, product, '');
    if (action.files.length > 0) {
      await replaceFolder(job, folder, (staging) => copyPayload(action.files, job.files, staging));
    }
    return { path: folder, ...(await runScript(job, action, folder)) };
  },
};

async function runScript(job: Job, action: ScriptAction, cwd: string): Promise<Applied> {
  const { product } = job.step;
  const python = job.interpreter?.path;
  if (python === undefined) {
    throw new AppError(
      'PYTHON_FAILED',
      `The script of '${product}' needs Python, which its feed does not depend on`,
      {
        hint: 'Ask the owner of the feed to add a dependency on Python',
      },
    );
  }
  const command = [python, ...action.run];
  await job.change({
    kind: 'ran',
    command,
    cwd,
    ...(action.undo.length > 0 ? { undo: [python, ...action.undo] } : {}),
  });
  job.progress(`Running the script of ${product}`);
  const result = await job.run(python, action.run, {
    cwd,
    onLine: job.progress,
    ...(job.signal ? { signal: job.signal } : {}),
  });
  const mapping = returnCodeFor(result.status, action.returnCodes);
  if (mapping.outcome === 'success' || mapping.outcome === 'successRebootRequired') {
    return { rebootRequired: mapping.outcome === 'successRebootRequired' };
  }
  const restartFirst = mapping.outcome === 'failureRebootRequired';
  const message = restartFirst
    ? `'${product}' can be installed only after a restart`
    : `The script of '${product}' ${endingOf(result)}`;
  throw new AppError('INSTALLER_FAILED', message, {
    details: [...(mapping.message === undefined ? [] : [mapping.message]), ...lastLines(result)],
    ...(restartFirst ? { restartFirst, hint: 'Restart the machine, then run the same command again' } : {}),
  });
}

/** The feed's own word on an exit code, else: 0 is success and all else failure. Codes are signed 32 bits. */
export function returnCodeFor(status: number, mappings: readonly ReturnCode[]): ReturnCode {
  const code = status | 0;
  const known = mappings.find((mapping) => mapping.code === code);
  return known ?? { code, outcome: code === 0 ? 'success' : 'failure' };
}

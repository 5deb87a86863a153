// Kind `feature`: features of Windows, by DISM. Comes in: their names. Goes out: features that are on; they stay on, other
// programs may count on them.
import { AppError } from '../src/errors.js';
import type { InstallerKind } from '../src/kind.js';
import { lastLines } from '../src/lib/run.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram } from '../src/lib/windows.js';
import { codeInWords, outcomeOf } from './exit-codes.js';
import { windowsVariables } from './target.js';
import { requireWindows } from './windows-only.js';

/**
 * Never asks Windows Update or WSUS, on which DISM hangs (field note 37); in English, so that its words can be looked up.
 * `source`: where the files of features are that this Windows has been stripped of.
 * https://learn.microsoft.com/windows-hardware/manufacture/desktop/enable-or-disable-windows-features-using-dism
 */
export function enableFeatures(names: readonly string[], source?: string): readonly string[] {
  const features = names.map((name) => `/featurename:${name}`);
  const words = ['/online', '/english', '/enable-feature', ...features, '/all', '/norestart', '/limitaccess'];
  return source === undefined ? words : [...words, `/source:${source}`];
}

/** The files of the feature are not on this machine, and may not be fetched. */
const sourceMissing = [0x800f081f, 0x800f0906, 0x800f0907, 0x800f0954].map((code) => code | 0);

/** The kind; `environment` is the system's but in tests. */
export function featureKind(environment: Variables): InstallerKind {
  return {
    name: 'feature',
    undoable: false,
    needsAdmin: true,
    runsOn: 'windows',
    preview({ step, featureSource }) {
      const action = step.installer?.action;
      if (action?.kind !== 'feature') return { commands: [], files: [] };
      const program = systemProgram(windowsVariables(environment), 'dism.exe');
      return {
        commands: [{ command: [program, ...enableFeatures(action.names, featureSource)] }],
        files: [],
      };
    },
    async apply(job) {
      const { installer, product } = job.step;
      if (installer?.action.kind !== 'feature') throw new Error('Not a feature installer');
      requireWindows(job, 'feature');
      const { names } = installer.action;
      const bad = names.find((name) => !/^[\w.-]+$/.test(name));
      if (bad !== undefined)
        throw new AppError('INSTALLER_FAILED', `'${bad}' is no name of a Windows feature`, {
          hint: 'See what is wrong with its feed: `zookit feed check FEED`',
        });
      const program = systemProgram(environment, 'dism.exe');
      const args = enableFeatures(names, job.featureSource);
      await job.change({ kind: 'ran', command: [program, ...args] });
      job.progress(`Switching on ${names.join(', ')}`);
      // Not stopped half-way: that leaves the component store pending.
      const result = await job.run(program, args, { onLine: job.progress });
      job.signal?.throwIfAborted();
      const { code, outcome } = outcomeOf('feature', result.status, []);
      if (outcome === 'success') return {};
      if (outcome === 'successRebootRequired') return { rebootRequired: true };
      throw new AppError('INSTALLER_FAILED', `DISM could not switch on the features of '${product}'`, {
        details: [
          `It ended with ${codeInWords(code)}`,
          ...lastLines(result),
          `Log: ${environment['SystemRoot'] ?? 'C:\\Windows'}\\Logs\\DISM\\dism.log`,
        ],
        hint: sourceMissing.includes(code)
          ? 'Give it the installation media: run the same command with `--feature-source D:\\sources\\sxs`'
          : 'Read the log, mend what it says and run the same command again',
      });
    },
  };
}

export const feature = featureKind(process.env);

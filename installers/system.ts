// Kind `system`: asks the system's package manager. Comes in: names of packages. Goes out: packages installed, taken away
// again when the step is undone. The commands of all managers stand in one table.
import { AppError } from '../src/errors.js';
import type { InstallerKind } from '../src/kind.js';
import { endingOf, lastLines } from '../src/lib/run.js';
import type { SystemPackage } from '../src/types.js';

interface ManagerCommands {
  readonly install: readonly string[];
  readonly remove: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Never asks, never upgrades anything else. */
export const managers: Readonly<Record<SystemPackage['manager'], ManagerCommands>> = {
  apt: {
    install: ['apt-get', 'install', '--yes', '--no-install-recommends'],
    remove: ['apt-get', 'remove', '--yes'],
    environment: { DEBIAN_FRONTEND: 'noninteractive' },
  },
  dnf: { install: ['dnf', 'install', '-y'], remove: ['dnf', 'remove', '-y'], environment: {} },
  apk: { install: ['apk', 'add', '--no-cache'], remove: ['apk', 'del'], environment: {} },
  pacman: {
    install: ['pacman', '-S', '--noconfirm', '--needed'],
    remove: ['pacman', '-R', '--noconfirm'],
    environment: {},
  },
  zypper: {
    install: ['zypper', '--non-interactive', 'install', '--no-recommends'],
    remove: ['zypper', '--non-interactive', 'remove'],
    environment: {},
  },
  brew: {
    install: ['brew', 'install'],
    remove: ['brew', 'uninstall'],
    environment: { HOMEBREW_NO_AUTO_UPDATE: '1' },
  },
};

export const system: InstallerKind = {
  name: 'system',
  undoable: true,
  preview({ step, platform, systemPackages }) {
    const action = step.installer?.action;
    const lists = action?.kind === 'system' ? action.packages : [];
    const offered = lists.find(({ manager, names }) =>
      names.every((name) => systemPackages?.has(`${manager}:${name}`)),
    );
    // Where nobody can look, the manager that most machines of that system have.
    const usual = lists.find(({ manager }) => (manager === 'brew') === (platform.os === 'macos'));
    const list = offered ?? usual;
    if (!list) return { commands: [], files: [] };
    const { install, remove } = managers[list.manager];
    return {
      commands: [{ command: [...install, ...list.names], undo: [...remove, ...list.names] }],
      files: [],
    };
  },
  async apply(job) {
    const { installer, product } = job.step;
    if (installer?.action.kind !== 'system') throw new Error('Not a system installer');
    const failures: string[] = [];
    for (const { manager, names } of installer.action.packages) {
      const { install, remove, environment } = managers[manager];
      const [program = '', ...args] = [...install, ...names];
      if ((await job.run(program, ['--version'])).status === 127) continue;
      await job.change({ kind: 'ran', command: [program, ...args], undo: [...remove, ...names] });
      job.progress(`Asking ${manager} for ${names.join(', ')}`);
      // Never stopped half-way: that breaks the system's own list of packages.
      const result = await job.run(program, args, { env: environment, onLine: job.progress });
      job.signal?.throwIfAborted();
      if (result.status === 0) return {};
      failures.push(`${program} ${endingOf(result)}`, ...lastLines(result));
      break;
    }
    throw new AppError('INSTALLER_FAILED', `The package manager could not install '${product}'`, {
      details: failures.length > 0 ? failures : ['None of its package managers is here'],
      hint: 'Run the package manager yourself to see more, then run the same command again',
    });
  },
};

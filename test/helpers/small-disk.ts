// Goes out: disks of our own in memory, of any size, read-only if wanted; and whether this machine lets us mount any.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { TestContext } from 'node:test';

/** False where disks can be mounted, else why a test is skipped. */
export const withoutDisks: string | false = canMount() ? false : 'needs root and tmpfs';

export interface SmallDisk {
  /** Another size in KiB, with all that lies there. */
  readonly resize: (kilobytes: number) => void;
  readonly readOnly: (yes: boolean) => void;
  /** Empties it. */
  readonly renew: (kilobytes: number) => void;
}

/** Mounts disks at folders, which are made. Call it before those are: what is mounted must go first. */
export function smallDisks(context: TestContext): (folder: string, kilobytes: number) => SmallDisk {
  const folders: string[] = [];
  context.after(() => folders.forEach(unmount));
  return (folder, kilobytes) => {
    mkdirSync(folder, { recursive: true });
    mount(folder, size(kilobytes));
    folders.push(folder);
    return {
      resize: (count) => mount(folder, 'remount', size(count)),
      readOnly: (yes) => mount(folder, 'remount', yes ? 'ro' : 'rw'),
      renew: (count) => {
        unmount(folder);
        mount(folder, size(count));
      },
    };
  };
}

function mount(folder: string, ...options: readonly string[]): void {
  const words = ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', folder];
  const done = spawnSync('mount', words, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}

function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder]);
}

function size(kilobytes: number): string {
  return `size=${kilobytes}k`;
}

function canMount(): boolean {
  return (
    process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0
  );
}

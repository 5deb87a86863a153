// Goes out: disks of our own in memory, of any size, read-only if wanted; and whether this machine lets us mount any.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';

/** False where disks can be mounted, else why a test is skipped. */
export const withoutDisks: string | false = canMount() ? false : 'needs root and tmpfs';

export interface SmallDisk {
  /** Another size in KiB, with all that lies there. */
  readonly resize: (kilobytes: number) => void;
  readonly readOnly: (yes: boolean) => void;
  /** Empties it. */
  readonly renew: (kilobytes: number) => void;
}

/** Mounts disks at folders, which are made. */
export function smallDisks(context: EndsWith): (folder: string, kilobytes: number) => SmallDisk {
  return (folder, kilobytes) => {
    mkdirSync(folder, { recursive: true });
    mount(folder, size(kilobytes));
    atEnd(context, () => unmount(folder));
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

/** Root of a container may be none to the disks. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'zookit-disk-'));
  const words = ['-t', 'tmpfs', '-o', size(64), 'tmpfs', folder];
  const mounted = spawnSync('mount', words).status === 0;
  if (mounted) unmount(folder);
  rmdirSync(folder);
  return mounted;
}

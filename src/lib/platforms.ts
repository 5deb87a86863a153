// Comes in: a platform, or the kind of an installer. Goes out: how the platform is called, and whether the kind is Windows'
// own. Finds out nothing about this machine.
import type { KindName, Platform } from '../types.js';

/** Kinds that run Windows' own programs, or change what only Windows has. */
export const windowsKinds: ReadonlySet<KindName> = new Set([
  ...(['exe', 'msi', 'msu', 'cmdline', 'unzip', 'feature'] as const),
  ...(['hosting', 'iis'] as const),
]);

/** `windows-x64`, `linux-arm64-musl`: how a platform is called in messages. */
export function platformName(platform: Platform): string {
  const libc = platform.libc?.name === 'musl' ? '-musl' : '';
  return `${platform.os}-${platform.arch}${libc}`;
}

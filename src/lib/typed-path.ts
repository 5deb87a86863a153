// Comes in: a path as somebody types or pastes it where no shell reads it first. Goes out: the path that a shell would have
// made of it. Pure; looks at no disk.
import { join } from 'node:path';

/**
 * Without blanks around it, without the quotes that Windows' "Copy as path" puts around it, and with the home folder for a
 * leading `~` (POSIX shells, 2.6.1). An address is a path that keeps all its characters.
 */
export function typedPath(text: string, home: string): string {
  const trimmed = text.trim();
  const bare = /^(["'])(.*)\1$/.exec(trimmed)?.[2]?.trim() ?? trimmed;
  return /^~(?=$|[\\/])/.test(bare) ? join(home, bare.slice(1)) : bare;
}

// Comes in: a bundle that was verified. Goes out: the same without Windows' mark of the web, which Explorer leaves on every
// file that it unpacks and for which Windows would ask, file by file. Touches nothing else.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifiedBundle } from './verify.js';

/** Takes the mark off the files that were verified; on a medium that is read-only it stays. */
export async function removeWebMarks({ folder, sums }: VerifiedBundle): Promise<void> {
  if (process.platform !== 'win32') return;
  // https://learn.microsoft.com/openspecs/windows_protocols/ms-fscc: a stream of the file, removed like a file.
  await Promise.all(
    sums.map(({ path }) =>
      rm(`${join(folder, ...path.split('/'))}:Zone.Identifier`, { force: true }).catch(() => undefined),
    ),
  );
}

// Comes in: the path of a Windows program or library. Goes out: the version inside. Reads the file, decides nothing.
import { readFile, stat } from 'node:fs/promises';
import { peFileVersion } from '../lib/pe-version.js';

/** Beyond it a file is no library that somebody asks for the version of. */
const largest = 256 * 1024 * 1024;

/** `10.0.17763.1`; undefined for a file that is not there, cannot be read or has no version. */
export async function readFileVersion(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > largest ? undefined : peFileVersion(await readFile(path));
  } catch {
    return undefined;
  }
}

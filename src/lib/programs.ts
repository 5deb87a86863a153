// Comes in: a program's name and PATH. Goes out: the absolute path that would run. Runs nothing.
import { delimiter, isAbsolute, join } from 'node:path';
import { exists } from './files.js';

/** The first program of that name on PATH: what is run later is what was looked at now. */
export async function programOnPath(program: string, searchPath: string): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  if (isAbsolute(program)) return (await exists(program)) ? program : undefined;
  for (const folder of searchPath.split(delimiter).filter((each) => isAbsolute(each))) {
    for (const ending of endings) {
      const path = join(folder, program + ending);
      if (await exists(path)) return path;
    }
  }
  return undefined;
}

// Comes in: what a step is for. Goes out: paths and variables as the machine has them that it is for, whatever machine this
// is. For telling what would be done; touches no disk.
import { posix, win32 } from 'node:path';
import type { PreviewRequest } from '../src/kind.js';
import type { Variables } from '../src/lib/windows.js';
import { variableOf } from '../src/lib/windows.js';
import type { Platform } from '../src/types.js';

/** How paths are written there. */
export function pathsOf({ os }: Pick<Platform, 'os'>): typeof posix {
  return os === 'windows' ? win32 : posix;
}

/** A product's own folder there: what its installer says, else its id, below the programs. */
export function targetFolder({ platform, programs, step }: PreviewRequest, into: string): string {
  return pathsOf(platform).join(programs, into === '' ? `products/${step.product}` : into);
}

/** Python's name there, as the plan has it, or as one would type it. */
export function targetPython({ interpreter, platform }: PreviewRequest): string {
  return interpreter?.path ?? (platform.os === 'windows' ? 'python.exe' : 'python3');
}

/** Python inside an environment there. */
export function targetEnvironmentPython({ environment, platform }: PreviewRequest): string {
  const names = platform.os === 'windows' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  return pathsOf(platform).join(environment, ...names);
}

/** What every Windows has, as Microsoft sets it up. */
const stock: Variables = {
  SystemRoot: 'C:\\Windows',
  SystemDrive: 'C:',
  ProgramFiles: 'C:\\Program Files',
  ProgramW6432: 'C:\\Program Files',
  'ProgramFiles(x86)': 'C:\\Program Files (x86)',
  ProgramData: 'C:\\ProgramData',
};

/** The variables of a Windows: this one's, or those of any other. */
export function windowsVariables(environment: Variables): Variables {
  return variableOf(environment, 'SystemRoot') === undefined ? stock : environment;
}

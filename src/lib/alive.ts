// Comes in: the number of a process. Goes out: whether it lives, and when it began. Ends nobody.
import { readFileSync } from 'node:fs';

/** Whether a process of that number is there now, whoever it is. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process began, as the system says it, so that a number that was given away again is known. Field 22 of
 * /proc/PID/stat (proc(5)): clock ticks since boot; undefined where there is no such file.
 */
export function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

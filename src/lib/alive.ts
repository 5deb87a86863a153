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
  return statusOf(pid)[19];
}

/** Whether a process has ended and only its number is left, which nobody has asked for: so it stays in many containers. */
export function isZombie(pid: number): boolean {
  return statusOf(pid)[0] === 'Z';
}

/** The fields of /proc/PID/stat from the third on, which is the state; none where there is no such file. */
function statusOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

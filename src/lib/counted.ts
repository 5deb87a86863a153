// Comes in: a number and a noun. Goes out: both as people say them: `1 file`, `2 files`. Knows English only.

/** `1 error`, `3 errors`; a plural that takes more than an s is given. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

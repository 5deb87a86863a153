// Comes in: the words of a command. Goes out: the line that one types for it. Runs nothing: programs are given lists.

/**
 * A command line for the shell that people have there: sh's single quotes, or double quotes, which cmd and PowerShell
 * share as long as a word holds none of its own.
 */
export function typedLine(words: readonly string[], windows: boolean): string {
  return words.map((word) => (windows ? windowsWord(word) : shellWord(word))).join(' ');
}

/** A path or an address as one word of a line that is typed on this machine. */
export function typedWord(word: string): string {
  return typedLine([word], process.platform === 'win32');
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Quotes and backslashes as Windows' own rules for arguments have them (CommandLineToArgvW). */
function windowsWord(word: string): string {
  if (/^[\w@+=:./\\-]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

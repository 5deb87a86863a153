// Comes in: the words that were typed. Goes out: what others on the machine see of them in a process list from now on. The
// words themselves stay as they are.
import { withoutCredentials } from './credentials.js';

/** Takes answers and passwords out of this process's line in process lists, where the system lets us. */
export function showInProcessList(words: readonly string[]): void {
  process.title = ['zookit', ...shown(words)].join(' ');
}

/** The words without values of answers (`--param NAME=…`, `/SQLPassword:…`) and without user names in addresses. */
export function shown(words: readonly string[]): string[] {
  return words.map((word, index) => {
    // `/SQLPassword: secret` and `/SQLPassword secret` are two words.
    if (/^\/[a-z]*password[:=]?$/i.test(words[index - 1] ?? '') && !word.startsWith('/')) return '...';
    const isAnswer = words[index - 1] === '--param' || /^--param=|^\/[a-z]*password[:=]/i.test(word);
    return isAnswer ? word.replace(/^((?:--param=)?[^=:]*[=:]).*/s, '$1...') : withoutCredentials(word);
  });
}

// Comes in: a hint, and the words of the command line that failed. Goes out: the hint with the options that said which feeds,
// machine and root were meant: without them its command would look elsewhere. Knows names of options, runs nothing.
import { withoutCredentials } from './credentials.js';
import { typedLine } from './quote.js';

/** Commands that look at feeds; all others are told the root only. */
const readers = /^(list|show|plan|why|install|new|upgrade|feed check)\b/;
const everywhere: readonly string[] = ['root'];
const ofReaders: readonly string[] = ['main-feed', 'feed', 'platform', 'machine', 'root'];

/** An address with a password in it is not repeated. */
export function withSameOptions(hint: string, words: readonly string[]): string {
  return hint.replace(/`zookit ([^`]+)`/g, (typed, command: string) => {
    if (command.startsWith('-')) return typed;
    const names = readers.test(command) ? ofReaders : everywhere;
    const missing = names.filter((name) => !command.includes(`--${name}`));
    const options = missing.flatMap((name) =>
      valuesOf(words, name).map(
        (value) => ` ${typedLine([`--${name}`, value], process.platform === 'win32')}`,
      ),
    );
    return `\`zookit ${command}${options.join('')}\``;
  });
}

function valuesOf(words: readonly string[], name: string): string[] {
  const given = words.flatMap((word, index) => {
    if (word.startsWith(`--${name}=`)) return [word.slice(name.length + 3)];
    const next = words[index + 1];
    return word === `--${name}` && next !== undefined ? [next] : [];
  });
  return given.filter((value) => value !== '' && withoutCredentials(value) === value);
}

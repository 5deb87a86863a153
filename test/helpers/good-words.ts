// Comes in: message, details and hint of an error, as text. Goes out: where they break the rules of src/README.md that a
// machine can check. Knows no code and no command.

export interface ErrorWords {
  readonly message: string;
  readonly details?: readonly string[];
  readonly hint?: string;
}

/** Words that may begin a sentence with a small letter: programs and files that are called so. */
const lowerCaseNames = /^(deploy\.py|npm|pip|uv|web\.config|appcmd|icacls)\b|^[a-z]+( [a-zX]+)?: /;

/** Words that scold, beg, or belong to programmers. */
const unwanted =
  /\b(invalid|illegal|please|sorry|oops|unfortunately|simply|fatal|abort(ed)?|exception|undefined|null|regex|failed to|unable to|you must|must not|forgot|wrongly)\b/i;

/** Codes of the system, which have words. */
const systemCodes = /\bE(NOENT|ACCES|ISDIR|NOTDIR|EXIST|PERM|NOSPC|CONN[A-Z]+|ADDRINUSE|PIPE|BUSY)\b/;

/** American spellings of words that are British here. */
const american = /\b(license|color|canceled|center|behavior|catalogue)\b/i;

/** What is said badly: a sentence for each thing; empty when nothing is. */
export function saidBadly({ message, details = [], hint }: ErrorWords): string[] {
  const found: string[] = [];
  const demand = (holds: boolean, what: string): void => {
    if (!holds) found.push(what);
  };
  const plain = [message, ...details, hint ?? ''].map(withoutQuoted);
  demand(startsWell(message), 'the message begins with a capital, a name in quotes or a command and a colon');
  demand(!/[.!?]$/.test(message), 'the message ends without a stop');
  demand(message.length <= 200 && !message.includes('\n'), 'the message is one sentence');
  demand(!plain.some((text) => /!(?!=)/.test(text)), 'nothing is shouted');
  demand(!plain.some((text) => unwanted.test(text)), `not said here: ${unwanted.exec(plain.join(' '))?.[0]}`);
  demand(!plain.some((text) => systemCodes.test(text)), 'a code of the system has no words');
  demand(
    !plain.some((text) => american.test(text)),
    `spelled otherwise: ${american.exec(plain.join(' '))?.[0]}`,
  );
  demand(
    !plain.slice(0, 1).some((text) => /["“”]/.test(text)),
    'names stand in single quotes, what is typed in backquotes',
  );
  for (const detail of details) {
    demand(!/^ *(wanted|found)\b/.test(detail), 'details say Wanted and Found');
    demand(!/^ *(Wanted|Found):? *$/.test(detail), 'Wanted and Found are followed by something');
    demand(!/^ *(Wanted|Found): /.test(detail), 'Wanted and Found have no colon');
  }
  if (hint === undefined) return found;
  demand(/^[A-Z`'{]/.test(hint) || lowerCaseNames.test(hint), 'the hint begins with a capital or a command');
  demand(!/[.!]$/.test(hint), 'the hint ends without a stop');
  demand(hint.length <= 330, 'the hint is one action');
  return found;
}

/** A capital, a digit, a name in quotes, an option in backquotes, or a program that is spelled with a small letter. */
function startsWell(message: string): boolean {
  return /^[A-Z0-9'`/]/.test(message) || lowerCaseNames.test(message);
}

/** What is quoted is not ours: names, paths, commands. */
function withoutQuoted(text: string): string {
  return text.replace(/`[^`]*`/g, '``').replace(/(?<![A-Za-z])'[^']*'/g, "''");
}

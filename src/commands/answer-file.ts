// Comes in: an answer file of WebPI. Goes out: its answers, and which of them a parameter takes. The one file that knows
// `Name[@]Value` and the names that WebPI's users write for tags (webpi-feed 4 and 7). Shows no value: it may be a password.
import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../errors.js';
import { decodeText } from '../lib/decode.js';
import type { Parameter } from '../types.js';

/** Answers by lower-case name. */
export type AnswerFile = ReadonlyMap<string, { readonly name: string; readonly value: string }>;

/** Tags of Web Deploy that an answer file names instead of parameters, by the lower-case name there. */
const tagsByName: ReadonlyMap<string, readonly string[]> = new Map([
  ['apppath', ['iisapp']],
  ['iisapp', ['iisapp']],
  ['dbserver', ['dbserver']],
  ['dbport', ['dbport']],
  ['dbname', ['dbname']],
  ['dbusername', ['dbusername']],
  ['dbpassword', ['dbuserpassword', 'dbpassword']],
  ['dbuserpassword', ['dbuserpassword', 'dbpassword']],
  ['dbadminusername', ['dbadminusername']],
  ['dbadminpassword', ['dbadminpassword']],
]);

/** Reads an answer file: UTF-8, or UTF-16 as PowerShell writes it, one answer a line, blank lines allowed. Throws USAGE, with the line, never its text. */
export async function readAnswerFile(path: string): Promise<AnswerFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new AppError('USAGE', `The answer file '${path}' cannot be read`, {
      details: [messageOf(error)],
      hint: 'Name a file with a line `Name[@]Value` for each answer',
      cause: error,
    });
  });
  return parseAnswers(decodeText(bytes), path);
}

/** The answers of a file's text; of two with one name the last one counts. Throws USAGE. */
export function parseAnswers(text: string, path: string): AnswerFile {
  const answers = new Map<string, { name: string; value: string }>();
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const [, name = '', value = ''] = /^(.*?)\[@\](.*)$/.exec(line) ?? [];
    if (name.trim() === '') throw noAnswer(path, index + 1);
    answers.set(name.trim().toLowerCase(), { name: name.trim(), value });
  }
  return answers;
}

/** What a file answers to a parameter: by its name, else by one of its tags. */
export function answerTo(parameter: Parameter, file: AnswerFile): string | undefined {
  const named = file.get(parameter.name.toLowerCase());
  return (named ?? [...file].find(([name]) => fitsTag(parameter, name))?.[1])?.value;
}

/** Names, as written, that none of the parameters takes. */
export function unusedNames(file: AnswerFile, parameters: readonly Parameter[]): string[] {
  return [...file].flatMap(([key, { name }]) => {
    const used = parameters.some(
      (parameter) => parameter.name.toLowerCase() === key || fitsTag(parameter, key),
    );
    return used ? [] : [name];
  });
}

/** Whether a lower-case name stands for one of the parameter's tags. */
export function fitsTag({ tags }: Parameter, name: string): boolean {
  return tags.some((tag) => tagsByName.get(name)?.includes(tag.toLowerCase()));
}

function noAnswer(path: string, line: number): AppError {
  return new AppError('USAGE', `Line ${line} of the answer file '${path}' is not Name[@]Value`, {
    details: ['Wanted a name, the characters [@], and a value up to the end of the line'],
    hint: 'For example `DbName[@]shop`',
  });
}

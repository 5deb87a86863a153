// Comes in: the text of a log of Windows Installer. Goes out: the few lines that tell what went wrong, with error numbers in
// words. Pure but for the one function that reads the file.
// Numbers: https://learn.microsoft.com/windows/win32/msi/windows-installer-error-messages
import { readFile, stat } from 'node:fs/promises';

export interface LogStory {
  /** At most a handful, in the order of the log. */
  readonly lines: readonly string[];
  /** What to do, where the number says it. */
  readonly hint?: string;
}

const words: ReadonlyMap<number, string> = new Map([
  [1303, 'a folder may not be entered'],
  [1304, 'a file cannot be written'],
  [1305, 'a file cannot be read'],
  [1306, 'another program holds a file'],
  [1307, 'the disk is full'],
  [1308, 'a file of the source is not there'],
  [1310, 'a file cannot be written'],
  [1316, 'a network error, or the package has another name than when it was installed'],
  [1321, 'a file may not be changed'],
  [1335, 'the cabinet file is damaged'],
  [1402, 'a registry key cannot be opened'],
  [1406, 'a value cannot be written into the registry'],
  [1500, 'another installation is running'],
  [1706, 'no source of the product can be found'],
  [1714, 'the older version cannot be taken away'],
  [1720, 'a script of the package failed'],
  [1721, 'a program of the package could not start'],
  [1722, 'a program of the package failed'],
  [1723, 'a library of the package could not run'],
  [1730, 'administrator rights are needed'],
  [1904, 'a module could not be registered'],
  [1920, 'a service could not start'],
  [1921, 'a service could not be stopped'],
  [1922, 'a service could not be taken away'],
  [1923, 'a service could not be installed'],
  [1925, 'administrator rights are needed'],
  [1935, 'an assembly could not be installed'],
  [2203, 'the database of the package cannot be opened'],
  [2738, 'VBScript could not start'],
  [2739, 'JScript could not start'],
]);

/** A registration by a user hides the machine's, or the language is not installed at all (field note 40). */
function scriptHint(language: string, library: string, classId: string): string {
  return (
    `Remove the user's own registration with ` +
    `\`reg delete "HKCU\\SOFTWARE\\Classes\\CLSID\\${classId}" /f\`, register ${language} again with ` +
    `\`%SystemRoot%\\System32\\regsvr32.exe ${library}\` and \`%SystemRoot%\\SysWOW64\\regsvr32.exe ${library}\`, then run ` +
    `the same command again; on the newest Windows ${language} is an optional feature that must be added first`
  );
}

const hints: ReadonlyMap<number, string> = new Map([
  [2738, scriptHint('VBScript', 'vbscript.dll', '{B54F3741-5B07-11CF-A4B0-00AA004A55E8}')],
  [2739, scriptHint('JScript', 'jscript.dll', '{F414C260-6AC0-11CF-B6D1-00AA00BBBB58}')],
]);

const mostLines = 8;
/** In English, and as a Windows of any other language says it: `Aktion beendet um 10:00:01: runHelper. Rückgabewert 3.` */
const failed = /Return value 3\b|\d{1,2}:\d{2}:\d{2}: [^.]+\. [^\d\s][^\d]* ?3\.?$/u;
/** Where nothing failed, the last action that never ran is to blame; others are only skipped. */
const neverRan = /(?<!\bINSTALL)\. Return value 0\b/;
/** `Error 1722`, `Product: Demo -- Fehler 1722.`, `The error code is 2739`, `Note: 1: 2739`. */
const errorNumber = /\bError (\d{4})\b|-- \p{L}+ (\d{4})\.|error code is (\d{4})\b|\bNote: 1: (27\d\d)\b/u;

/** What a log tells: its errors, and the action that ended with `Return value 3` with the lines before it. */
export function readStory(text: string): LogStory {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const telling = new Set<number>();
  const failure = lines.findIndex((line) => failed.test(line));
  const first = failure >= 0 ? failure : lines.findLastIndex((line) => neverRan.test(line));
  if (first >= 0) {
    // What failed stands right above: a custom action says its reason there.
    for (let back = first, count = 0; back >= 0 && count < 3; back -= 1) {
      if (lines[back] === '') continue;
      telling.add(back);
      count += 1;
    }
  }
  const errors = [...lines.keys()].filter((index) => errorNumber.test(lines[index] ?? ''));
  const isKnown = (index: number): boolean => words.has(numberIn(lines[index] ?? ''));
  // A log may be full of numbers that stop nothing: those that have words come first.
  for (const index of [...errors.filter(isKnown), ...errors.filter((each) => !isKnown(each))])
    if (telling.size < mostLines) telling.add(index);
  const story = [...telling].sort((left, right) => left - right).map((index) => lines[index] ?? '');
  const hint = story.map(numberIn).flatMap((number) => hints.get(number) ?? [])[0];
  return { lines: [...new Set(story)].map(inWords), ...(hint === undefined ? {} : { hint }) };
}

function numberIn(line: string): number {
  const [, ...groups] = errorNumber.exec(line) ?? [];
  return Number(groups.filter(Boolean)[0]);
}

function inWords(line: string): string {
  const meaning = words.get(numberIn(line));
  return meaning === undefined ? line : `${line} [${meaning}]`;
}

const largest = 64 * 1024 * 1024;

/** The story of a log file; empty when there is none. Windows writes UTF-16, older ones the bytes of their language. */
export async function storyOf(path: string): Promise<LogStory> {
  try {
    if ((await stat(path)).size > largest) return { lines: [] };
    const bytes = await readFile(path);
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0;
    return readStory((wide ? bytes.toString('utf16le') : narrowText(bytes)).replace(/^\uFEFF/, ''));
  } catch {
    return { lines: [] };
  }
}

function narrowText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

// Comes in: a Windows under Wine, and names of programs that Wine lacks or has only hollow (appcmd, icacls, dism). Goes out:
// programs in their places that remember how they were called and answer what a test says. They do nothing else: a test
// with them shows the command that Windows would see, never its effect.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { standInSource } from './stand-in-source.js';
import type { Windows } from './wine.js';
import { cacheFolder } from './wine.js';

const compiler = 'x86_64-w64-mingw32-gcc';

/** One call of a stand-in. */
export interface Call {
  /** `appcmd`, without its ending. */
  readonly program: string;
  /** As Windows programs split their command line. */
  readonly arguments: readonly string[];
  /** The command line as it was written, quotes and all, the program first. */
  readonly line: string;
}

/** What a stand-in says and how it ends. */
export interface StandInAnswer {
  readonly program: string;
  /** A part of the arguments, joined by blanks; empty: any call. */
  readonly when?: string;
  readonly status?: number;
  readonly stdout?: string;
}

export interface StandIns {
  /** All calls so far, in their order. */
  readonly calls: () => Call[];
  /** Sets the answers; of several that fit, the last one counts. Without one: nothing said, status 0. */
  readonly answer: (...answers: readonly StandInAnswer[]) => void;
  /** Forgets all calls. */
  readonly forget: () => void;
}

/** Places where Windows has them; all others lie in System32. */
const places: Readonly<Record<string, string>> = { appcmd: 'windows/system32/inetsrv' };

/** Puts stand-ins in the places of programs, or beside them: a name with `/` or `\` is a place below `C:\` of its own. */
export async function standIns(windows: Windows, programs: readonly string[]): Promise<StandIns> {
  const compiled = standInProgram();
  for (const program of programs) {
    const inside = /[\\/]/.test(program)
      ? program.replaceAll('\\', '/')
      : `${places[program] ?? 'windows/system32'}/${program}.exe`;
    const path = join(windows.drive, inside);
    mkdirSync(dirname(path), { recursive: true });
    // Wine's own files are links at times.
    rmSync(path, { force: true });
    copyFileSync(compiled, path);
    // Wine takes its own program of that name otherwise, whatever lies there.
    const overrides = 'HKCU\\Software\\Wine\\DllOverrides';
    await windows.run(['reg', 'add', overrides, '/v', basename(path), '/d', 'native', '/f']);
  }
  const folder = join(windows.drive, 'stand-ins');
  const log = join(folder, 'calls.jsonl');
  mkdirSync(folder, { recursive: true });
  return {
    calls: () => (existsSync(log) ? callsIn(readFileSync(log, 'utf8')) : []),
    answer: (...answers) => writeFileSync(join(folder, 'answers.txt'), answers.map(answerLine).join('')),
    forget: () => rmSync(log, { force: true }),
  };
}

function callsIn(text: string): Call[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Call);
}

function answerLine({ program, when = '', status = 0, stdout = '' }: StandInAnswer): string {
  const said = stdout.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `${program}\t${when}\t${status}\t${said}\n`;
}

/** The program itself, for a place of its own: compiled once per machine, anew when its source has changed. */
export function standInProgram(): string {
  const version = createHash('sha256').update(standInSource).digest('hex').slice(0, 16);
  const program = join(cacheFolder(), `stand-in-${version}.exe`);
  if (existsSync(program)) return program;
  const [source, made] = ['c', 'exe'].map((ending) => `${program}.${process.pid}.${ending}`) as [
    string,
    string,
  ];
  writeFileSync(source, standInSource);
  execFileSync(compiler, ['-municode', '-O1', '-s', '-o', made, source]);
  rmSync(source);
  renameSync(made, program);
  return program;
}

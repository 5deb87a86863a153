// Comes in: a command line. Goes out: status, stdout and stderr of the real program in a world of its own: root, home,
// temporary folder, PATH. Holds after every run what must hold after any: no stack trace, nothing half-made, no lock.
import assert from 'node:assert/strict';
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder, tree } from './folder.js';
import { machineVariables } from './variables.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that nothing is demanded of yet. */
export interface Ended extends Ran {
  /** The signal that ended it, when it did not end itself. */
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

export interface RunSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Words before the program: another user's, for example. */
  readonly as?: readonly string[];
}

export interface Zookit {
  /** Holds all the rest. */
  readonly folder: string;
  readonly root: string;
  /** The current folder of every run, for projects and files of the test. */
  readonly work: string;
  run(words: readonly string[], settings?: RunSettings): Promise<Ran>;
  /** The same without waiting and without demands: for runs that are disturbed. */
  start(words: readonly string[], settings?: RunSettings): Started;
}

export interface WorldSettings {
  /** The programs on PATH, by the name they get there; none by default. */
  readonly programs?: Readonly<Record<string, string>>;
  /** More folders on PATH, after those programs. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A world for one test, removed after it; runs see no variable of the tests' own environment but what is passed on. */
export function zookitWorld(context: TestContext, settings: WorldSettings = {}): Zookit {
  const folder = realpathSync(temporaryFolder(context));
  const place = (name: string): string => join(folder, name);
  for (const name of ['home', 'path', 'temporary', 'work']) mkdirSync(place(name));
  for (const [name, target] of Object.entries(settings.programs ?? {}))
    symlinkSync(target, join(place('path'), name));
  const world: Readonly<Record<string, string>> = {
    HOME: place('home'),
    PATH: [place('path'), ...(settings.path ?? [])].join(delimiter),
    TMPDIR: place('temporary'),
    ZOOKIT_ROOT: place('root'),
    ...settings.env,
  };
  const start: Zookit['start'] = (words, { env = {}, cwd = place('work'), as = [] } = {}) =>
    spawned(
      [...as, process.execPath, program, ...words],
      { ...machineVariables({ ...world, ...env }), ...world, ...env },
      cwd,
    );
  return {
    folder,
    root: place('root'),
    work: place('work'),
    start,
    async run(words, given) {
      const ran = await start(words, given).ended;
      checkTalk(words, ran);
      checkLeftovers(folder);
      return ran;
    },
  };
}

/** The one JSON value that stdout holds; fails when there is more or less. */
export function json(ran: Ran): Record<string, unknown> {
  assert.doesNotThrow(() => JSON.parse(ran.stdout), `stdout is no JSON value:\n${ran.stdout}\n${ran.stderr}`);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

/** What was refused or failed: exit status, code and words on stderr. */
export function assertFails(ran: Ran, status: number, code: string, words: RegExp): void {
  assert.match(ran.stderr, new RegExp(`^error: .*\\(${code}\\)$`, 'm'));
  assert.match(ran.stderr, words);
  assert.equal(ran.status, status, ran.stderr);
}

/** All is well: exit status 0, and not a word of an error. */
export function assertDone(ran: Ran): void {
  assert.equal(ran.status, 0, ran.stderr);
  assert.doesNotMatch(ran.stderr, /^error/m);
}

/** What lies below the root but for journal, caches and lists: the programs. */
export function programsOf({ root }: Zookit): string[] {
  if (!existsSync(root)) return [];
  return tree(root).filter(
    (name) => !/^(cache|manifests|journal\.jsonl|feeds\.json|mirrors\.json|lock)(\/|$)/.test(name),
  );
}

function spawned(words: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Started {
  const [command = '', ...rest] = words;
  const child = spawn(command, rest, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status: status ?? -1, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** What holds for the words of every run that ends by itself: no stack trace, no bug of ours. */
export function checkTalk(words: readonly string[], { stdout, stderr }: Ran): void {
  const text = `${words.join(' ')}\n${stdout}\n${stderr}`;
  assert.doesNotMatch(text, /^\s+at .+:\d+:\d+\)?$/m, `a stack trace:\n${text}`);
  assert.doesNotMatch(text, /Zookit itself failed/);
}

/** What holds for the disk after every such run: nothing half-made, no lock, nothing beside the root. */
export function checkLeftovers(folder: string): void {
  const names = tree(folder);
  const half = names.filter((name) =>
    /(^|\/)\.zookit-|\/cache\/partial\/|^temporary\/|^root\/lock$/.test(name),
  );
  assert.deepEqual(half, [], 'something half-made is left');
  assert.deepEqual(
    readdirSync(folder).filter((name) => !['home', 'path', 'root', 'temporary', 'work'].includes(name)),
    [],
    'something lies outside of the root',
  );
}

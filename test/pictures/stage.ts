// Goes out: a place in which real programs are pictured: a home of somebody without rights, `zookit` on PATH, and the words
// that put neutral names in the place of that folder, of times and of process numbers. Each name is as long as what it
// stands for, so that no page looks different from what it was.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TestTerminal } from '../helpers/tmux.js';
import { startTerminal } from '../helpers/tmux.js';
import { anotherUser } from '../helpers/user.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

/** What is to be done when the pictures are made, the last thing first. */
export class Ends implements Pick<TestContext, 'after'> {
  readonly #steps: (() => unknown)[] = [];

  after(step?: unknown): void {
    if (typeof step === 'function') this.#steps.unshift(step as () => unknown);
  }

  async all(): Promise<void> {
    for (const step of this.#steps.splice(0)) await step();
  }
}

export interface Stage {
  /** A terminal in the home, with a shell's prompt or with a program. */
  terminal(columns: number, rows: number, command: readonly string[]): TestTerminal;
  /** What the terminal shows, without what is this machine's own. */
  shown(terminal: TestTerminal): string;
}

export async function makeStage(ends: Ends): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), 'zk'));
  ends.after(() => rmSync(home, { recursive: true, force: true }));
  const tools = mkdtempSync(join(tmpdir(), 'zookit-tools-'));
  ends.after(() => rmSync(tools, { recursive: true, force: true }));
  const work = join(home, 'www');
  mkdirSync(work);
  symlinkSync(program, join(tools, 'zookit'));
  symlinkSync(process.execPath, join(tools, 'node'));
  const as = (await anotherUser()) ?? [];
  if (as.length > 0)
    for (const words of [
      ['-R', '65534:65534', home],
      ['65534:65534', tools],
    ])
      spawnSync('chown', words);
  const kept = Object.entries(process.env).filter(([name]) => /^(PIP_.*|.*_proxy|SSL_.*)$/i.test(name));
  const env = {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    HOME: home,
    PATH: [tools, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    PS1: '$ ',
    // As root has another root than everybody else.
    ZOOKIT_ROOT: join(home, '.local', 'share', 'zookit'),
  };
  return {
    terminal: (columns, rows, command) =>
      startTerminal(ends, { columns, rows, command: [...as, ...command], cwd: work, env }),
    shown: (terminal) => masked(terminal.colored(), home),
  };
}

/** A home with as many letters as our folder has; throws where temporary folders have longer names. */
function masked(screen: string, home: string): string {
  const neutral = '/home/charlie';
  if (home.length !== neutral.length) throw new Error(`'${home}' is not as long as '${neutral}'`);
  return screen
    .replaceAll(home, neutral)
    .replace(/\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\]/g, '[2026-01-01 12:00:00.000]')
    .replace(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z/g, '2026-01-01T12-00-00-000Z')
    .replace(/\[pid \d+\]/g, (pid) => `[pid ${'1234567'.slice(0, pid.length - '[pid ]'.length)}]`)
    .trimEnd();
}

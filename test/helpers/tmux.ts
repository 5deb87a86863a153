// Comes in: a command, a size. Goes out: a real terminal in which it runs: keys go in, screens come out. A server of tmux
// of the test's own, ended with it. Knows no page.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EndsWith } from './at-end.js';
import { atEnd } from './at-end.js';

/** Why tests that need a terminal cannot run here; false when they can. */
export const tmuxMissing: string | false =
  spawnSync('tmux', ['-V']).status !== 0 && 'not here: tmux (Debian: tmux)';

export interface TerminalSettings {
  readonly columns: number;
  readonly rows: number;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface TestTerminal {
  /** Presses keys by tmux's names of them: `Enter`, `Down`, `C-c`. */
  keys(...names: readonly string[]): void;
  /** Gives the terminal another size. */
  resize(columns: number, rows: number): void;
  /** Types a text. */
  type(text: string): void;
  /** Waits until a screen fits and stays; returns it. Every screen that it returned is kept in `screens`. Two minutes unless said. */
  waitFor(pattern: RegExp, seconds?: number): Promise<string>;
  /** The screen with its colour sequences; lines that the terminal has broken are whole. */
  colored(): string;
  readonly screens: string[];
}

/** Starts a command in a terminal; below its last words the screen says `EXIT=` and its status. */
export function startTerminal(context: EndsWith, settings: TerminalSettings): TestTerminal {
  const folder = mkdtempSync(join(tmpdir(), 'zookit-tmux-'));
  const tmux = (...words: readonly string[]): string =>
    execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...words], {
      env: { ...settings.env, LANG: 'C.UTF-8' },
      encoding: 'utf8',
    });
  atEnd(context, () => {
    spawnSync('tmux', ['-S', join(folder, 'socket'), 'kill-server']);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  const size = ['-x', String(settings.columns), '-y', String(settings.rows)];
  // Ctrl-C reaches the shell as well, which is to tell the status.
  const line = `trap : INT; ${settings.command.map(quoted).join(' ')}; echo "EXIT=$?"; sleep 600`;
  tmux('new-session', '-d', '-s', 'test', ...size, '-c', settings.cwd, 'sh', '-c', line);
  tmux('set', '-s', 'escape-time', '0');
  const screens: string[] = [];
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'test');
  return {
    screens,
    keys: (...names) => names.forEach((name) => tmux('send-keys', '-t', 'test', name)),
    resize: (columns, rows) =>
      void tmux('resize-window', '-t', 'test', '-x', String(columns), '-y', String(rows)),
    type: (text) => void tmux('send-keys', '-t', 'test', '-l', text),
    colored: () => tmux('capture-pane', '-e', '-p', '-J', '-t', 'test'),
    async waitFor(pattern, seconds = 120) {
      const end = Date.now() + seconds * 1000;
      let before = '';
      for (;;) {
        const now = screen();
        if (now === before && pattern.test(now)) {
          screens.push(now);
          return now;
        }
        before = now;
        assert.ok(Date.now() < end, `${String(pattern)} never came; the screen was:\n${now}`);
        await pause(150);
      }
    },
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

// Comes in: a size and words. Goes out: the wizard in a terminal of that size, with a root and a folder of its own; and what
// holds for every screen of it.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { widthOf } from '../../src/lib/text-width.js';
import { temporaryFolder } from './folder.js';
import type { TestTerminal } from './tmux.js';
import { startTerminal } from './tmux.js';
import { machineVariables } from './variables.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

/** The usual terminal, and a narrow one. */
export const sizes = [
  { columns: 80, rows: 24 },
  { columns: 60, rows: 20 },
] as const;

export interface Wizard extends TestTerminal {
  readonly folder: string;
  readonly root: string;
}

/** Starts it; `words` are those after `zookit`. */
export function startWizard(
  context: TestContext,
  size: (typeof sizes)[number] | { columns: number; rows: number },
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Wizard {
  const folder = temporaryFolder(context);
  const cwd = join(folder, 'work');
  mkdirSync(cwd);
  const root = join(folder, 'root');
  const terminal = startTerminal(context, {
    ...size,
    // tmux sets some variables itself.
    command: [
      'env',
      ...Object.entries(env).map((each) => each.join('=')),
      process.execPath,
      program,
      ...words,
    ],
    cwd,
    env: { ...machineVariables(env), PATH: process.env['PATH'] ?? '', HOME: folder, ZOOKIT_ROOT: root },
  });
  return { ...terminal, folder: cwd, root };
}

/** What holds for every screen: nothing wider than the terminal, no box for a character, one heading, one cursor. */
export function checkScreens({ screens }: TestTerminal, columns: number): void {
  for (const screen of screens) {
    for (const line of screen.split('\n')) assert.ok(widthOf(line) <= columns, `too wide:\n${screen}`);
    assert.doesNotMatch(screen, /\ufffd|\u001b|undefined|\[object|NaN/, screen);
    const headings = screen.match(/^Zookit {3}/gm) ?? [];
    assert.ok(headings.length <= 1, `something of the page before is left:\n${screen}`);
    if (headings.length === 1) assert.match(screen, /^Zookit {3}.*\n[─-]+\n/, screen);
    assert.ok((screen.match(/^> /gm) ?? []).length <= 1, `two cursors:\n${screen}`);
  }
}

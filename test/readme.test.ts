// What the README tells to type is typed here, line by line, in a folder of its own.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from './helpers/folder.js';
import { blocksOf, readPage, top, typedLines, wordsOf } from './helpers/pages.js';
import { userVariables } from './helpers/variables.js';

const program = join(top, 'dist', 'src', 'main.cjs');

/** The words of every command of ours in a console block, but for the site on PostgreSQL: see servers/new-user.test.ts. */
function commandLines(): readonly (readonly string[])[] {
  return blocksOf(readPage('README.md'))
    .filter(({ language, text }) => language === 'console' && !text.includes('postgresql'))
    .flatMap(typedLines)
    .filter((line) => /^(npx )?zookit /.test(line))
    .map((line) => wordsOf(line.replace(/^npx /, '')).slice(1));
}

test('every command of the README does what it says', async (context) => {
  const folder = temporaryFolder(context);
  const cwd = join(folder, 'zookit');
  mkdirSync(cwd);
  const env = { ...userVariables(), ZOOKIT_ROOT: join(folder, 'root') };
  const lines = commandLines();
  assert.ok(lines.length >= 8, 'the README has sessions');
  for (const words of lines) {
    if (words[0] === 'serve') {
      await serveAndLook(words, cwd, env);
      continue;
    }
    const { status, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd,
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `zookit ${words.join(' ')}\n${stderr}`);
  }
});

async function serveAndLook(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [program, ...words, '--port', '0'], { cwd, env });
  try {
    const response = await fetch(await addressOf(child));
    assert.equal(response.status, 200);
    assert.match(await response.text(), /It works/);
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    assert.equal(await ended, 0, 'the ordinary end of serve is not an error');
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (text: Buffer) => {
      output += text.toString();
      const address = /^(http:\/\/\S+)$/m.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (status) => reject(new Error(`serve ended with ${String(status)}: ${output}`)));
  });
}

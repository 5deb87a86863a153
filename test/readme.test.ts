// What the README tells to type is typed here, line by line, in a folder of its own.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './helpers/folder.js';

const top = fileURLToPath(new URL('../../', import.meta.url));
const program = join(top, 'dist', 'src', 'main.cjs');

/** The words of every `$ zookit …` line in a console block. */
function commandLines(readme: string): string[][] {
  const blocks = [...readme.matchAll(/```console\n([^`]*)```/g)].map((match) => match[1] ?? '');
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('$ zookit '))
    .map((line) => line.slice('$ zookit '.length).trim().split(/\s+/));
}

test('every command of the README does what it says', async (context) => {
  const folder = temporaryFolder(context);
  const env = { ...process.env, ZOOKIT_ROOT: join(folder, 'root') };
  const lines = commandLines(readFileSync(join(top, 'README.md'), 'utf8'));
  assert.ok(lines.length >= 8, 'the README has sessions');
  for (const words of lines) {
    if (words[0] === 'serve') {
      await serveAndLook(words, folder, env);
      continue;
    }
    const { status, stderr } = spawnSync(process.execPath, [program, ...words], {
      cwd: folder,
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

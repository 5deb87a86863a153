// Comes in: a page, a world. Goes out: nothing, or a failure that names the line: its files are written and its commands
// typed in a real shell, in their order, in one folder. A site that it serves is looked at and ended.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import { programOnPath } from '../../src/lib/programs.js';
import type { Block } from './pages.js';
import { blocksOf, readPage, typedLines } from './pages.js';
import type { Zookit } from './zookit.js';
import { zookitWorld } from './zookit.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

/** Types a whole page. Pages are written for a shell of POSIX: not for Windows. */
export async function typePage(context: TestContext, page: string): Promise<void> {
  const path = (process.env['PATH'] ?? '').split(':');
  const zookit = zookitWorld(context, { programs: { zookit: program, node: process.execPath }, path });
  let typed = 0;
  for (const block of blocksOf(readPage(page))) {
    if (block.file !== undefined) writeBlock(zookit, block.file, block.text);
    if (block.language !== 'console' || (await missing(block)) !== undefined) continue;
    for (const line of typedLines(block)) {
      await typeLine(zookit, line, `${page}:${block.line}`);
      typed += 1;
    }
  }
  assert.ok(typed > 0, `${page} tells to type nothing`);
}

function writeBlock({ work }: Zookit, file: string, text: string): void {
  const path = join(work, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function missing({ needs }: Block): Promise<string | undefined> {
  for (const name of needs)
    if ((await programOnPath(name, process.env['PATH'] ?? '')) === undefined) return name;
  return undefined;
}

async function typeLine(zookit: Zookit, line: string, where: string): Promise<void> {
  if (/^zookit serve\b/.test(line)) return lookAtSite(zookit, line, where);
  // A line may say that it fails, and how: `# ends with 3`.
  const expected = Number(/# ends with (\d+)$/.exec(line)?.[1] ?? '0');
  // What the world adds after them become words of the shell that nobody reads.
  const ran = await zookit.run([], { as: ['sh', '-c', line] });
  assert.equal(ran.status, expected, `${where}: ${line}\n${ran.stdout}${ran.stderr}`);
}

async function lookAtSite(zookit: Zookit, line: string, where: string): Promise<void> {
  const { child, ended } = zookit.start([], { as: ['sh', '-c', `exec ${line} --port 0`] });
  let told = '';
  const address = await new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (text: string) => {
      told += text;
      const found = /^http:\/\/\S+$/m.exec(told)?.[0];
      if (found !== undefined) resolve(found);
    });
    void ended.then(() => resolve(undefined));
  });
  const page = address === undefined ? undefined : await fetch(address);
  child.kill('SIGTERM');
  const { status, stderr } = await ended;
  assert.equal(page?.status, 200, `${where}: ${line}\n${stderr}`);
  assert.equal(status, 0, `${where}: the ordinary end of serve is not an error\n${stderr}`);
}

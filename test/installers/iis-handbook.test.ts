// The page of the handbook in installers/README.md is the data: every command of an example, with its reason and its undo.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { iisKind } from '../../installers/iis.js';
import { jobOf, windows } from '../helpers/job.js';

const readme = fileURLToPath(new URL('../../../installers/README.md', import.meta.url));

/** As one would type it; the two programs by their names. */
function typed(words: readonly string[]): string {
  const [program = '', ...rest] = words;
  const name = program.split('\\').at(-1)?.replace('.exe', '') ?? '';
  return [name, ...rest.map((word) => (/\s/.test(word) ? `"${word}"` : word))].join(' ');
}

test('installers/README.md lists the commands of a site in IIS', (context) => {
  const { job } = jobOf(
    context,
    { kind: 'iis' },
    { job: { project: 'C:\\sites\\shop', values: new Map([['Database', 'sqlite']]) } },
  );
  const step = { ...job.step, place: 'IIS:Default Web Site/shop' };
  const commands = iisKind({ environment: windows }).preview?.({ ...job, step }).commands ?? [];
  const page = commands.flatMap(({ why, command, undo }) => [
    `# ${why ?? ''}`,
    typed(command),
    ...(undo ? [`#   undone by: ${typed(undo)}`] : []),
  ]);
  assert.ok(page.length > 20);
  const text = readFileSync(readme, 'utf8');
  const [, block = ''] = /## A site in IIS\n[\s\S]*?```bat\n([\s\S]*?)```/.exec(text) ?? [];
  assert.equal(block, `${page.join('\n')}\n`);
});

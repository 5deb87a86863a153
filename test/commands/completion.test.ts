// Completion as shells use it: the words that `--words` answers, and each script sourced by its own shell. A shell that is
// not here is skipped, with words; PowerShell's script is only looked at.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commands } from '../../src/commands/table.js';
import { topics } from '../../src/help-topics.js';
import { entryXml, feedXml } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { assertDone, assertFails, json, zookitWorld } from '../helpers/zookit.js';

const program = fileURLToPath(new URL('../../src/main.cjs', import.meta.url));

function found(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(existsSync);
}

async function words(t: TestContext, ...typed: string[]): Promise<string[]> {
  const ran = await zookitWorld(t).run(['completion', '--words', ...typed]);
  assertDone(ran);
  assert.equal(ran.stderr, '');
  return ran.stdout.split('\n').filter((line) => line !== '');
}

describe('the words that may follow', { concurrency: 2 }, () => {
  test('commands, topics and verbs', async (t) => {
    assert.deepEqual(await words(t, ''), [...Object.keys(commands), 'help']);
    assert.deepEqual(await words(t, 'UNI'), ['uninstall'], 'in any case');
    assert.deepEqual(await words(t, '--root', '/x', 'doc'), ['doctor'], 'after options for all commands');
    assert.deepEqual(await words(t, 'cache', ''), ['list', 'verify', 'clean']);
    assert.deepEqual(await words(t, 'completion', ''), ['bash', 'zsh', 'fish', 'powershell']);
    const about = await words(t, 'help', '');
    for (const name of [...Object.keys(topics), ...Object.keys(commands)])
      assert.ok(about.includes(name), name);
    assert.deepEqual(await words(t, 'nonsense', ''), []);
    assert.deepEqual(await words(t, 'cache', 'list', ''), []);
    assert.deepEqual(await words(t, 'bundle', 'export', 'Djangop'), ['DjangoProject']);
    assert.deepEqual(await words(t, 'bundle', 'export', '--platform', 'mac'), ['macos-arm64', 'macos-x64']);
    assert.deepEqual(await words(t, 'feed', 'check', ''), [':files']);
  });

  test('options and their values', async (t) => {
    const options = await words(t, 'new', '--quiet', '-');
    assert.ok(options.includes('--database') && options.includes('--json'));
    assert.ok(!options.includes('--quiet'), 'once is enough');
    assert.ok((await words(t, 'list', '--feed', 'x', '--fe')).includes('--feed'), 'again for more');
    assert.deepEqual(await words(t, 'new', '--database', 'm'), ['mysql', 'mssql']);
    assert.deepEqual(await words(t, 'new', '--database=or'), ['--database=oracle']);
    assert.deepEqual(await words(t, 'new', '--database', '=', 'or'), ['oracle'], 'as bash has it');
    assert.deepEqual(await words(t, 'new', '--host', '='), ['httpplatform', 'fastcgi', 'zoo']);
    assert.deepEqual(await words(t, 'plan', '--platform', 'mac'), ['macos-arm64', 'macos-x64']);
    assert.deepEqual(await words(t, 'verify', '--env', ''), [':folders']);
    assert.deepEqual(await words(t, 'list', '--log', 'x'), [':files']);
    assert.ok(!existsSync('x'), 'it is no command line yet: nothing is logged');
  });

  test('products and templates, of added feeds too', async (t) => {
    assert.deepEqual(await words(t, 'install', 'djangop'), ['DjangoProject']);
    assert.deepEqual(await words(t, 'why', 'Django', 'pil'), ['Pillow']);
    assert.deepEqual(await words(t, 'show', 'Django', ''), [], 'one is all it takes');
    assert.ok(!(await words(t, 'new', '')).includes('Django'), 'a template');
    assert.deepEqual(await words(t, 'new', 'DjangoProject', ''), [':folders']);
    const zookit = zookitWorld(t);
    const own = join(zookit.work, 'own.xml');
    writeFileSync(own, feedXml(entryXml('MyTool', '1')));
    const ask = async (...more: string[]): Promise<string> =>
      (await zookit.run(['completion', '--words', 'install', ...more])).stdout;
    assert.equal(await ask('myt'), '');
    assert.equal(await ask('--feed', own, 'myt'), 'MyTool\n');
    assert.ok(!existsSync(zookit.root), 'nothing is kept');
    assertDone(await zookit.run(['feed', 'add', own]));
    assert.equal(await ask('myt'), 'MyTool\n');
    writeFileSync(own, '<broken');
    assert.match(await ask('djangop'), /DjangoProject/, 'one broken feed takes nothing from the others');
  });

  test('a script for each shell, and a word for any other', async (t) => {
    const zookit = zookitWorld(t);
    const powershell = await zookit.run(['completion', 'powershell']);
    assert.match(powershell.stdout, /Register-ArgumentCompleter -Native -CommandName zookit/);
    assert.equal(json(await zookit.run(['completion', 'bash', '--json']))['shell'], 'bash');
    assertFails(
      await zookit.run(['completion', 'fihs']),
      2,
      'USAGE',
      /Did you mean `zookit completion fish`/,
    );
    assertFails(await zookit.run(['completion', 'constructor']), 2, 'USAGE', /no script is here/);
    assertFails(await zookit.run(['completion']), 2, 'USAGE', /name a shell/);
  });
});

interface Shell {
  /** What its line editor would offer, a line each. */
  readonly ask: (script: string) => string[];
}

/** `zookit` on PATH, and the script of a shell in a file. */
async function shellWorld(t: TestContext, shell: string): Promise<Shell & { file: string; work: string }> {
  const folder = temporaryFolder(t);
  const [bin, work] = [join(folder, 'bin'), join(folder, 'work')];
  for (const each of [bin, join(work, 'shop')]) mkdirSync(each, { recursive: true });
  writeFileSync(join(work, 'shelf.txt'), '');
  chmodSync(program, 0o755);
  symlinkSync(program, join(bin, 'zookit'));
  const script = await zookitWorld(t).run(['completion', shell]);
  const file = join(folder, `script.${shell}`);
  writeFileSync(file, script.stdout);
  const env = {
    PATH: [bin, join(process.execPath, '..'), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    TERM: 'dumb',
    ZOOKIT_ROOT: join(folder, 'root'),
  };
  const arguments_ = { bash: ['--norc', '-c'], zsh: ['-f', '-c'], fish: ['--no-config', '-c'] }[shell] ?? [];
  const ask = (text: string): string[] =>
    execFileSync(found(shell) ?? shell, [...arguments_, text], { env, cwd: work, encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t')[0] ?? '')
      .sort();
  return { ask, file, work };
}

const lacks = (shell: string): string | false => found(shell) === undefined && `${shell} is not here`;

test('bash', { skip: lacks('bash') }, async (t) => {
  const { ask, file } = await shellWorld(t, 'bash');
  const complete = (...typed: string[]): string[] =>
    ask(
      [
        `source '${file}'`,
        `COMP_WORDS=(zookit ${typed.map((word) => `'${word}'`).join(' ')})`,
        `COMP_CWORD=${typed.length}`,
        `_zookit zookit '${typed.at(-1) ?? ''}' '${typed.at(-2) ?? 'zookit'}'`,
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('\n'),
    );
  assert.deepEqual(complete('unin'), ['uninstall']);
  assert.deepEqual(complete('install', 'djangop'), ['DjangoProject']);
  assert.deepEqual(complete('new', '--database', '=', 'm'), ['mssql', 'mysql']);
  assert.deepEqual(complete('new', '--host', '='), ['fastcgi', 'httpplatform', 'zoo']);
  assert.deepEqual(complete('doctor', 'sh'), ['shop'], 'folders only');
  assert.deepEqual(complete('feed', 'check', 'sh'), ['shelf.txt', 'shop']);
  assert.match(ask(`source '${file}'; complete -p zookit`).join(''), /-F _zookit zookit/);
});

test('zsh', { skip: lacks('zsh') }, async (t) => {
  const { ask, file } = await shellWorld(t, 'zsh');
  // Its line editor needs a terminal; what the function gives to it does not.
  const complete = (...typed: string[]): string[] =>
    ask(
      [
        'compdef() { :; }',
        'compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -rl -- "$@"; }',
        '_files() { print -r -- "files $*"; }',
        `source '${file}'`,
        `words=(zookit ${typed.map((word) => `'${word}'`).join(' ')})`,
        `CURRENT=${typed.length + 1}`,
        '_zookit',
      ].join('\n'),
    );
  assert.deepEqual(complete('install', 'djangop'), ['DjangoProject']);
  assert.deepEqual(complete('feed', 'li'), ['list']);
  assert.deepEqual(complete('plan', '--platform=mac'), ['--platform=macos-arm64', '--platform=macos-x64']);
  assert.deepEqual(complete('cache', ''), ['clean', 'list', 'verify']);
  assert.deepEqual(complete('doctor', ''), ['files -/']);
});

test('fish', { skip: lacks('fish') }, async (t) => {
  const { ask, file } = await shellWorld(t, 'fish');
  const complete = (typed: string): string[] => ask(`source '${file}'; complete -C '${typed}'`);
  assert.deepEqual(complete('zookit unin'), ['uninstall']);
  assert.deepEqual(complete('zookit install djangop'), ['DjangoProject']);
  assert.deepEqual(complete('zookit cache '), ['clean', 'list', 'verify']);
  assert.deepEqual(complete('zookit new --database=m'), ['--database=mssql', '--database=mysql']);
  assert.deepEqual(complete('zookit doctor sh'), ['shop/']);
});

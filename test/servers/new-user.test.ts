// Somebody who has only the README: a fresh clone, the three commands of "A site on PostgreSQL" typed into a real terminal,
// its questions answered, the page looked at.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { DatabaseServer } from '../helpers/database-servers.js';
import { startPostgresql } from '../helpers/database-servers.js';
import { temporaryFolder } from '../helpers/folder.js';
import { blocksOf, top, typedLines } from '../helpers/pages.js';
import { visitorOf } from '../helpers/served.js';
import type { TestTerminal } from '../helpers/tmux.js';
import { startTerminal, tmuxMissing } from '../helpers/tmux.js';
import { machineVariables } from '../helpers/variables.js';

const skip =
  tmuxMissing ||
  (!existsSync(join(top, '.git')) && 'not here: a repository to clone') ||
  (spawnSync('git', ['--version']).status !== 0 && 'not here: git');
const prompt = /^\$$(?![^]*\$ np)/m;

test('from a clone to a site on PostgreSQL with three commands', { skip }, async (context) => {
  const server = await startPostgresql(context);
  if (!server) {
    context.skip('not here: the programs of a PostgreSQL server');
    return;
  }
  const folder = temporaryFolder(context);
  const clone = join(folder, 'zookit');
  const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', top, clone], {
    env: gitVariables(folder),
    encoding: 'utf8',
  });
  assert.equal(cloned.status, 0, cloned.stderr);
  const lines = postgresqlLines(clone);
  assert.equal(lines.length, 3);
  const [install = '', make = '', serve = ''] = lines;

  const terminal = shellIn(context, folder, clone);
  await terminal.waitFor(prompt);
  type(terminal, install);
  await terminal.waitFor(/^added \d+ packages[^]*^\$$/m, 300);
  type(terminal, make);
  await answerQuestions(terminal, server);
  await terminal.waitFor(/^Next: zookit serve[^]*^\$$/m, 300);
  type(terminal, `${serve} --port 0`);
  const screen = await terminal.waitFor(/^http:\/\/127\.0\.0\.1:\d+\/$/m, 120);
  const visitor = visitorOf({ url: /^http:\/\/\S+$/m.exec(screen)?.[0] ?? '' });
  assert.match((await visitor.get('/')).body, /PostgreSQL, <span class="good">reachable/);
  const fields = { username: 'boss', password: 'A good word 1' };
  const admin = await visitor.submit('/admin/login/?next=/admin/', fields);
  assert.match(admin.body, /Site administration/);
  terminal.keys('C-c');
  await terminal.waitFor(/^http[^]*^\$$/m);
  assert.ok(!terminal.screens.some((each) => each.includes(server.password)), 'a password is on the screen');
});

/** A hook of git names its own repository to us, and a repository of somebody else may not be cloned unless that is said. */
function gitVariables(folder: string): NodeJS.ProcessEnv {
  const settings = join(folder, 'gitconfig');
  writeFileSync(settings, '[safe]\n\tdirectory = *\n');
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return { ...Object.fromEntries(own), GIT_CONFIG_GLOBAL: settings };
}

/** The block with `postgresql` in it. */
function postgresqlLines(clone: string): readonly string[] {
  const blocks = blocksOf(readFileSync(join(clone, 'README.md'), 'utf8'));
  const block = blocks.find(({ language, text }) => language === 'console' && text.includes('postgresql'));
  return block ? typedLines(block) : [];
}

/** A login of somebody with an empty home. */
function shellIn(context: TestContext, folder: string, cwd: string): TestTerminal {
  const home = join(folder, 'home');
  mkdirSync(home);
  // How loud npm is belongs to whoever has started the tests: here its words are looked at.
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|npm_config_(?!loglevel).*)$/i.test(name),
  );
  const own = Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
  const env = { ...machineVariables(), ...own, HOME: home, PS1: '$ ', ZOOKIT_ROOT: join(home, 'zookit') };
  return startTerminal(context, { columns: 120, rows: 60, command: ['sh', '-i'], cwd, env });
}

function type(terminal: TestTerminal, line: string): void {
  terminal.type(line);
  terminal.keys('Enter');
}

/** In the order of the questions, which the README names. */
async function answerQuestions(terminal: TestTerminal, server: DatabaseServer): Promise<void> {
  const answers: readonly (readonly [RegExp, string])[] = [
    [/^\? Server of the database/m, '127.0.0.1'],
    [/^\? Port of the database/m, `${server.port}`],
    [/^\? Name of the database/m, server.database],
    [/^\? User of the database/m, server.user],
    [/^\? Password of that user/m, server.password],
    [/^\? Name of the first administrator/m, 'boss'],
    [/^\? Password of the first administrator/m, 'A good word 1'],
    [/^\? Mail address of the first administrator/m, ''],
    [/^\? How the web server starts Python/m, ''],
    [/^\? Install\?/m, ''],
  ];
  for (const [question, answer] of answers) {
    await terminal.waitFor(question);
    if (answer !== '') terminal.type(answer);
    terminal.keys('Enter');
  }
}

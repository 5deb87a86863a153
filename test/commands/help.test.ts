// The help: every example and every command that a topic tells to type is one that the command's own options take; and the
// nearest name stands in the hint of every mistyped word.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseWords } from '../../src/command.js';
import { commands } from '../../src/commands/table.js';
import { exitStatuses } from '../../src/errors.js';
import { commandHelp, generalHelp } from '../../src/help.js';
import { topics } from '../../src/help-topics.js';
import { isWebpiWords, translateWebpi } from '../../src/webpi-words.js';
import { assertDone, assertFails, zookitWorld } from '../helpers/zookit.js';

/** As a shell parts them. */
function wordsIn(line: string): string[] {
  return [...line.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map((match) => match[0].replaceAll('"', ''));
}

/** Fails for a line that its command would refuse. */
async function assertParses(line: string): Promise<void> {
  const [program, ...typed] = wordsIn(line);
  assert.equal(program, 'zookit', line);
  const words = isWebpiWords(typed) ? translateWebpi(typed).words : typed;
  const [name, ...rest] = words;
  if (name === undefined || name.startsWith('--')) return;
  if (name === 'help') {
    assert.ok(
      rest.every((each) => each in topics || each in commands || /^[A-Z]+$/.test(each)),
      line,
    );
    return;
  }
  const entry = commands[name];
  assert.ok(entry, `${line}: ${name} is a command`);
  const command = await entry.load();
  assert.doesNotThrow(() => parseWords(command, name, rest), line);
}

/** The commands of a text: lines that begin with `zookit`, and what stands in backquotes. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^ +(zookit .+?)(?: {3,}.*)?$/gm)].map((match) => match[1] ?? '');
  const quoted = [...text.matchAll(/`(zookit [^/`][^`]*)`/g)].map((match) => match[1] ?? '');
  return [...lines, ...quoted].map((line) => line.replaceAll('\n', ' '));
}

test('every command has examples, and takes them', async () => {
  for (const [name, entry] of Object.entries(commands)) {
    const { examples = [], usage } = await entry.load();
    assert.ok(usage.startsWith(name), `the usage of ${name} begins with its name`);
    assert.ok(examples.length > 0, `${name} has an example`);
    for (const line of examples) await assertParses(line);
  }
});

test('no line of help is wider than a terminal, but for what is there to be typed', async () => {
  const texts = [generalHelp('1.0.0', commands)];
  for (const { summary, load } of Object.values(commands)) texts.push(commandHelp(summary, await load()));
  for (const line of texts.join('\n').split('\n'))
    if (!/^ {2}zookit /.test(line)) assert.ok(line.length <= 80, line);
});

test('what the topics tell to type is taken, and fits a narrow terminal', async () => {
  for (const [name, topic] of Object.entries(topics)) {
    const text = await topic.load();
    if (name !== 'webpi')
      for (const line of text.split('\n')) assert.ok(line.length <= 80, `${name}: ${line}`);
    const lines = commandsIn(text);
    assert.ok(lines.length > 0 || name === 'exit-codes', `${name} tells something to type`);
    for (const line of lines) await assertParses(line);
  }
});

test('the statuses of the topic are those of the table', async () => {
  const text = (await topics['exit-codes']?.load()) ?? '';
  const found: Record<string, number> = {};
  let status = -1;
  for (const line of text.split('\n')) {
    status = Number(/^ +(\d+) {3}/.exec(line)?.[1] ?? status);
    const code = /^ {12}([A-Z_]+)$/.exec(line)?.[1];
    if (code !== undefined) found[code] = status;
  }
  assert.deepEqual(found, { ...exitStatuses });
});

describe('help as it is typed', { concurrency: 2 }, () => {
  test('the list of topics, a topic, a command', async (t) => {
    const zookit = zookitWorld(t);
    const all = await zookit.run(['help']);
    assertDone(all);
    for (const name of Object.keys(topics)) assert.ok(all.stdout.includes(`zookit help ${name} `), name);
    assert.match((await zookit.run(['help', 'feeds'])).stdout, /^Feeds\n/);
    assert.match((await zookit.run(['help', 'feed'])).stdout, /^Usage: zookit feed /);
    assert.match((await zookit.run(['help', 'webpi'])).stdout, /\/Install/);
    assert.match((await zookit.run(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  const mistyped: readonly (readonly [words: readonly string[], hint: RegExp])[] = [
    [['help', 'databse'], /`zookit help databases`/],
    [['instal', 'Django'], /`zookit install`/],
    [['dcotor'], /`zookit doctor`/],
    [['list', '--instaled'], /`--installed`/],
    [['list', '--offlin'], /`--offline`/],
    [['feed', 'lst'], /`zookit feed list`/],
    [['cache', 'claen'], /`zookit cache clean`/],
    [['list', '--platform', 'windws-x64'], /`--platform windows-x64`/],
    [['plan', 'Djagno'], /'Django'/],
    [['show', 'Djagno'], /Django/],
    [['new', 'DjangoProjct', './shop'], /'DjangoProject'/],
    [['new', 'DjangoProject', './shop', '--yes', '--database', 'postgres'], /`postgresql`/],
    [['new', 'DjangoProject', './shop', '--yes', '--param', 'DbNam=x'], /`DbName`/],
    [['/Instal'], /`\/Install`/],
  ];
  for (const [words, hint] of mistyped)
    test(`the nearest name: ${words.join(' ')}`, async (t) => {
      const ran = await zookitWorld(t).run(words);
      const isProduct = /PRODUCT_UNKNOWN/.test(ran.stderr);
      assertFails(ran, isProduct ? 3 : 2, isProduct ? 'PRODUCT_UNKNOWN' : 'USAGE', hint);
      assert.match(/^hint: .*$/m.exec(ran.stderr)?.[0] ?? '', hint);
    });
});

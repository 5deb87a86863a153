// The pages that people read: every link leads somewhere, every command that they name can be typed. What a console block
// tells is typed in `readme.test.ts` and, for the deeper pages, in `servers/pages.test.ts`; what is for Windows alone is
// understood here: the command exists, its options are known, its products are in the feed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { globalOptions, parseWords } from '../src/command.js';
import { commands } from '../src/commands/table.js';
import { topics } from '../src/help-topics.js';
import { isWebpiWords, translateWebpi } from '../src/webpi-words.js';
import { anchorsOf, blocksOf, commandsOf, linksOf, pages, readPage, top, wordsOf } from './helpers/pages.js';

for (const page of pages)
  test(`${page}: every link leads somewhere`, () => {
    const text = readPage(page);
    for (const link of linksOf(text)) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      assert.ok(existsSync(join(top, target)), `${page} links to ${link}`);
      if (anchor !== undefined)
        assert.ok(
          anchorsOf(readPage(target)).includes(anchor),
          `${page}: ${target} has no heading #${anchor}`,
        );
    }
  });

for (const page of pages)
  test(`${page}: every file of the code that it names is there`, () => {
    const below = ['', dirname(page), 'installers/webdeploy', 'src', 'test'];
    for (const [, name = ''] of readPage(page).matchAll(/`([\w/-]+\.ts)`/g))
      assert.ok(
        below.some((folder) => existsSync(join(top, folder, name))),
        `${page} names ${name}`,
      );
  });

for (const page of pages)
  test(`${page}: every command that it names can be typed`, async () => {
    for (const line of commandsOf(readPage(page))) await understand(line, page);
  });

test('the README leads to every page', () => {
  const linked = linksOf(readPage('README.md')).map((link) => link.replace(/#.*/, ''));
  for (const page of pages.filter((each) => each !== 'README.md'))
    assert.ok(linked.includes(page), `the README does not link to ${page}`);
  const written = ['feed', 'installers', 'templates'].flatMap((folder) =>
    readdirSync(join(top, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
  );
  assert.deepEqual(
    written.filter((page) => !(pages as readonly string[]).includes(page)),
    [],
    'a page that no test knows',
  );
});

test('no page names an unknown kind of block', () => {
  const known = ['', 'console', 'bat', 'xml', 'python', 'text'];
  for (const page of pages)
    for (const { language, line } of blocksOf(readPage(page)))
      assert.ok(known.includes(language), `${page}:${line}: ${language}`);
});

test('the pictures are real text, small, and tell nothing of the machine that made them', () => {
  const folder = join(top, '.github', 'pictures');
  const names = readdirSync(folder);
  const linked = linksOf(readPage('README.md'));
  assert.ok(names.length >= 2);
  for (const name of names) {
    assert.ok(linked.includes(`.github/pictures/${name}`), `nobody shows ${name}`);
    const svg = readFileSync(join(folder, name), 'utf8');
    assert.ok(statSync(join(folder, name)).size < 60_000);
    assert.match(svg, /<title id="title">[^<]+<\/title>\n<desc id="description">[^<]+<\/desc>/);
    assert.ok((svg.match(/<text /g) ?? []).length > 5);
    assert.doesNotMatch(svg, /<image|<script|\/tmp\/|\/root|url\(|href/);
  }
});

/** Fails when a command does not exist, an option is unknown, or a product is in no feed. */
async function understand(line: string, page: string): Promise<void> {
  const where = `${page}: ${line}`;
  const [, ...typed] = wordsOf(line.replaceAll('\\|', '|'));
  if (typed.length === 0 || /^(--version|\/\?)$/.test(typed[0] ?? '')) return;
  const words = isWebpiWords(typed) ? translateWebpi(typed).words : typed;
  const [name = '', ...rest] = words;
  if (name === 'help') {
    for (const topic of rest) assert.ok(topic === 'TOPIC' || Object.hasOwn(topics, topic), where);
    return;
  }
  if (name === 'COMMAND' || name.startsWith('--')) {
    for (const option of words.filter((word) => word.startsWith('--')))
      assert.ok(Object.hasOwn(globalOptions, option.slice(2)), where);
    return;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  assert.ok(entry, where);
  const input = parseWords(await entry.load(), name, rest);
  if (['feed', 'main-feed'].some((option) => Object.hasOwn(input.options, option))) return;
  if (['install', 'plan', 'show', 'new'].includes(name))
    for (const product of name === 'new' ? input.names.slice(0, 1) : input.names)
      checkProduct(product, page, where);
}

const feed = readFileSync(join(top, 'feed', 'feed.xml'), 'utf8');

/** The built-in feed has it, or a feed that the page shows. Names in capitals, or with odd letters, stand for one: `PRODUCT`. */
function checkProduct(name: string, page: string, where: string): void {
  const id = name.replace(/@.*/, '');
  if (!/^\w+$/.test(id) || (/^[A-Z]+$/.test(id) && id !== 'PIL')) return;
  const written = new RegExp(`<(?:productId|zk:alias)>${id}</`, 'i');
  assert.match(feed + readPage(page), written, where);
}

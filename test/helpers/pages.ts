// Comes in: a page of ours. Goes out: its blocks with what they are for, its commands, its links. Pure but for the reading.
//
// How a page says what a block is, seen by nobody who reads it: a block ```console is typed, line by line, where a line
// begins with `$ `; words after `console` name programs without which it is passed over. ```bat is for Windows alone: its
// lines that begin with `zookit` are read as commands. A block after `<!-- file: NAME -->` is the content of that file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = fileURLToPath(new URL('../../../', import.meta.url));

/** All pages that a person reads, from the top of the repository. */
export const pages = [
  'README.md',
  'feed/README.md',
  'feed/webpi.md',
  'installers/README.md',
  'templates/README.md',
  'templates/iis.md',
  'templates/offline.md',
] as const;

export interface Block {
  /** The first word of the fence. */
  readonly language: string;
  /** The other words of the fence. */
  readonly needs: readonly string[];
  /** The file whose content it is. */
  readonly file?: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export function readPage(page: string): string {
  return readFileSync(join(top, page), 'utf8');
}

/** Every fenced block; one within a list loses the list's blanks. */
export function blocksOf(text: string): readonly Block[] {
  const found: Block[] = [];
  const fence = /(?:<!-- file: (\S+) -->\n+)?^( *)```(\w+)?([^\n]*)\n([^]*?)^ *```$/gm;
  for (const {
    index,
    1: file,
    2: indent = '',
    3: language = '',
    4: words = '',
    5: body = '',
  } of text.matchAll(fence))
    found.push({
      language,
      needs: words.split(' ').filter((word) => word !== ''),
      ...(file === undefined ? {} : { file }),
      text: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
      line: text.slice(0, index).split('\n').length,
    });
  return found;
}

/** What a console block tells to type; a line that ends with a backslash goes on. */
export function typedLines({ text }: Block): readonly string[] {
  return text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
}

/** Every command of ours that a page names, in blocks and in sentences, without what a shell does around it. */
export function commandsOf(text: string): readonly string[] {
  const typed = blocksOf(text).flatMap((block) => {
    if (block.language === 'console') return typedLines(block);
    return block.language === 'bat' ? block.text.split('\n') : [];
  });
  const said = [...text.replace(/```[^]*?```/g, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  return [...typed, ...said].flatMap((line) => {
    const command = /^(?:npx )?(zookit(?: .*)?)$/.exec(line.trim())?.[1];
    return command === undefined ? [] : [command];
  });
}

/** The words of a command line, as a shell without variables parts them; a comment is none. */
export function wordsOf(line: string): readonly string[] {
  return [...line.replace(/ +# .*$/, '').matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/["']/g, ''),
  );
}

/** Where links and pictures of a page lead, but not those to other sites. */
export function linksOf(text: string): readonly string[] {
  const found = [...text.replace(/```[^]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)];
  return found.map((match) => match[1] ?? '').filter((link) => !/^[a-z]+:/.test(link));
}

/** The names under which headings are linked to. */
export function anchorsOf(text: string): readonly string[] {
  const headings = [...text.replace(/```[^]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(
    ({ 1: title = '' }) => title,
  );
  return headings.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

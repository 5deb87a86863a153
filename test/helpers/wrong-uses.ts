// Comes in: one wrong use of Zookit, as a row of a table. Goes out: what was said, with paths and ports masked, after the rules
// for every error were held against it and its hint was typed. Knows no command.
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ErrorCode } from '../../src/errors.js';
import { exitStatuses } from '../../src/errors.js';
import { thisPlatform } from '../../src/catalog/platform.js';
import { temporaryFolder } from './folder.js';
import { saidBadly } from './good-words.js';
import { smallDisks } from './small-disk.js';
import { writeWrongUseFeed } from './wrong-use-feed.js';
import type { Ran, Zookit } from './zookit.js';
import { assertFails, checkTalk, programsOf, zookitWorld } from './zookit.js';

/** What a row finds before it is typed. */
export interface Place {
  readonly test: TestContext;
  readonly zookit: Zookit;
  /** A folder of the test's own, for feeds and keys. */
  readonly beside: string;
  /** Mounts a small disk at a folder. */
  readonly mount: ReturnType<typeof smallDisks>;
  /** Writes a file of the working folder. */
  readonly write: (name: string, content: string | Uint8Array) => void;
  /** Types something that must be done well. */
  readonly type: (line: string) => Promise<Ran>;
}

/** What `given` has made. */
export interface Given {
  /** Stand in lines as `{name}`, and in the golden text. */
  readonly values?: Readonly<Record<string, string>>;
  /** Does what the hint asks for. */
  readonly mend?: () => unknown;
}

export interface WrongUse {
  /** The line as typed after `zookit`. */
  readonly type: string;
  /** How it differs from another row with the same line. */
  readonly about?: string;
  readonly code: ErrorCode;
  /** What the words must name: that which was asked. */
  readonly names: string | RegExp;
  readonly given?: (place: Place) => Given | undefined | Promise<Given | undefined>;
  readonly env?: Readonly<Record<string, string>>;
  readonly programs?: Readonly<Record<string, string>>;
  /** Words before the program: another user's. */
  readonly as?: readonly string[];
  /** The feed that Zookit brings, not the tests' own. */
  readonly builtIn?: boolean;
  readonly skip?: string | false;
  /** Stands for the words in capitals of the hint's command. */
  readonly where?: Readonly<Record<string, string>>;
  /**
   * What is typed when the hint is followed; `{hint}` is what stands in its first backquotes. Without it: the hint's own
   * `zookit` command, or the same line again once it is mended.
   */
  readonly then?: string;
  /** How that ends: by default it is done. */
  readonly ends?: ErrorCode;
}

/** How a row is called. */
export function titleOf({ type, about }: WrongUse): string {
  return `$ zookit ${type}${about === undefined ? '' : `   (${about})`}`;
}

/** Types a wrong line, holds the rules of errors against it, then does what the hint says; returns the golden text. */
export async function tryWrongUse(test: TestContext, use: WrongUse): Promise<string> {
  const mount = smallDisks(test);
  const beside = temporaryFolder(test);
  const feed = writeWrongUseFeed(beside);
  const zookit = zookitWorld(test, { programs: use.programs ?? {} });
  let values: Readonly<Record<string, string>> = { work: zookit.work, root: zookit.root, beside };
  const typed = (line: string, settings: { env?: boolean; asOwner?: boolean } = {}): Promise<Ran> => {
    const words = wordsOf(filled(line, values));
    const main = use.builtIn === true ? [] : ['--main-feed', feed];
    const all = words[0]?.startsWith('/') ? [...words, ...main] : [...main, ...words];
    const variables = Object.entries(settings.env === false ? {} : (use.env ?? {}));
    const env = Object.fromEntries(variables.map(([name, value]) => [name, filled(value, values)]));
    return zookit.start(all, { env, ...(use.as && !settings.asOwner ? { as: use.as } : {}) }).ended;
  };
  const place: Place = {
    ...{ test, zookit, beside, mount },
    write: (name, content) => writeFileSync(join(zookit.work, name), content),
    type: async (line) => {
      const ran = await typed(line, { env: false, asOwner: true });
      assert.equal(ran.status, 0, `zookit ${line}\n${ran.stderr}`);
      return ran;
    },
  };
  const given = (await use.given?.(place)) ?? {};
  if (use.as) chmodSync(beside, 0o777);
  values = { ...values, ...given.values };

  const ran = await typed(use.type);
  checkTalk([use.type], ran);
  assertFails(ran, exitStatuses[use.code], use.code, /^hint: \S/m);
  const error = ran.stderr.slice(ran.stderr.lastIndexOf('\nerror: ') + 1);
  const names = typeof use.names === 'string' ? filled(use.names, values) : use.names;
  assert.ok(typeof names === 'string' ? error.includes(names) : names.test(error), error);
  assert.deepEqual(saidBadly(partsOf(error)), [], error);
  assert.doesNotMatch(error, /geheim/, 'a secret is shown');
  if (use.code === 'USAGE') assert.equal(ran.stdout, '');
  if (!use.given) assert.deepEqual(programsOf(zookit), [], 'something is installed');

  await follow(use, { error, mend: given.mend, type: typed });
  return masked(ran.stderr, values, zookit);
}

/** Help that was shown once: it is the same in every world. */
const proven = new Set<string>();

interface Following {
  readonly error: string;
  readonly mend: Given['mend'];
  readonly type: (line: string) => Promise<Ran>;
}

/** Does what the hint says, and types what it says to type. */
async function follow(use: WrongUse, { error, mend, type }: Following): Promise<void> {
  await mend?.();
  const hint = /^hint: (.*)/m.exec(error)?.[1] ?? '';
  const quoted = [...hint.matchAll(/`([^`]+)`/g)].map(([, words]) => words ?? '');
  const command = quoted.find((words) => words.startsWith('zookit '))?.slice('zookit '.length);
  const own = mend === undefined ? command : use.type;
  const line = use.then?.replace('{hint}', quoted[0]?.replace(/^zookit /, '') ?? '') ?? own;
  assert.ok(line !== undefined, `nothing to type in this hint, and the row says nothing:\n${error}`);
  const ready = Object.entries(use.where ?? {}).reduce(
    (all, [name, value]) => all.replace(name, value),
    line,
  );
  if (proven.has(ready)) return;
  const ran = await type(ready);
  checkTalk([ready], ran);
  const told = `zookit ${ready}\n${ran.stderr}\nafter this:\n${error}`;
  if (use.ends === undefined) assert.equal(ran.status, 0, told);
  if (/--help$|^help /.test(ready)) proven.add(ready);
  if (use.ends !== undefined) assert.ok(ran.stderr.includes(`(${use.ends})`) && use.ends !== 'USAGE', told);
}

/** Message, details and hint as they were told. */
function partsOf(error: string): { message: string; details: string[]; hint: string } {
  const lines = error.trimEnd().split('\n');
  return {
    message: (lines[0] ?? '').replace(/^error: /, '').replace(/ \([A-Z_]+\)$/, ''),
    details: lines.slice(1).filter((line) => line.startsWith('  ')),
    hint: (lines.find((line) => line.startsWith('hint: ')) ?? '').slice('hint: '.length),
  };
}

/** As a shell would: blanks between words, quotes around those that hold some. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The same on every machine: what is found there goes out of the text. */
function masked(text: string, values: Readonly<Record<string, string>>, zookit: Zookit): string {
  const { os, arch } = thisPlatform();
  const known = [
    ...Object.entries({ ...values, folder: zookit.folder }).map(([name, value]) => [value, `{${name}}`]),
    [dirname(process.execPath), '{node}'],
    [`${os}-${arch}`, '{this}'],
  ] as const;
  const byLength = [...known].sort(([left = ''], [right = '']) => right.length - left.length);
  return byLength
    .reduce((all, [value = '', name = '']) => (value === '' ? all : all.replaceAll(value, name)), text)
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replace(/\b(process|pid) \d+/g, '$1 NUMBER')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b(3\.\d+)\.\d+\b/g, '$1.N')
    .trimEnd();
}

/** A file of the working folder, as `given`. */
export function fileThere(name: string, content: string): (place: Place) => undefined {
  return ({ write }) => {
    write(name, content);
    return undefined;
  };
}

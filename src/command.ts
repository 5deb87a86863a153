// What a command is: a value with its usage, its options and what it does. Help, parsing and completion come from it.
import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { Context } from './context.js';
import { AppError, messageOf } from './errors.js';
import { nearestHint } from './lib/nearest.js';

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly multiple?: boolean;
  /** What stands for the value in the help: `DIR`. */
  readonly value?: string;
  readonly summary: string;
  /** Values that completion offers; others are allowed. */
  readonly suggests?: readonly string[];
}

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface CommandInput {
  readonly options: Options;
  /** What is not an option. */
  readonly names: readonly string[];
}

export interface Command {
  /** After `zookit`: `install PRODUCT[@RANGE]...`. */
  readonly usage: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly examples?: readonly string[];
  /** What follows each verb of the usage, written as in a usage. */
  readonly afterVerb?: Readonly<Record<string, string>>;
  /** All from the first word that is no option on belongs to another program. */
  readonly passThrough?: boolean;
  /** Returns an exit status when it is not 0. */
  run(context: Context, input: CommandInput): Promise<number | undefined>;
}

export function flag(summary: string): Option {
  return { type: 'boolean', summary };
}

export function text(value: string, summary: string): Option {
  return { type: 'string', value, summary };
}

/** A text for which completion offers these values. */
export function oneOf(suggests: readonly string[], summary: string, value = 'NAME'): Option {
  return { type: 'string', value, summary, suggests };
}

export function list(value: string, summary: string): Option {
  return { type: 'string', value, summary, multiple: true };
}

const platformNames = [
  ...['windows-x64', 'windows-arm64', 'windows-x86', 'linux-x64', 'linux-arm64'],
  ...['linux-x64-musl', 'linux-arm64-musl', 'macos-arm64', 'macos-x64'],
];

/** Options that every command takes. */
export const globalOptions: Readonly<Record<string, Option>> = {
  feed: list('URL', 'one more feed; again for more'),
  'main-feed': text('URL', 'this feed instead of the built-in one'),
  root: text('DIR', 'where Zookit keeps everything'),
  json: flag('one JSON value on stdout'),
  platform: oneOf(platformNames, 'answer for another machine, for example windows-x64', 'OS-ARCH'),
  machine: text('FILE', 'answer for the machine that `zookit probe` wrote this file on'),
  language: text('ID', "the installers' language"),
  offline: flag('never use the network'),
  quiet: flag('say nothing but errors'),
  verbose: flag('say more'),
  log: text('FILE', 'write what is said into this file too'),
  'no-color': flag('no colours'),
  help: flag('help for the command; -h too'),
};

/** Options of commands that can work on what a bundle offers. */
export const bundleOptions: Readonly<Record<string, Option>> = {
  bundle: list('PATH', 'only what this offline bundle holds; an older one after it when it is a difference'),
  key: text('FINGERPRINT', 'the bundle must be signed by this key'),
};

/** Parses a command's words; throws USAGE naming the word that is wrong. */
export function parseWords(command: Command, name: string, words: readonly string[]): CommandInput {
  const options = { ...globalOptions, ...command.options };
  const [own, foreign] = command.passThrough ? splitWords(words, options) : [words, []];
  try {
    const { values, positionals } = parseArgs({
      args: [...own],
      options: parserOptions(options),
      allowPositionals: true,
      strict: true,
    });
    refuseEmpty(name, values as Options, positionals);
    refuseSurplus(command, name, positionals, values as Options);
    return { options: values as Options, names: [...positionals, ...foreign] };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const typed = /^Unknown option '--?([^']+)'/.exec(messageOf(error))?.[1];
    const help = helpHint(name);
    const hint =
      typed === undefined ? help : nearestHint(typed, Object.keys(options), help, (near) => `--${near}`);
    throw new AppError('USAGE', plainMessage(error), { hint, cause: error });
  }
}

/** The words of a usage that say what to do: `cache list|verify|clean`; empty for a command that takes none. */
export function verbsOf(usage: string): readonly string[] {
  const word = usage.split(' ')[1] ?? '';
  return /^[a-z]+(\|[a-z]+)+$/.test(word) ? word.split('|') : [];
}

/** USAGE for the word after a command that stands in no usage of it; the nearest one is named. */
export function unknownVerb({ usage }: Command, verb: string | undefined, help: string): AppError {
  const name = usage.split(' ')[0] ?? '';
  if (verb === undefined) return new AppError('USAGE', `${name}: say what to do`, { hint: help });
  const verbs = verbsOf(usage);
  return new AppError('USAGE', `${name}: '${verb}' is unknown`, {
    details: [`Wanted one of ${verbs.join(', ')}`],
    hint: nearestHint(verb, verbs, `See \`zookit ${name} --help\``, (near) => `zookit ${name} ${near}`),
  });
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return typeof value === 'object' ? value : [];
}

function parserOptions(options: Readonly<Record<string, Option>>): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, multiple }]) => [
      name,
      { type, multiple: multiple ?? false, ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  );
}

function splitWords(
  words: readonly string[],
  options: Readonly<Record<string, Option>>,
): [readonly string[], readonly string[]] {
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? '';
    const name = /^--([a-z-]+)/.exec(word)?.[1];
    const option = name === undefined ? undefined : options[name];
    if (!option) break;
    index += option.type === 'string' && !word.includes('=') ? 2 : 1;
  }
  return [words.slice(0, index), words.slice(index)];
}

/** An empty word or value is a variable of a script that was never set: it stands for no folder and no product. */
function refuseEmpty(name: string, values: Options, words: readonly string[]): void {
  const option = Object.keys(values).find((each) => [values[each]].flat().some((value) => value === ''));
  if (option === undefined && !words.includes('')) return;
  const message = option === undefined ? `${name}: a word is empty` : `\`--${option}\` needs a value`;
  throw new AppError('USAGE', message, {
    details: option === undefined ? ['Wanted words that hold something'] : ['Found an empty one'],
    hint: helpHint(name),
  });
}

function helpHint(name: string): string {
  return `See \`${['zookit', name, '--help'].filter((each) => each !== '').join(' ')}\``;
}

/** A word that nothing would read is a mistake: usage tells how many there may be. */
function refuseSurplus(command: Command, name: string, words: readonly string[], given: Options): void {
  const usage = usageFor(command, words[0]);
  if (usage.includes('...')) return;
  const wanted = usage.split(' ').length - 1;
  const surplus = words[wanted];
  if (surplus === undefined) return;
  const repeated = Object.keys(given).filter((each) => command.options[each]?.multiple === true);
  const once =
    repeated.length === 0
      ? ''
      : `; \`--${repeated.join('`, `--')}\` ${repeated.length === 1 ? 'takes' : 'take'} one word each`;
  throw new AppError('USAGE', `${name}: '${surplus}' is one word too many`, {
    details: [`Wanted \`zookit ${usage}\``],
    hint: `See \`zookit ${name} --help\`${once}`,
  });
}

/** The usage of a command, or of the verb of it that is meant. */
function usageFor({ usage, afterVerb = {} }: Command, verb = ''): string {
  const after = Object.hasOwn(afterVerb, verb) ? afterVerb[verb] : undefined;
  return after === undefined ? usage : [usage.split(' ')[0], verb, after].join(' ').trimEnd();
}

/** Node's sentences about options in our words. */
function plainMessage(error: unknown): string {
  const message = messageOf(error);
  const option = /--?[^\s'<]+/.exec(message)?.[0] ?? '';
  if (/argument missing|is ambiguous/.test(message)) return `\`${option}\` needs a value`;
  if (/does not take an argument/.test(message)) return `\`${option}\` takes no value`;
  if (/^Unknown option/.test(message)) return `\`${option}\` is not an option here`;
  return message.replace(/\.$/, '');
}

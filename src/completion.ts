// Comes in: the words of an unfinished command line, as a shell has them, the last one maybe empty. Goes out: what that word
// may become. Reads it all from the commands' own values: verbs and places of names from their usage, options from their
// table. Knows no shell, opens no feed; answers while somebody holds a key down.
import type { Command, Option } from './command.js';
import { globalOptions, verbsOf } from './command.js';
import type { CommandEntry } from './commands/table.js';

/** Lines that the shells' scripts turn into names of files or folders. */
export const filesLine = ':files';
export const foldersLine = ':folders';

/** What completion may name besides words of ours. */
export interface CompletionWorld {
  readonly commands: Readonly<Record<string, CommandEntry>>;
  readonly topics: readonly string[];
  /** Ids of products, or only of those that make a project. */
  readonly products: (onlyTemplates: boolean) => Promise<readonly string[]>;
}

/** Everything that fits the last word, in any case. */
export async function completions(typed: readonly string[], world: CompletionWorld): Promise<string[]> {
  // bash parts `--name=value` into three words, and so does nobody else.
  const words = typed.filter((word, index) => word !== '=' || index === typed.length - 1);
  const current = (words.at(-1) ?? '').replace(/^(=|"")$/, '');
  const [, stem = '', rest = current] = /^(--[a-z-]+=)(.*)$/s.exec(current) ?? [];
  const before = stem === '' ? words.slice(0, -1) : [...words.slice(0, -1), stem.slice(0, -1)];
  const offered = await offers(before, rest, world);
  return [...new Set(offered)]
    .filter((each) => each.startsWith(':') || each.toLowerCase().startsWith(rest.toLowerCase()))
    .map((each) => (each.startsWith(':') ? each : stem + each));
}

async function offers(
  before: readonly string[],
  current: string,
  world: CompletionWorld,
): Promise<readonly string[]> {
  const at = before.findIndex(
    (word, index) => !word.startsWith('-') && !takesValue(globalOptions, before[index - 1]),
  );
  const name = before[at] ?? '';
  const entry = Object.hasOwn(world.commands, name) ? world.commands[name] : undefined;
  const command = await entry?.load();
  const options = { ...globalOptions, ...command?.options };
  const last = before.at(-1);
  const open = takesValue(options, last);
  if (open) return valuesOf(open, world);
  if (current.startsWith('-')) return optionNames(options, before);
  if (at < 0) return [...Object.keys(world.commands), 'help'];
  const names = before.filter(
    (word, index) => index > at && !word.startsWith('-') && !takesValue(options, before[index - 1]),
  );
  if (name === 'help') return names.length > 0 ? [] : [...world.topics, ...Object.keys(world.commands)];
  return command ? namesFor(command, names, world) : [];
}

type OptionTable = Readonly<Record<string, Option>>;

/** The option that the word after it belongs to. */
function takesValue(options: OptionTable, word: string | undefined): Option | undefined {
  const option = word?.startsWith('--') === true ? options[word.slice(2)] : undefined;
  return option?.type === 'string' ? option : undefined;
}

/** Options that may still be given. */
function optionNames(options: OptionTable, before: readonly string[]): string[] {
  return Object.entries(options)
    .filter(([name, { multiple }]) => multiple === true || !before.includes(`--${name}`))
    .map(([name]) => `--${name}`);
}

async function valuesOf(option: Option, world: CompletionWorld): Promise<readonly string[]> {
  return option.suggests ?? meantBy(option.value ?? '', world);
}

/** What a placeholder of the help stands for: `DIR`, `PRODUCT[@RANGE]`, `ZIP|DIR`. */
async function meantBy(placeholder: string, world: CompletionWorld): Promise<readonly string[]> {
  if (/^\[?PRODUCT|^\[?ASKED/.test(placeholder)) return world.products(false);
  if (/^\[?TEMPLATE/.test(placeholder)) return world.products(true);
  if (placeholder === globalOptions['platform']?.value) return globalOptions['platform'].suggests ?? [];
  if (/^\[?TOPIC/.test(placeholder)) return world.topics;
  if (/FILE|PATH|URL|FEED|BUNDLE/.test(placeholder)) return [filesLine];
  return /DIR|ROOT|FOLDER/.test(placeholder) ? [foldersLine] : [];
}

/** The usage tells what each name of a command is; the last place counts again and again when it ends in dots. */
async function namesFor(
  command: Command,
  names: readonly string[],
  world: CompletionWorld,
): Promise<readonly string[]> {
  const verbs = verbsOf(command.usage);
  const [verb] = names;
  if (verbs.length > 0 && verb === undefined) return verbs;
  if (command.passThrough === true) return [filesLine];
  const after = verb === undefined ? undefined : command.afterVerb?.[verb];
  const places = (after === undefined ? command.usage : `${verb} ${after}`).split(' ').slice(1);
  const index = names.length - (after === undefined ? 0 : 1);
  const last = places.at(-1) ?? '';
  const place = places[index] ?? (last.endsWith('...') ? last : '');
  return meantBy(place, world);
}

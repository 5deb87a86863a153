// Comes in: the words of the command line. Goes out: an exit status. Alone makes the context, turns thrown things into
// words and JSON, and knows the table of commands. WebPICMD's words are told apart here, and mean words of our own.
import { readFile } from 'node:fs/promises';
import type { Probe } from './catalog/probe-file.js';
import type { Command, CommandInput, Options } from './command.js';
import { flag, globalOptions, listOption, parseWords, textOption } from './command.js';
import { commands } from './commands/table.js';
import type { Context, ContextSettings } from './context.js';
import { AppError, exitStatuses, messageOf } from './errors.js';
import { commandHelp, generalHelp, topicList } from './help.js';
import { nearestHint } from './lib/nearest.js';
import type { Terminal } from './lib/terminal.js';
import { errorJson } from './lib/error-json.js';
import { bugText, createTerminal, wantsColor, watchOutput } from './lib/terminal.js';
import { showInProcessList } from './lib/title.js';
import { packageFile, pathsFor } from './paths.js';
import type { Translation } from './webpi-words.js';

/** Runs a command line; never throws. */
export async function main(typed: readonly string[]): Promise<number> {
  if (typed[0] === 'completion' && typed[1] === '--words') return completeWords(typed.slice(2));
  showInProcessList(typed);
  const line = await understood(typed);
  const { words } = line;
  const flagged = (name: string): boolean => words.includes(name);
  const terminal = createTerminal({
    quiet: flagged('--quiet'),
    verbose: flagged('--verbose'),
    json: flagged('--json'),
    color: wantsColor(flagged('--no-color')),
    ...logOption(words),
  });
  watchOutput((cause) => {
    const message = `Cannot write to standard output: ${messageOf(cause)}`;
    const hint = 'Make room where it is written to, and run the same command again';
    process.exit(tell(new AppError('DISK_FULL', message, { cause, hint }), { ...terminal, json: false }));
  });
  const interruption = new AbortController();
  const stop = (): void => interruption.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  try {
    if ('refused' in line) throw line.refused;
    for (const notice of line.notices) terminal.say(`notice: ${notice}`);
    return (await dispatch(line, terminal, interruption.signal)) ?? 0;
  } catch (error) {
    return tell(await withOptions(error, words), terminal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop);
  }
}

/** What shells ask with every press of a key: nothing is logged, told or waited for, and an error is no candidate. */
async function completeWords(words: readonly string[]): Promise<number> {
  const [{ completions }, { topics }] = await Promise.all([
    import('./completion.js'),
    import('./help-topics.js'),
  ]);
  const products = async (onlyTemplates: boolean): Promise<readonly string[]> =>
    (await import('./commands/completion/products.js')).productIds(words, onlyTemplates);
  const found = await completions(words, { commands, topics: Object.keys(topics), products }).catch(() => []);
  process.stdout.write(found.map((each) => `${each}\n`).join(''));
  return 0;
}

/** A command line of ours. */
interface Line extends Translation {
  /** What a command ends with when all is done and a restart is needed. */
  readonly restartStatus: number;
}

/** WebPICMD's words in our own ones; all others as they are. What cannot be said in ours is thrown later, when errors can be told. */
async function understood(
  typed: readonly string[],
): Promise<Line | (Pick<Line, 'words'> & { readonly refused: unknown })> {
  // install.cmd of a bundle asks for Windows' own status, as those who deploy it do.
  const wanted = process.env['ZOOKIT_RESTART_STATUS'] === '3010' ? 3010 : 0;
  const ours = { words: typed, notices: [], secrets: {}, restartStatus: wanted };
  // Help is to be there at once: WebPICMD's words are loaded for what could be one.
  if (typed[0]?.startsWith('/') !== true) return ours;
  const { asksForWebpiHelp, isWebpiWords, translateWebpi } = await import('./webpi-words.js');
  if (!isWebpiWords(typed)) return ours;
  if (asksForWebpiHelp(typed)) return { words: ['help', '/?'], notices: [], secrets: {}, restartStatus: 0 };
  try {
    return { ...translateWebpi(typed), restartStatus: process.platform === 'win32' ? 3010 : 0 };
  } catch (refused) {
    return { words: typed, refused };
  }
}

/** The log begins before the words are parsed: an error of theirs belongs into it. */
function logOption(words: readonly string[]): { log?: string } {
  const index = words.findIndex((word) => word === '--log' || word.startsWith('--log='));
  const log = words[index]?.startsWith('--log=') ? words[index].slice('--log='.length) : words[index + 1];
  return index < 0 || log === undefined ? {} : { log };
}

async function dispatch(line: Line, terminal: Terminal, signal: AbortSignal): Promise<number | undefined> {
  const version = (JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }).version;
  const [name, ...rest] = startsWizard(line.words, terminal)
    ? ['wizard', ...line.words]
    : nameFirst(line.words);
  if (name === undefined || name === 'help') {
    const options = name === undefined ? optionsAlone(rest) : {};
    if (options['version'] === true) show(terminal, 'version', version);
    else show(terminal, 'help', await helpText(version, name === 'help', rest));
    return undefined;
  }
  const entry = entryOf(name);
  const command = await entry.load();
  const input = parseWords(command, name, rest);
  if (input.options['help'] === true) {
    show(terminal, 'help', commandHelp(entry.summary, command));
    return undefined;
  }
  const { secrets: moreVariables, restartStatus } = line;
  return runCommand(name, command, input, { version, terminal, signal, moreVariables, restartStatus });
}

/** A text, or with `--json` the one value that holds it. */
function show(terminal: Terminal, name: string, text: string): void {
  if (terminal.json) terminal.printJson({ ok: true, [name]: text });
  else terminal.print(text);
}

/** Help in general, for a command, or about a topic. */
async function helpText(version: string, asked: boolean, rest: readonly string[]): Promise<string> {
  const word = rest[indexOfName(rest)];
  if (word === '/?') return (await import('./webpi-words.js')).webpiHelp();
  if (!asked) return generalHelp(version, commands);
  const { topics } = await import('./help-topics.js');
  if (word === undefined) return `${generalHelp(version, commands)}\n\n${topicList(topics)}`;
  const topic = Object.hasOwn(topics, word) ? topics[word] : undefined;
  if (topic) return (await topic.load()).trimEnd();
  if (Object.hasOwn(commands, word)) return commandHelp(entryOf(word).summary, await entryOf(word).load());
  const names = [...Object.keys(topics), ...Object.keys(commands)];
  throw new AppError('USAGE', `There is no help about '${word}'`, {
    details: [`Wanted one of ${names.join(', ')}`],
    hint: nearestHint(word, names, 'See `zookit help`', (near) => `zookit help ${near}`),
  });
}

/** Somebody at a terminal who names no command is asked. */
function startsWizard(words: readonly string[], { interactive }: Terminal): boolean {
  const asks = words.some((word) => ['--help', '-h', '--version'].includes(word));
  return interactive && indexOfName(words) < 0 && !asks;
}

function indexOfName(words: readonly string[]): number {
  return words.findIndex((word, at) => !word.startsWith('-') && !takesValue(words[at - 1]));
}

/** Options that stand before the command belong to it all the same: `zookit --root DIR list`. */
function nameFirst(words: readonly string[]): readonly [name: string | undefined, ...rest: string[]] {
  const index = indexOfName(words);
  const name = words[index];
  if (name === undefined) return [undefined, ...words];
  return [name, ...words.slice(0, index), ...words.slice(index + 1)];
}

/** Options without a command; throws USAGE for one that is none. */
function optionsAlone(words: readonly string[]): Options {
  const nothing: Command = {
    usage: '',
    options: { version: flag('') },
    run: () => Promise.resolve(undefined),
  };
  return parseWords(nothing, '', words).options;
}

function takesValue(word: string | undefined): boolean {
  return word?.startsWith('--') === true && globalOptions[word.slice(2)]?.type === 'string';
}

function entryOf(name: string): (typeof commands)[string] {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry) return entry;
  const names = Object.keys(commands);
  throw new AppError('USAGE', `'${name}' is not a command`, {
    details: [`Wanted one of ${names.join(', ')}`],
    hint: nearestHint(name, names, 'See `zookit --help`', (near) => `zookit ${near}`),
  });
}

/** Loads what a command needs to run, which help does not. */
async function runCommand(
  name: string,
  command: Command,
  input: CommandInput,
  run: Pick<ContextSettings, 'version' | 'terminal' | 'signal' | 'moreVariables' | 'restartStatus'>,
): Promise<number | undefined> {
  const [{ createContext }, { installerKinds }] = await Promise.all([
    import('./context.js'),
    import('../installers/index.js'),
  ]);
  run.terminal.detail(`  started (${(performance.now() / 1000).toFixed(2)} s)`);
  const probe = await probeFor(input.options);
  const paths = await pathsOf(input.options);
  const settings = { ...run, ...settingsOf(input.options), paths, probe, kinds: installerKinds };
  const context = createContext(settings);
  if (listOption(input.options, 'bundle').length > 0) {
    const { runWithBundles } = await import('./commands/bundle/with-bundles.js');
    return runWithBundles(context, name, input, (...changed) => command.run(...changed));
  }
  const { withKeptBundle } = await import('./commands/bundle/kept-bundle.js');
  return command.run(await withKeptBundle(context), input);
}

/** What `--machine` names; throws USAGE. */
async function probeFor(options: Options): Promise<Probe | undefined> {
  const file = textOption(options, 'machine');
  if (file === undefined) return undefined;
  if (textOption(options, 'platform') !== undefined)
    throw new AppError('USAGE', '`--machine` and `--platform` name two machines', {
      hint: 'The file knows its platform: leave `--platform` out',
    });
  const { readProbe } = await import('./catalog/probe-file.js');
  return readProbe(file);
}

/** Whose the default root is depends on who runs this: Windows has to be asked. */
async function pathsOf(options: Options): Promise<Context['paths']> {
  const root = textOption(options, 'root') ?? (process.env['ZOOKIT_ROOT'] || undefined);
  if (root !== undefined) return pathsFor(root, false);
  const [{ isAdministrator }, { run }] = await Promise.all([
    import('./lib/rights.js'),
    import('./lib/run.js'),
  ]);
  return pathsFor(undefined, await isAdministrator(run));
}

function settingsOf(options: Options): {
  platformWords: string | undefined;
  offline: boolean;
  language: string | undefined;
  mainFeed: string | undefined;
  extraFeeds: readonly string[];
} {
  return {
    platformWords: textOption(options, 'platform'),
    offline: options['offline'] === true,
    language: textOption(options, 'language'),
    mainFeed: textOption(options, 'main-feed'),
    extraFeeds: listOption(options, 'feed'),
  };
}

/** A hint's command looks at the same feeds and machine, unless it is those that are wrong. */
async function withOptions(error: unknown, words: readonly string[]): Promise<unknown> {
  if (!(error instanceof AppError) || error.hint === undefined) return error;
  if (/^(USAGE|FEED_|OFFLINE_)/.test(error.code)) return error;
  const { code, message, details, cause, restartFirst } = error;
  const { withSameOptions } = await import('./lib/same-options.js');
  const hint = withSameOptions(error.hint, words);
  return new AppError(code, message, { details, cause, restartFirst, hint });
}

/** Says what went wrong, in words or as JSON; returns the exit status. */
function tell(error: unknown, terminal: Terminal): number {
  terminal.progress(undefined);
  if (!(error instanceof AppError)) {
    terminal.warn(`${terminal.red('error:')} Zookit itself failed; please report this:\n${bugText(error)}`);
    if (terminal.json)
      terminal.printJson({ ok: false, error: { code: 'BUG', message: String(error), hint: null } });
    return 1;
  }
  const { code, message, details, hint } = error;
  const lines = [`${terminal.red('error:')} ${message} (${code})`, ...details.map((line) => `  ${line}`)];
  if (hint !== undefined) lines.push(`${terminal.bold('hint:')} ${hint}`);
  terminal.warn(lines.join('\n'));
  if (terminal.json && !terminal.printedJson()) {
    terminal.printJson({ ok: false, error: errorJson(error) });
  }
  return exitStatuses[code];
}

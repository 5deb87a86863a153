// Comes in: WebPICMD's words (`/Install /Products:A,B /AcceptEula`). Goes out: our own words for the same, notices for what
// has no counterpart, and the passwords apart. Runs nothing.
import { AppError } from './errors.js';
import { columns } from './lib/terminal.js';
import type { Given } from './webpi-switches.js';
import { readSwitches, switches, switchesByName, valueOf, valuesOf } from './webpi-switches.js';

/** What WebPICMD's words mean here. */
export interface Translation {
  /** A command line of ours. */
  readonly words: readonly string[];
  /** Sentences for the user about switches that change nothing here. */
  readonly notices: readonly string[];
  /** Environment variables with passwords, which stand on no command line of ours. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Whether a command line is one of WebPICMD's: it begins with a switch of the form `/Word`. */
export function isWebpiWords(words: readonly string[]): boolean {
  return /^\/([a-z]+|\?)(:|$)/i.test(words[0] ?? '');
}

/** Whether the words ask for help, on whatever: `/?`, `/Help`. */
export function asksForWebpiHelp(words: readonly string[]): boolean {
  return words.some((word) => /^\/(\?|h|help)$/i.test(word));
}

/** `zookit /?`. */
export function webpiHelp(): string {
  const rows = switches.map(({ name, value, summary }) => [
    `  /${name}${{ none: '', some: '', one: ':VALUE', list: ':A,B' }[value]}`,
    summary,
  ]);
  return [
    "WebPICMD's words, in any case; each stands for words of our own (`zookit --help`):",
    '',
    columns(rows),
    '',
    'For example:',
    '  zookit /Install /Products:Python,Django /AcceptEula',
    '  zookit /List /ListOption:Installed',
  ].join('\n');
}

/**
 * Our words for WebPICMD's. Words that begin with `--` are ours already and stay. Throws USAGE: an unknown switch (with the
 * nearest one), a word that belongs to none, a value that is missing.
 */
export function translateWebpi(typed: readonly string[]): Translation {
  const { given, own } = readSwitches(typed);
  const main = mainWords(given);
  const notices = [...given.keys()].flatMap((name) => switchesByName.get(name)?.notice ?? []);
  const secrets = secretsOf(given);
  return {
    words: [...main, ...commonWords(given), ...own],
    notices: [...notices, ...passwordNotice(secrets), ...offlineOnly(given)],
    secrets,
  };
}

/** The first of the modes that is there counts; without any it is `/Install`, as in WebPICmdLine 3. */
function mainWords(given: Given): readonly string[] {
  const mode = modeOf(given);
  if (mode === 'list') return listWords(given);
  return mode === 'offline' ? offlineWords(given) : installWords(given);
}

function modeOf(given: Given): string {
  const first = [...given.keys()].find((name) => ['list', 'install', 'offline'].includes(name));
  if (first !== undefined) return first;
  const names = ['products', 'application'].some((name) => given.has(name));
  return given.has('listoption') && !names ? 'list' : 'install';
}

/** `/Offline /Products:A,B /Path:DIR`. */
function offlineWords(given: Given): readonly string[] {
  const products = valuesOf(given, 'Products');
  const path = valueOf(given, 'Path');
  if (products.length === 0 || path === undefined)
    throw new AppError('USAGE', '/Offline needs products and a folder', {
      details: ['Wanted /Offline /Products:A,B /Path:DIR'],
      hint: 'For example `zookit /Offline /Products:Django /Path:C:\\cache`; all of them: `/Products:All`',
    });
  const url = valueOf(given, 'Url');
  const all = products.some((name) => name.toLowerCase() === 'all');
  return [
    ...['bundle', 'webpi', ...(all ? ['--all'] : products), `--out=${path}`],
    ...(url === undefined ? [] : [`--url=${url}`]),
  ];
}

const listWordsFor: Readonly<Record<string, readonly string[]>> = {
  all: ['list', '--webpi', '--all'],
  available: ['list', '--webpi', '--all', '--available'],
  installed: ['list', '--webpi', '--all', '--installed'],
  languages: ['list', '--languages'],
  feeds: ['feed', 'list'],
};

function listWords(given: Given): readonly string[] {
  const option = valueOf(given, 'ListOption') ?? given.get('list')?.at(-1) ?? 'All';
  const name = option.toLowerCase();
  if (Object.hasOwn(listWordsFor, name)) return listWordsFor[name] ?? [];
  throw new AppError('USAGE', `'${option}' is nothing that /List can list`, {
    details: ['Wanted /ListOption:All, Available, Installed, Feeds or Languages'],
    hint: 'For example `zookit /List /ListOption:Installed`',
  });
}

/** `/Install`, and the form without a verb of WebPICmdLine 3. */
function installWords(given: Given): readonly string[] {
  const products = valuesOf(given, 'Products');
  const application = valueOf(given, 'Application');
  if (products.length === 0 && application === undefined) {
    throw new AppError('USAGE', 'No product is named', {
      details: ['Wanted /Install with /Products:A,B or /Application:Id'],
      hint: 'For example `zookit /Install /Products:Python,Django /AcceptEula`; see `zookit /?`',
    });
  }
  const [, title = '', answers] = /^([^@]*)(?:@(.+))?$/s.exec(application ?? '') ?? [];
  if (application !== undefined && title.trim() === '')
    throw new AppError('USAGE', "'/Application' names no application", {
      details: [`Found '${application}'`],
      hint: 'Id or title, and after an @ the file of its answers: `/Application:Blog@blog.app`',
    });
  return [
    'install',
    ...products,
    ...(title === '' ? [] : [`--title=${title}`]),
    ...(answers === undefined ? [] : [`--answers=${answers}`]),
    ...(given.has('accepteula') ? ['--accept-eula', '--yes'] : []),
  ];
}

function commonWords(given: Given): readonly string[] {
  const pairs = [
    ['XML', 'main-feed'],
    ['Language', 'language'],
    ['Log', 'log'],
  ] as const;
  return [
    ...pairs.flatMap(([name, option]) => {
      const value = valueOf(given, name);
      return value === undefined ? [] : [`--${option}=${value}`];
    }),
    ...valuesOf(given, 'Feeds').map((feed) => `--feed=${feed}`),
  ];
}

/** The names are those of the variables in WebPI's command lines: `%MySqlPassword%`. */
function secretsOf(given: Given): Record<string, string> {
  const names = [
    ['SQLPassword', 'ZOOKIT_PARAM_SQLPASSWORD'],
    ['MySQLPassword', 'ZOOKIT_PARAM_MYSQLPASSWORD'],
  ] as const;
  return Object.fromEntries(
    names.flatMap(([name, variable]) => {
      const value = valueOf(given, name);
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}

function passwordNotice(secrets: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(secrets);
  if (names.length === 0) return [];
  return [
    `others can read passwords on a command line: the environment takes them too (${names.join(', ')})`,
  ];
}

function offlineOnly(given: Given): string[] {
  if (modeOf(given) === 'offline') return [];
  const used = ['Path', 'Url'].filter((name) => given.has(name.toLowerCase()));
  return used.map((name) => `/${name} belongs to /Offline and changes nothing here`);
}

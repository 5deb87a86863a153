// Comes in: WebPICMD's words (`/Install /Products:A,B /AcceptEula`). Goes out: our own words for the same, notices for what
// has no counterpart, and the passwords apart. The one file that knows WebPICMD's switches (webpi-feed 4); runs nothing.
import { AppError } from './errors.js';
import { nearestNames } from './lib/nearest.js';
import { columns } from './lib/terminal.js';

/** What WebPICMD's words mean here. */
export interface Translation {
  /** A command line of ours. */
  readonly words: readonly string[];
  /** Sentences for the user about switches that change nothing here. */
  readonly notices: readonly string[];
  /** Environment variables with passwords, which stand on no command line of ours. */
  readonly secrets: Readonly<Record<string, string>>;
}

interface Switch {
  /** As WebPICMD spells it. */
  readonly name: string;
  readonly value: 'none' | 'one' | 'list';
  readonly summary: string;
  /** Said when it is used: it changes nothing here. */
  readonly notice?: string;
}

const switches: readonly Switch[] = [
  { name: 'List', value: 'none', summary: 'list products, feeds or languages' },
  { name: 'ListOption', value: 'one', summary: 'All, Available, Installed, Feeds or Languages' },
  { name: 'Install', value: 'none', summary: 'install products or an application' },
  { name: 'Products', value: 'list', summary: 'ids of products: A,B' },
  {
    name: 'Application',
    value: 'one',
    summary: 'id or title of an application; Id@FILE answers its questions',
  },
  { name: 'Offline', value: 'none', summary: 'make an offline cache (bundle webpi); /Products:All for all' },
  { name: 'Path', value: 'one', summary: 'the folder of /Offline' },
  { name: 'Url', value: 'one', summary: 'the address at which the folder of /Offline will be served' },
  { name: 'XML', value: 'one', summary: 'a feed instead of the built-in one (--main-feed)' },
  { name: 'Feeds', value: 'list', summary: 'more feeds: URL,URL (--feed)' },
  { name: 'Language', value: 'one', summary: "the installers' language (--language)" },
  { name: 'Log', value: 'one', summary: 'write what is said into this file too (--log)' },
  { name: 'AcceptEula', value: 'none', summary: 'accept all licences and ask nothing (--accept-eula --yes)' },
  { name: 'SuppressReboot', value: 'none', summary: 'as always: Zookit never restarts a machine' },
  {
    name: 'ForceReboot',
    value: 'none',
    summary: 'changes nothing',
    notice: 'Zookit never restarts a machine: exit status 3010 says that a restart is needed',
  },
  { name: 'SuppressPostFinish', value: 'none', summary: 'as always: Zookit opens nothing when it is done' },
  {
    name: 'IISExpress',
    value: 'none',
    summary: 'changes nothing',
    notice: 'IIS Express is not served: sites are made for IIS, and run anywhere with `zookit serve`',
  },
  { name: 'SQLPassword', value: 'one', summary: "password for SQL Server's sa" },
  { name: 'MySQLPassword', value: 'one', summary: "password for MySQL's root" },
  {
    name: 'UseRemoteDatabase',
    value: 'none',
    summary: 'changes nothing',
    notice:
      'a database server is installed only when it is asked for: answer DbServer to name another machine',
  },
  {
    name: 'OptInMU',
    value: 'none',
    summary: 'changes nothing',
    notice: 'the settings of Microsoft Update are left as they are',
  },
  { name: '?', value: 'none', summary: 'this list' },
];

const byName = new Map(switches.map((each) => [each.name.toLowerCase(), each]));

/** A switch that was given, with its values as they were typed. */
type Given = Map<string, string[]>;

/** Whether a command line is one of WebPICMD's: it begins with a switch of the form `/Word`. */
export function isWebpiWords(words: readonly string[]): boolean {
  return /^\/([a-z]+|\?)(:|$)/i.test(words[0] ?? '');
}

/** Whether the words ask for help, on whatever: `/?`. */
export function asksForWebpiHelp(words: readonly string[]): boolean {
  return words.includes('/?');
}

/** `zookit /?`. */
export function webpiHelp(): string {
  const rows = switches.map(({ name, value, summary }) => [
    `  /${name}${{ none: '', one: ':VALUE', list: ':A,B' }[value]}`,
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
  const notices = [...given.keys()].flatMap((name) => byName.get(name)?.notice ?? []);
  const secrets = secretsOf(given);
  return {
    words: [...main, ...commonWords(given), ...own],
    notices: [...notices, ...passwordNotice(secrets), ...offlineOnly(given)],
    secrets,
  };
}

function readSwitches(typed: readonly string[]): { given: Given; own: readonly string[] } {
  const given: Given = new Map();
  const own: string[] = [];
  let open: Switch | undefined;
  for (const [index, word] of typed.entries()) {
    const [, name, value] = /^\/([a-z]+|\?)(?::(.*))?$/is.exec(word) ?? [];
    if (name !== undefined) {
      open = switchOf(name, value);
      const values = given.get(open.name.toLowerCase()) ?? [];
      if (value !== undefined && value !== '') values.push(value);
      given.set(open.name.toLowerCase(), values);
    } else if (word.startsWith('--')) {
      own.push(...typed.slice(index));
      break;
    } else addValue(given, open, word);
  }
  return { given, own };
}

/** PowerShell makes several words of `/Products:A,B` and of `/Products: A,B`: what follows a switch belongs to it. */
function addValue(given: Given, open: Switch | undefined, word: string): void {
  const values = open && given.get(open.name.toLowerCase());
  const wanted = open?.value === 'list' || (open?.value === 'one' && values?.length === 0);
  if (values && wanted) values.push(word);
  else
    throw new AppError('USAGE', `'${word}' belongs to no switch`, {
      details: [
        "After WebPICMD's words every word is a switch, its value, or an option that begins with `--`",
      ],
      hint: 'Put a value with blanks into quotes; see `zookit /?`',
    });
}

function switchOf(name: string, value: string | undefined): Switch {
  const found = byName.get(name.toLowerCase());
  if (found && (found.value !== 'none' || !value)) return found;
  if (found)
    throw new AppError('USAGE', `'/${found.name}' takes no value`, { hint: 'See them with `zookit /?`' });
  const [near] = nearestNames(
    name,
    switches.map((each) => each.name),
  );
  throw new AppError('USAGE', `'/${name}' is not one of WebPICMD's switches`, {
    hint: near === undefined ? 'See them with `zookit /?`' : `Did you mean \`/${near}\`? See \`zookit /?\``,
  });
}

/** The first of the modes that is there counts; without any it is `/Install`, as in WebPICmdLine 3. */
function mainWords(given: Given): readonly string[] {
  if (given.has('list')) return listWords(given);
  return given.has('offline') ? offlineWords(given) : installWords(given);
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
  const option = valueOf(given, 'ListOption') ?? 'All';
  const words = listWordsFor[option.toLowerCase()];
  if (words) return words;
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
  if (given.has('offline') && !given.has('list')) return [];
  const used = ['Path', 'Url'].filter((name) => given.has(name.toLowerCase()));
  return used.map((name) => `/${name} belongs to /Offline and changes nothing here`);
}

/** One value; undefined when the switch is not there. Throws USAGE when it is there without one. */
function valueOf(given: Given, name: string): string | undefined {
  const values = given.get(name.toLowerCase());
  const value = values && unquoted(values.at(-1) ?? '');
  if (value !== '') return value;
  throw new AppError('USAGE', `'/${name}' needs a value`, { hint: `\`/${name}:VALUE\`; see \`zookit /?\`` });
}

/** All values of a list, split at commas. */
function valuesOf(given: Given, name: string): string[] {
  const values = given.get(name.toLowerCase());
  if (!values) return [];
  const found = values.flatMap((value) => unquoted(value).split(',').map(unquoted));
  const some = found.filter((value) => value !== '');
  if (some.length > 0) return some;
  throw new AppError('USAGE', `'/${name}' names nothing`, { hint: `\`/${name}:A,B\`; see \`zookit /?\`` });
}

/** Quotes that a shell has left on a value. */
function unquoted(value: string): string {
  return /^(["'])(.*)\1$/s.exec(value.trim())?.[2] ?? value.trim();
}

// Comes in: WebPICMD's words as shells leave them. Goes out: its switches with their values, and the words that are ours. The
// one file that knows WebPICMD's switches (webpi-feed 4); does not know what they mean here.
import { AppError } from './errors.js';
import { nearestNames } from './lib/nearest.js';

/** A word that WebPICMD understands. */
export interface Switch {
  /** As WebPICMD spells it. */
  readonly name: string;
  /** `some`: with a value or without. */
  readonly value: 'none' | 'some' | 'one' | 'list';
  readonly summary: string;
  /** Said when it is used: it changes nothing here. */
  readonly notice?: string;
}

/** All of them, in the order of help. */
export const switches: readonly Switch[] = [
  {
    name: 'List',
    value: 'some',
    summary: 'list products, feeds or languages; /List:Installed is understood too',
  },
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

/** By lower-case name. */
export const switchesByName = new Map(switches.map((each) => [each.name.toLowerCase(), each]));

/** A switch that was given, with its values as they were typed. */
export type Given = Map<string, string[]>;

/** What was typed, switch by switch, and the words that are ours already. Throws USAGE. */
export function readSwitches(typed: readonly string[]): { given: Given; own: readonly string[] } {
  const given: Given = new Map();
  const own: string[] = [];
  let open: Switch | undefined;
  for (const word of typed) {
    const [, name, value] = /^\/([a-z]+|\?)(?::(.*))?$/is.exec(word) ?? [];
    // After an option of ours only what is surely a switch is one: the option's value may begin with a slash.
    const isOurs = own.length > 0 && (name === undefined || !isSurely(name, value));
    if (isOurs || word.startsWith('--')) own.push(word);
    else if (name === undefined) addValue(given, open, word);
    else {
      open = switchOf(name, value);
      const values = given.get(open.name.toLowerCase()) ?? [];
      if (value !== undefined && value !== '') values.push(value);
      given.set(open.name.toLowerCase(), values);
    }
  }
  return { given, own };
}

function isSurely(name: string, value: string | undefined): boolean {
  const found = switchesByName.get(name.toLowerCase());
  return found !== undefined && (found.value === 'none' || (value ?? '') !== '');
}

/** PowerShell makes several words of `/Products:A,B` and of `/Products: A,B`: what follows a switch belongs to it. */
function addValue(given: Given, open: Switch | undefined, word: string): void {
  const values = open && given.get(open.name.toLowerCase());
  // A misspelled switch is neither a product nor a feed.
  const isListed = open?.value === 'list' && !/^(-|\/[a-z]+=)/i.test(word);
  const wanted = isListed || (open?.value === 'one' && values?.length === 0);
  if (values && wanted) values.push(word);
  else if (open !== undefined && isSecret(open.name))
    throw new AppError('USAGE', `'/${open.name}' has more than one value`, {
      hint: `Put it into quotes: \`/${open.name}:"..."\`; see \`zookit /?\``,
    });
  else
    throw new AppError('USAGE', `'${shown(word)}' belongs to no switch`, {
      details: [
        "After WebPICMD's words every word is a switch, its value, or an option that begins with `--`",
      ],
      hint: hintFor(open, shown(word)),
    });
}

function isSecret(name: string): boolean {
  return /password/i.test(name);
}

/** A misspelled switch may hold a password. */
function shown(word: string): string {
  return isSecret(word) ? word.replace(/([:=]).*$/s, '$1...') : word;
}

/** A product after `/Install`, `-Products:A`, `/Products=A`, or a value in pieces. */
function hintFor(open: Switch | undefined, word: string): string {
  const [, name = '', value = ''] = /^[-/]([a-z]+)[:=](.*)$/is.exec(word) ?? [];
  const meant = switchesByName.get(name.toLowerCase());
  if (meant) return `Write it with a slash and a colon: \`/${meant.name}${value === '' ? '' : `:${value}`}\``;
  if (open === undefined || open.value !== 'one')
    return `Products stand after a switch of their own: \`/Products:${word.replaceAll('`', '')}\``;
  return 'Put a value with blanks into quotes; see `zookit /?`';
}

function switchOf(name: string, value: string | undefined): Switch {
  const found = switchesByName.get(name.toLowerCase());
  if (found && (found.value !== 'none' || !value)) return found;
  if (found)
    throw new AppError('USAGE', `'/${found.name}' takes no value`, {
      details: [`Found '${value ?? ''}'`],
      hint: `Type \`/${found.name}\` alone; see \`zookit /?\``,
    });
  const [near] = nearestNames(
    name,
    switches.map((each) => each.name),
  );
  throw new AppError('USAGE', `'/${name}' is not one of WebPICMD's switches`, {
    hint: near === undefined ? 'See them with `zookit /?`' : `Did you mean \`/${near}\`? See \`zookit /?\``,
  });
}

/** One value; undefined when the switch is not there. Throws USAGE when it is there without one. */
export function valueOf(given: Given, name: string): string | undefined {
  const values = given.get(name.toLowerCase());
  const value = values && unquoted(values.at(-1) ?? '');
  if (value !== '') return value;
  throw new AppError('USAGE', `'/${name}' needs a value`, { hint: `\`/${name}:VALUE\`; see \`zookit /?\`` });
}

/** All values of a list, split at commas. */
export function valuesOf(given: Given, name: string): string[] {
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

// Comes in: paths of registry keys. Goes out: their values, with types, and the names of their subkeys. Asks Windows'
// own reg.exe, once per key, view and run; changes nothing and knows no product.
import type { Run } from '../lib/run.js';
import type { Variables } from '../lib/windows.js';
import { expandVariables, systemProgram } from '../lib/windows.js';

export interface RegistryValue {
  /** Empty for the key's default value. */
  readonly name: string;
  /** `REG_SZ`, `REG_DWORD`, ... */
  readonly type: string;
  /** Numbers in decimal digits, REG_EXPAND_SZ with its variables filled in. */
  readonly text: string;
}

export interface RegistryKey {
  /** With the root's long name, no `\` at the end. */
  readonly path: string;
  readonly values: readonly RegistryValue[];
  /** Names of the keys right below. */
  readonly subkeys: readonly string[];
}

/** Which half of a 64-bit Windows: a 32-bit program sees the other one as its own. */
export type RegistryView = 64 | 32;

export interface Registry {
  /** A key, or undefined when there is none. */
  key(path: string, view: RegistryView): Promise<RegistryKey | undefined>;
  /** A key and all below it; empty when there is none. */
  tree(path: string, view: RegistryView): Promise<readonly RegistryKey[]>;
}

const roots: Readonly<Record<string, string>> = {
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKCU: 'HKEY_CURRENT_USER',
  HKCR: 'HKEY_CLASSES_ROOT',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
};

/** The registry of this Windows. */
export function openRegistry(run: Run, variables: Variables): Registry {
  const answers = new Map<string, Promise<readonly RegistryKey[]>>();
  const program = systemProgram(variables, 'reg.exe');
  const ask = (path: string, view: RegistryView, deep: boolean): Promise<readonly RegistryKey[]> => {
    const full = fullPath(path);
    if (full === undefined) return Promise.resolve([]);
    const question = ['query', full, ...(deep ? ['/s'] : []), `/reg:${view}`];
    const name = question.join('|').toLowerCase();
    const known = answers.get(name);
    if (known) return known;
    const answer = run(program, question).then(({ status, stdout }) =>
      status === 0 ? parseQuery(full, stdout, variables) : [],
    );
    answers.set(name, answer);
    return answer;
  };
  return {
    key: async (path, view) => (await ask(path, view, false))[0],
    tree: (path, view) => ask(path, view, true),
  };
}

/** A path of this machine's registry; undefined for what is none, such as another machine's. */
function fullPath(path: string): string | undefined {
  const [root = '', ...names] = path.replace(/\\+$/, '').split('\\');
  const long = roots[root.toUpperCase()] ?? root.toUpperCase();
  return Object.values(roots).includes(long) ? [long, ...names].join('\\') : undefined;
}

const valueLine = /^ {4}(.*?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/;

/** What `reg query` says, as keys, the asked one first; a key stands there even when it has no values. */
export function parseQuery(asked: string, output: string, variables: Variables): RegistryKey[] {
  const keys = new Map<string, { path: string; values: RegistryValue[]; subkeys: string[] }>();
  const open = (path: string): { path: string; values: RegistryValue[]; subkeys: string[] } => {
    const name = path.toLowerCase();
    const key = keys.get(name) ?? { path, values: [], subkeys: [] };
    if (keys.has(name)) return key;
    keys.set(name, key);
    const end = path.lastIndexOf('\\');
    if (path.length > asked.length) open(path.slice(0, end)).subkeys.push(path.slice(end + 1));
    return key;
  };
  let current = open(asked);
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_[A-Z_]+(\\|$)/.test(line)) current = open(line.replace(/\\+$/, ''));
    const [, name, type = '', text = ''] = valueLine.exec(line) ?? [];
    if (name !== undefined) current.values.push(readValue(name, type, text, variables));
  }
  return [...keys.values()];
}

/** The default value's name is in the language of Windows: `(Default)`, `(Standard)`, always in parentheses. */
function readValue(name: string, type: string, text: string, variables: Variables): RegistryValue {
  return { name: /^\(.*\)$/.test(name) ? '' : name, type, text: readText(type, text, variables) };
}

function readText(type: string, text: string, variables: Variables): string {
  if (/^REG_(DWORD|QWORD)/.test(type) && /^0x[0-9a-f]+$/i.test(text)) return BigInt(text).toString();
  return type === 'REG_EXPAND_SZ' ? expandVariables(text, variables) : text;
}

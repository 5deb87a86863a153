// Comes in: paths of registry keys. Goes out: their values, with types, and the names of their subkeys. Asks Windows'
// own reg.exe, once per key, view and run; changes nothing and knows no product. A single key is printed; whole trees, and
// keys whose print may have lost a character, are exported.
import type { Run } from '../lib/run.js';
import type { Variables } from '../lib/windows.js';
import { systemProgram } from '../lib/windows.js';
import { exportedTree } from './registry-export.js';
import type { RegistryKey, RegistryValue } from './registry-keys.js';
import { collectKeys, valueText } from './registry-keys.js';

export type { RegistryKey, RegistryValue } from './registry-keys.js';

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
  const exported = (key: string, view: RegistryView): Promise<readonly RegistryKey[] | undefined> =>
    exportedTree({ run, program, key, view, variables });
  const query = async (key: string, view: RegistryView, deep: boolean): Promise<readonly RegistryKey[]> => {
    const question = ['query', key, ...(deep ? ['/s'] : []), `/reg:${view}`];
    const { status, stdout } = await run(program, question);
    if (status !== 0) return [];
    const lost = !deep && mayHaveLost(stdout) ? await exported(key, view) : undefined;
    return lost ?? parseQuery(key, stdout, variables);
  };
  const ask = (path: string, view: RegistryView, deep: boolean): Promise<readonly RegistryKey[]> => {
    const key = fullPath(path);
    if (key === undefined) return Promise.resolve([]);
    const name = [key.toLowerCase(), view, deep].join('|');
    const known = answers.get(name);
    if (known) return known;
    const answer = deep
      ? exported(key, view).then((found) => found ?? query(key, view, true))
      : query(key, view, false);
    answers.set(name, answer);
    return answer;
  };
  return {
    key: async (path, view) => (await ask(path, view, false))[0],
    tree: (path, view) => ask(path, view, true),
  };
}

/** Whether reg.exe has printed a character that the console's code page has in another place, or not at all. */
function mayHaveLost(output: string): boolean {
  return /[^\x00-\x7F]|\?/.test(output.replaceAll('\\??\\', ''));
}

/** A path of this machine's registry; undefined for what is none, such as another machine's. */
function fullPath(path: string): string | undefined {
  const [root = '', ...names] = path.replace(/\\+$/, '').split('\\');
  const long = roots[root.toUpperCase()] ?? root.toUpperCase();
  return Object.values(roots).includes(long) ? [long, ...names].join('\\') : undefined;
}

const valueLine = /^ {4}(.*?) {4}(REG_[A-Z_]+)(?: {4}(.*))?$/;

/** What `reg query` says, as keys, the asked one first; a key stands there even when it has no values. */
export function parseQuery(asked: string, output: string, variables: Variables): readonly RegistryKey[] {
  const collected = collectKeys(asked);
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_[A-Z_]+(\\|$)/.test(line)) collected.open(line.replace(/\\+$/, ''));
    const [, name, type = '', text = ''] = valueLine.exec(line) ?? [];
    if (name !== undefined) collected.add(readValue(name, type, text, variables));
  }
  return collected.keys();
}

/** The default value's name is in the language of Windows: `(Default)`, `(Standard)`, always in parentheses. */
function readValue(name: string, type: string, text: string, variables: Variables): RegistryValue {
  const number = /^REG_(DWORD|QWORD)/.test(type) && /^0x[0-9a-f]+$/i.test(text);
  return {
    name: /^\(.*\)$/.test(name) ? '' : name,
    type,
    text: number ? BigInt(text).toString() : valueText(type, text, variables),
  };
}

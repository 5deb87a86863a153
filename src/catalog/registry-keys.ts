// Comes in: keys and values one after the other, from whatever tells them. Goes out: keys with their values and the names of
// those right below. Asks nothing.
import type { Variables } from '../lib/windows.js';
import { expandVariables } from '../lib/windows.js';

export interface RegistryValue {
  /** Empty for the key's default value. */
  readonly name: string;
  /** `REG_SZ`, `REG_DWORD`, ... */
  readonly type: string;
  /** Numbers in decimal digits, REG_EXPAND_SZ with its variables filled in, parts of REG_MULTI_SZ with `\0` between. */
  readonly text: string;
}

export interface RegistryKey {
  /** With the root's long name, no `\` at the end. */
  readonly path: string;
  readonly values: readonly RegistryValue[];
  /** Names of the keys right below. */
  readonly subkeys: readonly string[];
}

interface OpenKey {
  readonly path: string;
  readonly values: RegistryValue[];
  readonly subkeys: string[];
}

export interface KeyCollector {
  /** What follows are values of this key. */
  readonly open: (path: string) => void;
  readonly add: (value: RegistryValue) => void;
  /** The asked key first. */
  readonly keys: () => readonly RegistryKey[];
}

/** Collects what is told of a key and those below; each stands there even when it has no values. */
export function collectKeys(asked: string): KeyCollector {
  const keys = new Map<string, OpenKey>();
  const open = (path: string): OpenKey => {
    const name = path.toLowerCase();
    const known = keys.get(name);
    if (known) return known;
    const key: OpenKey = { path, values: [], subkeys: [] };
    keys.set(name, key);
    const end = path.lastIndexOf('\\');
    if (path.length > asked.length) open(path.slice(0, end)).subkeys.push(path.slice(end + 1));
    return key;
  };
  let current = open(asked);
  return {
    open: (path) => {
      current = open(path);
    },
    add: (value) => current.values.push(value),
    keys: () => [...keys.values()],
  };
}

/** What counts of a value's text: variables are filled in where its type says so. */
export function valueText(type: string, text: string, variables: Variables): string {
  return type === 'REG_EXPAND_SZ' ? expandVariables(text, variables) : text;
}

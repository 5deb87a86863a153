// Comes in: the `registry`, `msiProduct` and `msiPatch` hints of a feed. Goes out: whether they hold, and the version that
// they tell. WebPI's rules (webpi-feed 2.3); asks only the registry that it is given.
import { compareVersions } from '../lib/version.js';
import type { DiscoveryHint } from '../types.js';
import type { Registry, RegistryKey, RegistryView } from './registry.js';

type RegistryHint = Extract<DiscoveryHint, { kind: 'registry' }>;

/** What a hint found; `version` where it tells one. */
export interface Found {
  readonly version?: string;
}

const views: readonly RegistryView[] = [64, 32];
const uninstallKey = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const uninstallKeys = `HKEY_LOCAL_MACHINE\\${uninstallKey}`;
/** Both halves of the machine's own, and what is installed for this user only. */
const productPlaces: readonly (readonly [path: string, view: RegistryView])[] = [
  [uninstallKeys, 64],
  [uninstallKeys, 32],
  [`HKEY_CURRENT_USER\\${uninstallKey}`, 64],
];
const patchKeys =
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Patches';
const code = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;

/** A key in the view of 64-bit programs; feeds write `Wow6432Node` where they mean the other one. */
export async function findInRegistry(hint: RegistryHint, registry: Registry): Promise<Found | undefined> {
  const key = await registry.key(hint.keyPath, 64);
  if (!key || !hint.values.every((pair) => pairFits(pair, key))) return undefined;
  const { minimumVersion, maximumVersion } = hint;
  if (minimumVersion === undefined && maximumVersion === undefined) return {};
  const named = hint.values.find(({ text }) => text === undefined) ?? hint.values[0];
  const version = valueOf(key, named?.name)?.trim();
  if (version === undefined || version === '') return undefined;
  if (minimumVersion !== undefined && compareVersions(version, minimumVersion) < 0) return undefined;
  if (maximumVersion !== undefined && compareVersions(version, maximumVersion) > 0) return undefined;
  return { version };
}

/** A value that exists, or one with this text: case does not matter, numbers are compared as their decimal digits. */
function pairFits({ name, text }: { name?: string; text?: string }, key: RegistryKey): boolean {
  const found = valueOf(key, name);
  if (found === undefined || text === undefined) return found !== undefined;
  return found.trim().toLowerCase() === text.trim().toLowerCase();
}

function valueOf({ values }: RegistryKey, name = ''): string | undefined {
  return values.find((value) => value.name.toLowerCase() === name.toLowerCase())?.text;
}

/**
 * A product of Windows Installer by its code, whichever half of Windows it is for, and for all users or this one. Lists name
 * hundreds of products: what is there at all is asked once.
 */
export async function findMsiProduct(product: string, registry: Registry): Promise<Found | undefined> {
  const guid = code.exec(product.trim())?.[1];
  if (guid === undefined) return undefined;
  for (const [path, view] of productPlaces) {
    const all = await registry.key(path, view);
    const name = all?.subkeys.find((each) => each.toLowerCase() === `{${guid.toLowerCase()}}`);
    const key = name === undefined ? undefined : await registry.key(`${path}\\${name}`, view);
    if (!key) continue;
    const version = valueOf(key, 'DisplayVersion');
    return version === undefined ? {} : { version };
  }
  return undefined;
}

/** A patch of Windows Installer by its code: among the patches of the machine, or below "Uninstall" with its product. */
export async function findMsiPatch(patch: string, registry: Registry): Promise<Found | undefined> {
  const guid = code.exec(patch.trim())?.[1];
  if (guid === undefined) return undefined;
  if (await registry.key(`${patchKeys}\\${packedCode(guid)}`, 64)) return {};
  for (const view of views) {
    const key = await registry.key(uninstallKeys, view);
    if (key?.subkeys.some((name) => name.toLowerCase().endsWith(`.{${guid.toLowerCase()}}`))) return {};
  }
  return undefined;
}

/** How Windows Installer names keys: the first three groups backwards, then every byte with its digits swapped. */
export function packedCode(guid: string): string {
  const [first = '', second = '', third = '', ...rest] = guid.toUpperCase().split('-');
  const backwards = [first, second, third].map((group) => group.split('').reverse().join(''));
  return backwards.join('') + rest.join('').replace(/(.)(.)/g, '$2$1');
}

// Comes in: a registry. Goes out: what a Windows is that Node does not tell: client or server, with a desktop or without,
// its own processor and language, and whether it waits for a restart. Asks the registry only: it answers on Server Core and
// over WinRM too, where neither wmic nor VBScript does.
import type { Platform } from '../types.js';
import { architectureOf } from './platform.js';
import type { Registry, RegistryKey } from './registry.js';

const current = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion';
const control = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control';
const session = `${control}\\Session Manager`;

/** The platform with its edition and with the processor's own architecture, which an emulated Node is not told. */
export async function windowsPlatform(platform: Platform, registry: Registry): Promise<Platform> {
  const [version, environment] = await Promise.all([
    registry.key('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 64),
    registry.key(`${session}\\Environment`, 64),
  ]);
  const native = textOf(environment, 'PROCESSOR_ARCHITECTURE');
  const arch = /^(AMD64|ARM64|x86)$/i.test(native) ? architectureOf(native) : platform.arch;
  return { ...platform, arch, ...editionOf(textOf(version, 'InstallationType')) };
}

/** `InstallationType` is `Client`, `Server` or `Server Core`, absent in odd ones. */
function editionOf(type: string): Pick<Platform, 'edition' | 'core'> {
  if (/^server/i.test(type)) return { edition: 'server', core: /core$/i.test(type) };
  return /^client/i.test(type) ? { edition: 'client' } : {};
}

/** Why Windows waits for a restart; empty when it does not (field note 35). */
export async function pendingRestart(registry: Registry): Promise<string[]> {
  const [servicing, updates, manager] = await Promise.all([
    registry.key(`${current}\\Component Based Servicing\\RebootPending`, 64),
    registry.key(`${current}\\WindowsUpdate\\Auto Update\\RebootRequired`, 64),
    registry.key(session, 64),
  ]);
  return [
    ...(servicing ? ['features or updates were installed'] : []),
    ...(updates ? ['Windows Update wants one'] : []),
    ...(textOf(manager, 'PendingFileRenameOperations') === '' ? [] : ['files wait to be replaced']),
  ];
}

/** Lower case, as feeds name it: what an administrator has set for the machine, else what Windows was installed in. */
export async function windowsLanguage(registry: Registry): Promise<string | undefined> {
  const [settings, installed] = await Promise.all([
    registry.key(`${control}\\MUI\\Settings`, 64),
    registry.key(`${control}\\Nls\\Language`, 64),
  ]);
  const preferred = textOf(settings, 'PreferredUILanguages').split('\\0')[0] ?? '';
  if (/^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(preferred)) return languageId(preferred);
  const number = textOf(installed, 'InstallLanguage').toLowerCase();
  return exactLanguages[number] ?? languages[parseInt(number, 16) & 0x3ff];
}

/** Feeds tell countries apart for these languages only. */
function languageId(name: string): string {
  const folded = name.toLowerCase();
  return /^(pt|zh)-/.test(folded) ? folded : (folded.split('-')[0] ?? folded);
}

/** By Windows' number of a language and country: https://learn.microsoft.com/openspecs/windows_protocols/ms-lcid */
const exactLanguages: Readonly<Record<string, string>> = {
  '0404': 'zh-tw',
  '0804': 'zh-cn',
  '0416': 'pt-br',
  '0816': 'pt-pt',
};

/** By its lower ten bits, which are the language alone. */
const languages: Readonly<Record<number, string>> = {
  0x05: 'cs',
  0x07: 'de',
  0x09: 'en',
  0x0a: 'es',
  0x0c: 'fr',
  0x0d: 'he',
  0x0e: 'hu',
  0x10: 'it',
  0x11: 'ja',
  0x12: 'ko',
  0x13: 'nl',
  0x15: 'pl',
  0x19: 'ru',
  0x1d: 'sv',
  0x1f: 'tr',
};

/** A value's text; empty when there is none. Names are compared in any case. */
export function textOf(key: RegistryKey | undefined, name: string): string {
  return key?.values.find((value) => value.name.toLowerCase() === name.toLowerCase())?.text ?? '';
}

// Comes in: the discovery hint of a product. Goes out: the code by which Windows Installer knows it, where the hint tells one,
// and whether a product of that code is on this machine. Changes nothing.
import type { Run } from '../src/lib/run.js';
import type { Variables } from '../src/lib/windows.js';
import { systemProgram } from '../src/lib/windows.js';
import type { DiscoveryHint } from '../src/types.js';

const guid = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i;
const uninstallKey = /\\Uninstall\\(\{[0-9a-f-]{36}\})$/i;

/** The one product code that a hint names; undefined when it names none, or several. */
export function productCode(hint: DiscoveryHint | undefined): string | undefined {
  const found = new Set(hint ? codesIn(hint).map((code) => `{${code.toUpperCase()}}`) : []);
  return found.size === 1 ? [...found][0] : undefined;
}

function codesIn(hint: DiscoveryHint): string[] {
  switch (hint.kind) {
    case 'all':
    case 'any':
      return hint.of.flatMap(codesIn);
    case 'msiProduct':
      return guid.exec(hint.code.trim())?.slice(1) ?? [];
    case 'registry':
      return guid.exec(uninstallKey.exec(hint.keyPath)?.[1] ?? '')?.slice(1) ?? [];
    default:
      return [];
  }
}

const uninstall = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
/** Both halves of the machine's part, and what is installed for this user only. */
const places = [
  ['HKLM', '/reg:64'],
  ['HKLM', '/reg:32'],
  ['HKCU', '/reg:64'],
] as const;

/** Whether Windows Installer has a product of this code already. */
export async function isInstalled(code: string, run: Run, variables: Variables): Promise<boolean> {
  const program = systemProgram(variables, 'reg.exe');
  for (const [root, view] of places) {
    const { status, stdout } = await run(program, ['query', `${root}\\${uninstall}\\${code}`, view]);
    if (status === 0 && stdout.toUpperCase().includes(code)) return true;
  }
  return false;
}

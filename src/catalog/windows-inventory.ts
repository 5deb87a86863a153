// Comes in: a registry. Goes out: what a bundle for this Windows must know besides its products: features of IIS that are on,
// Visual C++ runtimes, and rules that forbid programs or scripts. Only `zookit probe` looks at it; changes nothing.
import type { Registry } from './registry.js';
import { textOf } from './windows-facts.js';

export interface WindowsInventory {
  /** Features of IIS by their names in the registry: `W3SVC`, `CGI`, `StaticContent`; empty without IIS. */
  readonly features: readonly string[];
  /** Versions by architecture: `{ x64: '14.38.33135.0' }`. */
  readonly vcRuntimes: Readonly<Record<string, string>>;
  readonly policies: WindowsPolicies;
}

/** What an administrator forbids on the whole machine. */
export interface WindowsPolicies {
  /** Kinds of files that AppLocker has rules for and enforces: `Exe`, `Msi`, `Script`, `Dll`, `Appx`. */
  readonly appLocker: readonly string[];
  /** Of PowerShell, as it is set for the machine. */
  readonly executionPolicy?: string;
  /** Windows Installer may install only what is managed, or nothing. */
  readonly msiRestricted?: boolean;
  /** Software restriction policies forbid what no rule allows. */
  readonly unknownProgramsForbidden?: boolean;
}

const software = 'HKEY_LOCAL_MACHINE\\SOFTWARE';
const policies = `${software}\\Policies\\Microsoft`;

/** All of it, in one go. */
export async function windowsInventory(registry: Registry): Promise<WindowsInventory> {
  const [features, vcRuntimes, forbidden] = await Promise.all([
    iisFeatures(registry),
    runtimes(registry),
    policiesOf(registry),
  ]);
  return { features, vcRuntimes, policies: forbidden };
}

/** IIS keeps a number for each of its components: 1 is on. */
async function iisFeatures(registry: Registry): Promise<string[]> {
  const key = await registry.key(`${software}\\Microsoft\\InetStp\\Components`, 64);
  return (key?.values ?? []).flatMap(({ name, text }) => (text === '1' ? [name] : [])).sort();
}

async function runtimes(registry: Registry): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const arch of ['x64', 'x86', 'arm64']) {
    const path = `${software}\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\${arch}`;
    // Which half of the registry it is in depends on who wrote it (field note 33).
    const keys = await Promise.all([registry.key(path, 64), registry.key(path, 32)]);
    const key = keys.find((each) => textOf(each, 'Installed') === '1');
    const version = textOf(key, 'Version').replace(/^v/i, '');
    if (version !== '') found[arch] = version.replace(/\.0+(?=\d)/g, '.');
  }
  return found;
}

async function policiesOf(registry: Registry): Promise<WindowsPolicies> {
  const [powershell, byPolicy, installer, restriction, appLocker] = await Promise.all([
    registry.key(`${software}\\Microsoft\\PowerShell\\1\\ShellIds\\Microsoft.PowerShell`, 64),
    registry.key(`${policies}\\Windows\\PowerShell`, 64),
    registry.key(`${policies}\\Windows\\Installer`, 64),
    registry.key(`${policies}\\Windows\\Safer\\CodeIdentifiers`, 64),
    lockedKinds(registry),
  ]);
  const executionPolicy = textOf(byPolicy, 'ExecutionPolicy') || textOf(powershell, 'ExecutionPolicy');
  return {
    appLocker,
    ...(executionPolicy === '' ? {} : { executionPolicy }),
    ...(['1', '2'].includes(textOf(installer, 'DisableMSI')) ? { msiRestricted: true } : {}),
    ...(textOf(restriction, 'DefaultLevel') === '0' ? { unknownProgramsForbidden: true } : {}),
  };
}

/** https://learn.microsoft.com/windows/security/application-security/application-control/app-control-for-business/applocker/ */
async function lockedKinds(registry: Registry): Promise<string[]> {
  const path = `${policies}\\Windows\\SrpV2`;
  const parent = await registry.key(path, 64);
  const locked: string[] = [];
  for (const name of parent?.subkeys ?? []) {
    const key = await registry.key(`${path}\\${name}`, 64);
    const ruled = (key?.subkeys.length ?? 0) > 0;
    // Rules are enforced unless they are for auditing only (0).
    if (ruled && textOf(key, 'EnforcementMode') !== '0') locked.push(name);
  }
  return locked;
}

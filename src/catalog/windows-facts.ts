// Comes in: a registry. Goes out: what a Windows is that Node does not tell: client or server, and whether it waits for a
// restart. Asks the registry only: it answers on Server Core and over WinRM too.
import type { Platform } from '../types.js';
import type { Registry } from './registry.js';

const current = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion';
const session = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager';

/** The platform with its edition; `InstallationType` is `Client`, `Server` or `Server Core`, absent in odd ones. */
export async function withEdition(platform: Platform, registry: Registry): Promise<Platform> {
  const key = await registry.key('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 64);
  const type = key?.values.find(({ name }) => name === 'InstallationType')?.text ?? '';
  if (/^server/i.test(type)) return { ...platform, edition: 'server' };
  return /^client/i.test(type) ? { ...platform, edition: 'client' } : platform;
}

/** Why Windows waits for a restart; empty when it does not (field note 35). */
export async function pendingRestart(registry: Registry): Promise<string[]> {
  const [servicing, updates, manager] = await Promise.all([
    registry.key(`${current}\\Component Based Servicing\\RebootPending`, 64),
    registry.key(`${current}\\WindowsUpdate\\Auto Update\\RebootRequired`, 64),
    registry.key(session, 64),
  ]);
  const files = manager?.values.find(({ name }) => name === 'PendingFileRenameOperations');
  return [
    ...(servicing ? ['features or updates were installed'] : []),
    ...(updates ? ['Windows Update wants one'] : []),
    ...(files && files.text !== '' ? ['files wait to be replaced'] : []),
  ];
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from '../../src/catalog/registry.js';
import { pendingRestart, withEdition } from '../../src/catalog/windows-facts.js';
import { recordedRun } from '../helpers/recorded-run.js';

const platform = { os: 'windows', arch: 'x64', osVersion: '10.0.20348' } as const;

function registryWith(key: string, value = ''): ReturnType<typeof openRegistry> {
  return openRegistry(recordedRun({ [key]: { stdout: `\r\n${value}\r\n` } }).run, {});
}

test('client and server are told by the registry, Server Core is a server', async () => {
  const edition = async (type: string): Promise<string | undefined> => {
    const registry = registryWith('Windows NT', `    InstallationType    REG_SZ    ${type}`);
    return (await withEdition(platform, registry)).edition;
  };
  assert.equal(await edition('Client'), 'client');
  assert.equal(await edition('Server'), 'server');
  assert.equal(await edition('Server Core'), 'server');
  assert.deepEqual(await withEdition(platform, registryWith('nothing')), platform);
});

test('a restart is pending by any of three marks', async () => {
  assert.deepEqual(await pendingRestart(registryWith('nothing')), []);
  assert.equal((await pendingRestart(registryWith('RebootPending'))).length, 1);
  assert.equal((await pendingRestart(registryWith('RebootRequired'))).length, 1);
  const renames = '    PendingFileRenameOperations    REG_MULTI_SZ    \\??\\C:\\a\\0';
  assert.equal((await pendingRestart(registryWith('Session Manager', renames))).length, 1);
  assert.deepEqual(await pendingRestart(registryWith('Session Manager', renames.replace(/\S+$/, ''))), []);
});

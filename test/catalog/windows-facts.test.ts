import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRegistry } from '../../src/catalog/registry.js';
import { pendingRestart, windowsLanguage, windowsPlatform } from '../../src/catalog/windows-facts.js';
import { windowsInventory } from '../../src/catalog/windows-inventory.js';
import type { Answer } from '../helpers/recorded-run.js';
import { recordedRun } from '../helpers/recorded-run.js';

const platform = { os: 'windows', arch: 'x64', osVersion: '10.0.20348' } as const;

/** What reg.exe prints: values by the end of their key's path. */
function registryOf(keys: Readonly<Record<string, readonly string[]>>): ReturnType<typeof openRegistry> {
  const answers = Object.entries(keys).map(([key, values]): [string, Answer] => [
    `${key} /reg:64`,
    { stdout: `\r\n${values.map((value) => `    ${value}`).join('\r\n')}\r\n` },
  ]);
  return openRegistry(recordedRun(Object.fromEntries(answers)).run, {});
}

test('client and server are told by the registry, and Server Core', async () => {
  const edition = async (type: string): Promise<unknown> => {
    const registry = registryOf({ CurrentVersion: [`InstallationType    REG_SZ    ${type}`] });
    const { edition: found, core } = await windowsPlatform(platform, registry);
    return [found, core];
  };
  assert.deepEqual(await edition('Client'), ['client', undefined]);
  assert.deepEqual(await edition('Server'), ['server', false]);
  assert.deepEqual(await edition('Server Core'), ['server', true]);
  assert.deepEqual(await windowsPlatform(platform, registryOf({})), platform);
});

test("the processor is the machine's own, not the one that Node is told", async () => {
  const arch = async (native: string): Promise<string> => {
    const registry = registryOf({ Environment: [`PROCESSOR_ARCHITECTURE    REG_SZ    ${native}`] });
    return (await windowsPlatform(platform, registry)).arch;
  };
  assert.equal(await arch('ARM64'), 'arm64');
  assert.equal(await arch('AMD64'), 'x64');
  assert.equal(await arch('x86'), 'x86');
  assert.equal(await arch('IA64'), 'x64', 'what nobody knows changes nothing');
});

test('a restart is pending by any of three marks', async () => {
  const marks = async (keys: Readonly<Record<string, readonly string[]>>): Promise<number> =>
    (await pendingRestart(registryOf(keys))).length;
  assert.equal(await marks({}), 0);
  assert.equal(await marks({ RebootPending: [] }), 1);
  assert.equal(await marks({ RebootRequired: [] }), 1);
  const renames = 'PendingFileRenameOperations    REG_MULTI_SZ    \\??\\C:\\a\\0';
  assert.equal(await marks({ 'Session Manager': [renames] }), 1);
  assert.equal(await marks({ 'Session Manager': [renames.replace(/\S+$/, '')] }), 0);
});

test("the language is the administrator's, else Windows' own", async () => {
  const language = (number: string, preferred?: string): Promise<string | undefined> =>
    windowsLanguage(
      registryOf({
        'Nls\\Language': [`InstallLanguage    REG_SZ    ${number}`],
        ...(preferred === undefined
          ? {}
          : { 'MUI\\Settings': [`PreferredUILanguages    REG_MULTI_SZ    ${preferred}`] }),
      }),
    );
  assert.equal(await language('0409'), 'en');
  assert.equal(await language('0C07'), 'de', 'Austrian is German');
  assert.equal(await language('0404'), 'zh-tw');
  assert.equal(await language('0416'), 'pt-br');
  assert.equal(await language('FFFF'), undefined);
  assert.equal(await language('0409', 'de-DE\\0en-US'), 'de');
  assert.equal(await language('0409', 'zh-CN'), 'zh-cn');
});

test('features, runtimes and what is forbidden', async () => {
  assert.deepEqual(await windowsInventory(registryOf({})), {
    features: [],
    vcRuntimes: {},
    policies: { appLocker: [] },
  });
  const inventory = await windowsInventory(
    registryOf({
      'InetStp\\Components': [
        'W3SVC    REG_DWORD    0x1',
        'CGI    REG_DWORD    0x1',
        'ASP    REG_DWORD    0x0',
      ],
      'Runtimes\\x64': ['Installed    REG_DWORD    0x1', 'Version    REG_SZ    v14.38.33135.00'],
      'Runtimes\\x86': ['Installed    REG_DWORD    0x0', 'Version    REG_SZ    v14.0.1.00'],
      'Microsoft.PowerShell': ['ExecutionPolicy    REG_SZ    RemoteSigned'],
      'Windows\\PowerShell': ['ExecutionPolicy    REG_SZ    AllSigned'],
      'Windows\\Installer': ['DisableMSI    REG_DWORD    0x2'],
      CodeIdentifiers: ['DefaultLevel    REG_DWORD    0x0'],
    }),
  );
  assert.deepEqual(inventory, {
    features: ['CGI', 'W3SVC'],
    vcRuntimes: { x64: '14.38.33135.0' },
    policies: {
      appLocker: [],
      executionPolicy: 'AllSigned',
      msiRestricted: true,
      unknownProgramsForbidden: true,
    },
  });
});

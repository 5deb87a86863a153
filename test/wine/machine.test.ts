// What a Windows tells of itself: a registry with texts of any language, the processor, the language, what `probe` writes.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryXml, feedXml, serveFeed } from '../helpers/feed-xml.js';
import { nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, json } from '../helpers/zookit.js';

const acme = 'HKLM\\SOFTWARE\\Acme';
const feed = feedXml(
  entryXml('Acme', '1.0', {
    more: `<discoveryHint><registry><keyPath>${acme}</keyPath><valueName>Größe</valueName><valueValue>C:\\Prögramme Łódź\\ж</valueValue></registry></discoveryHint>`,
  }),
  entryXml('Other', '1.0', {
    more: `<discoveryHint><registry><keyPath>${acme}</keyPath><valueName>Größe</valueName><valueValue>C:\\Programme</valueValue></registry></discoveryHint>`,
  }),
);

/** In UTF-16, which a command line would not carry through Wine. */
const values = [
  'Windows Registry Editor Version 5.00',
  '',
  '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Acme]',
  '"Größe"="C:\\\\Prögramme Łódź\\\\ж"',
  '',
  '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp\\Components]',
  '"CGI"=dword:00000001',
  '"ASP"=dword:00000000',
  '',
  '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]',
  '"InstallationType"="Server Core"',
  '"RegisteredOwner"="Jürgen?"',
  '',
  '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Nls\\Language]',
  '"InstallLanguage"="0407"',
  '',
  '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment]',
  '"PROCESSOR_ARCHITECTURE"="ARM64"',
  '',
  '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\SrpV2\\Exe]',
  '"EnforcementMode"=dword:00000001',
  '',
  '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows\\SrpV2\\Exe\\{921cc481-6e17-4653-8f75-050b80acca20}]',
  '"Name"="all"',
  '',
].join('\r\n');

test('a machine is looked at', { skip: wineMissing }, async (context) => {
  const server = await serveFeed(context, feed);
  const windows = await windowsWorld(context);
  writeFileSync(join(windows.drive, 'facts.reg'), Buffer.from(`\uFEFF${values}`, 'utf16le'));
  await windows.run(['reg', 'import', 'C:\\facts.reg']);
  for (const node of nodeVersions) {
    await context.test(`and told, whatever its letters (node ${node})`, async () => {
      const words = ['probe', 'C:\\probe.json', '--main-feed', server.feed];
      assertDone(await windows.zookit(node, words));
      const probe = JSON.parse(readFileSync(join(windows.drive, 'probe.json'), 'utf8')) as Record<
        string,
        unknown
      >;
      assert.deepEqual(Object.keys(probe['presences'] as object), ['acme']);
      const { osVersion, ...platform } = probe['platform'] as Record<string, string>;
      assert.deepEqual(platform, { os: 'windows', arch: 'arm64', edition: 'server', core: true });
      assert.match(osVersion ?? '', /^10\.0\.\d+$/);
      assert.equal(probe['language'], 'de');
      assert.deepEqual(probe['features'], ['CGI']);
      assert.deepEqual((probe['policies'] as { appLocker: string[] }).appLocker, ['Exe']);
      const plan = await windows.zookit(node, [
        ...['plan', 'Acme', '--json', '--main-feed', server.feed],
        ...['--machine', 'C:\\probe.json'],
      ]);
      assert.equal((json(plan)['steps'] as { status: string }[])[0]?.status, 'present');
    });
  }
});

// The road of a package of Windows Installer: a real msiexec, a real registry, a Windows node.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { entryXml, feedXml, fileXml, serveFeed } from '../helpers/feed-xml.js';
import { temporaryFolder } from '../helpers/folder.js';
import { makeMsi, nodeVersions, windowsWorld, wineMissing } from '../helpers/wine.js';
import { assertDone, assertFails, json } from '../helpers/zookit.js';

const code = '{6B3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F21}';
const uninstallKey = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const newerCode = '{6B3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F23}';
const brokenCode = '{6B3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F22}';

/** A product with one file and one value in the registry. */
function wix(product: string, name: string, version = '1.2.3'): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="${product}" Name="${name}" Language="1033" Version="${version}" Manufacturer="Test"
      UpgradeCode="{7B3D3A0E-5C1F-4B7B-9C55-0C8E5D1A7F2${name.length % 10}}">
    <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine"/>
    <MajorUpgrade DowngradeErrorMessage="A newer version is there."/>
    <Media Id="1" Cabinet="files.cab" EmbedCab="yes"/>
    <Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name="${name}">
      <Component Id="Files" Guid="*" Win64="yes">
        <File Id="Text" Source="demo.txt" KeyPath="yes"/>
        <RegistryKey Root="HKLM" Key="SOFTWARE\\Zookit Test\\${name}">
          <RegistryValue Name="Version" Type="string" Value="${version}"/>
          <RegistryValue Name="Installed" Type="integer" Value="1"/>
        </RegistryKey>
      </Component>
    </Directory></Directory></Directory>
    <Feature Id="All" Level="1"><ComponentRef Id="Files"/></Feature>
  </Product>
</Wix>`;
}

/** An entry that is found by its product code and by its value in the registry, both. */
function msiEntry(name: string, product: string, content: Uint8Array, version = '1.2'): string {
  const key = `HKEY_LOCAL_MACHINE\\SOFTWARE\\Zookit Test\\${name}`;
  return entryXml(name, version, {
    more: `<discoveryHint><and>
      <discoveryHint><msiProductCode>${product.toLowerCase()}</msiProductCode></discoveryHint>
      <discoveryHint><registry><keyPath>${key}</keyPath><valueName>Version</valueName>
        <minimumVersion>${version}</minimumVersion></registry></discoveryHint>
      <discoveryHint><registry><keyPath>${key}</keyPath><valueName>Installed</valueName>
        <valueValue>1</valueValue></registry></discoveryHint></and></discoveryHint>`,
    installers: `<installer>${fileXml(`${name}-${version}.msi`, content)}<installCommands><msiInstall>
      <msi>%InstallerFile%</msi><properties>ALLUSERS=1</properties></msiInstall></installCommands></installer>`,
  });
}

/** The same package once more, by a hint that asks for more than there is. */
function twinEntry(content: Uint8Array): string {
  const entry = msiEntry('DemoMsi', code, content).replace('>DemoMsi</productId>', '>Twin</productId>');
  const missing = '<registry><keyPath>HKLM\\SOFTWARE\\Nowhere</keyPath></registry>';
  return entry.replace('<and>', `<and><discoveryHint>${missing}</discoveryHint>`);
}

test('packages of Windows Installer', { skip: wineMissing }, async (context) => {
  const folder = temporaryFolder(context);
  writeFileSync(join(folder, 'demo.txt'), 'demo\n');
  const good = readFileSync(makeMsi(folder, 'DemoMsi', wix(code, 'DemoMsi')));
  const bad = readFileSync(
    makeMsi(folder, 'BrokenMsi', wix(brokenCode, 'BrokenMsi'), [
      "INSERT INTO CustomAction (Action, Type, Target) VALUES ('boom', 19, 'The demo cannot go on')",
      "INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('boom', 4001)",
    ]),
  );
  const newer = readFileSync(makeMsi(folder, 'NewerMsi', wix(newerCode, 'DemoMsi', '2.0.1')));
  const feed = feedXml(
    msiEntry('DemoMsi', code, good),
    msiEntry('DemoMsi', newerCode, newer, '2.0'),
    msiEntry('BrokenMsi', brokenCode, bad),
    twinEntry(good),
  );
  const server = await serveFeed(context, feed, {
    'DemoMsi-1.2.msi': good,
    'DemoMsi-2.0.msi': newer,
    'BrokenMsi-1.2.msi': bad,
  });
  const windows = await windowsWorld(context);
  const from = ['--main-feed', server.feed, '--json'];
  const text = join(windows.drive, 'Program Files', 'DemoMsi', 'demo.txt');

  for (const node of nodeVersions) {
    await context.test(`are installed, found and taken away (node ${node})`, async () => {
      const zookit = (...words: readonly string[]) => windows.zookit(node, [...words, ...from]);
      const status = async (...words: readonly string[]) => {
        const ran = await zookit(...words);
        assertDone(ran);
        const [step] = json(ran)['steps'] as { product: string; version: string; status: string }[];
        return `${step?.product ?? ''} ${step?.version ?? ''} ${step?.status ?? ''}`;
      };
      assert.equal(await status('plan', 'DemoMsi@1.2'), 'DemoMsi 1.2 install');
      assert.equal(await status('install', 'DemoMsi@1.2', '--yes'), 'DemoMsi 1.2 installed');
      assert.equal(readFileSync(text, 'utf8'), 'demo\n');
      assert.ok(existsSync(join(windows.root, 'logs', 'DemoMsi-1.2-1.log')), 'msiexec wrote its log');
      assert.equal(await status('install', 'DemoMsi@1.2', '--yes'), 'DemoMsi 1.2.3 present');
      if (node === nodeVersions[0]) {
        // Once is enough: each run takes its time here.
        assertFails(
          await zookit('install', 'Twin', '--yes'),
          5,
          'INSTALLER_FAILED',
          /the product is not there/,
        );
        assert.ok(existsSync(text), 'what was there before stays when something fails');
      }
      assertDone(await zookit('uninstall', 'DemoMsi', '--yes'));
      assert.ok(!existsSync(text), 'its file is gone');
      assert.equal(await status('plan', 'DemoMsi@1.2'), 'DemoMsi 1.2 install');
    });

    await context.test(
      `are upgraded, and the newer one is taken away by its own code (node ${node})`,
      async () => {
        const zookit = async (...words: readonly string[]) => {
          const ran = await windows.zookit(node, [...words, '--yes', ...from]);
          assertDone(ran);
          return (json(ran)['steps'] as { version: string; status: string }[] | undefined)?.[0];
        };
        await zookit('install', 'DemoMsi@1.2');
        const upgraded = await zookit('upgrade', 'DemoMsi');
        assert.deepEqual([upgraded?.version, upgraded?.status], ['2.0', 'installed']);
        const products = await windows.run(['reg', 'query', uninstallKey, '/reg:64']);
        assert.match(products.stdout, new RegExp(newerCode));
        assert.doesNotMatch(products.stdout, new RegExp(code));
        await zookit('uninstall', 'DemoMsi');
        assert.ok(!existsSync(text), 'its file is gone');
      },
    );

    await context.test(`that fail are told in words (node ${node})`, async () => {
      const ran = await windows.zookit(node, ['install', 'BrokenMsi', '--yes', ...from]);
      assertFails(ran, 5, 'INSTALLER_FAILED', /ended with 1603 \(a fatal error during the installation\)/);
      assert.match(ran.stderr, /Log: C:\\zookit\\logs\\BrokenMsi-1\.2-1\.log/);
      // Windows writes 3 for an action that failed, Wine writes 0.
      assert.match(ran.stderr, /^ +Action ended [\d:]+: boom\. Return value [03]\.$/m);
      assert.equal((json(ran)['steps'] as { status: string }[])[0]?.status, 'undone');
      assert.ok(!existsSync(join(windows.drive, 'Program Files', 'BrokenMsi', 'demo.txt')));
    });
  }
});
